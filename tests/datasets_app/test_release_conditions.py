"""Surrogates with shifted dates go nowhere without an Expert Determination in force: services,
database, pages and package."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from accounts.errors import StaleContent, WrongState
from accounts.models import Signature
from datasets_app.models import Attestation, DatasetVersion, GoldSet
from datasets_app.services import (
    attest,
    attestation_manifest,
    export_dataset,
    freeze_dataset,
    freeze_gold_set,
)
from datasets_app.services.gold_sets import pick_gold_notes
from deid.models import ExpertDetermination, Run, Sample
from deid.selectors import release
from deid.selectors.release import determination_for, release_conditions, today
from deid.services import determinations
from deid.services.results import sign_off_manifest
from deid.services.samples import draw_sample, sign_off
from evidence.sections import Scope, collect_section
from governance.lineage import FINDERS
from tests.factories.people import PASSWORD, signed_in
from tests.factories.release import make_determination, make_expert_run, sign
from tests.factories.reviews import People, make_notes, make_people, make_run, read_all

pytestmark = pytest.mark.django_db(databases=["default", "trail"])


@pytest.fixture
def people(db: None) -> People:
    return make_people(leak_limit=0.4)


@pytest.fixture
def run(people: People) -> Run:
    return make_expert_run(people)


def passed_round(run: Run, people: People) -> Sample:
    return read_all(draw_sample(run=run, actor=people.operator, seed=7), people.reviewer)


def signed_off(run: Run, people: People) -> Run:
    sample = passed_round(run, people)
    digest = sign_off_manifest(sample).digest
    sign_off(sample=sample, actor=people.reviewer, password=PASSWORD, shown_digest=digest)
    run.refresh_from_db()
    return run


def attested(run: Run, people: People) -> Attestation:
    digest = attestation_manifest(run).digest
    return attest(run=run, actor=people.compliance, password=PASSWORD, shown_digest=digest)


def withdraw(found: ExpertDetermination, people: People) -> None:
    determinations.withdraw_determination(
        determination=found, actor=people.compliance, reason="For the test."
    )


def days_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on it is a year later for the services."""
    later = today() + timedelta(days=365)
    monkeypatch.setattr(release, "today", lambda: later)


def test_only_surrogates_with_shifted_dates_need_one(people: People) -> None:
    run = make_expert_run(people)
    for content, needed in [
        ({}, False),
        ({"output": "tags"}, False),
        ({"output": "tags", "date_shift": False}, False),
        ({"output": "surrogates"}, False),
        ({"output": "surrogates", "date_shift": False}, False),
        ({"output": "surrogates", "date_shift": True}, True),
    ]:
        run.policy.content = content
        assert release.needs_expert_determination(run) is needed, content


@pytest.mark.parametrize(
    ("make", "status", "words"),
    [
        (lambda people, run: None, "missing", "None that covers this run"),
        (lambda people, run: make_determination(people, signed=False), "missing", "not signed"),
        (lambda people, run: withdraw(make_determination(people), people), "fail", "withdrawn"),
        (
            lambda people, run: make_determination(people, run=make_expert_run(people)),
            "missing",
            "None that covers this run",
        ),
    ],
)
def test_a_round_is_not_signed_off_without_one_in_force(
    people: People, run: Run, make: Callable[[People, Run], Any], status: str, words: str
) -> None:
    sample = passed_round(run, people)
    make(people, run)
    condition = release_conditions(run)[0]
    assert condition.status == status
    assert words in condition.explanation
    digest = sign_off_manifest(sample).digest
    with pytest.raises(WrongState, match=r"164\.514\(b\)\(1\)") as refused:
        sign_off(sample=sample, actor=people.reviewer, password=PASSWORD, shown_digest=digest)
    assert refused.value.code == "release-conditions"
    assert not Signature.objects.filter(kind="qa_sample").exists()


def test_no_statement_signs_off_a_run_without_one(people: People, run: Run) -> None:
    sample = passed_round(run, people)
    with pytest.raises(DatabaseError, match="expert determination"), transaction.atomic():
        Sample.objects.filter(pk=sample.pk).update(
            state="signed_off", signature=a_signature(people)
        )
    determination = make_determination(people)
    Sample.objects.filter(pk=sample.pk).update(state="signed_off", signature=a_signature(people))
    withdraw(determination, people)
    with pytest.raises(DatabaseError, match="expert determination"), transaction.atomic():
        Run.objects.filter(pk=run.pk).update(state="signed_off")


def a_signature(people: People) -> Signature:
    from django.utils import timezone

    return Signature.objects.create(
        signer=people.reviewer, signer_name="x", signer_role="reviewer", meaning="x",
        kind="qa_sample", manifest=b"{}", manifest_digest="0" * 64, cms=b"",
        signed_at=timezone.now(),
    )  # fmt: skip


def test_the_attestation_stands_on_the_determination(people: People, run: Run) -> None:
    determination = make_determination(people)
    attestation = attested(signed_off(run, people), people)
    manifest = json.loads(bytes(attestation.signature.manifest))
    parents = {parent["kind"]: parent["digest"] for parent in manifest["parents"]}
    assert parents["expert_determination"] == determination.digest
    assert manifest["body"]["basis"] == "45 CFR 164.514(b)(1)"
    assert manifest["body"]["passages"]["flagged"] == 0
    assert "164.514(b)(1)" in attestation.signature.meaning


def test_a_renewal_makes_the_shown_statement_stale(people: People, run: Run) -> None:
    make_determination(people)
    signed_off(run, people)
    digest = attestation_manifest(run).digest
    make_determination(people, expires_on=today() + timedelta(days=900))
    with pytest.raises(StaleContent):
        attest(run=run, actor=people.compliance, password=PASSWORD, shown_digest=digest)


def test_nothing_is_attested_when_it_was_withdrawn_meanwhile(people: People, run: Run) -> None:
    determination = make_determination(people)
    signed_off(run, people)
    withdraw(determination, people)
    with pytest.raises(WrongState, match="withdrawn"):
        attested(run, people)
    sample = run.samples.get()
    with pytest.raises(DatabaseError, match="expert determination"), transaction.atomic():
        Attestation.objects.create(
            run=run, sample=sample, signature=sample.signature, attested_by=people.compliance
        )


def test_expiry_is_asked_again_at_the_build_and_at_every_export(
    people: People, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_determination(people)
    attested(signed_off(run, people), people)
    dataset = freeze_dataset(project=people.project, actor=people.operator, run=run, seed=1)
    kinds = {parent["kind"] for parent in dataset.manifest["parents"]}
    assert "expert_determination" in kinds
    assert b"".join(export_dataset(dataset=dataset, actor=people.operator, split="train"))
    days_pass(monkeypatch)
    with pytest.raises(WrongState, match=r"expired.*Nothing was exported"):
        export_dataset(dataset=dataset, actor=people.operator, split="train")
    with pytest.raises(WrongState, match=r"expired.*Nothing was frozen"):
        freeze_dataset(project=people.project, actor=people.operator, run=run, seed=2)
    with pytest.raises(WrongState, match=r"expired.*Nothing was frozen"):
        freeze_gold_set(project=people.project, actor=people.operator, note_ids=[])


def test_no_statement_freezes_text_without_one(people: People, run: Run) -> None:
    determination = make_determination(people)
    attestation = attested(signed_off(run, people), people)
    notes = pick_gold_notes(project=people.project, patients=1, seed=1)
    freeze_gold_set(project=people.project, actor=people.operator, note_ids=notes)
    withdraw(determination, people)
    with pytest.raises(DatabaseError, match="expert determination"), transaction.atomic():
        DatasetVersion.objects.create(
            project=people.project, number=9, run=run, attestation=attestation, seed=1,
            train_count=1, validation_count=1, patient_count=1, train_artefact="0",
            validation_artefact="0", gate={}, manifest={}, digest="0",
            created_by=people.operator,
        )  # fmt: skip
    with pytest.raises(DatabaseError, match="expert determination"), transaction.atomic():
        GoldSet.objects.create(
            project=people.project, number=9, run=run, item_count=1, artefact="0", manifest={},
            digest="0", created_by=people.operator,
        )  # fmt: skip


def test_of_several_the_one_that_holds_longest_counts(people: People, run: Run) -> None:
    make_determination(people, expires_on=today() + timedelta(days=5))
    longest = make_determination(people, expires_on=today() + timedelta(days=50))
    make_determination(people, run=run, expires_on=today() + timedelta(days=20))
    assert determination_for(run) == longest


def test_safe_harbor_goes_on_without_one(people: People) -> None:
    make_notes(people.project, people.operator, 12)
    run = signed_off(make_run(people), people)
    assert [found.label for found in release_conditions(run)] == ["Passages that wait or identify"]
    assert attested(run, people).signature.meaning.endswith("(45 CFR 164.514(b)(2)(ii))")


def test_run_round_and_attestation_show_the_condition_with_the_words_of_the_profile(
    people: People, run: Run
) -> None:
    sample = passed_round(run, people)
    slug = people.project.slug
    addresses = [
        reverse("deid:run", args=[slug, run.pk]),
        reverse("deid:sample", args=[slug, sample.pk]),
    ]
    client = signed_in(people.reviewer)
    for address in addresses:
        page = client.get(address).content.decode()
        assert "Expert Determination in force" in page
        assert "MISSING" in page
        assert "not Safe Harbor" in page
    assert "You cannot decide this" in page
    determination = make_determination(people)
    signed_off_now = sign_off(
        sample=sample,
        actor=people.reviewer,
        password=PASSWORD,
        shown_digest=sign_off_manifest(sample).digest,
    )
    assert signed_off_now.state == Sample.State.SIGNED_OFF
    page = (
        signed_in(people.compliance)
        .get(reverse("datasets:attest", args=[slug, run.pk]))
        .content.decode()
    )
    assert determination.expert in page
    assert "not Safe Harbor" in page


def test_the_api_tells_the_conditions(people: People, run: Run) -> None:
    address = f"/api/v1/projects/{people.project.slug}/runs/{run.pk}/release/"
    answer = signed_in(people.reviewer).get(address).json()
    assert answer["needs_expert_determination"] is True
    assert next((c["status"], c["forbids"]) for c in answer["conditions"]) == ("missing", True)
    sign(make_determination(people, signed=False), people.compliance)
    answer = signed_in(people.reviewer).get(address).json()
    assert answer["conditions"][0]["status"] == "pass"


def test_the_package_states_the_conditions_and_the_determination(people: People, run: Run) -> None:
    def written() -> str:
        scope = Scope(str(people.project.pk), "0" * 32, deid_run_id=str(run.pk))
        return json.dumps([f.to_dict() for f in collect_section("deid", scope).fields])

    assert "MISSING" in written()
    determination = make_determination(people)
    attested(signed_off(run, people), people)
    text = written()
    assert "PASS" in text
    assert determination.digest in text
    assert determination.recipients in text
    assert "Passages shown to a person" in text


def test_the_chain_of_a_package_finds_the_determination_by_its_digest(
    people: People, run: Run
) -> None:
    determination = make_determination(people, run=run)
    (link,) = FINDERS["expert_determination"](people.project, [determination.digest])
    assert link.digest == determination.digest
    assert link.label.startswith("Expert Determination")
    assert {"kind": "deid_run", "digest": run.digest} in link.manifest["parents"]

"""From an attested run to frozen datasets and gold sets, and what is refused on the way."""

from __future__ import annotations

import json
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from hypothesis import given
from hypothesis import strategies as st

from accounts.errors import (
    InvalidInput,
    NotAllowed,
    SeparationOfDuties,
    StaleContent,
    WrongPassword,
    WrongState,
)
from accounts.models import Signature
from accounts.roles import Role
from audit.models import Entry
from datasets_app.models import Attestation, DatasetVersion, GoldSet
from datasets_app.selectors import split_report
from datasets_app.services import (
    attest,
    attestation_manifest,
    export_dataset,
    freeze_dataset,
    freeze_gold_set,
)
from datasets_app.services.datasets import split_by_patient
from datasets_app.services.examples import (
    DUPLICATE,
    GOLD_PATIENT,
    LEAK_FOUND,
    MALFORMED,
    NO_SUMMARY,
    Candidate,
    select_examples,
)
from datasets_app.services.gold_sets import pick_gold_notes
from deid.models import Run, RunNote
from deid.selectors.reviews import leaky_run_notes
from deid.services.samples import draw_sample
from evidence.manifests import Manifest
from projects.services import add_member
from tests.factories.people import PASSWORD, make_member
from tests.factories.reviews import (
    People,
    make_notes,
    make_people,
    make_run,
    make_signed_run,
    read_all,
)
from vault import artefacts

pytestmark = pytest.mark.django_db(databases=["default", "trail"])


@pytest.fixture
def people(db: None) -> People:
    return make_people(leak_limit=0.4)


@pytest.fixture
def run(people: People) -> Run:
    make_notes(people.project, people.operator, 20)
    return make_signed_run(people)


def sign(run: Run, people: People, **changes: str) -> Attestation:
    act = {"password": PASSWORD, "shown_digest": attestation_manifest(run).digest, **changes}
    return attest(run=run, actor=people.compliance, **act)


@pytest.fixture
def attested(run: Run, people: People) -> Run:
    sign(run, people)
    return run


def freeze(run: Run, people: People, **changes: object) -> DatasetVersion:
    act: dict = {"seed": 3, **changes}
    return freeze_dataset(project=people.project, actor=people.operator, run=run, **act)


def lines(digest: str) -> list[dict[str, str]]:
    return [json.loads(line) for line in artefacts.read_bytes(digest).splitlines()]


def test_the_attestation_is_signed_over_run_and_review(run: Run, people: People) -> None:
    attestation = sign(run, people)
    stored = Manifest.from_dict(json.loads(bytes(attestation.signature.manifest)))
    assert {p.digest for p in stored.parents} == {run.digest, attestation.sample.digest}
    assert "no actual knowledge" in stored.body["statement"]
    assert Entry.objects.filter(event="dataset.attest").count() == 1


@pytest.mark.parametrize("state", ["done", "rejected", "running"])
def test_only_a_signed_off_run_is_attested(people: People, state: str) -> None:
    make_notes(people.project, people.operator, 4)
    run = make_run(people, state=state)
    with pytest.raises(WrongState):
        attest(run=run, actor=people.compliance, password=PASSWORD, shown_digest="0" * 64)


def test_it_refuses_an_attestation_with_a_wrong_password(run: Run, people: People) -> None:
    with pytest.raises(WrongPassword):
        sign(run, people, password="quite another phrase")
    assert not Attestation.objects.exists()


def test_it_refuses_an_attestation_of_a_changed_digest(run: Run, people: People) -> None:
    with pytest.raises(StaleContent):
        sign(run, people, shown_digest="1" * 64)
    assert not Attestation.objects.exists()


def test_it_refuses_an_attestation_by_any_other_role(run: Run, people: People) -> None:
    with pytest.raises(NotAllowed):
        attest(
            run=run,
            actor=people.reviewer,
            password=PASSWORD,
            shown_digest=attestation_manifest(run).digest,
        )


def test_it_refuses_an_attestation_by_the_operator(run: Run, people: People) -> None:
    project = people.project
    add_member(
        project=project, user=people.operator, role=Role.COMPLIANCE, actor=project.created_by
    )
    with pytest.raises(SeparationOfDuties):
        attest(
            run=run,
            actor=people.operator,
            password=PASSWORD,
            shown_digest=attestation_manifest(run).digest,
        )


def test_the_database_refuses_an_attestation_by_the_operator(run: Run, people: People) -> None:
    signature = Signature.objects.first()
    with pytest.raises(IntegrityError), transaction.atomic():
        Attestation.objects.create(
            run=run, sample=run.samples.get(), signature=signature, attested_by=people.operator
        )


def test_a_run_is_attested_once(attested: Run, people: People) -> None:
    with pytest.raises(WrongState):
        sign(attested, people)


def test_it_refuses_a_dataset_from_an_unreviewed_run(people: People) -> None:
    make_notes(people.project, people.operator, 4)
    with pytest.raises(WrongState):
        freeze(make_run(people), people)


def test_it_refuses_a_dataset_without_attestation(run: Run, people: People) -> None:
    with pytest.raises(WrongState, match="attested"):
        freeze(run, people)
    assert not DatasetVersion.objects.exists()


def test_it_refuses_a_dataset_to_a_role_that_may_not_build_one(
    attested: Run, people: People
) -> None:
    with pytest.raises(NotAllowed):
        freeze_dataset(project=people.project, actor=people.ml_admin, run=attested, seed=1)


def test_a_run_of_another_project_makes_no_dataset(attested: Run, people: People) -> None:
    elsewhere = make_people()
    with pytest.raises(WrongState):
        freeze_dataset(project=elsewhere.project, actor=elsewhere.operator, run=attested, seed=1)


def test_the_dataset_holds_the_guides_two_fields_and_nothing_else(
    attested: Run, people: People
) -> None:
    version = freeze(attested, people)
    rows = lines(version.train_artefact) + lines(version.validation_artefact)
    assert len(rows) == version.train_count + version.validation_count == 20
    assert all(set(row) == {"instruction", "response"} for row in rows)
    assert all("SUMMARY" not in row["instruction"] for row in rows)
    assert all(row["response"].startswith("Chief Complaint: cough") for row in rows)
    everything = json.dumps(rows)
    for note in people.project.notes.select_related("patient"):
        assert str(note.pk) not in everything
        assert str(note.patient_id) not in everything
        assert note.patient.key not in everything


def test_its_manifest_names_run_review_attestation_and_gold_set(
    attested: Run, people: People
) -> None:
    ids = pick_gold_notes(project=people.project, patients=2, seed=5)
    gold = freeze_gold_set(project=people.project, actor=people.operator, note_ids=ids)
    version = freeze(attested, people)
    stored = Manifest.from_dict(version.manifest)
    assert stored.digest == version.digest
    assert {p.kind: p.digest for p in stored.parents} == {
        "deid_run": attested.digest,
        "qa_sample": attested.samples.get().digest,
        "attestation": attested.attestation.signature.manifest_digest,
        "gold_set": gold.digest,
    }


def test_the_size_gate_fails_below_the_guides_minimum(attested: Run, people: People) -> None:
    gate = freeze(attested, people).gate
    assert gate["status"] == "fail"
    assert (gate["value"], gate["gate"]["limit"]) == (20, 1000)


def test_no_patient_is_in_two_splits_or_in_a_gold_set(attested: Run, people: People) -> None:
    ids = pick_gold_notes(project=people.project, patients=3, seed=5)
    freeze_gold_set(project=people.project, actor=people.operator, note_ids=ids)
    version = freeze(attested, people, validation_fraction=0.3)
    report = split_report(version)
    assert (report.train, report.validation, report.gold) == (5, 2, 3)
    assert report.overlap_splits == report.overlap_gold == 0
    assert version.excluded == {GOLD_PATIENT: 6}


def test_what_cannot_be_used_is_counted_by_reason(people: People) -> None:
    notes = make_notes(people.project, people.operator, 10)
    notes[0].raw_summary = None
    notes[1].raw_summary = "Just a line of text."
    notes[3].raw_text = notes[2].raw_text
    for note in notes[:4]:
        note.save()
    run = make_signed_run(people, notes)
    sign(run, people)
    version = freeze(run, people)
    assert version.excluded == {NO_SUMMARY: 1, MALFORMED: 1, DUPLICATE: 1}
    assert version.train_count + version.validation_count == 7


def test_the_same_seed_gives_the_same_bytes(attested: Run, people: People) -> None:
    one, two = freeze(attested, people), freeze(attested, people)
    assert (one.number, two.number) == (1, 2)
    assert one.train_artefact == two.train_artefact
    assert freeze(attested, people, seed=99).train_artefact != one.train_artefact


def test_a_frozen_dataset_cannot_be_changed(attested: Run, people: People) -> None:
    version = freeze(attested, people)
    version.train_count = 5000
    with pytest.raises(ProgrammingError), transaction.atomic():
        version.save()


def test_an_export_streams_the_lines_and_is_recorded(attested: Run, people: People) -> None:
    version = freeze(attested, people)
    sent = b"".join(export_dataset(dataset=version, actor=people.ml_admin, split="train"))
    assert sent == artefacts.read_bytes(version.train_artefact)
    entry = Entry.objects.get(event="phi.export")
    assert entry.details["class"] == "de-identified"
    assert entry.actor_id == people.ml_admin.pk


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.COMPLIANCE, Role.AUDITOR, Role.COMMITTEE])
def test_it_refuses_an_export_to_roles_that_may_not(
    attested: Run, people: People, role: Role
) -> None:
    person = make_member(people.project, role)
    with pytest.raises(NotAllowed):
        export_dataset(dataset=freeze(attested, people), actor=person, split="train")
    assert not Entry.objects.filter(event="phi.export").exists()


def test_it_refuses_to_export_a_file_that_was_changed(attested: Run, people: People) -> None:
    version = freeze(attested, people)
    path = artefacts.path_of(version.train_artefact)
    kept = path.read_bytes()
    path.write_bytes(kept + b"{}\n")
    try:
        with pytest.raises(WrongState):
            export_dataset(dataset=version, actor=people.operator, split="train")
    finally:
        path.write_bytes(kept)


def test_a_gold_set_holds_prompt_reference_and_random_cluster(
    attested: Run, people: People
) -> None:
    ids = pick_gold_notes(project=people.project, patients=2, seed=5)
    gold = freeze_gold_set(project=people.project, actor=people.operator, note_ids=ids)
    rows = lines(gold.artefact)
    assert len(rows) == gold.item_count == 4
    assert all(set(row) == {"id", "cluster", "prompt", "reference"} for row in rows)
    assert {UUID(row["id"]) for row in rows} == set(gold.items.values_list("pk", flat=True))
    assert len({row["cluster"] for row in rows}) == 2


def test_it_refuses_gold_notes_of_patients_that_a_model_may_know(
    attested: Run, people: People
) -> None:
    freeze(attested, people)
    note = people.project.notes.first()
    with pytest.raises(WrongState, match="frozen dataset"):
        freeze_gold_set(project=people.project, actor=people.operator, note_ids=[note.pk])
    assert not GoldSet.objects.exists()


@pytest.mark.parametrize("strangers", [0, 1])
def test_it_refuses_gold_notes_that_are_not_usable(
    attested: Run, people: People, strangers: int
) -> None:
    ids = [uuid4() for _ in range(strangers)]
    with pytest.raises(InvalidInput):
        freeze_gold_set(project=people.project, actor=people.operator, note_ids=ids)


def test_it_refuses_a_gold_set_before_the_attestation(run: Run, people: People) -> None:
    note = people.project.notes.first()
    with pytest.raises(WrongState):
        freeze_gold_set(project=people.project, actor=people.operator, note_ids=[note.pk])


@given(
    patients=st.lists(st.integers(0, 30), min_size=2, max_size=80).filter(
        lambda ids: len(set(ids)) > 1
    ),
    seed=st.integers(0, 2**31),
    fraction=st.floats(0.01, 0.5),
)
def test_every_split_is_whole_and_disjoint_by_patient(
    patients: list[int], seed: int, fraction: float
) -> None:
    candidates = [
        Candidate(RunNote(), UUID(int=patient), {"instruction": str(n), "response": ""})
        for n, patient in enumerate(patients)
    ]
    splits = split_by_patient(candidates, seed, fraction)
    train = {c.patient_id for c in splits["train"]}
    validation = {c.patient_id for c in splits["validation"]}
    assert train
    assert validation
    assert not train & validation
    assert len(splits["train"]) + len(splits["validation"]) == len(candidates)


def test_a_note_in_which_a_reviewer_found_an_identifier_teaches_nothing(people: People) -> None:
    make_notes(people.project, people.operator, 20)
    run = make_run(people)
    read_all(draw_sample(run=run, actor=people.operator, seed=1), people.reviewer, leaks_in=2)
    leaky = set(leaky_run_notes(run).values_list("pk", flat=True))
    assert len(leaky) == 2
    selection = select_examples(run)
    assert selection.excluded == {LEAK_FOUND: 2}
    assert len(selection.candidates) == 18
    assert not leaky & {candidate.run_note.pk for candidate in selection.candidates}

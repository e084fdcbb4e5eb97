"""Expert Determinations: what is taken, who signs, and what no statement changes."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.errors import InvalidInput, NotAllowed, StaleContent, WrongPassword, WrongState
from accounts.models import Signature
from audit.models import Entry
from deid.models import ExpertDetermination, Run
from deid.selectors.release import runs_that_need_one, state_of, today
from deid.services import determinations as services
from deid.services import pdf_check
from evidence.pki.verify import verify_cms
from tests.factories.people import PASSWORD, signed_in
from tests.factories.release import (
    a_pdf,
    an_encrypted_pdf,
    make_determination,
    make_expert_run,
    sign,
    stated,
    stored,
)
from tests.factories.reviews import People, make_notes, make_people, make_run
from vault.keys import authority
from web.inbox import tasks_for

pytestmark = pytest.mark.django_db(databases=["default", "trail"])


@pytest.fixture
def people(db: None) -> People:
    return make_people(leak_limit=0.4)


def files() -> set[Path]:
    return set((Path(settings.DATA) / "files").glob("*"))


def upload(people: People, content: bytes, **changes: Any) -> ExpertDetermination:
    return services.upload_determination(
        project=people.project,
        actor=people.compliance,
        stored=stored(content),
        stated=stated(**changes),
    )


def test_it_is_stored_encrypted_and_read_again_on_the_record(people: People) -> None:
    found = upload(people, a_pdf(3))
    assert (found.number, found.pages, state_of(found)) == (1, 3, "unsigned")
    lying = b"".join(path.read_bytes() for path in files())
    assert a_pdf(3) not in lying
    with services.open_determination(determination=found, actor=people.reviewer) as stream:
        assert stream.read() == a_pdf(3)
    acts = Entry.objects.filter(event="deid.determination").order_by("occurred_at")
    assert list(acts.values_list("action", "reason")) == [("C", "upload"), ("R", "open")]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"name,text\na,b\n", "is not a PDF"),
        (b"%PDF-1.7\nnothing follows", "is damaged"),
        (a_pdf()[:120], "is damaged"),
        (a_pdf(0), "has no pages"),
        (an_encrypted_pdf(), "is encrypted"),
    ],
)
def test_another_file_is_refused_in_words_and_leaves_nothing(
    people: People, content: bytes, words: str
) -> None:
    before = files()
    with pytest.raises(InvalidInput, match=words):
        upload(people, content)
    assert files() == before
    assert not ExpertDetermination.objects.exists()


def test_a_file_beyond_the_limit_is_refused(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf_check, "MAX_BYTES", len(a_pdf()) - 1)
    with pytest.raises(InvalidInput, match="larger than 20 MB"):
        upload(people, a_pdf())


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"expires_on": today() - timedelta(days=31)}, "expires before"),
        ({"expires_on": today() - timedelta(days=30)}, "expires before"),
        ({"expires_on": today() - timedelta(days=1)}, "expired already"),
        ({"determined_on": today() + timedelta(days=1)}, "lies in the future"),
        ({"expires_on": None}, "its date and its last day"),
        ({"expert": "  "}, "the expert's name"),
        ({"method": "m" * 2001}, "at most 2,000"),
        ({"recipients": ""}, "the recipients"),
    ],
)
def test_what_is_stated_must_hold_together(
    people: People, changes: dict[str, Any], words: str
) -> None:
    before = files()
    with pytest.raises(InvalidInput, match=words):
        upload(people, a_pdf(), **changes)
    assert files() == before


def test_one_that_ends_today_is_in_force_today(people: People) -> None:
    assert state_of(make_determination(people, expires_on=today())) == "in_force"


def test_it_may_be_for_one_run_that_needs_one(people: People) -> None:
    run = make_expert_run(people)
    found = make_determination(people, run=run, signed=False)
    parents = services.determination_manifest(found).parents
    assert [(p.kind, p.digest) for p in parents] == [("deid_run", run.digest)]
    other = make_people()
    make_notes(other.project, other.operator, 2)
    with pytest.raises(InvalidInput, match="finished run of this project"):
        make_determination(people, run=make_run(other))
    with pytest.raises(InvalidInput, match="Safe Harbor"):
        make_determination(other, run=other.project.runs.first())


def test_the_officer_signs_what_was_shown(people: People) -> None:
    found = upload(people, a_pdf())
    with pytest.raises(StaleContent):
        services.sign_determination(
            determination=found, actor=people.compliance, password=PASSWORD, shown_digest="0" * 64
        )
    digest = services.determination_manifest(found).digest
    with pytest.raises(WrongPassword):
        services.sign_determination(
            determination=found, actor=people.compliance, password="no", shown_digest=digest
        )
    assert not Signature.objects.exists()
    signed = sign(found, people.compliance)
    assert signed.signature is not None
    assert state_of(signed) == "in_force"
    manifest = json.loads(bytes(signed.signature.manifest))
    assert manifest["kind"] == "expert_determination"
    assert manifest["body"]["recipients"] == found.recipients
    report = verify_cms(
        bytes(signed.signature.manifest),
        bytes(signed.signature.cms),
        authority().ca_certificate_pem,
    )
    assert report.valid
    with pytest.raises(WrongState, match="signed already"):
        sign(found, people.compliance)


def test_nobody_but_a_compliance_officer_keeps_them(people: People) -> None:
    found = upload(people, a_pdf())
    for actor in (people.reviewer, people.operator, people.ml_admin):
        with pytest.raises(NotAllowed, match="compliance officer"):
            sign(found, actor)
        with pytest.raises(NotAllowed):
            services.withdraw_determination(determination=found, actor=actor, reason="x")
    before = files()
    with pytest.raises(NotAllowed):
        services.upload_determination(
            project=people.project,
            actor=people.operator,
            stored=stored(a_pdf()),
            stated=stated(),
        )
    assert files() == before


def test_a_withdrawn_one_counts_no_longer_and_says_why(people: People) -> None:
    found = make_determination(people)
    with pytest.raises(InvalidInput, match="Say why"):
        services.withdraw_determination(determination=found, actor=people.compliance, reason=" ")
    done = services.withdraw_determination(
        determination=found, actor=people.compliance, reason="The expert took it back."
    )
    assert (state_of(done), done.withdrawn_reason) == ("withdrawn", "The expert took it back.")
    with pytest.raises(WrongState, match="withdrawn before"):
        services.withdraw_determination(
            determination=found, actor=people.compliance, reason="again"
        )
    entry = Entry.objects.get(event="deid.determination", reason="withdraw")
    assert "expert took" not in json.dumps(entry.details)


def test_one_that_was_withdrawn_unsigned_is_not_signed(people: People) -> None:
    found = upload(people, a_pdf())
    services.withdraw_determination(determination=found, actor=people.compliance, reason="wrong")
    with pytest.raises(WrongState, match="withdrawn"):
        sign(found, people.compliance)


@pytest.mark.parametrize(
    "change",
    [
        {"expires_on": today() + timedelta(days=3000)},
        {"recipients": "Everybody"},
        {"commitment": "1" * 64},
        {"run_id": None, "number": 7},
        {"signature": None, "digest": ""},
    ],
)
def test_no_statement_changes_a_signed_one(people: People, change: dict[str, Any]) -> None:
    found = make_determination(people)
    with pytest.raises(DatabaseError, match="does not change"), transaction.atomic():
        ExpertDetermination.objects.filter(pk=found.pk).update(**change)


def test_no_statement_brings_a_withdrawn_one_back_or_deletes_one(people: People) -> None:
    found = make_determination(people)
    services.withdraw_determination(determination=found, actor=people.compliance, reason="x")
    rows = ExpertDetermination.objects.filter(pk=found.pk)
    with pytest.raises(DatabaseError, match="does not change"), transaction.atomic():
        rows.update(withdrawn_at=None)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows._raw_delete("default")


def test_no_statement_lends_it_the_signature_of_something_else(people: People) -> None:
    found = upload(people, a_pdf())
    signature = Signature.objects.create(
        signer=people.compliance, signer_name="x", signer_role="compliance", meaning="x",
        kind="attestation", manifest=b"{}", manifest_digest="0" * 64, cms=b"",
        signed_at=timezone.now(),
    )  # fmt: skip
    with pytest.raises(DatabaseError, match="its own manifest"), transaction.atomic():
        ExpertDetermination.objects.filter(pk=found.pk).update(signature=signature, digest="0" * 64)


# Pages


def at(name: str, people: People, *args: object) -> str:
    return reverse(f"deid:{name}", args=[people.project.slug, *args])


def form(**changes: Any) -> dict[str, Any]:
    return {
        **{k: v.isoformat() if hasattr(v, "isoformat") else v for k, v in stated().items()},
        "file": SimpleUploadedFile("d.pdf", a_pdf(), "application/pdf"),
        **changes,
    }


def test_the_empty_page_explains_the_law_in_plain_words(people: People) -> None:
    page = signed_in(people.compliance).get(at("determinations", people)).content.decode()
    assert "45 CFR 164.514(b)(1)" in page
    assert "need none" in page
    other = signed_in(people.reviewer).get(at("determinations", people)).content.decode()
    assert "Only a compliance officer" in other
    assert "Upload it" not in other


def test_the_officer_uploads_signs_reads_and_withdraws_on_the_pages(people: People) -> None:
    client = signed_in(people.compliance)
    answer = client.post(at("determinations", people), form())
    found = ExpertDetermination.objects.get()
    assert answer.url == at("determination", people, found.pk)
    page = client.get(answer.url).content.decode()
    assert "Sign the determination" in page
    assert found.method in page
    digest = services.determination_manifest(found).digest
    wrong = client.post(
        at("determination-sign", people, found.pk), {"password": "no", "digest": digest}
    )
    assert wrong.status_code == 403
    client.post(
        at("determination-sign", people, found.pk), {"password": PASSWORD, "digest": digest}
    )
    assert "In force" in client.get(answer.url).content.decode()
    opened = client.get(at("determination-file", people, found.pk))
    assert b"".join(opened.streaming_content) == a_pdf()
    assert opened["Content-Disposition"].startswith("attachment")
    client.post(at("determination-withdraw", people, found.pk), {"reason": "Superseded"})
    assert "Superseded" in client.get(answer.url).content.decode()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"file": SimpleUploadedFile("d.pdf", b"no pdf")}, "is not a PDF"),
        ({"file": SimpleUploadedFile("d.pdf", b"")}, "is empty"),
        ({"expires_on": "2020-01-01"}, "expires before"),
        ({"expires_on": "soon"}, "Enter a valid date"),
        ({"expert": ""}, "required"),
    ],
)
def test_a_refused_form_comes_back_with_its_words_and_leaves_no_file(
    people: People, changes: dict[str, Any], words: str
) -> None:
    before = files()
    answer = signed_in(people.compliance).post(at("determinations", people), form(**changes))
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert files() == before


def test_the_list_asks_the_database_as_often_for_many_as_for_one(people: People) -> None:
    client = signed_in(people.compliance)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as counted:
            client.get(at("determinations", people))
        return len(counted)

    make_determination(people)
    queries()
    one = queries()
    for _ in range(5):
        make_determination(people)
    assert queries() == one


def test_the_runs_that_need_one_are_found_among_many_and_decrypt_no_policy(
    people: People,
) -> None:
    expert = make_expert_run(people)
    Run.objects.bulk_create(
        Run(
            project=people.project, number=number, policy=expert.policy, operator=people.operator,
            state=Run.State.DONE, note_count=0, patient_count=0, digest="0" * 64,
            manifest={"body": {"needs_expert_determination": False}},
        )
        for number in range(expert.number + 1, expert.number + 61)
    )  # fmt: skip
    assert list(runs_that_need_one(people.project)) == [expert]
    with CaptureQueriesContext(connection) as asked:
        shown = signed_in(people.compliance).get(at("determinations", people)).content.decode()
    assert "Runs of this project need a determination" in shown
    assert f'value="{expert.pk}"' in shown
    assert not any("deid_policyversion" in query["sql"] for query in asked)


def test_another_project_finds_nothing(people: People) -> None:
    found, other = make_determination(people), make_people()
    address = reverse("deid:determination", args=[other.project.slug, found.pk])
    assert signed_in(other.compliance).get(address).status_code == 404


# API


def api(people: People, path: str) -> str:
    return f"/api/v1/projects/{people.project.slug}/{path}"


def test_the_api_uploads_signs_lists_and_withdraws(people: People) -> None:
    client = signed_in(people.compliance)
    made = client.post(api(people, "determinations/"), form())
    assert made.status_code == 201, made.content
    one = api(people, f"determinations/{made.json()['id']}/")
    assert made.json()["state"] == "unsigned"
    statement = client.get(f"{one}sign/").json()
    assert statement["manifest"]["kind"] == "expert_determination"
    signed = client.post(
        f"{one}sign/",
        json.dumps({"digest": statement["digest"], "password": PASSWORD}),
        content_type="application/json",
    )
    assert signed.json()["state"] == "in_force"
    assert client.get(api(people, "determinations/")).json()["results"][0]["number"] == 1
    assert b"".join(client.get(f"{one}file/").streaming_content) == a_pdf()
    gone = client.post(
        f"{one}withdraw/", json.dumps({"reason": "x"}), content_type="application/json"
    )
    assert gone.json()["state"] == "withdrawn"


def test_the_api_refuses_what_is_no_pdf_and_who_may_not(people: People) -> None:
    before = files()
    bad = form(file=SimpleUploadedFile("d.pdf", b"no"))
    refused = signed_in(people.compliance).post(api(people, "determinations/"), bad)
    assert refused.status_code == 400
    assert "not a PDF" in refused.content.decode()
    assert (
        signed_in(people.operator).post(api(people, "determinations/"), form()).status_code == 403
    )
    assert files() == before


def test_an_unsigned_one_waits_in_the_officers_inbox(people: People) -> None:
    found = upload(people, a_pdf())
    wanted = "Sign an Expert Determination"
    assert wanted in [task["title"] for task in tasks_for(people.compliance)]
    sign(found, people.compliance)
    assert wanted not in [task["title"] for task in tasks_for(people.compliance)]

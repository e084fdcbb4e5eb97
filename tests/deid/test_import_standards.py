"""FHIR and HL7 through the whole import: patients, versions, authority, twice, killed, pages."""

from __future__ import annotations

import base64
import io
import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.errors import InvalidInput, WrongState
from accounts.models import User
from audit.models import Entry
from deid.models import ImportBatch, KnownIdentifier, Note, Patient
from deid.services import import_records, resume_import, start_import
from evidence.manifests import Manifest
from jobs.models import Job
from jobs.services import run_job
from tests.factories.deid import Scene, make_batch, make_scene
from vault import files

pytestmark = pytest.mark.django_db(databases=["default", "trail"])

AUTHORITY = {
    "name": "Privacy board",
    "reason": "Consent under 42 CFR 2.31",
    "date": "2024-05-06",
    "covers": ["part2"],
}


@pytest.fixture
def scene(db: None) -> Scene:
    return make_scene()


def document(number: int, text: str = "", **changes: Any) -> dict[str, Any]:
    data = base64.b64encode((text or f"Visit {number}: stable.").encode()).decode()
    return {
        "resourceType": "DocumentReference",
        "id": f"d{number}",
        "status": "current",
        "subject": {"reference": f"Patient/p{number // 2}"},
        "content": [{"attachment": {"contentType": "text/plain", "data": data}}],
        **changes,
    }


def patient(number: int) -> dict[str, Any]:
    return {
        "resourceType": "Patient",
        "id": f"p{number}",
        "name": [{"family": f"Marrowby{number}", "given": ["Tilda"]}],
    }


def ndjson(*resources: dict[str, Any]) -> bytes:
    return "".join(json.dumps(r) + "\n" for r in resources).encode()


PART2 = {"securityLabel": [{"coding": [{"code": "42CFRPart2"}]}]}


def run(
    scene: Scene, content: bytes, kind: str = "fhir", authority: dict[str, Any] | None = None
) -> ImportBatch:
    batch = make_batch(scene, content, kind)
    job = start_import(batch=batch, actor=scene.engineer, mapping={}, authority=authority)
    run_job(job.pk)
    batch.refresh_from_db()
    return batch


def counts(batch: ImportBatch) -> tuple[int, int, int, int, int]:
    return batch.added, batch.updated, batch.unchanged, batch.rejected, batch.withdrawn


def test_a_fhir_export_is_imported_with_what_it_says_of_its_patients(scene: Scene) -> None:
    batch = run(scene, ndjson(document(0), document(1), patient(0)), kind="jsonl")
    assert batch.kind == ImportBatch.Kind.FHIR
    assert counts(batch) == (2, 0, 0, 0, 0)
    known = KnownIdentifier.objects.get()
    assert (known.category, known.value) == ("NAME", "Tilda Marrowby0")
    assert set(known.patient.notes.all()) == set(Note.objects.all())


def test_patients_of_one_file_are_known_to_the_notes_of_another(scene: Scene) -> None:
    run(scene, ndjson(patient(0)))
    run(scene, ndjson(document(0)))
    assert Note.objects.get().patient == KnownIdentifier.objects.get().patient


def test_importing_the_same_file_twice_changes_nothing(scene: Scene) -> None:
    newer = document(3, relatesTo=[{"code": "replaces", "target": {
        "reference": "DocumentReference/d2"}}])  # fmt: skip
    data = ndjson(patient(0), *(document(n) for n in range(3)), newer, {"resourceType": "Basic"})
    assert counts(run(scene, data)) == (3, 0, 0, 1, 0)
    before = list(Note.objects.order_by("pk").values_list("pk", "is_current"))
    assert counts(run(scene, data)) == (0, 0, 3, 1, 0)
    assert list(Note.objects.order_by("pk").values_list("pk", "is_current")) == before
    assert (Patient.objects.count(), KnownIdentifier.objects.count()) == (2, 1)


def test_a_later_file_withdraws_what_an_earlier_one_brought(scene: Scene) -> None:
    older = ndjson(document(0), document(1))
    run(scene, older)
    newer = document(5, subject={"reference": "Patient/p0"}, relatesTo=[
        {"code": "replaces", "target": {"reference": "DocumentReference/d0"}}])  # fmt: skip
    batch = run(scene, ndjson(newer, document(1, status="entered-in-error")))
    assert counts(batch) == (1, 0, 0, 1, 2)
    assert Note.objects.get(is_current=True).external_id == "DocumentReference/d5"
    # The older file once more does not bring back what its source took back.
    assert counts(run(scene, older)) == (0, 0, 2, 0, 0)
    assert Note.objects.get(is_current=True).external_id == "DocumentReference/d5"


def test_hl7_versions_and_cancellations_reach_earlier_imports(scene: Scene) -> None:
    def message(event: str, text: str = "") -> bytes:
        return (
            f"MSH|^~\\&|A|B|||1||MDM^{event}|1|P|2.5\rPID|1||771^^^W^MR||Marrowby^Tilda\r"
            f"TXA|1|DS|TX|||||||||D1^W\rOBX|1|TX|||{text}\r"
        ).encode()

    assert counts(run(scene, message("T02", "Draft."), "hl7")) == (1, 0, 0, 0, 0)
    assert counts(run(scene, message("T08", "Edited."), "hl7")) == (0, 1, 0, 0, 0)
    assert counts(run(scene, message("T11"), "hl7")) == (0, 0, 0, 1, 1)
    assert not Note.objects.filter(is_current=True).exists()


def test_restricted_records_are_left_out_without_an_authority(scene: Scene) -> None:
    batch = run(scene, ndjson(document(0), document(1, **PART2)))
    assert counts(batch) == (1, 0, 0, 1, 0)
    assert batch.rejections.get().code == "part2"
    body = Manifest.from_dict(batch.manifest).body
    assert body["authority"] is None
    assert body["left_out_because"] == {"part2": 1}


def test_a_recorded_authority_admits_them_and_stands_in_the_manifest(scene: Scene) -> None:
    batch = run(scene, ndjson(document(0), document(1, **PART2)), authority=AUTHORITY)
    assert counts(batch) == (2, 0, 0, 0, 0)
    stated = Manifest.from_dict(batch.manifest).body["authority"]
    assert {key: stated[key] for key in AUTHORITY} == AUTHORITY
    assert stated["recorded_by"] == str(scene.engineer.pk)
    assert batch.authority_at is not None
    details = [e.details for e in Entry.objects.filter(event="phi.import") if e.reason == "start"]
    assert details == [{"admits": ["part2"]}]


def test_an_authority_for_one_kind_admits_no_other(scene: Scene) -> None:
    note = document(1, type={"text": "Psychotherapy note"})
    batch = run(scene, ndjson(document(0), note), authority=AUTHORITY)
    assert batch.rejections.get().code == "psychotherapy"


@pytest.mark.parametrize(
    "change",
    [
        {"name": " "},
        {"reason": ""},
        {"date": "yesterday"},
        {"date": (date.today() + timedelta(days=3)).isoformat()},
        {"covers": []},
        {"covers": ["everything"]},
        {"covers": "part2"},
        {"other": 1},
    ],
)
def test_an_authority_that_is_incomplete_starts_nothing(
    scene: Scene, change: dict[str, Any]
) -> None:
    batch = make_batch(scene, ndjson(document(0)), "fhir")
    with pytest.raises(InvalidInput):
        start_import(
            batch=batch, actor=scene.engineer, mapping={}, authority={**AUTHORITY, **change}
        )
    assert not Job.objects.exists()


class _Killed(BaseException):
    """What a SIGKILL looks like from inside."""


def test_a_killed_import_goes_on_from_its_last_commit_under_the_same_authority(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_records, "COMMIT_EVERY", 3)
    data = ndjson(patient(0), *(document(n) for n in range(7)), document(7, **PART2))
    batch = make_batch(scene, data, "fhir")
    job = start_import(batch=batch, actor=scene.engineer, mapping={}, authority=AUTHORITY)
    real, calls = import_records._commit, []

    def dies_at_the_second(*args: object) -> None:
        calls.append(args)
        if len(calls) == 2:
            raise _Killed
        real(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(import_records, "_commit", dies_at_the_second)
    with pytest.raises(_Killed):
        run_job(job.pk)
    monkeypatch.setattr(import_records, "_commit", real)
    batch.refresh_from_db()
    assert batch.position == 3
    Job.objects.update(lease_until=None)
    run_job(job.pk)
    batch.refresh_from_db()
    assert counts(batch) == (8, 0, 0, 0, 0)


def test_long_notes_are_committed_in_small_groups(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_records, "COMMIT_CHARACTERS", 100)
    real, sizes = import_records._commit, []

    def counted(batch: ImportBatch, group: list[Any], position: int) -> None:
        sizes.append(len(group))
        real(batch, group, position)

    monkeypatch.setattr(import_records, "_commit", counted)
    assert run(scene, ndjson(*(document(n, "x" * 60) for n in range(5)))).added == 5
    assert sizes == [2, 2, 1]


def test_a_started_part_is_resumed_under_no_other_authority(scene: Scene) -> None:
    batch = make_batch(scene, ndjson(document(0)), "fhir")
    ImportBatch.objects.filter(pk=batch.pk).update(
        state=ImportBatch.State.FAILED, position=1, mapping=None
    )
    batch.refresh_from_db()
    with pytest.raises(WrongState):
        resume_import(batch=batch, actor=scene.engineer)
    with pytest.raises(WrongState):
        start_import(batch=batch, actor=scene.engineer, mapping={}, authority=AUTHORITY)


@pytest.mark.parametrize(
    "content",
    [b'{"resourceType": "Bundle", "entry": [', b"MSH|^~\\&|A|B\rPID|1\r", b'{"resourceType": 1}\n'],
)
def test_a_file_without_a_single_record_imports_nothing(scene: Scene, content: bytes) -> None:
    batch = make_batch(scene, content, "fhir")
    run_job(start_import(batch=batch, actor=scene.engineer, mapping={}).pk)
    batch.refresh_from_db()
    assert batch.state == ImportBatch.State.FAILED
    assert not Patient.objects.exists()


def test_no_file_name_or_patient_stands_in_a_rejection(scene: Scene) -> None:
    bad = document(1, content=[{"attachment": {"title": "Marrowby.txt", "data": "Marrowby!"}}])
    batch = run(scene, ndjson(document(0), bad))
    shown = batch.rejections.get()
    assert "Marrowby" not in f"{shown.reason} {shown.code} {json.dumps(batch.manifest)}"


def test_a_stored_upload_is_read_from_any_place(scene: Scene) -> None:
    content = bytes(range(256)) * 13_000  # more than three chunks
    stored = files.store(io.BytesIO(content))
    with files.open_file(stored.file_id) as stream:
        assert stream.seek(0, io.SEEK_END) == len(content)
        for place in (0, 1_048_575, 1_048_576, 3_000_001, len(content) - 5, len(content) + 9):
            stream.seek(place)
            assert stream.read(300) == content[place : place + 300]
        stream.seek(0)
        assert stream.read() == content


# --- pages and the API --------------------------------------------------------------------------


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


def uploaded(scene: Scene, client: Client, name: str, data: bytes) -> ImportBatch:
    client.post(f"/p/{scene.project.slug}/import/", {"uploads": SimpleUploadedFile(name, data)})
    return ImportBatch.objects.get()


def test_the_page_shows_counts_by_type_instead_of_columns(scene: Scene) -> None:
    client = signed_in(scene.engineer)
    batch = uploaded(scene, client, "bulk.ndjson", ndjson(patient(0), document(0), document(1)))
    page = f"/p/{scene.project.slug}/import/{batch.pk}/"
    shown = client.get(page).content.decode()
    assert "DocumentReference" in shown
    assert "Note text" not in shown
    assert client.post(page, {}).status_code == 302
    run_job(Job.objects.get().pk)
    assert Note.objects.count() == 2


def test_messages_in_a_text_file_are_hl7(scene: Scene) -> None:
    data = b"MSH|^~\\&|A|B|||1||MDM^T02|1|P|2.5\rPID|1||7^^^W^MR\rTXA|1|DS\rOBX|1|TX|||Note.\r"
    batch = uploaded(scene, signed_in(scene.engineer), "export.txt", data)
    assert batch.kind == ImportBatch.Kind.HL7
    run_job(start_import(batch=batch, actor=scene.engineer, mapping={}).pk)
    assert Note.objects.get().raw_text == "Note."


def test_the_page_takes_an_authority_whole_or_not_at_all(scene: Scene) -> None:
    client = signed_in(scene.engineer)
    batch = uploaded(scene, client, "bulk.json", ndjson(document(0), document(1, **PART2)))
    page = f"/p/{scene.project.slug}/import/{batch.pk}/"
    answer = client.post(page, {"covers": ["part2"], "authority_name": "Privacy board"})
    assert "An authority needs a name, a ground and a date." in answer.content.decode()
    answer = client.post(page, {"authority_name": "Privacy board"})
    assert "Say what the authority admits, or leave it empty." in answer.content.decode()
    assert not Job.objects.exists()
    full = {
        "covers": ["part2"], "authority_name": "Privacy board", "authority_reason": "Consent",
        "authority_date": "2024-05-06",
    }  # fmt: skip
    assert client.post(page, full).status_code == 302
    run_job(Job.objects.get().pk)
    assert Note.objects.count() == 2
    assert "Privacy board, 2024-05-06: Consent" in client.get(page).content.decode()


def test_the_api_previews_and_starts_without_a_mapping(scene: Scene) -> None:
    client = signed_in(scene.engineer)
    base = f"/api/v1/projects/{scene.project.slug}/imports/"
    file = SimpleUploadedFile("x.ndjson", ndjson(document(0), document(1, **PART2)))
    made = client.post(base, {"file": file, "kind": "fhir"})
    assert made.status_code == 201
    preview = client.get(f"{base}{made.json()['id']}/preview/").json()
    assert preview["counts"] == [{"type": "DocumentReference", "count": 2}]
    answer = client.post(
        f"{base}{made.json()['id']}/start/",
        json.dumps({"authority": AUTHORITY}),
        content_type="application/json",
    )
    assert answer.status_code == 202, answer.content
    run_job(Job.objects.get().pk)
    read = client.get(f"{base}{made.json()['id']}/").json()
    assert (read["added"], read["authority"]["name"]) == (2, "Privacy board")

"""Importing: what is added, what changes nothing, what is left out, what is refused."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.db import connection

from accounts.errors import InvalidInput, NotAllowed, WrongState
from accounts.roles import Role
from audit.models import Entry
from deid.models import ImportBatch, KnownIdentifier, Note, Patient
from deid.services import (
    cancel_import,
    discard_import,
    import_records,
    keep_partial_import,
    preview_batch,
    resume_import,
    start_import,
    upload_batch,
    upload_texts,
)
from evidence.manifests import Manifest
from jobs.models import Job
from jobs.services import run_job
from tests.factories.deid import (
    MAPPING,
    Scene,
    csv_of,
    import_bytes,
    import_rows,
    make_batch,
    make_scene,
    note_row,
)
from tests.factories.people import make_member
from vault import files

pytestmark = pytest.mark.django_db(databases=["default", "trail"])


@pytest.fixture
def scene(db: None) -> Scene:
    return make_scene()


def counts(batch: ImportBatch) -> tuple[int, int, int, int]:
    return batch.added, batch.updated, batch.unchanged, batch.rejected


def test_it_imports_every_record_with_its_patient(scene: Scene) -> None:
    batch = import_rows(scene, [note_row(n) for n in range(6)])
    assert batch.state == ImportBatch.State.DONE
    assert counts(batch) == (6, 0, 0, 0)
    assert Patient.objects.filter(project=scene.project).count() == 3
    note = Note.objects.order_by("created_at").first()
    assert note is not None
    assert "Quillon" in note.raw_text
    assert "heart failure" in note.raw_summary
    assert note.patient.key.startswith("PT-")
    assert KnownIdentifier.objects.count() == 6


def test_importing_the_same_file_twice_changes_nothing(scene: Scene) -> None:
    rows = [note_row(n) for n in range(6)]
    import_rows(scene, rows)
    before = list(Note.objects.order_by("pk").values_list("pk", "is_current"))
    again = import_rows(scene, rows)
    assert counts(again) == (0, 0, 6, 0)
    assert list(Note.objects.order_by("pk").values_list("pk", "is_current")) == before
    assert Patient.objects.count() == 3
    assert KnownIdentifier.objects.count() == 6


def test_a_changed_text_makes_a_new_current_version(scene: Scene) -> None:
    import_rows(scene, [note_row(0), note_row(1)])
    again = import_rows(scene, [note_row(0, text="Patient improved."), note_row(1)])
    assert counts(again) == (0, 1, 1, 0)
    old, new = Note.objects.filter(external_lookup=_lookup_of("Patient improved.")).order_by(
        "created_at"
    )
    assert (old.is_current, new.is_current) == (False, True)
    assert old.replaced_at is not None
    assert new.raw_text == "Patient improved."


def _lookup_of(text: str) -> bytes:
    return next(bytes(n.external_lookup) for n in Note.objects.all() if n.raw_text == text)


def test_a_note_id_that_stands_twice_in_a_file_is_left_out_and_reported(scene: Scene) -> None:
    rows = [note_row(0), note_row(1), note_row(0, text="Another text under the same id.")]
    batch = import_rows(scene, rows)
    assert counts(batch) == (2, 0, 0, 1)
    assert counts(import_rows(scene, rows)) == (0, 0, 2, 1)
    rejection = batch.rejections.get()
    assert rejection.line == 4
    assert "same id" in rejection.reason


def test_a_record_without_text_is_left_out_with_its_line(scene: Scene) -> None:
    batch = import_rows(scene, [note_row(0), note_row(1, text=" ")])
    assert counts(batch) == (1, 0, 0, 1)
    assert batch.rejections.get().line == 3


def test_a_record_without_a_patient_is_its_own_patient(scene: Scene) -> None:
    batch = import_rows(scene, [note_row(0, patient=""), note_row(1, patient="")])
    assert batch.without_patient == 2
    assert Patient.objects.count() == 2


def test_notes_without_ids_of_two_files_do_not_replace_each_other(scene: Scene) -> None:
    mapping = {**MAPPING, "external_id": None}
    import_bytes(scene, csv_of([note_row(0)]), mapping=mapping)
    second = import_bytes(scene, csv_of([note_row(2), note_row(0)]), mapping=mapping)
    assert counts(second) == (1, 0, 1, 0)
    assert Note.objects.filter(is_current=True).count() == 2


def test_two_projects_with_the_same_notes_stay_apart(scene: Scene) -> None:
    other = make_scene()
    import_rows(scene, [note_row(0)])
    batch = import_rows(other, [note_row(0)])
    assert counts(batch) == (1, 0, 0, 0)
    lookups = {bytes(n.external_lookup) for n in Note.objects.all()}
    assert len(lookups) == 2


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", "csv"),
        (b"id,text\n", "csv"),
        (b'id,text\n1,"never closed', "csv"),
        (b"\x00\x01\x02\x03" * 50, "csv"),
        (b"not json\nneither\n", "jsonl"),
        (b"PK\x03\x04 broken", "zip"),
        (b"id,other\n1,no text column here\n", "csv"),
    ],
)
def test_it_refuses_a_broken_file_and_imports_nothing(
    scene: Scene, content: bytes, kind: str
) -> None:
    try:
        batch = make_batch(scene, content, kind)
    except InvalidInput:
        assert content == b""
    else:
        job = start_import(batch=batch, actor=scene.engineer, mapping={"text": "text"})
        run_job(job.pk)
        job.refresh_from_db()
        batch.refresh_from_db()
        assert job.state == Job.State.FAILED
        assert job.error_message.endswith((".",))
        assert job.error_code != "unexpected"
        assert batch.state == ImportBatch.State.FAILED
    assert not Note.objects.exists()
    assert not Patient.objects.exists()


def test_a_file_that_breaks_at_its_end_imports_none_of_its_beginning(scene: Scene) -> None:
    batch = import_bytes(scene, csv_of([note_row(n) for n in range(4)]) + b'N-9,"never closed')
    assert batch.state == ImportBatch.State.FAILED
    assert not Note.objects.exists()


def test_it_refuses_a_column_of_names_as_the_note_type(scene: Scene) -> None:
    rows = [note_row(n, type=f"Person Number {n}") for n in range(import_records.MAX_TYPES + 2)]
    batch = import_rows(scene, rows)
    assert batch.state == ImportBatch.State.FAILED
    assert not Note.objects.exists()


def test_text_files_are_packed_into_one_encrypted_batch(scene: Scene) -> None:
    texts = [
        (f"Vexmore visit {n}.txt", files.store(io.BytesIO(f"Visit {n} of the patient.".encode())))
        for n in range(3)
    ]
    batch = upload_texts(project=scene.project, actor=scene.engineer, texts=texts)
    assert batch.kind == ImportBatch.Kind.ZIP
    assert not any(files.path_of(stored.file_id).exists() for _, stored in texts)
    assert b"Vexmore" not in files.path_of(batch.file_id).read_bytes()
    preview = preview_batch(batch=batch, actor=scene.engineer)
    assert "text" in preview.columns
    run_job(
        start_import(
            batch=batch, actor=scene.engineer, mapping={"text": "text", "external_id": "file"}
        ).pk
    )
    assert Note.objects.count() == 3


def test_a_zip_of_text_files_is_imported(scene: Scene) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "First note.")
        archive.writestr("deep/b.txt", "Second note.")
    mapping = {"text": "text", "external_id": "file"}
    assert import_bytes(scene, out.getvalue(), "zip", mapping).added == 2


def test_the_preview_is_recorded_as_a_reading(scene: Scene) -> None:
    batch = make_batch(scene, csv_of([note_row(n) for n in range(9)]))
    found = preview_batch(batch=batch, actor=scene.engineer)
    assert len(found.rows) == 5
    assert found.suggested_mapping is not None
    assert found.suggested_mapping.text == "text"
    entry = Entry.objects.get(event="phi.read")
    assert entry.object_id == str(batch.pk)


@pytest.mark.parametrize("role", [r for r in Role if r not in (Role.DATA_ENGINEER, Role.SYSADMIN)])
def test_it_refuses_every_role_but_the_data_engineer(scene: Scene, role: Role) -> None:
    person = make_member(scene.project, role)
    stored = files.store(io.BytesIO(b"text\nx\n"))
    with pytest.raises(NotAllowed):
        upload_batch(
            project=scene.project, actor=person, stored=stored, file_name="n.csv", kind="csv"
        )
    assert not files.path_of(stored.file_id).exists()
    batch = make_batch(scene, csv_of([note_row(0)]))
    with pytest.raises(NotAllowed):
        preview_batch(batch=batch, actor=person)
    with pytest.raises(NotAllowed):
        start_import(batch=batch, actor=person, mapping=MAPPING)


@pytest.mark.parametrize(
    "mapping", [{}, {"text": ""}, {"text": "text", "known": {"name": "PERSON"}}, {"other": "text"}]
)
def test_it_refuses_a_mapping_that_cannot_be_used(scene: Scene, mapping: dict[str, str]) -> None:
    batch = make_batch(scene, csv_of([note_row(0)]))
    with pytest.raises(InvalidInput):
        start_import(batch=batch, actor=scene.engineer, mapping=mapping)


def test_an_import_is_started_once(scene: Scene) -> None:
    batch = make_batch(scene, csv_of([note_row(0)]))
    start_import(batch=batch, actor=scene.engineer, mapping=MAPPING)
    with pytest.raises(WrongState):
        start_import(batch=batch, actor=scene.engineer, mapping=MAPPING)


class _Killed(BaseException):
    """What a SIGKILL looks like from inside: nothing of the job's own clean-up runs."""


def test_a_killed_import_goes_on_from_its_last_commit(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_records, "COMMIT_EVERY", 4)
    batch = make_batch(scene, csv_of([note_row(n) for n in range(10)]))
    job = start_import(batch=batch, actor=scene.engineer, mapping=MAPPING)
    real, calls = import_records._commit, []

    def dies_at_the_second(*args: object) -> None:
        calls.append(args)
        if len(calls) == 2:
            raise _Killed
        real(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(import_records, "_commit", dies_at_the_second)
    with pytest.raises(_Killed):
        run_job(job.pk)
    batch.refresh_from_db()
    assert (batch.position, batch.added) == (4, 4)
    Job.objects.update(lease_until=None)
    monkeypatch.setattr(import_records, "_commit", real)
    run_job(job.pk)
    batch.refresh_from_db()
    assert counts(batch) == (10, 0, 0, 0)
    assert Note.objects.count() == 10


def test_a_worker_that_lost_its_import_writes_nothing_more(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = make_batch(scene, csv_of([note_row(n) for n in range(3)]))
    job = start_import(batch=batch, actor=scene.engineer, mapping=MAPPING)
    real = import_records._commit

    def overtaken(*args: object) -> None:
        ImportBatch.objects.update(position=3)
        real(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(import_records, "_commit", overtaken)
    run_job(job.pk)
    assert not Note.objects.exists()
    job.refresh_from_db()
    assert job.state == Job.State.RUNNING  # it belongs to the other worker


def test_a_cancelled_import_is_resumed_or_closed_as_incomplete(scene: Scene) -> None:
    batch = make_batch(scene, csv_of([note_row(0)]))
    start_import(batch=batch, actor=scene.engineer, mapping=MAPPING)
    cancel_import(batch=batch, actor=scene.engineer)
    batch.refresh_from_db()
    assert batch.state == ImportBatch.State.FAILED
    keep_partial_import(batch=batch, actor=scene.engineer)
    batch.refresh_from_db()
    assert batch.manifest["body"]["complete"] is False
    with pytest.raises(WrongState):
        resume_import(batch=batch, actor=scene.engineer)


def test_the_manifest_counts_and_commits_and_quotes_nothing(scene: Scene) -> None:
    batch = import_rows(scene, [note_row(n) for n in range(4)])
    manifest = Manifest.from_dict(batch.manifest)
    assert manifest.digest == batch.digest
    assert manifest.body["note_types"] == {"discharge summary": 2, "progress note": 2}
    assert manifest.body["file_commitment"] == batch.commitment
    written = manifest.canonical().decode()
    for secret in ("Quillon", "PT-1000", "8840", "N-0", "Kindwell"):
        assert secret not in written


def test_what_identifies_a_patient_lies_open_in_no_table(scene: Scene) -> None:
    batch = import_rows(scene, [note_row(n) for n in range(4)])
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
        )
        tables = [name for (name,) in cursor.fetchall()]
        for table in tables:
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            dump = "\n".join(row for (row,) in cursor.fetchall())
            for secret in ("Quillon", "Vexmore", "PT-1000", "8840", "Kindwell", "furosemide"):
                assert secret not in dump, f"{secret} in {table}"
                assert secret.encode().hex() not in dump, f"{secret} in {table}"
    assert b"Vexmore" not in files.path_of(batch.file_id).read_bytes()


def test_an_upload_that_never_started_is_discarded_with_its_file(
    scene: Scene, django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[Any]]
) -> None:
    batch = make_batch(scene, csv_of([note_row(0)]))
    with django_capture_on_commit_callbacks(execute=True):
        discard_import(batch=batch, actor=scene.engineer)
    batch.refresh_from_db()
    assert batch.state == ImportBatch.State.DISCARDED
    assert not files.path_of(batch.file_id).exists()
    assert Entry.objects.filter(event="phi.import", details__commitment=batch.commitment).exists()
    with pytest.raises(WrongState):
        preview_batch(batch=batch, actor=scene.engineer)


def test_an_import_that_has_notes_is_not_discarded(scene: Scene) -> None:
    batch = import_rows(scene, [note_row(0)])
    with pytest.raises(WrongState):
        discard_import(batch=batch, actor=scene.engineer)
    assert files.path_of(batch.file_id).exists()


def test_only_who_may_import_may_discard(scene: Scene) -> None:
    batch = make_batch(scene, csv_of([note_row(0)]))
    with pytest.raises(NotAllowed):
        discard_import(batch=batch, actor=make_member(scene.project, Role.AUDITOR))

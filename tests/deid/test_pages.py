"""Pages and API of imports, runs and policies: what each role sees and may do."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.roles import Role
from audit.models import Entry
from deid.models import ImportBatch, Note, Run
from jobs.models import Job
from jobs.services import run_job
from tests.factories.deid import (
    MAPPING,
    Scene,
    chunk_jobs,
    csv_of,
    import_rows,
    make_batch,
    make_run,
    make_scene,
    note_row,
)
from tests.factories.people import make_member, signed_in
from vault import files as store

pytestmark = pytest.mark.django_db(databases=["default", "trail"])


@pytest.fixture
def scene(db: None) -> Scene:
    return make_scene()


def base(scene: Scene) -> str:
    return f"/p/{scene.project.slug}/"


def api(scene: Scene) -> str:
    return f"/api/v1/projects/{scene.project.slug}/"


def as_file(content: bytes, name: str = "notes.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def import_all(job: Job) -> None:
    run_job(job.pk)


def test_a_data_engineer_uploads_maps_and_imports(scene: Scene) -> None:
    client = signed_in(scene.engineer)
    rows = [note_row(n) for n in range(6)]
    answer = client.post(f"{base(scene)}import/", {"uploads": as_file(csv_of(rows))})
    batch = ImportBatch.objects.get()
    page = f"{base(scene)}import/{batch.pk}/"
    assert answer.headers["Location"] == page
    shown = client.get(page).content.decode()
    assert "Quillon" in shown  # the preview, for the one role that may see it
    assert '<option value="text" selected>' in shown
    client.post(page, {"text": "text", "external_id": "id", "patient_key": "patient"})
    batch.refresh_from_db()
    assert batch.state == ImportBatch.State.IMPORTING
    assert "Importing" in client.get(f"{base(scene)}import/").content.decode()
    progress = client.get(f"{page}progress/")
    assert "hx-get" in progress.content.decode()
    import_all(Job.objects.get(kind="deid.import"))
    assert client.get(f"{page}progress/").headers["HX-Refresh"] == "true"
    assert "Go on to de-identification" in client.get(page).content.decode()
    assert Note.objects.count() == 6


def test_several_text_files_become_one_import(scene: Scene) -> None:
    client = signed_in(scene.engineer)
    files = [as_file(f"Visit {n}.".encode(), f"visit{n}.txt") for n in range(3)]
    client.post(f"{base(scene)}import/", {"uploads": files})
    assert ImportBatch.objects.get().kind == "zip"


@pytest.mark.parametrize("names", [["notes.pdf"], ["a.csv", "b.csv"], []])
def test_an_upload_that_cannot_be_read_leaves_no_file(scene: Scene, names: list[str]) -> None:

    before = set(store.path_of(scene.project.pk).parent.glob("*"))
    client = signed_in(scene.engineer)
    answer = client.post(
        f"{base(scene)}import/", {"uploads": [as_file(b"text\nx\n", name) for name in names]}
    )
    assert answer.status_code == 200
    assert "error-summary" in answer.content.decode()
    assert set(store.path_of(scene.project.pk).parent.glob("*")) == before
    assert not ImportBatch.objects.exists()


def test_a_broken_upload_says_what_is_wrong(scene: Scene) -> None:
    batch = make_batch(scene, b"\x00\x01\x02" * 40)
    shown = signed_in(scene.engineer).get(f"{base(scene)}import/{batch.pk}/")
    assert shown.status_code == 200
    assert "cannot be read" in shown.content.decode()


def test_others_see_that_an_upload_waits_and_nothing_of_it(scene: Scene) -> None:
    batch = make_batch(scene, csv_of([note_row(0)]), name="Vexmore.csv")
    shown = signed_in(make_member(scene.project, Role.AUDITOR)).get(
        f"{base(scene)}import/{batch.pk}/"
    )
    assert "waits for a data engineer" in shown.content.decode()
    assert "Vexmore" not in shown.content.decode()


def test_records_that_were_left_out_are_listed_with_line_and_reason(scene: Scene) -> None:
    batch = import_rows(scene, [note_row(0), note_row(1, text="")])
    client = signed_in(scene.engineer)
    assert "has no text" in client.get(f"{base(scene)}import/{batch.pk}/").content.decode()
    table = client.get(f"{base(scene)}import/{batch.pk}/left-out.csv").content.decode()
    assert table.splitlines() == ["line,code,reason", "3,no_text,The record has no text."]


def test_a_run_is_started_watched_and_cancelled(scene: Scene) -> None:
    import_rows(scene, [note_row(0)])
    client = signed_in(scene.engineer)
    answer = client.post(f"{base(scene)}runs/")
    page = answer.headers["Location"]
    assert "De-identify 1 note" in client.get(page).content.decode()
    client.post(f"{page}cancel/")
    assert Run.objects.get().state == Run.State.CANCELLED
    assert "Resume" in client.get(page).content.decode()
    client.post(f"{page}resume/")
    import_all(chunk_jobs(Run.objects.get())[0])
    shown = client.get(page).content.decode()
    assert "Found by category" in shown
    assert "Medical record numbers" in shown
    assert "NAME" in client.get(f"{page}categories.csv").content.decode()


def test_starting_without_notes_is_refused_in_words(scene: Scene) -> None:
    answer = signed_in(scene.engineer).post(f"{base(scene)}runs/")
    assert answer.status_code == 409
    assert "There are no notes" in answer.content.decode()


def test_whoever_may_not_start_a_run_is_told_who_may(scene: Scene) -> None:
    import_rows(scene, [note_row(0)])
    client = signed_in(make_member(scene.project, Role.AUDITOR))
    page = client.get(f"{base(scene)}runs/").content.decode()
    assert "Only a data engineer of this project may do this" in page
    assert client.post(f"{base(scene)}runs/").status_code == 403
    assert not Run.objects.exists()


def test_the_note_shows_its_spans_and_the_raw_text_only_when_asked(scene: Scene) -> None:
    import_rows(scene, [note_row(0)])
    run = make_run(scene)
    page = f"{base(scene)}runs/{run.pk}/notes/{run.notes.get().pk}/"
    client = signed_in(scene.engineer)
    shown = client.get(page).content.decode()
    assert "[NAME]</mark>" in shown
    assert "known identifier" in shown
    assert "Quillon" not in shown
    assert not Entry.objects.filter(event="phi.read", object_type="deid.Note").exists()
    assert "Quillon" in client.get(f"{page}?raw=1").content.decode()
    assert Entry.objects.filter(event="phi.read", object_type="deid.Note").count() == 1


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ML_ADMIN, Role.COMPLIANCE])
def test_raw_notes_and_unreviewed_outputs_are_refused_to_other_roles(
    scene: Scene, role: Role
) -> None:
    import_rows(scene, [note_row(0)])
    run = make_run(scene)
    path = f"runs/{run.pk}/notes/{run.notes.get().pk}/"
    client = signed_in(make_member(scene.project, role))
    for address in (
        f"{base(scene)}{path}",
        f"{base(scene)}{path}?raw=1",
        f"{api(scene)}{path}",
        f"{api(scene)}{path}raw/",
    ):
        answer = client.get(address)
        assert answer.status_code == 403
        assert "Furosemide" not in answer.content.decode()


def test_a_person_of_another_project_finds_nothing(scene: Scene) -> None:
    import_rows(scene, [note_row(0)])
    run = make_run(scene)
    other = make_scene()
    client = signed_in(other.engineer)
    assert client.get(f"{base(scene)}runs/").status_code == 403
    assert client.get(f"{base(other)}runs/{run.pk}/").status_code == 404
    assert client.get(f"{api(other)}runs/{run.pk}/").status_code == 404


def test_notes_are_searched_by_type(scene: Scene) -> None:
    import_rows(scene, [note_row(n) for n in range(4)])
    run = make_run(scene)
    client = signed_in(scene.engineer)
    shown = client.get(f"{base(scene)}runs/{run.pk}/notes/?type=progress+note").content.decode()
    assert len(re.findall(r"<td>\s*progress note\s*</td>", shown)) == 2
    assert not re.search(r"<td>\s*discharge summary\s*</td>", shown)
    shown = client.get(f"{base(scene)}runs/{run.pk}/notes/?q=discharge").content.decode()
    assert "2 notes found" in shown


def test_a_term_is_added_on_the_policy_page(scene: Scene) -> None:
    client = signed_in(scene.engineer)
    client.post(f"{base(scene)}policy/", {"text": "Vexmore Clinic", "category": "LOCATION"})
    shown = client.get(f"{base(scene)}policy/").content.decode()
    assert 0 < shown.index("Version 2") < shown.index("Version 1")
    assert "Vexmore Clinic" not in shown
    refused = client.post(f"{base(scene)}policy/", {"text": "x", "category": "LOCATION"})
    assert "two letters" in refused.content.decode()


def test_the_api_imports_and_runs(scene: Scene) -> None:
    client = signed_in(scene.engineer)
    root = api(scene)
    made = client.post(f"{root}imports/", {"file": as_file(csv_of([note_row(0)])), "kind": "csv"})
    assert made.status_code == 201
    batch = f"{root}imports/{made.json()['id']}/"
    assert client.get(f"{batch}preview/").json()["suggested_mapping"]["text"] == "text"
    started = client.post(f"{batch}start/", MAPPING, content_type="application/json")
    assert started.status_code == 202
    assert client.get(f"{batch}progress/").json()["state"] == "queued"
    import_all(Job.objects.get())
    assert client.get(batch).json()["added"] == 1
    assert client.get(f"{batch}rejections/").json()["count"] == 0
    run = client.post(f"{root}runs/")
    assert run.status_code == 201
    import_all(chunk_jobs(Run.objects.get())[0])
    path = f"{root}runs/{run.json()['id']}/"
    assert client.get(path).json()["state"] == "done"
    (row,) = client.get(f"{path}notes/").json()["results"]
    note = client.get(f"{path}notes/{row['id']}/").json()
    assert note["text"].startswith("Patient [NAME] was seen")
    assert "Quillon" in client.get(f"{path}notes/{row['id']}/raw/").json()["text"]
    assert client.get(f"{root}runs/").json()["count"] == 1


def test_the_api_refuses_in_a_sentence_with_a_code(scene: Scene) -> None:
    answer = signed_in(scene.engineer).post(f"{api(scene)}runs/")
    assert answer.status_code == 409
    assert answer.json()["code"] == "wrong-state"
    body = {"terms": [{"text": "Vexmore", "category": "NAME"}]}
    auditor = signed_in(make_member(scene.project, Role.AUDITOR))
    refused = auditor.post(f"{api(scene)}policies/", body, content_type="application/json")
    assert refused.status_code == 403
    assert Client().get(f"{api(scene)}runs/").status_code == 403


def test_an_unreadable_upload_says_so_in_list_page_and_inbox_and_can_be_discarded(
    scene: Scene,
) -> None:
    client, batch = signed_in(scene.engineer), make_batch(scene, b"\x00\x01\x02", kind="jsonl")
    page = client.get(f"{base(scene)}import/{batch.pk}/").content.decode()
    assert "Cannot be read" in page
    assert "Discard the upload" in page
    listed = client.get(f"{base(scene)}import/").content.decode()
    assert "Cannot be read" in listed
    assert batch.file_name in listed
    assert "Waiting for its columns" not in listed
    assert "Say what the columns are" not in client.get("/").content.decode()
    auditor = signed_in(make_member(scene.project, Role.AUDITOR))
    assert batch.file_name not in auditor.get(f"{base(scene)}import/").content.decode()
    client.post(f"{base(scene)}import/{batch.pk}/discard/")
    listed = client.get(f"{base(scene)}import/").content.decode()
    assert "Discarded" in listed
    assert "Cannot be read" not in listed
    assert "discarded" in client.get(f"{base(scene)}import/{batch.pk}/").content.decode()

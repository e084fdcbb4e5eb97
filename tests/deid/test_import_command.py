"""`manage.py import_notes`: folders, tables, columns, and refusals. Its worker is this process."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from accounts.roles import Role
from deid.management.commands import import_notes
from deid.models import ImportBatch, Note
from jobs.models import Job
from jobs.services import run_job
from tests.factories.deid import Scene, csv_of, make_scene, note_row
from tests.factories.people import make_member

pytestmark = pytest.mark.django_db(databases=["default", "trail"])


@pytest.fixture
def scene(db: None, monkeypatch: pytest.MonkeyPatch) -> Scene:
    def work(seconds: float) -> None:
        for job in Job.objects.filter(state=Job.State.QUEUED):
            run_job(job.pk)

    monkeypatch.setattr(import_notes.time, "sleep", work)
    return make_scene()


def run(scene: Scene, path: Path, *columns: str, actor: Any = None) -> str:
    out = StringIO()
    email = (actor or scene.engineer).email
    options = [f"--column={column}" for column in columns]
    call_command(
        "import_notes", scene.project.slug, str(path), f"--actor={email}", *options, stdout=out
    )
    return out.getvalue()


def test_it_imports_a_folder_of_text_files(scene: Scene, tmp_path: Path) -> None:
    (tmp_path / "ward").mkdir()
    (tmp_path / "one.txt").write_text("First note.")
    (tmp_path / "ward" / "two.txt").write_text("Second note.")
    (tmp_path / "metadata.csv").write_text("file,patient_id\none.txt,PT-1\ntwo.txt,PT-1\n")
    (tmp_path / "other.pdf").write_bytes(b"%PDF")
    assert "2 added" in run(scene, tmp_path)
    assert {n.raw_text for n in Note.objects.all()} == {"First note.", "Second note."}
    assert Note.objects.values("patient").distinct().count() == 1
    assert "2 unchanged" in run(scene, tmp_path)


def test_it_imports_a_table_and_finds_its_columns(scene: Scene, tmp_path: Path) -> None:
    path = tmp_path / "notes.csv"
    path.write_bytes(csv_of([note_row(0), note_row(1)]))
    assert "2 added" in run(scene, path)


def test_it_takes_the_column_that_it_is_told(scene: Scene, tmp_path: Path) -> None:
    path = tmp_path / "notes.csv"
    path.write_text("text,dictation\nshort,The note itself.\n")
    run(scene, path, "text=dictation")
    assert Note.objects.get().raw_text == "The note itself."


def test_it_asks_for_the_text_column_when_none_is_found(scene: Scene, tmp_path: Path) -> None:
    path = tmp_path / "notes.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(CommandError, match="--column text=NAME, one of: a, b"):
        run(scene, path)
    assert not Note.objects.exists()


def test_it_refuses_an_actor_who_may_not(scene: Scene, tmp_path: Path) -> None:
    path = tmp_path / "notes.csv"
    path.write_bytes(csv_of([note_row(0)]))
    with pytest.raises(CommandError, match="data engineer"):
        run(scene, path, actor=make_member(scene.project, Role.AUDITOR))
    assert not ImportBatch.objects.exists()


@pytest.mark.parametrize("name", ["missing.csv", "notes.pdf"])
def test_it_refuses_what_is_no_notes(scene: Scene, tmp_path: Path, name: str) -> None:
    (tmp_path / "notes.pdf").write_bytes(b"%PDF")
    with pytest.raises(CommandError):
        run(scene, tmp_path / name)

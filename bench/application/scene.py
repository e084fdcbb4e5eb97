"""A project with its data engineer, and notes put into it through the real services."""

import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.application.installation import until_done
from bench.generated.corpus import records
from bench.scale import write_notes

_MAPPING: dict[str, Any] = {"text": "text", "external_id": "id", "patient_key": "patient"}
_SEED, _SHORT, _NOTES_A_PATIENT = 7, 200, 4


@dataclass
class Scene:
    """Who works on what; both are rows of the application."""

    project: Any
    engineer: Any

    @classmethod
    def made(cls) -> "Scene":
        """A new project; its people get passwords that nobody learns."""
        from accounts.roles import Role
        from accounts.services import create_user
        from projects.services import add_member, create_project

        def person(name: str, *, sysadmin: bool = False) -> Any:
            return create_user(
                email=f"{secrets.token_hex(8)}@bench.invalid",
                full_name=name,
                password=secrets.token_urlsafe(24),
                actor=None,
                sysadmin=sysadmin,
            )[0]

        admin, engineer = person("Administrator", sysadmin=True), person("Engineer")
        project = create_project(name=f"Bench {secrets.token_hex(4)}", actor=admin)
        add_member(project=project, user=engineer, role=Role.DATA_ENGINEER, actor=admin)
        return cls(project, engineer)

    def import_file(self, path: Path, kind: str) -> Any:
        """Upload and import a file with the workers that run; gives the finished batch."""
        from deid.services import start_import, upload_batch
        from vault import files

        with path.open("rb") as stream:
            stored = files.store(stream)
        batch = upload_batch(
            project=self.project,
            actor=self.engineer,
            stored=stored,
            file_name="bench",
            kind=kind,
        )
        start_import(batch=batch, actor=self.engineer, mapping=_MAPPING)
        until_done(batch.pk)
        batch.refresh_from_db()
        return batch

    def start_run(self) -> Any:
        from deid.services import start_run

        return start_run(project=self.project, actor=self.engineer)


def write_whole_notes(path: Path, count: int) -> int:
    """Invented notes, four a patient; gives their characters."""
    return write_notes(path, count)


def write_short_notes(path: Path, count: int) -> None:
    """The beginnings of invented notes: as many rows, made and imported in less time."""
    texts = [record["text"][:_SHORT] for record in records(_SEED, 500)]
    with path.open("w", encoding="utf-8") as stream:
        stream.writelines(_lines(texts, count))


def _lines(texts: list[str], count: int) -> Iterator[str]:
    for number in range(count):
        text = texts[number % len(texts)]
        note = {"id": f"s{number}", "patient": f"s{number // _NOTES_A_PATIENT}", "text": text}
        yield json.dumps(note) + "\n"

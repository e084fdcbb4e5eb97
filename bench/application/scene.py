"""A project with its data engineer, and notes put into it through the real services."""

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.application.installation import until_done

_MAPPING: dict[str, Any] = {"text": "text", "external_id": "id", "patient_key": "patient"}


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

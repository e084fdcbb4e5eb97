"""`manage.py import_notes PROJECT PATH --actor EMAIL`: the same import as on the pages."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.errors import ServiceError
from accounts.models import User
from deid.importers import FIELDS, kind_of
from deid.models import ImportBatch
from deid.services import pack, preview_batch, start_import, upload_batch
from jobs.selectors import group_progress
from projects.models import Project
from vault import files
from vault.files import StoredFile

POLL_SECONDS = 0.5


class Command(BaseCommand):
    help = "Import notes from a folder of .txt files, a zip, a CSV or a JSONL file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("project", help="the project's short name, as in its address")
        parser.add_argument("path", type=Path)
        parser.add_argument("--actor", required=True, metavar="EMAIL", help="who imports")
        parser.add_argument(
            "--column",
            action="append",
            default=[],
            metavar="FIELD=COLUMN",
            help=f"say which column holds a field: {', '.join(FIELDS)}; an empty column is none",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        project = Project.objects.filter(slug=options["project"]).first()
        actor = User.objects.filter(email=options["actor"].strip().lower()).first()
        if project is None or actor is None:
            raise CommandError("There is no such project or person. Nothing was imported.")
        try:
            batch = self._import(project, actor, options["path"], options["column"])
        except ServiceError as problem:
            raise CommandError(problem.message) from None
        self.stdout.write(
            f"Import {batch.number}: {batch.added} added, {batch.updated} updated, "
            f"{batch.unchanged} unchanged, {batch.rejected} left out."
        )

    def _import(self, project: Project, actor: User, path: Path, columns: list[str]) -> ImportBatch:
        stored, kind = _store(path)
        batch = upload_batch(
            project=project, actor=actor, stored=stored, file_name=path.name, kind=kind
        )
        found = preview_batch(batch=batch, actor=actor)
        mapping = found.suggested_mapping.to_dict() if found.suggested_mapping else {}
        mapping.update(_chosen(columns))
        if not mapping.get("text"):
            names = ", ".join(found.columns)
            raise CommandError(
                f"No text column was found. Add --column text=NAME, one of: {names}."
            )
        start_import(batch=batch, actor=actor, mapping=mapping)
        return self._watch(batch)

    def _watch(self, batch: ImportBatch) -> ImportBatch:
        """Wait for the worker; the import goes on when this is interrupted."""
        shown = -1
        while (progress := group_progress(batch.pk)).active:
            if progress.done != shown:
                shown = progress.done
                self.stdout.write(f"{progress.state}: {shown} of {progress.total or '?'} records")
            time.sleep(POLL_SECONDS)
        batch.refresh_from_db()
        if progress.state != "done":
            raise CommandError(progress.error or "The import was stopped. Resume it on its page.")
        return batch


def _chosen(columns: list[str]) -> dict[str, str | None]:
    chosen: dict[str, str | None] = {}
    for item in columns:
        name, equals, column = item.partition("=")
        if name not in FIELDS or not equals:
            raise CommandError(f"--column takes FIELD=COLUMN with a field of {', '.join(FIELDS)}.")
        chosen[name] = column or None
    return chosen


def _store(path: Path) -> tuple[StoredFile, str]:
    """Encrypt what lies at the path into the file store; a folder is packed on the way."""
    if path.is_dir():
        return pack(_texts(path)), "zip"
    if not path.exists():
        raise CommandError(f"There is no file or folder {path}. Nothing was imported.")
    kind = kind_of(path.name)
    if not path.is_file() or kind is None:
        raise CommandError("Name a folder, or a file ending in .csv, .jsonl, .zip or .txt.")
    if kind == "txt":
        return pack([(path.name, path.open("rb"))]), "zip"
    with path.open("rb") as stream:
        return files.store(stream), kind


def _texts(folder: Path) -> Iterator[tuple[str, BinaryIO]]:
    """The folder's text files and its sidecar table; links are not followed."""
    for path in sorted(folder.rglob("*")):
        wanted = path.suffix.lower() == ".txt" or path == folder / "metadata.csv"
        if wanted and path.is_file() and not path.is_symlink():
            yield path.relative_to(folder).as_posix(), path.open("rb")

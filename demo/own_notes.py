"""`make demo NOTES=path`: one's own notes up to the review, which then waits for real people."""

from __future__ import annotations

import os
import secrets
import signal
import zipfile
from pathlib import Path
from typing import Any

from config.runtime.errors import Misconfigured
from config.runtime.layout import REPOSITORY, Layout
from config.runtime.running import running
from demo.chain import FailedError
from demo.client import Person
from demo.console import Console
from demo.people import create_admin

KINDS = {".csv": "csv", ".jsonl": "jsonl", ".zip": "zip", ".txt": "txt"}


def review_own_notes(source: Path, column: str) -> int:
    """Import, de-identify and draw a sample. No demo clinician exists here."""
    if not source.exists():
        raise FailedError(f"There is no file or folder {source}. Nothing was started.")
    layout = _layout()
    console = Console()
    console.say(f"Your own notes, in {layout.data}: up to the review, which is yours")
    layout.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    log = layout.data / "serve.log"
    with running(layout.data, layout.keys, output=log) as runtime:
        admin, operator = _operators(runtime.base_url, runtime.env)
        slug = _project(admin, operator)
        run = _import_and_run(console, operator["person"], f"projects/{slug}/", source, column)
        _explain(console, runtime.base_url, admin, operator, run)
        if os.environ.get("SERVE", "1") != "0":
            try:
                signal.pause()
            except KeyboardInterrupt:
                console.say("\nStopping.")
    return 0


def _layout() -> Layout:
    if os.environ.get("COUNTERSIGN_DATA"):
        layout = Layout.from_environment()
    else:
        layout = Layout.of(REPOSITORY / "var-notes")
    if layout.demo_mark.exists():
        raise Misconfigured(
            f"{layout.data} was used for the demonstration; own notes need a folder of their own. "
            "Unset COUNTERSIGN_DATA or name another folder."
        )
    return layout


def _operators(base_url: str, environment: dict[str, str]) -> tuple[dict[str, Any], dict[str, Any]]:
    mark = secrets.token_hex(3)
    email = f"admin-{mark}@local.invalid"
    password = create_admin(email, "System administrator", environment)
    admin = Person(base_url, email=email, password=password, name="System administrator")
    email = f"operator-{mark}@local.invalid"
    made = admin.post("people/", {"email": email, "full_name": "Operator of the run"})
    operator = Person(base_url, email=email, password=made["first_password"], name="Operator")
    return {"person": admin}, {"person": operator, "id": made["id"]}


def _project(admin: dict[str, Any], operator: dict[str, Any]) -> str:
    person = admin["person"]
    project = person.post("projects/", {"name": f"Own notes {secrets.token_hex(3)}", "purpose": ""})
    person.post(
        f"projects/{project['slug']}/members/",
        {"user": operator["id"], "role": "data_engineer", "is_chair": False},
    )
    return str(project["slug"])


def _import_and_run(
    console: Console, engineer: Person, base: str, source: Path, column: str
) -> dict[str, Any]:
    with console.stage("Import") as stage:
        file, kind = _as_upload(source)
        try:
            batch = engineer.upload(f"{base}imports/", file, kind=kind)
        finally:
            if file != source:
                file.unlink()
        path = f"{base}imports/{batch['id']}/"
        engineer.post(f"{path}start/", _mapping(engineer.get(f"{path}preview/"), column))
        engineer.wait(f"{path}progress/", lambda done: console.progress(stage, done))
        batch = engineer.get(path)
        stage.words = f"{batch['added']} notes; {batch['rejected']} left out, with their reasons"
    with console.stage("De-identify") as stage:
        run = engineer.post(f"{base}runs/")
        path = f"{base}runs/{run['id']}/"
        engineer.wait(f"{path}progress/", lambda done: console.progress(stage, done))
        run = engineer.get(path)
        stage.words = f"{sum(run['counts'].values()):,} identifiers replaced"
    with console.stage("Sample for the review") as stage:
        sample = engineer.post(f"{base}samples/", {"run": run["id"]})
        stage.words = f"{sample['size']} of {sample['population']} notes, drawn at random"
    return dict(run)


def _as_upload(source: Path) -> tuple[Path, str]:
    if source.is_dir():
        return _packed(source), "zip"
    kind = KINDS.get(source.suffix.lower())
    if kind is None:
        raise FailedError(f"{source.name} is neither CSV, JSONL, zip, text file nor folder.")
    return source, kind


def _packed(folder: Path) -> Path:
    """A folder of text files as the zip that the importer takes, in memory-backed storage."""
    path = Path("/dev/shm" if Path("/dev/shm").is_dir() else "/tmp")
    target = path / f"countersign-{secrets.token_hex(6)}.zip"
    descriptor = os.open(target, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out, zipfile.ZipFile(out, "w") as packed:
        for file in sorted(folder.rglob("*.txt")):
            packed.write(file, file.relative_to(folder))
    return target


def _mapping(preview: dict[str, Any], column: str) -> dict[str, Any]:
    mapping = preview["suggested_mapping"]
    columns = preview["columns"]
    if column:
        if column not in columns:
            raise FailedError(f"There is no column {column}. There are: {', '.join(columns)}.")
        return {**(mapping or {"known": {}}), "text": column}
    if mapping is None:
        raise FailedError(
            f"Which column holds the note? Type: make demo NOTES=... COLUMN=name, with one of "
            f"{', '.join(columns)}."
        )
    return dict(mapping)


def _explain(
    console: Console,
    base_url: str,
    admin: dict[str, Any],
    operator: dict[str, Any],
    run: dict[str, Any],
) -> None:
    console.say(f"\nThe review waits for clinicians; run {run['number']} is ready at {base_url}.")
    for title, person in (
        ("system administrator", admin["person"]),
        ("operator of the run", operator["person"]),
    ):
        console.say(f"  {title:<22} {person.email}   {person.password}")
    console.say(
        "\nHow to create people: sign in as the system administrator, open People, add each "
        "clinician,\nthen Projects > People > Add a role: Clinician reviewer. The operator of the "
        "run cannot review it."
    )

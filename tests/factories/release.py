"""Runs under conditions of release, determinations with real PDFs, and flags. Nothing is real."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

from accounts.models import User
from deid.lookups import passage_lookup
from deid.models import ExpertDetermination, PolicyVersion, Run, UniqueFlag
from deid.selectors.release import today
from deid.services.determinations import (
    determination_manifest,
    sign_determination,
    upload_determination,
)
from evidence.digests import new_salt
from tests.factories.people import PASSWORD
from tests.factories.reviews import People, make_notes, make_run
from vault import files
from vault.files import StoredFile


def a_pdf(pages: int = 1) -> bytes:
    """A small PDF with a correct table of its objects."""
    kids = " ".join(f"{3 + n} 0 R" for n in range(pages))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>",
        *(["<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>"] * pages),
    ]
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode()
    table = len(out)
    rows = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(objects) + 1
    end = f"trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n"
    return out + f"xref\n0 {size}\n0000000000 65535 f \n{rows}{end}".encode()


def an_encrypted_pdf() -> bytes:
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.pdf_utils.writer import copy_into_new_writer

    writer = copy_into_new_writer(PdfFileReader(io.BytesIO(a_pdf())))
    writer.encrypt("owner", "user")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def stored(content: bytes) -> StoredFile:
    return files.store(io.BytesIO(content))


def stated(**changes: Any) -> dict[str, Any]:
    return {
        "expert": "Ilvara Quenneth, PhD",
        "qualification": "Professor of statistics, twelve years in disclosure control",
        "method": "k-anonymity of quasi-identifiers, attack with public registers",
        "recipients": "The project's own training machines",
        "covers": "Notes with surrogates and dates moved for each patient",
        "determined_on": today() - timedelta(days=30),
        "expires_on": today() + timedelta(days=300),
        **changes,
    }


def make_determination(
    people: People, *, run: Run | None = None, signed: bool = True, **changes: Any
) -> ExpertDetermination:
    found = upload_determination(
        project=people.project,
        actor=people.compliance,
        stored=stored(a_pdf()),
        stated=stated(**changes),
        run=run,
    )
    return sign(found, people.compliance) if signed else found


def sign(found: ExpertDetermination, actor: User) -> ExpertDetermination:
    digest = determination_manifest(found).digest
    return sign_determination(
        determination=found, actor=actor, password=PASSWORD, shown_digest=digest
    )


def make_expert_run(people: People, notes: int = 12) -> Run:
    """A finished run whose frozen policy writes surrogates with shifted dates."""
    if not people.project.policies.exists():
        PolicyVersion.objects.create(
            project=people.project,
            number=1,
            content={"terms": [], "profile": "x", "output": "surrogates", "date_shift": True},
            salt=new_salt(),
            commitment="0" * 64,
            created_by=people.operator,
        )
    if not people.project.notes.exists():
        make_notes(people.project, people.operator, notes)
    run = make_run(people)
    run.manifest = {
        "body": {
            "needs_expert_determination": True,
            "unique_characteristics": {"flagged": 0},
            "detectors": {},
        },
        "parents": [],
    }
    run.save(update_fields=["manifest"])
    return run


def make_flags(run: Run, count: int = 2) -> list[UniqueFlag]:
    """Flags on "Vexley" in the outputs of the run, one a note and then again from the first."""
    outputs = list(run.notes.select_related("note").order_by("pk")[:count])
    start = outputs[0].text.index("Vexley")
    place = {"start": start, "end": start + len("Vexley"), "kind": "public_office"}
    return UniqueFlag.objects.bulk_create(
        UniqueFlag(
            run=run,
            run_note=outputs[n % len(outputs)],
            position=n // len(outputs) + 1,
            found=place,
            lookup=passage_lookup(outputs[n % len(outputs)].note_id, "x", str(n), 0, 1),
        )
        for n in range(count)
    )

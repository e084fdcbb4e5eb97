"""Expert Determinations, 45 CFR 164.514(b)(1): uploaded, signed by a compliance officer, withdrawn.

What one states is fixed at its upload. Only a signed one counts, until its last day.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, BinaryIO

from django.db import transaction
from django.utils import timezone

from accounts.errors import InvalidInput, WrongState
from accounts.models import User
from accounts.roles import Permission
from accounts.signing import sign_manifest
from audit.services import Action, record
from deid.models import ExpertDetermination, Run
from deid.selectors.release import needs_expert_determination, today
from deid.services.pdf_check import count_pages
from evidence.manifests import Manifest, Parent
from projects.models import Project
from projects.permissions import require
from vault import files
from vault.files import StoredFile

EXPERT = "45 CFR 164.514(b)(1)"
MEANING = f"Expert Determination kept as the basis of release ({EXPERT})"
#: What is stated in words, with the most characters of each.
TEXTS = {
    "expert": 200,
    "qualification": 1000,
    "method": 2000,
    "recipients": 1000,
    "covers": 1000,
}
LABELS = {
    "expert": "the expert's name",
    "qualification": "the expert's qualification",
    "method": "the method",
    "recipients": "the recipients",
    "covers": "what it covers",
}
MAX_REASON = 500


def upload_determination(
    *,
    project: Project,
    actor: User,
    stored: StoredFile,
    stated: Mapping[str, Any],
    run: Run | None = None,
) -> ExpertDetermination:
    """Take a PDF that already lies encrypted; a refused one is deleted again.

    `stated` holds the texts of `TEXTS` and the days `determined_on` and `expires_on`.
    """
    try:
        return _create(project, actor, stored, stated, run)
    except BaseException:
        files.delete(stored.file_id)
        raise


@transaction.atomic
def _create(
    project: Project,
    actor: User,
    stored: StoredFile,
    stated: Mapping[str, Any],
    run: Run | None,
) -> ExpertDetermination:
    require(actor, project, Permission.KEEP_DETERMINATIONS)
    texts, days = _texts(stated), _days(stated)
    _check_run(project, run)
    pages = count_pages(stored)
    # Locked: numbers count without a gap.
    Project.objects.select_for_update(no_key=True).get(pk=project.pk)
    latest = project.determinations.first()
    found = ExpertDetermination.objects.create(
        project=project,
        number=latest.number + 1 if latest else 1,
        run=run,
        **texts,
        **days,
        file_id=stored.file_id,
        size=stored.size,
        pages=pages,
        salt=stored.salt,
        commitment=stored.commitment,
        uploaded_by=actor,
    )
    _record(found, actor, "C", "upload", {"bytes": stored.size, "commitment": stored.commitment})
    return found


def _texts(stated: Mapping[str, Any]) -> dict[str, str]:
    texts = {name: " ".join(str(stated.get(name) or "").split()) for name in TEXTS}
    for name, most in TEXTS.items():
        if not texts[name]:
            raise InvalidInput(f"State {LABELS[name]}. Nothing was stored.")
        if len(texts[name]) > most:
            raise InvalidInput(
                f"State {LABELS[name]} in at most {most:,} characters. Nothing was stored."
            )
    return texts


def _days(stated: Mapping[str, Any]) -> dict[str, date]:
    made, ends = stated.get("determined_on"), stated.get("expires_on")
    if not isinstance(made, date) or not isinstance(ends, date):
        raise InvalidInput("State its date and its last day, as 2026-01-31. Nothing was stored.")
    if made > today():
        raise InvalidInput("The date of the determination lies in the future. Nothing was stored.")
    if ends <= made:
        raise InvalidInput("It expires before or on the day of its date. Nothing was stored.")
    if ends < today():
        raise InvalidInput("It has expired already. Nothing was stored; upload one in force.")
    return {"determined_on": made, "expires_on": ends}


def _check_run(project: Project, run: Run | None) -> None:
    if run is None:
        return
    if run.project_id != project.pk or not run.digest:
        raise InvalidInput("Choose a finished run of this project, or none. Nothing was stored.")
    if not needs_expert_determination(run):
        raise InvalidInput(
            f"Run {run.number} is Safe Harbor and needs no determination. Nothing was stored."
        )


def determination_manifest(found: ExpertDetermination) -> Manifest:
    """What the compliance officer signs: what the determination states, and its file."""
    parents = (Parent("deid_run", found.run.digest),) if found.run else ()
    return Manifest(
        kind="expert_determination",
        subject=str(found.pk),
        created_at=found.uploaded_at.isoformat(),
        body={
            "number": found.number,
            "project": str(found.project_id),
            "basis": EXPERT,
            **{name: getattr(found, name) for name in TEXTS},
            "run": found.run.number if found.run else None,
            "determined_on": found.determined_on.isoformat(),
            "expires_on": found.expires_on.isoformat(),
            "file": found.commitment,
            "bytes": found.size,
            "pages": found.pages,
            "uploaded_by": str(found.uploaded_by_id),
        },
        parents=parents,
    )


@transaction.atomic
def sign_determination(
    *, determination: ExpertDetermination, actor: User, password: str, shown_digest: str
) -> ExpertDetermination:
    """From now on the project's runs that it covers can be released under it."""
    role = require(actor, determination.project, Permission.KEEP_DETERMINATIONS)
    found = _locked(determination)
    if found.withdrawn_at:
        raise WrongState("This determination was withdrawn. Nothing was signed.")
    if found.signature_id:
        raise WrongState("This determination is signed already. Nothing was signed again.")
    if found.expires_on < today():
        raise WrongState("This determination has expired. Nothing was signed; upload a new one.")
    manifest = determination_manifest(found)
    found.signature = sign_manifest(
        actor=actor,
        project_id=found.project_id,
        password=password,
        role=role,
        meaning=MEANING,
        manifest=manifest,
        shown_digest=shown_digest,
    )
    found.digest = manifest.digest
    found.save(update_fields=["signature", "digest"])
    _record(found, actor, "U", "sign", {"digest": found.digest})
    return found


@transaction.atomic
def withdraw_determination(
    *, determination: ExpertDetermination, actor: User, reason: str
) -> ExpertDetermination:
    """It counts no longer: nothing more is released under it. What was released is not undone."""
    require(actor, determination.project, Permission.KEEP_DETERMINATIONS)
    words = " ".join(reason.split())
    if not words or len(words) > MAX_REASON:
        raise InvalidInput(
            f"Say why in at most {MAX_REASON} characters. The determination stays as it is."
        )
    found = _locked(determination)
    if found.withdrawn_at:
        raise WrongState("This determination was withdrawn before. Nothing was changed.")
    found.withdrawn_at, found.withdrawn_by = timezone.now(), actor
    found.withdrawn_reason = words
    found.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
    _record(found, actor, "U", "withdraw", {})
    return found


@transaction.atomic
def open_determination(*, determination: ExpertDetermination, actor: User) -> BinaryIO:
    """The PDF as a stream, decrypted while it is read; each opening is an entry."""
    require(actor, determination.project, Permission.VIEW_PROJECT)
    _record(determination, actor, "R", "open", {})
    return files.open_file(determination.file_id)


def _locked(determination: ExpertDetermination) -> ExpertDetermination:
    return (
        ExpertDetermination.objects.select_for_update(of=("self",))
        .select_related("run", "project")
        .get(pk=determination.pk)
    )


def _record(
    found: ExpertDetermination, actor: User, action: Action, reason: str, details: dict[str, Any]
) -> None:
    record(
        "deid.determination",
        actor=actor,
        action=action,
        project_id=found.project_id,
        subject=found,
        reason=reason,
        details={"number": found.number, **details},
    )

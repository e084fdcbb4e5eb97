"""The registry: a finished run becomes a version, named by the digests of what it came from."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from audit.services import record
from evidence.manifests import Manifest, Parent
from projects.models import Project
from training.child import Event
from training.models import BaseModel, ModelVersion, TrainingRun
from vault import artefacts


@transaction.atomic
def register(run: TrainingRun, base: BaseModel, done: Event) -> ModelVersion:
    """Keep the adapter and register the version, once: a repeated job finds it there."""
    project = Project.objects.select_for_update().get(pk=run.project_id)
    existing = ModelVersion.objects.filter(training_run=run).first()
    if existing:
        return existing
    artefact = artefacts.put_folder(Path(done["adapter_path"]))
    manifest = _manifest(run, base, done, artefact)
    last = project.model_versions.aggregate(last=Max("number"))["last"] or 0
    model_version = ModelVersion.objects.create(
        project=project,
        number=last + 1,
        training_run=run,
        adapter_artefact=artefact,
        adapter_digest=done["adapter_digest"],
        base_digest=done["base_digest"],
        tokenizer_digest=done["tokenizer_digest"],
        manifest=manifest.to_dict(),
        digest=manifest.digest,
    )
    run.state = TrainingRun.State.DONE
    run.finished_at = timezone.now()
    run.seconds = (run.finished_at - run.started_at).total_seconds()
    run.result = {key: done[key] for key in ("steps", "tokens", "seconds", "config_digest")}
    run.save()
    record(
        "train.end",
        actor=run.started_by,
        project_id=project.pk,
        subject=model_version,
        details={"digest": manifest.digest, "adapter": done["adapter_digest"]},
    )
    return model_version


def _manifest(run: TrainingRun, base: BaseModel, done: Event, artefact: str) -> Manifest:
    losses = list(run.losses.values_list("split", "step", "loss"))
    parents = [
        Parent("dataset", run.dataset.digest),
        Parent("base_model", done["base_digest"]),
        Parent("training_config", run.config_digest),
    ]
    if run.continues:
        parents.append(Parent("model_version", run.continues.digest))
    return Manifest(
        kind="model_version",
        subject=str(run.pk),
        created_at=datetime.now(UTC).isoformat(),
        body={
            "adapter_digest": done["adapter_digest"],
            "adapter_artefact": artefact,
            "base": {"name": base.name, "licence": base.licence, "digest": done["base_digest"]},
            "tokenizer_digest": done["tokenizer_digest"],
            "inputs_digest": done["config_digest"],  # settings and inputs, by the engine
            "parameters": run.config,
            "environment": run.environment,
            "steps": done["steps"],
            "tokens": done["tokens"],
            "losses": [{"split": s, "step": n, "loss": loss} for s, n, loss in losses],
        },
        parents=tuple(parents),
    )

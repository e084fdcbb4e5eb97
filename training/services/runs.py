"""Training runs: from a frozen dataset, worked off by a child process, kept as a version."""

from __future__ import annotations

import json
import os
import platform
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.errors import InvalidInput, WrongState
from accounts.models import User
from accounts.roles import Permission
from audit.services import record
from datasets_app.models import DatasetVersion
from evidence.digests import digest_file, digest_of
from jobs.lease import Lease
from jobs.models import Job
from jobs.services import cancel_group, enqueue
from projects.models import Project
from projects.permissions import require
from training.child import Event, run_engine
from training.engine.config import ConfigError, TrainingConfig
from training.models import BaseModel, LossPoint, ModelVersion, TrainingRun
from training.services.bases import ensure_base, folder_of, prepare
from training.services.inputs import refuse_changed
from training.services.registry import register
from vault import artefacts

KIND = "training.run"
LIBRARIES = ("torch", "transformers", "peft", "safetensors", "tokenizers")


def folder_of_run(run: TrainingRun) -> Path:
    return Path(settings.DATA) / "training" / str(run.pk)


def _engine_config(
    *,
    output: Path,
    dataset: DatasetVersion,
    base: BaseModel,
    continues: ModelVersion | None,
    parameters: dict[str, Any],
) -> TrainingConfig:
    paths = {
        "base": str(folder_of(base)),
        "dataset": str(artefacts.path_of(dataset.train_artefact)),
        "validation": (
            str(artefacts.path_of(dataset.validation_artefact))
            if dataset.validation_count
            else None
        ),
        "output": str(output),
        "init_adapter": (str(artefacts.path_of(continues.adapter_artefact)) if continues else None),
    }
    try:
        return TrainingConfig.from_dict({**parameters, **paths})
    except ConfigError as problem:
        raise InvalidInput(f"{problem} Nothing was started.") from problem


@transaction.atomic
def start_training(
    *,
    project: Project,
    actor: User,
    dataset: DatasetVersion,
    parameters: dict[str, Any] | None = None,
    continues: ModelVersion | None = None,
) -> TrainingRun:
    """Queue a LoRA run. What is not in `parameters` has the guide's value."""
    require(actor, project, Permission.TRAIN)
    # Locked: two starts at the same moment must not take the same number.
    Project.objects.select_for_update().get(pk=project.pk)
    if dataset.project_id != project.pk or (continues and continues.project_id != project.pk):
        raise InvalidInput("The dataset and the version to continue from belong to this project.")
    base = ensure_base()
    config = _engine_config(
        output=Path(),
        dataset=dataset,
        base=base,
        continues=continues,
        parameters=parameters or {},
    )
    _refuse_another_shape(continues, config)
    last = project.training_runs.aggregate(last=Max("number"))["last"] or 0
    chosen = config.hyperparameters()
    run = TrainingRun.objects.create(
        project=project,
        number=last + 1,
        dataset=dataset,
        base=base,
        continues=continues,
        config=chosen,
        config_digest=digest_of(chosen),
        started_by=actor,
    )
    enqueue(KIND, project=project, subject_id=run.pk, actor=actor, total=config.max_steps or 0)
    record(
        "train.start",
        actor=actor,
        project_id=project.pk,
        subject=run,
        details={"dataset": dataset.digest, "config": run.config_digest},
    )
    return run


def _refuse_another_shape(continues: ModelVersion | None, config: TrainingConfig) -> None:
    """The engine would refuse it too, minutes later."""
    before = continues.training_run.config if continues else {}
    for name in ("rank", "alpha"):
        if continues and before.get(name) != getattr(config, name):
            raise InvalidInput(
                f"Version {continues.number} has {name} {before.get(name)}, and a run that goes on "
                "from it needs the same. Nothing was started."
            )


@transaction.atomic
def cancel_training(*, run: TrainingRun, actor: User) -> None:
    require(actor, run.project, Permission.TRAIN)
    cancel_group(group_id=run.pk, actor=actor)


@transaction.atomic
def resume_training(*, run: TrainingRun, actor: User) -> None:
    """Go on from the newest checkpoint of a cancelled or failed run."""
    require(actor, run.project, Permission.TRAIN)
    locked = TrainingRun.objects.select_for_update().get(pk=run.pk)
    if locked.state not in (TrainingRun.State.CANCELLED, TrainingRun.State.FAILED):
        raise WrongState("Only a cancelled or failed run can be resumed.")
    locked.state = TrainingRun.State.RUNNING
    locked.finished_at = None
    locked.save(update_fields=["state", "finished_at"])
    enqueue(KIND, project=run.project, subject_id=run.pk, actor=actor)
    record(
        "train.start",
        actor=actor,
        project_id=run.project_id,
        subject=run,
        reason="resume",
        details={"config": run.config_digest},
    )


def work(lease: Lease) -> None:
    """The job: prepare the base, train in a child process, register the version."""
    run = TrainingRun.objects.select_related("dataset", "base", "continues", "project").get(
        pk=lease.job.subject_id
    )
    lease.progress(0, lease.job.total, unit="steps", phase="Preparing the base model")
    base = prepare(run.base, lease)
    done = _train(run, base, lease)
    lease.progress(done["steps"], done["steps"], phase="Registering the version")
    register(run, base, done)


def _train(run: TrainingRun, base: BaseModel, lease: Lease) -> Event:
    folder = folder_of_run(run)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    config = _engine_config(
        output=folder,
        dataset=run.dataset,
        base=base,
        continues=run.continues,
        parameters=run.config,
    )
    _refuse_changed_inputs(run)
    path = folder / "run.json"
    path.write_text(json.dumps({name: getattr(config, name) for name in config.__slots__}))

    def on_event(event: Event) -> None:
        _note_event(run, lease, event)

    return run_engine(
        ["train", "--config", str(path)],
        lease=lease,
        log_file=folder / "engine.log",
        on_event=on_event,
    )


def _refuse_changed_inputs(run: TrainingRun) -> None:
    refuse_changed(run.dataset.train_artefact, "dataset")
    if run.dataset.validation_count:
        refuse_changed(run.dataset.validation_artefact, "validation set")
    if run.continues:
        refuse_changed(run.continues.adapter_artefact, "adapter")


def _note_event(run: TrainingRun, lease: Lease, event: Event) -> None:
    kind = event["event"]
    if kind == "started":
        _note_start(run, event)
        lease.progress(event["resumed_from"], event["total_steps"], phase="Training")
    elif kind == "step":
        _note_loss(run, "train", event)
        lease.progress(event["step"], event["total_steps"], phase="Training")
    elif kind == "validation":
        _note_loss(run, "validation", event)


def _note_start(run: TrainingRun, event: Event) -> None:
    facts = {key: value for key, value in event.items() if key not in ("event", "resumed_from")}
    run.environment = {
        **facts,
        "libraries": {name: version(name) for name in LIBRARIES},
        "python": platform.python_version(),
        "machine": platform.machine(),
        "system": platform.system(),
        "cores": os.cpu_count(),
        **_constraints(),
    }
    run.save(update_fields=["environment"])


def _constraints() -> dict[str, str]:
    """The digest of the file of exact versions; an installed wheel comes without it."""
    path = Path(settings.BASE_DIR) / "constraints.txt"
    return {"constraints_digest": digest_file(path)} if path.exists() else {}


def _note_loss(run: TrainingRun, split: str, event: Event) -> None:
    LossPoint.objects.update_or_create(
        run=run,
        split=split,
        step=event["step"],
        defaults={"loss": event["loss"], "tokens_per_second": event.get("tokens_per_second")},
    )


def on_end(job: Job) -> None:
    """A run that did not finish says so; what it learnt so far is in its checkpoint."""
    if job.state == Job.State.DONE:
        return
    failed = job.state == Job.State.FAILED
    run = TrainingRun.objects.select_for_update().get(pk=job.subject_id)
    if run.state != TrainingRun.State.RUNNING:
        return  # a worker that was thought dead registered its version first
    run.state = TrainingRun.State.FAILED if failed else TrainingRun.State.CANCELLED
    run.finished_at = timezone.now()
    run.save(update_fields=["state", "finished_at"])
    if failed:
        record(
            "train.fail",
            actor=run.started_by,
            outcome="failure",
            project_id=run.project_id,
            subject=run,
            reason=job.error_code,
        )

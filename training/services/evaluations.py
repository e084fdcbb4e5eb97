"""Evaluations: the version and its base answer the gold set; gates judge the lower limit."""

from __future__ import annotations

import json
from datetime import UTC, datetime
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
from datasets_app.models import GoldSet
from evidence.gates import Gate, judge
from evidence.manifests import Manifest, Parent
from jobs.lease import Lease
from jobs.models import Job
from jobs.services import cancel_group, enqueue
from projects.models import Project
from projects.permissions import require
from training.child import Event, run_engine
from training.metrics.intervals import bootstrap_interval
from training.metrics.thresholds import thresholds_of
from training.models import Evaluation, ModelVersion
from training.selectors import contaminating_patients
from training.services.bases import folder_of, prepare
from training.services.inputs import refuse_changed
from vault import artefacts

KIND = "training.evaluate"
CONFIDENCE = 0.95
RESAMPLES = 2_000
SEED = 20_261_125  # stated with the interval, so that anyone can draw it again


@transaction.atomic
def start_evaluation(
    *, project: Project, actor: User, model_version: ModelVersion, gold_set: GoldSet
) -> Evaluation:
    """Queue an evaluation. No patient of the gold set may have taught the version."""
    require(actor, project, Permission.EVALUATE)
    Project.objects.select_for_update().get(pk=project.pk)
    if model_version.project_id != project.pk or gold_set.project_id != project.pk:
        raise InvalidInput("The version and the gold set belong to this project.")
    _refuse_contamination(model_version, gold_set)
    last = project.evaluations.aggregate(last=Max("number"))["last"] or 0
    evaluation = Evaluation.objects.create(
        project=project,
        number=last + 1,
        model_version=model_version,
        gold_set=gold_set,
        started_by=actor,
    )
    _enqueue(evaluation, actor)
    _record_start(evaluation, actor, "start")
    return evaluation


def _enqueue(evaluation: Evaluation, actor: User) -> None:
    enqueue(
        KIND,
        project=evaluation.project,
        subject_id=evaluation.pk,
        actor=actor,
        total=2 * evaluation.gold_set.item_count,
        unit="answers",
    )


def _refuse_contamination(version: ModelVersion, gold_set: GoldSet) -> None:
    shared = contaminating_patients(version, gold_set)
    if shared:
        people = "1 patient" if shared == 1 else f"{shared} patients"
        raise InvalidInput(
            f"{people} of the gold set taught this version, so it cannot be judged on "
            "them. Nothing was started; freeze a gold set before the dataset is built."
        )


@transaction.atomic
def cancel_evaluation(*, evaluation: Evaluation, actor: User) -> None:
    require(actor, evaluation.project, Permission.EVALUATE)
    cancel_group(group_id=evaluation.pk, actor=actor)


@transaction.atomic
def resume_evaluation(*, evaluation: Evaluation, actor: User) -> None:
    """Go on after the answers that were already given."""
    require(actor, evaluation.project, Permission.EVALUATE)
    locked = Evaluation.objects.select_for_update().get(pk=evaluation.pk)
    if locked.state not in (Evaluation.State.CANCELLED, Evaluation.State.FAILED):
        raise WrongState("Only a cancelled or failed evaluation can be resumed.")
    locked.state = Evaluation.State.RUNNING
    locked.save(update_fields=["state"])
    _enqueue(locked, actor)
    _record_start(locked, actor, "resume")


def _record_start(evaluation: Evaluation, actor: User, reason: str) -> None:
    record(
        "eval.run",
        actor=actor,
        project_id=evaluation.project_id,
        subject=evaluation,
        reason=reason,
        details={
            "version": evaluation.model_version.digest,
            "gold_set": evaluation.gold_set.digest,
        },
    )


def work(lease: Lease) -> None:
    """The job: the base's answers, the version's answers, figures, gates, manifest."""
    evaluation = Evaluation.objects.select_related(
        "model_version__training_run__base", "model_version__training_run__dataset", "gold_set"
    ).get(pk=lease.job.subject_id)
    version = evaluation.model_version
    refuse_changed(evaluation.gold_set.artefact, "gold set")
    refuse_changed(version.adapter_artefact, "adapter")
    prepare(version.training_run.base, lease)
    adapter = artefacts.path_of(version.adapter_artefact)
    # The base's answers depend on base and gold set alone: every evaluation shares them.
    shared = f"base-{version.base_digest[:16]}-{evaluation.gold_set.digest[:16]}"
    base = _answer(evaluation, lease, name=shared, adapter=None, before=0)
    mine = _answer(evaluation, lease, name=str(evaluation.pk), adapter=adapter, before=len(base))
    lease.progress(len(base) + len(mine), len(base) + len(mine), phase="Computing figures")
    _finish(evaluation, base, mine)


def _answer(
    evaluation: Evaluation, lease: Lease, *, name: str, adapter: Path | None, before: int
) -> list[dict[str, Any]]:
    folder = Path(settings.DATA) / "evaluations"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    total = 2 * evaluation.gold_set.item_count
    config = {
        "base": str(folder_of(evaluation.model_version.training_run.base)),
        "items": str(artefacts.path_of(evaluation.gold_set.artefact)),
        "output": str(folder / f"{name}.jsonl"),
        "adapter": str(adapter) if adapter else None,
    }
    path = folder / f"{name}.json"
    path.write_text(json.dumps(config))

    def on_event(event: Event) -> None:
        if event["event"] == "item":
            who = "The version answers" if adapter else "The base model answers"
            lease.progress(before + event["done"], total, phase=who)

    run_engine(
        ["evaluate", "--config", str(path)],
        lease=lease,
        log_file=folder / f"{name}.log",
        on_event=on_event,
    )
    lines = Path(config["output"] or "").read_text(encoding="utf-8").splitlines()
    return sorted((json.loads(line) for line in lines[1:]), key=lambda row: str(row["id"]))


def figure_over_patients(values: list[float], patients: list[str]) -> dict[str, Any]:
    """Mean of one value an item with its interval, by drawing whole patients again."""
    mean = bootstrap_interval(values, patients, CONFIDENCE, RESAMPLES, SEED)
    return {
        "value": mean.mean,
        "interval": [mean.low, mean.high],
        "n": len(values),
        "patients": len(set(patients)),
        "confidence": CONFIDENCE,
        "method": f"percentile bootstrap over patients, {RESAMPLES} resamples, seed {SEED}",
    }


def _results(base: list[dict[str, Any]], mine: list[dict[str, Any]]) -> dict[str, Any]:
    differences = [m["rouge_l"] - b["rouge_l"] for m, b in zip(mine, base, strict=True)]
    patients = [row["cluster"] for row in mine]
    return {
        "rouge_l": figure_over_patients([row["rouge_l"] for row in mine], patients),
        "base_rouge_l": figure_over_patients([row["rouge_l"] for row in base], patients),
        "difference": figure_over_patients(differences, patients),
        "truncated_prompts": sum(bool(row["truncated"]) for row in mine),
        "unfinished_answers": sum(not row["finished"] for row in mine),
        "items": [
            {"id": m["id"], "rouge_l": m["rouge_l"], "base_rouge_l": b["rouge_l"]}
            for m, b in zip(mine, base, strict=True)
        ],
    }


def _gates(evaluation: Evaluation, results: dict[str, Any]) -> list[dict[str, Any]]:
    """The guide's gates: size of the dataset and ROUGE-L, with their source."""
    limits = thresholds_of(evaluation.gold_set.task)
    figure = results["rouge_l"]
    gate = Gate(
        id="rouge_l",
        label="ROUGE-L F1 on the gold set",
        direction="at_least",
        limit=limits.threshold,
        unit="",
        source=f"{limits.source}: expected accuracy of note summarisation",
    )
    rouge = judge(gate, figure["value"], tuple(figure["interval"]), figure["n"])
    return [evaluation.model_version.training_run.dataset.gate, rouge.to_dict()]


@transaction.atomic
def _finish(evaluation: Evaluation, base: list[dict[str, Any]], mine: list[dict[str, Any]]) -> None:
    locked = Evaluation.objects.select_for_update().get(pk=evaluation.pk)
    if locked.state == Evaluation.State.DONE:
        return
    locked.base_outputs_artefact = artefacts.put_bytes(_jsonl(base))
    locked.outputs_artefact = artefacts.put_bytes(_jsonl(mine))
    locked.results = _results(base, mine)
    locked.gates = _gates(evaluation, locked.results)
    manifest = _manifest(locked)
    locked.manifest, locked.digest = manifest.to_dict(), manifest.digest
    locked.state, locked.finished_at = Evaluation.State.DONE, timezone.now()
    locked.save()
    record(
        "eval.run",
        actor=locked.started_by,
        project_id=locked.project_id,
        subject=locked,
        details={
            "digest": manifest.digest,
            "gates": {gate["gate"]["id"]: gate["status"] for gate in locked.gates},
        },
    )


def _jsonl(rows: list[dict[str, Any]]) -> bytes:
    return "".join(json.dumps(row, sort_keys=True) + "\n" for row in rows).encode()


def _manifest(evaluation: Evaluation) -> Manifest:
    return Manifest(
        kind="evaluation",
        subject=str(evaluation.pk),
        created_at=datetime.now(UTC).isoformat(),
        body={
            "task": evaluation.gold_set.task,
            "results": evaluation.results,
            "gates": evaluation.gates,
            "outputs": evaluation.outputs_artefact,
            "base_outputs": evaluation.base_outputs_artefact,
        },
        parents=(
            Parent("model_version", evaluation.model_version.digest),
            Parent("gold_set", evaluation.gold_set.digest),
        ),
    )


def on_end(job: Job) -> None:
    """An evaluation that did not finish says so; the answers given so far are kept."""
    if job.state == Job.State.DONE:
        return
    failed = job.state == Job.State.FAILED
    state = Evaluation.State.FAILED if failed else Evaluation.State.CANCELLED
    evaluation = Evaluation.objects.select_for_update().get(pk=job.subject_id)
    if evaluation.state != Evaluation.State.RUNNING:
        return  # a worker that was thought dead finished it first
    evaluation.state, evaluation.finished_at = state, timezone.now()
    evaluation.save(update_fields=["state", "finished_at"])
    if failed:
        record(
            "eval.run",
            actor=evaluation.started_by,
            outcome="failure",
            project_id=evaluation.project_id,
            subject=evaluation,
            reason=job.error_code,
        )

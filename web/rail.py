"""The rail: where a project stands in the chain, stage by stage, and whom each stage waits for."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.urls import reverse

from datasets_app.models import Attestation, DatasetVersion
from deid.models import ImportBatch, Note, Run, Sample
from deployment.models import Deployment
from governance.models import Package, Submission
from projects.models import Project
from training.gates import open_gates, tally
from training.models import Evaluation, TrainingRun


@dataclass(frozen=True)
class Stage:
    key: str
    label: str
    state: str
    detail: str
    url: str
    current: bool = False


# (key, label, address): the order is the order of the chain.
STAGES = (
    ("import", "Import", "deid:imports"),
    ("deid", "De-identify", "deid:runs"),
    ("review", "Review", "deid:reviews"),
    ("dataset", "Dataset", "datasets:index"),
    ("train", "Train", "training:index"),
    ("evaluate", "Evaluate", "training:evaluations"),
    ("approve", "Approve", "governance:index"),
    ("deploy", "Deploy", "deployment:index"),
    ("package", "Package", "governance:packages"),
)
State = tuple[str, str]
NOT_YET: State = ("not_started", "")


def stages(project: Project, current: str = "") -> list[dict[str, object]]:
    """One dict a stage, as the rail component shows it. A constant number of queries."""
    run = project.runs.order_by("-number").first()
    states = {
        "import": _import(project),
        "deid": _deid(run),
        "review": _review(run),
        "dataset": _dataset(project),
        "train": _train(project),
        "evaluate": _evaluate(project),
        "approve": _approve(project),
        "deploy": _deploy(project),
        "package": _package(project),
    }
    return [
        asdict(
            Stage(
                key=key,
                label=label,
                state=states[key][0],
                detail=states[key][1],
                url=reverse(address, args=[project.slug]),
                current=key == current,
            )
        )
        for key, label, address in STAGES
    ]


def _import(project: Project) -> State:
    # What was discarded or cannot be read waits for nobody.
    imports = project.imports.order_by("-number").only("state")
    batch = imports.exclude(state=ImportBatch.State.DISCARDED).first()
    if batch is None:
        return NOT_YET
    if batch.state == ImportBatch.State.IMPORTING:
        return "running", "Importing"
    if batch.state == ImportBatch.State.UPLOADED:
        return "waiting", "Waiting for its columns"
    notes = Note.objects.filter(project=project, is_current=True).count()
    if notes:
        return "done", f"{notes:,} notes"
    unreadable = batch.state == ImportBatch.State.UNREADABLE
    return "failed", "The file cannot be read" if unreadable else "Nothing was imported"


def _deid(run: Run | None) -> State:
    if run is None:
        return NOT_YET
    if run.state == Run.State.RUNNING:
        return "running", f"Run {run.number}"
    if run.state in (Run.State.FAILED, Run.State.CANCELLED):
        return run.state, f"Run {run.number} {run.get_state_display().lower()}"
    return "done", f"Run {run.number}"


def _review(run: Run | None) -> State:
    if run is None or run.state in (Run.State.RUNNING, Run.State.FAILED, Run.State.CANCELLED):
        return NOT_YET
    sample = run.samples.first()
    if sample is None:
        return "waiting", "Waiting for a sample"
    words: dict[str, State] = {
        Sample.State.OPEN: ("waiting", "Waiting for clinicians"),
        Sample.State.PASSED: ("waiting", "Waiting for sign-off"),
        Sample.State.FAILED: ("failed", f"Round {sample.round} failed"),
        Sample.State.SIGNED_OFF: ("done", f"Round {sample.round} signed off"),
    }
    return words[sample.state]


def _dataset(project: Project) -> State:
    dataset = DatasetVersion.objects.filter(project=project).only("number").first()
    if dataset:
        return "done", f"Version {dataset.number} frozen"
    if Attestation.objects.filter(run__project=project).exists():
        return "waiting", "Waiting for a data engineer"
    if project.runs.filter(state=Run.State.SIGNED_OFF).exists():
        return "waiting", "Waiting for attestation"
    return NOT_YET


def _train(project: Project) -> State:
    run = TrainingRun.objects.filter(project=project).only("number", "state").first()
    if run is None:
        return NOT_YET
    return run.state, f"Run {run.number} {run.get_state_display().lower()}"


def _evaluate(project: Project) -> State:
    found = Evaluation.objects.filter(project=project).prefetch_related("overrides").first()
    if found is None:
        return NOT_YET
    if found.state != Evaluation.State.DONE:
        return found.state, f"Evaluation {found.number} {found.get_state_display().lower()}"
    if waiting := open_gates(found):
        done = sum(gate["status"] != "pass" for gate in found.gates) - len(waiting)
        return "failed", tally(found.gates) + (f", {done} overridden" if done else "")
    failed = tally(found.gates)
    return ("overridden", f"{failed}, overridden") if failed else ("done", "All gates passed")


def _approve(project: Project) -> State:
    found = Submission.objects.filter(project=project).select_related("model_version").first()
    if found is None:
        return NOT_YET
    version = f"Version {found.model_version.number}"
    words: dict[str, State] = {
        Submission.State.OPEN: ("waiting", f"{version} waits for decisions"),
        Submission.State.APPROVED: ("done", f"{version} approved"),
        Submission.State.REJECTED: ("failed", f"{version} rejected"),
        Submission.State.CHANGES: ("stale", f"{version}: changes requested"),
        Submission.State.WITHDRAWN: ("cancelled", f"{version} withdrawn"),
    }
    return words[found.state]


def _deploy(project: Project) -> State:
    deployments = Deployment.objects.filter(target__project=project).select_related("model_version")
    rolling = deployments.filter(state=Deployment.State.ROLLING).first()
    if rolling:
        return "running", f"Version {rolling.model_version.number} is rolling out"
    live = deployments.filter(state=Deployment.State.LIVE).first()
    if live:
        return "live", f"Version {live.model_version.number} live"
    return ("failed", "Rollout failed") if deployments.exists() else NOT_YET


def _package(project: Project) -> State:
    package = Package.objects.filter(project=project).only("state", "number").first()
    if package is None:
        return NOT_YET
    words: dict[str, State] = {
        Package.State.BUILDING: ("running", "Being built"),
        Package.State.SIGNING: ("waiting", "Waiting for signatures"),
        Package.State.COMPLETE: ("done", f"Package {package.number} signed"),
        Package.State.FAILED: ("failed", "Building failed"),
    }
    return words[package.state]

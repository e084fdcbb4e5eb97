"""Where each version stands: live, previous, candidate or retired, approved or not."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import Prefetch

from deployment.models import Deployment, Target
from deployment.selectors.records import deployments_of, targets_of
from governance.models import Submission
from projects.models import Project
from training.models import Evaluation, ModelVersion

SERVED = (Deployment.State.LIVE, Deployment.State.REPLACED, Deployment.State.ROLLED_BACK)


@dataclass
class TargetView:
    """A target with what it serves, where a roll-back would lead, and how long that took."""

    target: Target
    live: Deployment | None = None
    previous: Deployment | None = None
    rolling: Deployment | None = None
    unused: bool = False  # nothing was ever rolled out to it

    @property
    def expected_seconds(self) -> float | None:
        """The seconds of the rollout that first brought the previous version here."""
        receipt = (self.previous.receipt if self.previous else None) or {}
        steps = receipt.get("body", {}).get("steps", [])
        return sum(step["seconds"] for step in steps) or None


@dataclass
class VersionView:
    version: ModelVersion
    submission: Submission | None
    evaluation: Evaluation | None
    live: list[Deployment] = field(default_factory=list)
    previous: list[Deployment] = field(default_factory=list)
    served_before: bool = False

    @property
    def standing(self) -> str:
        if self.live:
            return "live"
        if self.previous:
            return "previous"
        return "retired" if self.served_before else "candidate"

    @property
    def approved(self) -> bool:
        return self.submission is not None and self.submission.state == Submission.State.APPROVED

    @property
    def deciders(self) -> set[object]:
        decisions = self.submission.decisions.all() if self.submission else []
        return {decision.decided_by_id for decision in decisions}

    @property
    def served_is_approved(self) -> bool | None:
        """Whether the serving process stated the approved digests; None where nothing is live."""
        if not self.live:
            return None
        return all(
            deployment.receipt is not None
            and deployment.receipt["body"]["held"]["adapter"] == self.version.adapter_digest
            and deployment.receipt["body"]["held"]["base"] == self.version.base_digest
            for deployment in self.live
        )


def registry_of(project: Project) -> tuple[list[TargetView], list[VersionView]]:
    """Targets and versions of a project, versions newest first; a bounded number of queries."""
    deployments = list(deployments_of(project))
    targets = [_target_view(target, deployments) for target in targets_of(project)]
    submissions = Submission.objects.prefetch_related("decisions").order_by("-number")
    evaluations = Evaluation.objects.filter(state=Evaluation.State.DONE).order_by("-number")
    versions = project.model_versions.select_related("training_run__base").prefetch_related(
        Prefetch("submissions", queryset=submissions),
        Prefetch("evaluations", queryset=evaluations),
    )
    return targets, [_version_view(version, targets, deployments) for version in versions]


def _target_view(target: Target, deployments: list[Deployment]) -> TargetView:
    mine = sorted((d for d in deployments if d.target_id == target.pk), key=lambda d: -d.number)
    live = next((d for d in mine if d.state == Deployment.State.LIVE), None)
    return TargetView(
        target=target,
        live=live,
        previous=previous_among(live, mine),
        rolling=next((d for d in mine if d.state == Deployment.State.ROLLING), None),
        unused=not mine,
    )


def previous_among(live: Deployment | None, newest_first: list[Deployment]) -> Deployment | None:
    """What a roll-back returns to: the newest deployment of another version that was replaced.

    What was rolled back is not gone back to: it was left for a reason.
    """
    if live is None:
        return None
    return next(
        (
            deployment
            for deployment in newest_first
            if deployment.state == Deployment.State.REPLACED
            and deployment.number < live.number
            and deployment.model_version_id != live.model_version_id
        ),
        None,
    )


def _version_view(
    version: ModelVersion, targets: list[TargetView], deployments: list[Deployment]
) -> VersionView:
    submissions = list(version.submissions.all())
    approved = [s for s in submissions if s.state == Submission.State.APPROVED]
    evaluations = list(version.evaluations.all())
    return VersionView(
        version=version,
        submission=next(iter(approved or submissions), None),
        evaluation=evaluations[0] if evaluations else None,
        live=[t.live for t in targets if t.live and t.live.model_version_id == version.pk],
        previous=[
            t.previous for t in targets if t.previous and t.previous.model_version_id == version.pk
        ],
        served_before=any(
            d.model_version_id == version.pk and d.state in SERVED for d in deployments
        ),
    )

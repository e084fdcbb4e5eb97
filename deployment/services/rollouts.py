"""Deploying and rolling back: asked for here, carried out by the rollout job."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify

from accounts.errors import InvalidInput, WrongState
from accounts.models import User
from accounts.roles import Permission
from audit.services import record
from deployment.models import Deployment, Target
from deployment.selectors.registry import previous_among
from deployment.services.routing import publish
from evidence.digests import digest_folder
from evidence.manifests import Manifest
from governance.models import Submission
from governance.separation import refuse
from jobs.services import enqueue
from projects.models import Project
from projects.permissions import require
from training.models import ModelVersion
from vault import artefacts

KIND = "deployment.rollout"
STEPS = ("load", "probe", "replay", "swap", "confirm", "receipt")


@transaction.atomic
def create_target(*, project: Project, actor: User, alias: str) -> Target:
    """A place to run versions, named by the alias that hospital systems will send."""
    require(actor, project, Permission.DEPLOY)
    slug = slugify(alias)
    if slug and slug != alias.strip():
        raise InvalidInput(
            f"An alias has small letters, digits and hyphens, such as {slug[:50]}. "
            "Nothing was made."
        )
    if not slug or len(slug) > 50:
        raise InvalidInput("An alias has 1 to 50 letters, digits or hyphens. Nothing was made.")
    if Target.objects.filter(alias=slug).exists():
        raise InvalidInput(f"The alias {slug} is taken. Choose another; nothing was made.")
    target = Target.objects.create(project=project, alias=slug)
    record("config.change", actor=actor, action="C", project_id=project.pk, subject=target)
    return target


@transaction.atomic
def retire_target(*, target: Target, actor: User) -> None:
    """Take away a target to which nothing was ever rolled out; one with a history stays."""
    require(actor, target.project, Permission.DEPLOY)
    # A rollout locks the same row: it finds the target, or this finds the rollout.
    locked = Target.objects.select_for_update().get(pk=target.pk)
    if locked.deployments.exists():
        raise WrongState("Versions were rolled out to this target, so its record stays.")
    record(
        "config.change",
        actor=actor,
        action="D",
        project_id=locked.project_id,
        subject=locked,
        reason="retired",
        details={"alias": locked.alias},
    )
    locked.delete()
    transaction.on_commit(publish)


def live_on(target: Target) -> Deployment | None:
    return target.deployments.filter(state=Deployment.State.LIVE).first()


def previous_of(target: Target) -> Deployment | None:
    """The deployment that a roll-back returns to: see `previous_among`."""
    return previous_among(live_on(target), list(target.deployments.select_related("model_version")))


@transaction.atomic
def deploy(*, target: Target, model_version: ModelVersion, actor: User) -> Deployment:
    """Put an approved version live on a target. Refused for anything that was not approved."""
    require(actor, target.project, Permission.DEPLOY)
    # Locked: two rollouts on one target must not interleave.
    target = Target.objects.select_for_update().get(pk=target.pk)
    live = live_on(target)
    if live and live.model_version_id == model_version.pk:
        raise WrongState("This version is live on this target already. Nothing was changed.")
    return _start(target, model_version, actor, kind=Deployment.Kind.PROMOTE, reason="")


@transaction.atomic
def roll_back(*, target: Target, actor: User, reason: str, typed_number: str) -> Deployment:
    """Return to the version that served before. The number is typed, so that nobody slips."""
    require(actor, target.project, Permission.DEPLOY)
    target = Target.objects.select_for_update().get(pk=target.pk)
    previous = previous_of(target)
    if previous is None:
        raise WrongState("No earlier version served on this target, so there is no way back.")
    if typed_number.strip() != str(previous.model_version.number):
        raise InvalidInput(
            f"Type the number of the version to return to, {previous.model_version.number}. "
            "Nothing was changed."
        )
    if not reason.strip():
        raise InvalidInput("A roll-back needs a reason. Nothing was changed.")
    return _start(
        target,
        previous.model_version,
        actor,
        kind=Deployment.Kind.ROLLBACK,
        reason=reason.strip(),
    )


def _start(
    target: Target, version: ModelVersion, actor: User, *, kind: str, reason: str
) -> Deployment:
    if version.project_id != target.project_id:
        raise InvalidInput("The version and the target belong to the same project.")
    submission = _approved(version)
    if submission.decisions.filter(decided_by=actor).exists():
        refuse(actor, version, "You approved this version, so you cannot deploy it.")
    _refuse_changed_files(version)
    if target.deployments.filter(state=Deployment.State.ROLLING).exists():
        raise WrongState("A rollout is under way on this target. Wait for it; nothing was changed.")
    last = target.deployments.aggregate(last=Max("number"))["last"] or 0
    deployment = Deployment.objects.create(
        target=target,
        number=last + 1,
        kind=kind,
        model_version=version,
        submission=submission,
        reason=reason,
        started_by=actor,
    )
    enqueue(KIND, project=target.project, subject_id=deployment.pk, actor=actor, total=len(STEPS))
    record(
        event_of(deployment),
        actor=actor,
        project_id=target.project_id,
        subject=deployment,
        reason="start",
        details={"version": version.digest, "submission": submission.digest},
    )
    return deployment


def event_of(deployment: Deployment) -> str:
    """The event under which a rollout stands in the trail, from its start to its end."""
    return "model.rollback" if deployment.kind == Deployment.Kind.ROLLBACK else "model.deploy"


def _approved(version: ModelVersion) -> Submission:
    submission = version.submissions.filter(state=Submission.State.APPROVED).first()
    if submission is None:
        raise WrongState(
            f"Version {version.number} is not approved, so it cannot be deployed. "
            "Submit it and wait for both decisions."
        )
    return submission


def _refuse_changed_files(version: ModelVersion) -> None:
    """What is deployed is what was signed: the registry's record and the stored files."""
    if Manifest.from_dict(version.manifest).digest != version.digest:
        raise WrongState("The record of this version was changed after its approval.")
    path = artefacts.path_of(version.adapter_artefact)
    if not path.exists() or digest_folder(path) != version.adapter_artefact:
        raise WrongState(
            "The adapter's files are not the ones that were approved. Nothing was deployed; "
            "bring them back from the backup."
        )

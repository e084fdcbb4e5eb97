"""The rollout: load, probe, replay, swap, confirm, receipt. What fails is reverted.

The candidate is replayed through the gateway under an alias of its own, with a key that only
this rollout has, before any hospital system reaches it; the swap follows and is confirmed through
the real alias.
"""

from __future__ import annotations

import secrets
import time
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.errors import ServiceError
from audit.services import record
from deployment.backends.base import BackendError, LoadedAdapter
from deployment.backends.choice import backend_named
from deployment.gateway.snapshot import ApiKey, new_api_key
from deployment.models import Deployment
from deployment.naming import adapter_name
from deployment.services.replay import Replay, confirm, replay
from deployment.services.rollouts import STEPS, event_of
from deployment.services.routing import publish
from evidence.manifests import Manifest, Parent
from jobs.lease import Lease, LeaseLost
from jobs.models import Job
from vault import artefacts
from vault.keys import authority

REPLAYED = 3  # gold prompts through the front door


class RolloutFailed(ServiceError):
    """The target goes on serving what it served before."""

    code = "rollout-failed"


def work(lease: Lease) -> None:
    deployment = Deployment.objects.select_related(
        "target__project", "model_version__training_run", "submission__evaluation"
    ).get(pk=lease.job.subject_id)
    if deployment.state != Deployment.State.ROLLING:
        return
    steps: list[dict[str, Any]] = []
    try:
        held, answers = _roll_out(deployment, lease, steps)
    except BackendError as problem:
        raise RolloutFailed(f"{problem.message} The target was not changed.") from problem
    try:
        _go_live(deployment, _receipt(deployment, held, answers, steps))
    finally:
        publish()  # also where it was given up: what is live stands in the database
    lease.progress(len(STEPS), len(STEPS), phase="Live")


def _roll_out(
    deployment: Deployment, lease: Lease, steps: list[dict[str, Any]]
) -> tuple[LoadedAdapter, Replay]:
    version, name = deployment.model_version, adapter_name(deployment.model_version)
    backend = backend_named(deployment.target.backend, settings.MODEL_SOCKET)
    with _Step("load", lease, steps):
        path = artefacts.path_of(version.adapter_artefact)
        backend.load(name, path, version.adapter_digest)
    with _Step("probe", lease, steps):
        held = backend.digest(name)
        _compare(held, version.adapter_digest, version.base_digest)
    alias, secret, key = _replay_alias(deployment)
    with _Step("replay", lease, steps):
        publish(candidate={alias: deployment}, replay_key=key)
        answers = replay(deployment, alias=alias, key=secret, count=REPLAYED)
        _judge(answers)
    with _Step("swap", lease, steps):
        publish(candidate={deployment.target.alias: deployment}, replay_key=key)
    with _Step("confirm", lease, steps):
        problem = confirm(deployment, alias=deployment.target.alias, key=secret)
        if problem:
            raise RolloutFailed(f"{problem} The target serves what it served before.")
    return held, answers


class _Step:
    """Shows a step while it runs and keeps its seconds for the receipt."""

    def __init__(self, name: str, lease: Lease, steps: list[dict[str, Any]]) -> None:
        self.name, self.lease, self.steps = name, lease, steps

    def __enter__(self) -> None:
        self.started = time.monotonic()
        self.lease.progress(STEPS.index(self.name), len(STEPS), phase=self.name)

    def __exit__(self, exc_type: object, exc: object, traceback: object) -> None:
        seconds = round(time.monotonic() - self.started, 3)
        self.steps.append({"step": self.name, "seconds": seconds, "ok": exc_type is None})


def _replay_alias(deployment: Deployment) -> tuple[str, str, ApiKey]:
    """An alias and a key that exist for this rollout alone."""
    alias = f"candidate-{secrets.token_hex(8)}"
    secret, digest = new_api_key()
    aliases = (alias, deployment.target.alias)
    return alias, secret, ApiKey("rollout", digest, active=True, aliases=aliases)


def _compare(held: LoadedAdapter, adapter_digest: str, base_digest: str) -> None:
    if (held.adapter_digest, held.base_digest) != (adapter_digest, base_digest):
        raise RolloutFailed(
            "The serving process holds other weights than the approved ones. "
            "The target was not changed."
        )


def _judge(answers: Replay) -> None:
    if not answers.passed:
        raise RolloutFailed(f"{answers.explanation} The target serves what it served before.")


def _receipt(
    deployment: Deployment, held: LoadedAdapter, answers: Replay, steps: list[dict[str, Any]]
) -> Manifest:
    """What really answered, stated by the serving process and the replay."""
    version, submission = deployment.model_version, deployment.submission
    decisions = submission.decisions.select_related("signature")
    return Manifest(
        kind="deployment_receipt",
        subject=str(deployment.pk),
        created_at=datetime.now(UTC).isoformat(),
        body={
            "kind": deployment.kind,
            "alias": deployment.target.alias,
            "version": version.number,
            "reason": deployment.reason,
            "approved": {"adapter": version.adapter_digest, "base": version.base_digest},
            "held": {
                "adapter": held.adapter_digest,
                "base": held.base_digest,
                "tokenizer": held.tokenizer_digest,
            },
            "replay": answers.to_dict(),
            "steps": steps,
            "started_by": str(deployment.started_by_id),
        },
        parents=(
            Parent("model_version", version.digest),
            Parent("submission", submission.digest),
            *(Parent("decision", d.signature.manifest_digest) for d in decisions),
        ),
    )


@transaction.atomic
def _go_live(deployment: Deployment, receipt: Manifest) -> None:
    # A job that was thought dead must not put live what has been given up in the meantime.
    if Deployment.objects.select_for_update().get(pk=deployment.pk).state != (
        Deployment.State.ROLLING
    ):
        raise LeaseLost
    before = Deployment.State.REPLACED
    if deployment.kind == Deployment.Kind.ROLLBACK:
        before = Deployment.State.ROLLED_BACK
    now = timezone.now()
    live = Deployment.objects.select_for_update().filter(
        target=deployment.target, state=Deployment.State.LIVE
    )
    live.update(state=before, finished_at=now)
    deployment.state, deployment.finished_at = Deployment.State.LIVE, now
    deployment.receipt, deployment.receipt_digest = receipt.to_dict(), receipt.digest
    deployment.receipt_seal = authority().seal(receipt.canonical())
    deployment.save()
    record(
        event_of(deployment),
        actor=deployment.started_by,
        project_id=deployment.target.project_id,
        subject=deployment,
        details={"version": deployment.model_version.digest, "receipt": receipt.digest},
    )


def on_end(job: Job) -> None:
    """A rollout that failed or was cancelled is reverted: the snapshot says what is live."""
    if job.state == Job.State.DONE:
        return
    deployment = Deployment.objects.select_for_update().get(pk=job.subject_id)
    if deployment.state != Deployment.State.ROLLING:
        return
    deployment.state, deployment.finished_at = Deployment.State.FAILED, timezone.now()
    deployment.save(update_fields=["state", "finished_at"])
    record(
        event_of(deployment),
        actor=deployment.started_by,
        outcome="failure",
        project_id=deployment.target.project_id,
        subject=deployment,
        reason=job.error_code or "cancelled",
        details={"reverted": True},
    )
    transaction.on_commit(publish)

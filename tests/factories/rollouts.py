"""Targets and deployments in the state a test needs, without a model server."""

from __future__ import annotations

from deployment.backends.base import LoadedAdapter
from deployment.models import Deployment, Target
from deployment.services import create_target
from deployment.services.replay import Answer, Replay
from deployment.services.rollout_job import _go_live, _receipt
from governance.models import Submission
from tests.factories.chain import Chain


def make_target(chain: Chain, alias: str = "") -> Target:
    name = alias or f"summary-{chain.project.slug}"
    return create_target(project=chain.project, actor=chain.people.ml_admin, alias=name)


def make_live(
    chain: Chain, submission: Submission, target: Target | None = None, *, reason: str = ""
) -> Deployment:
    """A deployment that went live with a sealed receipt; a reason makes it a roll-back."""
    version = submission.model_version
    target = target or make_target(chain)
    deployment = Deployment.objects.create(
        target=target,
        number=target.deployments.count() + 1,
        kind=Deployment.Kind.ROLLBACK if reason else Deployment.Kind.PROMOTE,
        model_version=version,
        submission=submission,
        reason=reason,
        started_by=chain.people.ml_admin,
    )
    held = LoadedAdapter(
        name="v1",
        adapter_digest=version.adapter_digest,
        base_digest=version.base_digest,
        tokenizer_digest=version.tokenizer_digest,
    )
    answers = Replay(
        str(version.pk), (Answer("item", str(version.pk), similarity=1.0, seconds=0.5),)
    )
    steps = [{"step": name, "seconds": 0.5, "ok": True} for name in ("load", "probe", "replay")]
    _go_live(deployment, _receipt(deployment, held, answers, steps))
    deployment.refresh_from_db()
    return deployment

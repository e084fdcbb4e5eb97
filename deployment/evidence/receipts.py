"""Receipts of rollouts: what the serving process held and how it answered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from deployment.models import Deployment, Target
from deployment.selectors import deployments_of, seal_holds
from evidence.dates import moment
from evidence.manifests import Manifest
from evidence.sections import (
    Block,
    Evidence,
    Field,
    Gap,
    Scope,
    Table,
    Text,
    section_provider,
)
from projects.models import Project

HEAD = ("Target", "No.", "What", "Version", "State", "Ended", "By", "Similarity of the replay")


@section_provider("arch")
def collect(scope: Scope) -> Iterator[Field]:
    """Rollouts of this version, and those of others on the same targets around them."""
    project = Project.objects.get(pk=UUID(scope.project_id))
    found = sorted(deployments_of(project), key=lambda d: (d.target.alias, d.number))
    mine = [d for d in found if str(d.model_version_id) == scope.model_version_id]
    if not mine:
        return
    yield Field("diagram_verification", "", _verification(mine), key="verification")
    yield Field(
        "deployment_receipt",
        "After the approval: deployments and roll-backs",
        _receipts(found, mine),
    )


def _receipts(found: list[Deployment], mine: list[Deployment]) -> list[Block]:
    """Every rollout as a row; the sealed receipts of this version's, to be checked offline."""
    rows = tuple(_row(deployment) for deployment in found)
    receipts = [
        Evidence(
            f"{deployment.get_kind_display()} {deployment.number} on {deployment.target.alias} to "
            f"version {deployment.model_version.number}; the installation's seal "
            f"{'verifies' if seal_holds(deployment) else 'DOES NOT VERIFY'}",
            deployment.receipt_digest,
            "deployment_receipt",
            Manifest.from_dict(deployment.receipt).canonical(),
            bytes(deployment.receipt_seal) if deployment.receipt_seal else None,
        )
        for deployment in mine
        if deployment.receipt
    ]
    return [Table("Every rollout of the project's targets", HEAD, rows), *receipts]


def _row(deployment: Deployment) -> tuple[str | int | float | None, ...]:
    replay = (deployment.receipt or {}).get("body", {}).get("replay", {})
    ended = deployment.finished_at
    return (
        deployment.target.alias,
        deployment.number,
        deployment.get_kind_display(),
        deployment.model_version.number,
        deployment.get_state_display().lower(),
        moment(ended) if ended else None,
        deployment.started_by.full_name,
        replay.get("similarity"),
    )


def _verification(mine: list[Deployment]) -> list[Block]:
    """The newest statement of the serving process about this version."""
    receipt = next((d.receipt for d in reversed(mine) if d.receipt), None)
    if receipt is None:
        return []
    body = receipt["body"]
    same = body["held"]["adapter"] == body["approved"]["adapter"]
    same = same and body["held"]["base"] == body["approved"]["base"]
    verdict = "the same as" if same else "NOT the same as"
    return [
        Text(
            f"On {moment(datetime.fromisoformat(receipt['created_at']))} the serving process "
            f"stated the digests of the tensors that it held; they were {verdict} the approved "
            f"ones. {body['replay']['prompts']} gold prompts were replayed through the gateway."
        ),
        Evidence("Adapter as held", body["held"]["adapter"], "adapter"),
        Evidence("Base as held", body["held"]["base"], "base_model"),
        Gap("Diagram verified by a person", "Nobody has verified the diagram on record."),
    ]


@section_provider("approval")
def collect_advisory(scope: Scope) -> Iterator[Field]:
    """What the gateway sends with every answer, as each target has it."""
    targets = list(Target.objects.filter(project=UUID(scope.project_id)))
    if targets:
        rows = tuple((target.alias, target.advisory) for target in targets)
        blocks: list[Block] = [
            Table("Advisory sent with every answer", ("Target", "Text"), rows),
            Text("The gateway adds it to each answer; a caller cannot turn it off."),
        ]
    else:
        default = Target._meta.get_field("advisory").get_default()
        blocks = [
            Text(f"Every answer of the gateway will carry, unless a target changes it: {default}")
        ]
    yield Field("advisory_statement", "", blocks, key="advisory")

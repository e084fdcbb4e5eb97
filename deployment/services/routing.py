"""The gateway's sealed snapshot, written from what the database says is live."""

from __future__ import annotations

import time
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from deployment.gateway.snapshot import (
    ApiKey,
    Route,
    Snapshot,
    SnapshotError,
    read_snapshot,
    write_snapshot,
)
from deployment.models import Deployment, Integration
from deployment.naming import adapter_name
from vault import artefacts
from vault.keys import authority

LOCK = 7_201_119  # advisory lock: two writers must not take the same snapshot number
MAX_TOKENS = 512


def route_of(deployment: Deployment) -> Route:
    version = deployment.model_version
    path = artefacts.path_of(version.adapter_artefact).relative_to(settings.DATA)
    return Route(
        model_version_id=str(version.pk),
        adapter_name=adapter_name(version),
        adapter_digest=version.adapter_digest,
        adapter_path=str(path),
        base_digest=version.base_digest,
        label=deployment.target.advisory,
        max_tokens=MAX_TOKENS,
        backend=deployment.target.backend,
    )


def publish(
    *,
    candidate: dict[str, Deployment] | None = None,
    replay_key: ApiKey | None = None,
) -> Snapshot:
    """Write the snapshot: live deployments, `candidate` routes by alias, and the valid keys."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        live = Deployment.objects.filter(state=Deployment.State.LIVE).select_related(
            "target", "model_version"
        )
        routes = {deployment.target.alias: route_of(deployment) for deployment in live}
        routes |= {alias: route_of(found) for alias, found in (candidate or {}).items()}
        folder = Path(settings.DATA) / "gateway"
        keys = [*_keys(), *([replay_key] if replay_key else [])]
        snapshot = Snapshot(_next_version(folder), routes, tuple(keys))
        write_snapshot(folder, snapshot, authority().seal)
    return snapshot


def _keys() -> list[ApiKey]:
    found = Integration.objects.filter(revoked_at=None).prefetch_related("project__targets")
    return [
        ApiKey(
            integration_id=str(integration.pk),
            sha256=integration.key_digest,
            active=True,
            aliases=tuple(target.alias for target in integration.project.targets.all()),
        )
        for integration in found
    ]


def _next_version(folder: Path) -> int:
    """Higher than every snapshot before it, also after a file that could not be read: a running
    gateway refuses an older number."""
    now = int(time.time())
    try:
        return max(now, read_snapshot(folder, authority().ca_certificate_pem).version + 1)
    except SnapshotError:
        return now

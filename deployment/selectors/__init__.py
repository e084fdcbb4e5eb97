"""Reading targets, versions in their standing, rollouts and keys."""

from deployment.selectors.records import (
    deployments_of,
    integrations_of,
    seal_holds,
    targets_of,
)
from deployment.selectors.registry import (
    TargetView,
    VersionView,
    registry_of,
)
from deployment.selectors.serving import Served, served_now

__all__ = [
    "Served",
    "TargetView",
    "VersionView",
    "deployments_of",
    "integrations_of",
    "registry_of",
    "seal_holds",
    "served_now",
    "targets_of",
]

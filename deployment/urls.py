"""Addresses of the stage Deploy, below a project's."""

from __future__ import annotations

from django.urls import path

from deployment.views import integrations, registry, rollouts

app_name = "deployment"
_TARGET = "deploy/targets/<uuid:target_id>/"
_ROLLOUT = "deploy/rollouts/<uuid:deployment_id>/"

urlpatterns = [
    path("deploy/", registry.index, name="index"),
    path("deploy/targets/", registry.create_target, name="target-create"),
    path("deploy/versions/<uuid:version_id>/", registry.deploy, name="deploy"),
    path(f"{_TARGET}retire/", registry.retire_target, name="target-retire"),
    path(f"{_TARGET}roll-back/", registry.roll_back, name="roll-back"),
    path(f"{_TARGET}served/", registry.served, name="served"),
    path(_ROLLOUT, rollouts.deployment_detail, name="deployment"),
    path(f"{_ROLLOUT}progress/", rollouts.progress, name="progress"),
    path("deploy/keys/", integrations.index, name="integrations"),
    path("deploy/keys/issue/", integrations.issue, name="issue-key"),
    path("deploy/keys/<uuid:integration_id>/revoke/", integrations.revoke, name="revoke-key"),
]

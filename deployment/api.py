"""Endpoints of targets, deployments and integration keys."""

from __future__ import annotations

import uuid
from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from deployment import selectors, services
from deployment.models import Deployment, Integration, Target
from jobs.api import ProgressSerializer
from jobs.selectors import group_progress
from projects.api import ProjectView, valid
from training.models import ModelVersion


class TargetSerializer(serializers.ModelSerializer[Target]):
    class Meta:
        model = Target
        fields = ["id", "alias", "backend", "advisory", "created_at"]
        read_only_fields = ["id", "backend", "advisory", "created_at"]


class DeploymentSerializer(serializers.ModelSerializer[Deployment]):
    class Meta:
        model = Deployment
        fields = [
            "id",
            "number",
            "target",
            "kind",
            "model_version",
            "submission",
            "state",
            "reason",
            "started_at",
            "finished_at",
            "receipt",
            "receipt_digest",
        ]
        read_only_fields = fields


class DeploySerializer(serializers.Serializer[Any]):
    target = serializers.UUIDField()
    model_version = serializers.UUIDField()


class RollBackSerializer(serializers.Serializer[Any]):
    version_number = serializers.CharField(help_text="Number of the version to return to.")
    reason = serializers.CharField()


class IntegrationSerializer(serializers.ModelSerializer[Integration]):
    class Meta:
        model = Integration
        fields = ["id", "name", "key_hint", "created_at", "revoked_at"]
        read_only_fields = ["id", "key_hint", "created_at", "revoked_at"]


class NewKeySerializer(IntegrationSerializer):
    """The key itself: only in this answer, never again."""

    key = serializers.CharField(read_only=True)

    class Meta(IntegrationSerializer.Meta):
        fields = [*IntegrationSerializer.Meta.fields, "key"]


class Targets(ProjectView):
    serializer_class = TargetSerializer

    @extend_schema(operation_id="targets_list", responses=TargetSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        return self.paged(selectors.targets_of(self.project))

    @extend_schema(operation_id="targets_create", responses={201: TargetSerializer})
    def post(self, request: Request, slug: str) -> Response:
        alias = valid(TargetSerializer, request)["alias"]
        target = services.create_target(project=self.project, actor=self.actor, alias=alias)
        return Response(self.get_serializer(target).data, status=status.HTTP_201_CREATED)


class RollBack(ProjectView):
    serializer_class = DeploymentSerializer

    @extend_schema(
        operation_id="targets_roll_back",
        request=RollBackSerializer,
        responses={202: DeploymentSerializer},
    )
    def post(self, request: Request, slug: str, target_id: uuid.UUID) -> Response:
        body = valid(RollBackSerializer, request)
        deployment = services.roll_back(
            target=get_object_or_404(Target, project=self.project, pk=target_id),
            actor=self.actor,
            reason=body["reason"],
            typed_number=body["version_number"],
        )
        return Response(self.get_serializer(deployment).data, status=status.HTTP_202_ACCEPTED)


class Deployments(ProjectView):
    serializer_class = DeploymentSerializer

    @extend_schema(operation_id="deployments_list", responses=DeploymentSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        return self.paged(selectors.deployments_of(self.project))

    @extend_schema(
        operation_id="deployments_start",
        request=DeploySerializer,
        responses={202: DeploymentSerializer},
    )
    def post(self, request: Request, slug: str) -> Response:
        body, project = valid(DeploySerializer, request), self.project
        deployment = services.deploy(
            target=get_object_or_404(Target, project=project, pk=body["target"]),
            model_version=get_object_or_404(
                ModelVersion, project=project, pk=body["model_version"]
            ),
            actor=self.actor,
        )
        return Response(self.get_serializer(deployment).data, status=status.HTTP_202_ACCEPTED)


class _DeploymentView(ProjectView):
    serializer_class: type[serializers.BaseSerializer[Any]] = DeploymentSerializer

    def the_deployment(self) -> Deployment:
        found = selectors.deployments_of(self.project)
        return get_object_or_404(found, pk=self.kwargs["deployment_id"])


class OneDeployment(_DeploymentView):
    @extend_schema(operation_id="deployments_read")
    def get(self, request: Request, slug: str, deployment_id: uuid.UUID) -> Response:
        return Response(self.get_serializer(self.the_deployment()).data)


class DeploymentProgress(_DeploymentView):
    serializer_class = ProgressSerializer

    @extend_schema(operation_id="deployments_progress")
    def get(self, request: Request, slug: str, deployment_id: uuid.UUID) -> Response:
        return Response(self.get_serializer(group_progress(self.the_deployment().pk)).data)


class Integrations(ProjectView):
    serializer_class = IntegrationSerializer

    @extend_schema(operation_id="integrations_list", responses=IntegrationSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        return self.paged(selectors.integrations_of(self.project))

    @extend_schema(operation_id="integrations_create", responses={201: NewKeySerializer})
    def post(self, request: Request, slug: str) -> Response:
        body = valid(IntegrationSerializer, request)
        integration, key = services.issue_key(
            project=self.project, actor=self.actor, name=body["name"]
        )
        answer = {**IntegrationSerializer(integration).data, "key": key}
        return Response(answer, status=status.HTTP_201_CREATED)


class RevokeIntegration(ProjectView):
    serializer_class = IntegrationSerializer

    @extend_schema(operation_id="integrations_revoke", request=None)
    def post(self, request: Request, slug: str, integration_id: uuid.UUID) -> Response:
        found = get_object_or_404(Integration, project=self.project, pk=integration_id)
        services.revoke_key(integration=found, actor=self.actor)
        found.refresh_from_db()
        return Response(self.get_serializer(found).data)


_DEPLOYMENT = "projects/<slug:slug>/deployments/<uuid:deployment_id>/"

api_urlpatterns: list[URLPattern] = [
    path("projects/<slug:slug>/targets/", Targets.as_view()),
    path("projects/<slug:slug>/targets/<uuid:target_id>/roll-back/", RollBack.as_view()),
    path("projects/<slug:slug>/deployments/", Deployments.as_view()),
    path(_DEPLOYMENT, OneDeployment.as_view()),
    path(f"{_DEPLOYMENT}progress/", DeploymentProgress.as_view()),
    path("projects/<slug:slug>/integrations/", Integrations.as_view()),
    path(
        "projects/<slug:slug>/integrations/<uuid:integration_id>/revoke/",
        RevokeIntegration.as_view(),
    ),
]

"""Endpoints of training runs, model versions and evaluations."""

from __future__ import annotations

import uuid
from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from datasets_app.models import DatasetVersion, GoldSet
from jobs.api import ProgressSerializer
from jobs.selectors import group_progress
from projects.api import ProjectView, valid
from training import selectors, services
from training.models import Evaluation, ModelVersion, TrainingRun


class TrainingRunSerializer(serializers.ModelSerializer[TrainingRun]):
    model_version = serializers.UUIDField(
        source="model_version.pk", read_only=True, allow_null=True, default=None
    )

    class Meta:
        model = TrainingRun
        fields = [
            "id",
            "number",
            "dataset",
            "base",
            "continues",
            "config",
            "config_digest",
            "state",
            "started_at",
            "finished_at",
            "seconds",
            "environment",
            "result",
            "model_version",
        ]
        read_only_fields = fields


class StartTrainingSerializer(serializers.Serializer[Any]):
    """What is left out has the guide's value."""

    dataset = serializers.UUIDField()
    continues = serializers.UUIDField(required=False, allow_null=True)
    parameters = serializers.DictField(required=False, default=dict)


class LossesSerializer(serializers.Serializer[Any]):
    train = serializers.ListField(child=serializers.ListField(child=serializers.FloatField()))
    validation = serializers.ListField(child=serializers.ListField(child=serializers.FloatField()))


class ModelVersionSerializer(serializers.ModelSerializer[ModelVersion]):
    class Meta:
        model = ModelVersion
        fields = [
            "id",
            "number",
            "training_run",
            "adapter_digest",
            "adapter_artefact",
            "base_digest",
            "tokenizer_digest",
            "manifest",
            "digest",
            "created_at",
        ]
        read_only_fields = fields


class EvaluationSerializer(serializers.ModelSerializer[Evaluation]):
    class Meta:
        model = Evaluation
        fields = [
            "id",
            "number",
            "model_version",
            "gold_set",
            "state",
            "started_at",
            "finished_at",
            "results",
            "gates",
            "digest",
        ]
        read_only_fields = fields


class StartEvaluationSerializer(serializers.Serializer[Any]):
    model_version = serializers.UUIDField()
    gold_set = serializers.UUIDField()


class TrainingRuns(ProjectView):
    serializer_class = TrainingRunSerializer

    @extend_schema(operation_id="training_runs_list", responses=TrainingRunSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        return self.paged(selectors.runs_of(self.project))

    @extend_schema(
        operation_id="training_runs_start",
        request=StartTrainingSerializer,
        responses={202: TrainingRunSerializer},
    )
    def post(self, request: Request, slug: str) -> Response:
        body, project = valid(StartTrainingSerializer, request), self.project
        continues = None
        if body.get("continues"):
            continues = get_object_or_404(ModelVersion, project=project, pk=body["continues"])
        run = services.start_training(
            project=project,
            actor=self.actor,
            dataset=get_object_or_404(DatasetVersion, project=project, pk=body["dataset"]),
            parameters=body["parameters"],
            continues=continues,
        )
        return Response(self.get_serializer(run).data, status=status.HTTP_202_ACCEPTED)


class _RunView(ProjectView):
    serializer_class: type[serializers.BaseSerializer[Any]] = TrainingRunSerializer

    def the_run(self) -> TrainingRun:
        return get_object_or_404(selectors.runs_of(self.project), pk=self.kwargs["run_id"])


class OneTrainingRun(_RunView):
    @extend_schema(operation_id="training_runs_read")
    def get(self, request: Request, slug: str, run_id: uuid.UUID) -> Response:
        return Response(self.get_serializer(self.the_run()).data)


class TrainingProgress(_RunView):
    serializer_class = ProgressSerializer

    @extend_schema(operation_id="training_runs_progress")
    def get(self, request: Request, slug: str, run_id: uuid.UUID) -> Response:
        return Response(self.get_serializer(group_progress(self.the_run().pk)).data)


class TrainingLosses(_RunView):
    serializer_class = LossesSerializer

    @extend_schema(operation_id="training_runs_losses")
    def get(self, request: Request, slug: str, run_id: uuid.UUID) -> Response:
        return Response(self.get_serializer(selectors.loss_curves(self.the_run())).data)


class CancelTraining(_RunView):
    @extend_schema(operation_id="training_runs_cancel", request=None)
    def post(self, request: Request, slug: str, run_id: uuid.UUID) -> Response:
        services.cancel_training(run=self.the_run(), actor=self.actor)
        return Response(self.get_serializer(self.the_run()).data)


class ResumeTraining(_RunView):
    @extend_schema(operation_id="training_runs_resume", request=None)
    def post(self, request: Request, slug: str, run_id: uuid.UUID) -> Response:
        services.resume_training(run=self.the_run(), actor=self.actor)
        return Response(self.get_serializer(self.the_run()).data)


class ModelVersions(ProjectView):
    serializer_class = ModelVersionSerializer

    @extend_schema(operation_id="model_versions_list", responses=ModelVersionSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        return self.paged(selectors.versions_of(self.project))


class OneModelVersion(ProjectView):
    serializer_class = ModelVersionSerializer

    @extend_schema(operation_id="model_versions_read")
    def get(self, request: Request, slug: str, version_id: uuid.UUID) -> Response:
        found = get_object_or_404(selectors.versions_of(self.project), pk=version_id)
        return Response(self.get_serializer(found).data)


class Evaluations(ProjectView):
    serializer_class = EvaluationSerializer

    @extend_schema(operation_id="evaluations_list", responses=EvaluationSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        return self.paged(selectors.evaluations_of(self.project))

    @extend_schema(
        operation_id="evaluations_start",
        request=StartEvaluationSerializer,
        responses={202: EvaluationSerializer},
    )
    def post(self, request: Request, slug: str) -> Response:
        body, project = valid(StartEvaluationSerializer, request), self.project
        evaluation = services.start_evaluation(
            project=project,
            actor=self.actor,
            model_version=get_object_or_404(
                ModelVersion, project=project, pk=body["model_version"]
            ),
            gold_set=get_object_or_404(GoldSet, project=project, pk=body["gold_set"]),
        )
        return Response(self.get_serializer(evaluation).data, status=status.HTTP_202_ACCEPTED)


class _EvaluationView(ProjectView):
    serializer_class: type[serializers.BaseSerializer[Any]] = EvaluationSerializer

    def the_evaluation(self) -> Evaluation:
        found = selectors.evaluations_of(self.project)
        return get_object_or_404(found, pk=self.kwargs["evaluation_id"])


class OneEvaluation(_EvaluationView):
    @extend_schema(operation_id="evaluations_read")
    def get(self, request: Request, slug: str, evaluation_id: uuid.UUID) -> Response:
        return Response(self.get_serializer(self.the_evaluation()).data)


class EvaluationProgress(_EvaluationView):
    serializer_class = ProgressSerializer

    @extend_schema(operation_id="evaluations_progress")
    def get(self, request: Request, slug: str, evaluation_id: uuid.UUID) -> Response:
        return Response(self.get_serializer(group_progress(self.the_evaluation().pk)).data)


class CancelEvaluation(_EvaluationView):
    @extend_schema(operation_id="evaluations_cancel", request=None)
    def post(self, request: Request, slug: str, evaluation_id: uuid.UUID) -> Response:
        services.cancel_evaluation(evaluation=self.the_evaluation(), actor=self.actor)
        return Response(self.get_serializer(self.the_evaluation()).data)


class ResumeEvaluation(_EvaluationView):
    @extend_schema(operation_id="evaluations_resume", request=None)
    def post(self, request: Request, slug: str, evaluation_id: uuid.UUID) -> Response:
        services.resume_evaluation(evaluation=self.the_evaluation(), actor=self.actor)
        return Response(self.get_serializer(self.the_evaluation()).data)


_RUN = "projects/<slug:slug>/training-runs/<uuid:run_id>/"
_EVALUATION = "projects/<slug:slug>/evaluations/<uuid:evaluation_id>/"

api_urlpatterns: list[URLPattern] = [
    path("projects/<slug:slug>/training-runs/", TrainingRuns.as_view()),
    path(_RUN, OneTrainingRun.as_view()),
    path(f"{_RUN}progress/", TrainingProgress.as_view()),
    path(f"{_RUN}losses/", TrainingLosses.as_view()),
    path(f"{_RUN}cancel/", CancelTraining.as_view()),
    path(f"{_RUN}resume/", ResumeTraining.as_view()),
    path("projects/<slug:slug>/model-versions/", ModelVersions.as_view()),
    path("projects/<slug:slug>/model-versions/<uuid:version_id>/", OneModelVersion.as_view()),
    path("projects/<slug:slug>/evaluations/", Evaluations.as_view()),
    path(_EVALUATION, OneEvaluation.as_view()),
    path(f"{_EVALUATION}progress/", EvaluationProgress.as_view()),
    path(f"{_EVALUATION}cancel/", CancelEvaluation.as_view()),
    path(f"{_EVALUATION}resume/", ResumeEvaluation.as_view()),
]

"""Endpoint of a run's measurement on the notes that people read."""

from __future__ import annotations

import uuid
from typing import Any

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from deid.api._common import ProjectView
from deid.measurement_export import measurement_body
from deid.selectors.measurement import measurement_of


class RateSerializer(serializers.Serializer[dict[str, Any]]):
    """A share of `n` as a fraction with its exact two-sided interval; null where `n` is 0."""

    count = serializers.IntegerField()
    n = serializers.IntegerField()
    value = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)


class MeasuredRunSerializer(serializers.Serializer[dict[str, Any]]):
    id = serializers.UUIDField()
    number = serializers.IntegerField()
    digest = serializers.CharField()
    policy = serializers.IntegerField()
    engine = serializers.DictField(child=serializers.CharField())


class CharactersSerializer(serializers.Serializer[dict[str, Any]]):
    read = serializers.IntegerField()
    replaced = serializers.IntegerField()
    missed = serializers.IntegerField()


class MeasuredCategorySerializer(serializers.Serializer[dict[str, Any]]):
    category = serializers.CharField()
    replaced = serializers.IntegerField()
    over_redacted = serializers.IntegerField()
    missed = serializers.IntegerField()
    recall = RateSerializer()
    precision = RateSerializer()


class MeasuredRecognizerSerializer(serializers.Serializer[dict[str, Any]]):
    recognizer = serializers.CharField()
    replaced = serializers.IntegerField()
    over_redacted = serializers.IntegerField()
    share_of_identifiers = RateSerializer()
    precision = RateSerializer()


class MeasurementSerializer(serializers.Serializer[dict[str, Any]]):
    run = MeasuredRunSerializer()
    confidence = serializers.FloatField()
    notes_read = serializers.IntegerField()
    notes_without_leak = RateSerializer()
    recall = RateSerializer()
    precision = RateSerializer()
    characters = CharactersSerializer()
    categories = MeasuredCategorySerializer(many=True)
    recognizers = MeasuredRecognizerSerializer(many=True)
    what_it_is = serializers.ListField(child=serializers.CharField())
    what_it_is_not = serializers.ListField(child=serializers.CharField())


class RunMeasurement(ProjectView):
    serializer_class = MeasurementSerializer

    @extend_schema(operation_id="runs_measurement")
    def get(self, request: Request, slug: str, run_id: uuid.UUID) -> Response:
        """Recall against what reviewers found in the notes they read, precision by their marks."""
        run = self.the_run(run_id)
        return Response(self.get_serializer(measurement_body(run, measurement_of(run))).data)


urlpatterns = [
    path(
        "projects/<slug:slug>/runs/<uuid:run_id>/measurement/",
        RunMeasurement.as_view(),
        name="run-measurement",
    ),
]

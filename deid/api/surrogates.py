"""Endpoints of a run's re-identification map."""

from __future__ import annotations

import uuid
from typing import Any

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from deid import services
from deid.api._common import ProjectView
from deid.models import SurrogateEntry
from deid.services.surrogates import MAX_SURROGATE, PURPOSES
from projects.api import valid


class LookUpSerializer(serializers.Serializer[Any]):
    surrogate = serializers.CharField(max_length=MAX_SURROGATE)
    purpose = serializers.ChoiceField(choices=list(PURPOSES.items()))


class EntrySerializer(serializers.Serializer[SurrogateEntry]):
    category = serializers.CharField()
    surrogate = serializers.CharField()
    original = serializers.CharField()


class MapLookUp(ProjectView):
    serializer_class = EntrySerializer

    @extend_schema(
        operation_id="runs_map_look_up",
        request=LookUpSerializer,
        responses=EntrySerializer(many=True),
    )
    def post(self, request: Request, slug: str, run_id: uuid.UUID) -> Response:
        """What one surrogate stands for; recorded. A POST, since no address may hold it."""
        body = valid(LookUpSerializer, request)
        found = services.look_up(run=self.the_run(run_id), actor=self.actor, **body)
        return Response(self.get_serializer(found, many=True).data)


class MapDelete(ProjectView):
    @extend_schema(operation_id="runs_map_delete", request=None, responses={204: None})
    def delete(self, request: Request, slug: str, run_id: uuid.UUID) -> Response:
        """Delete the map of a run. The output stays as it is."""
        services.delete_map(run=self.the_run(run_id), actor=self.actor)
        return Response(status=status.HTTP_204_NO_CONTENT)


_MAP = "projects/<slug:slug>/runs/<uuid:run_id>/map/"
urlpatterns = [
    path(_MAP, MapDelete.as_view(), name="surrogate-map"),
    path(f"{_MAP}look-up/", MapLookUp.as_view(), name="surrogate-map-look-up"),
]

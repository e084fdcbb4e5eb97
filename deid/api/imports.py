"""Endpoints of imports."""

from __future__ import annotations

import uuid
from typing import Any

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from deid import selectors, services
from deid.api._common import ProjectView
from deid.categories import CATEGORIES
from deid.importers import FIELDS, Preview
from deid.models import ImportBatch, Rejection
from jobs.api import ProgressSerializer
from jobs.selectors import group_progress
from projects.api import valid


class ImportSerializer(serializers.ModelSerializer[ImportBatch]):
    class Meta:
        model = ImportBatch
        fields = [
            "id", "number", "kind", "state", "size", "commitment", "added", "updated", "unchanged",
            "rejected", "without_patient", "created_at", "finished_at", "digest",
        ]  # fmt: skip
        read_only_fields = fields


class UploadSerializer(serializers.Serializer[Any]):
    file = serializers.FileField(help_text="One CSV, JSONL, zip of text files, or text file.")
    kind = serializers.ChoiceField(choices=["csv", "jsonl", "zip", "txt"])


class MappingSerializer(serializers.Serializer[Any]):
    """Which column holds what; `known` maps a column to one of the 18 categories."""

    known = serializers.DictField(
        child=serializers.ChoiceField(choices=list(CATEGORIES)), required=False, default=dict
    )

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        found = {
            name: serializers.CharField(required=name == "text", allow_null=name != "text")
            for name in FIELDS
        }
        return {**found, **super().get_fields()}


class PreviewSerializer(serializers.Serializer[Preview]):
    columns = serializers.ListField(child=serializers.CharField())
    rows = serializers.ListField(child=serializers.DictField(child=serializers.CharField()))
    suggested_mapping = MappingSerializer(allow_null=True)
    warnings = serializers.ListField(child=serializers.CharField())


class RejectionSerializer(serializers.ModelSerializer[Rejection]):
    class Meta:
        model = Rejection
        fields = ["line", "code", "reason"]
        read_only_fields = fields


class Imports(ProjectView):
    serializer_class = ImportSerializer
    parser_classes = [MultiPartParser]

    @extend_schema(operation_id="imports_list", responses=ImportSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        return self.paged(selectors.batches(self.project))

    @extend_schema(
        operation_id="imports_upload", request=UploadSerializer, responses={201: ImportSerializer}
    )
    def post(self, request: Request, slug: str) -> Response:
        """Upload a file; it waits for its column mapping then."""
        body = valid(UploadSerializer, request)
        stored, name = body["file"].stored, body["file"].name
        project, actor = self.project, self.actor
        if body["kind"] == "txt":
            batch = services.upload_texts(project=project, actor=actor, texts=[(name, stored)])
        else:
            batch = services.upload_batch(
                project=project, actor=actor, stored=stored, file_name=name, kind=body["kind"]
            )
            body["file"].take()  # what nobody takes is deleted when the request ends
        return Response(ImportSerializer(batch).data, status=status.HTTP_201_CREATED)


class ImportDetail(ProjectView):
    serializer_class = ImportSerializer

    @extend_schema(operation_id="imports_read")
    def get(self, request: Request, slug: str, batch_id: uuid.UUID) -> Response:
        return Response(self.get_serializer(self.the_batch(batch_id)).data)


class ImportPreview(ProjectView):
    serializer_class = PreviewSerializer

    @extend_schema(operation_id="imports_preview")
    def get(self, request: Request, slug: str, batch_id: uuid.UUID) -> Response:
        """Columns, first rows and a suggested mapping; recorded as a reading."""
        found = services.preview_batch(batch=self.the_batch(batch_id), actor=self.actor)
        return Response(self.get_serializer(found).data)


class ImportStart(ProjectView):
    serializer_class = MappingSerializer

    @extend_schema(operation_id="imports_start", responses={202: ImportSerializer})
    def post(self, request: Request, slug: str, batch_id: uuid.UUID) -> Response:
        batch = self.the_batch(batch_id)
        services.start_import(
            batch=batch, actor=self.actor, mapping=valid(MappingSerializer, request)
        )
        batch.refresh_from_db()
        return Response(ImportSerializer(batch).data, status=status.HTTP_202_ACCEPTED)


class ImportProgress(ProjectView):
    serializer_class = ProgressSerializer

    @extend_schema(operation_id="imports_progress")
    def get(self, request: Request, slug: str, batch_id: uuid.UUID) -> Response:
        return Response(self.get_serializer(group_progress(self.the_batch(batch_id).pk)).data)


class ImportCancel(ProjectView):
    serializer_class = ImportSerializer

    @extend_schema(operation_id="imports_cancel", request=None)
    def post(self, request: Request, slug: str, batch_id: uuid.UUID) -> Response:
        batch = self.the_batch(batch_id)
        services.cancel_import(batch=batch, actor=self.actor)
        batch.refresh_from_db()
        return Response(self.get_serializer(batch).data)


class ImportResume(ProjectView):
    serializer_class = ImportSerializer

    @extend_schema(operation_id="imports_resume", request=None)
    def post(self, request: Request, slug: str, batch_id: uuid.UUID) -> Response:
        batch = self.the_batch(batch_id)
        services.resume_import(batch=batch, actor=self.actor)
        batch.refresh_from_db()
        return Response(self.get_serializer(batch).data)


class ImportDiscard(ProjectView):
    serializer_class = ImportSerializer

    @extend_schema(operation_id="imports_discard", request=None)
    def post(self, request: Request, slug: str, batch_id: uuid.UUID) -> Response:
        """Delete an upload of which nothing was imported."""
        batch = services.discard_import(batch=self.the_batch(batch_id), actor=self.actor)
        return Response(self.get_serializer(batch).data)


class ImportRejections(ProjectView):
    serializer_class = RejectionSerializer

    @extend_schema(operation_id="imports_rejections", responses=RejectionSerializer(many=True))
    def get(self, request: Request, slug: str, batch_id: uuid.UUID) -> Response:
        return self.paged(selectors.rejections(self.the_batch(batch_id)))


_BASE = "projects/<slug:slug>/imports/"
urlpatterns = [
    path(_BASE, Imports.as_view(), name="imports"),
    path(f"{_BASE}<uuid:batch_id>/", ImportDetail.as_view(), name="import"),
    path(f"{_BASE}<uuid:batch_id>/preview/", ImportPreview.as_view(), name="import-preview"),
    path(f"{_BASE}<uuid:batch_id>/start/", ImportStart.as_view(), name="import-start"),
    path(f"{_BASE}<uuid:batch_id>/progress/", ImportProgress.as_view(), name="import-progress"),
    path(f"{_BASE}<uuid:batch_id>/cancel/", ImportCancel.as_view(), name="import-cancel"),
    path(f"{_BASE}<uuid:batch_id>/resume/", ImportResume.as_view(), name="import-resume"),
    path(f"{_BASE}<uuid:batch_id>/discard/", ImportDiscard.as_view(), name="import-discard"),
    path(
        f"{_BASE}<uuid:batch_id>/rejections/", ImportRejections.as_view(), name="import-rejections"
    ),
]

"""Endpoints of runs and their notes."""

from __future__ import annotations

import uuid
from typing import Any

from django.urls import path
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from deid import selectors, services
from deid.api._common import ProjectView
from deid.engine.output_basis import basis_of
from deid.finders import the_output
from deid.models import Run, RunNote
from deid.services.surrogates import MAX_REASON
from jobs.api import ProgressSerializer
from jobs.selectors import group_progress
from projects.api import valid


class RunSerializer(serializers.ModelSerializer[Run]):
    policy = serializers.IntegerField(source="policy.number")
    operator = serializers.CharField(source="operator.full_name")
    output = serializers.SerializerMethodField(
        help_text="What stands in the place of identifiers, and the method of the law."
    )

    class Meta:
        model = Run
        fields = [
            "id", "number", "state", "policy", "output", "operator", "note_count", "patient_count",
            "started_at", "finished_at", "engine", "counts", "digest",
        ]  # fmt: skip
        read_only_fields = fields

    def get_output(self, run: Run) -> dict[str, Any]:
        return basis_of(run.policy.content).to_dict()


class RunStartSerializer(serializers.Serializer[Any]):
    keep_map = serializers.BooleanField(
        default=False, help_text="Keep, encrypted, what each surrogate stands for."
    )
    map_reason = serializers.CharField(
        max_length=MAX_REASON, default="", allow_blank=True, help_text="Needed for a map."
    )


class OutputRowSerializer(serializers.ModelSerializer[RunNote]):
    note_type = serializers.CharField(source="note.note_type")
    specialty = serializers.CharField(source="note.specialty")
    length = serializers.IntegerField(source="note.length")

    class Meta:
        model = RunNote
        fields = ["id", "note", "note_type", "specialty", "length", "span_count"]
        read_only_fields = fields


class SpanSerializer(serializers.Serializer[dict[str, Any]]):
    start = serializers.IntegerField()
    end = serializers.IntegerField()
    output_start = serializers.IntegerField()
    output_end = serializers.IntegerField()
    category = serializers.CharField()
    subtype = serializers.CharField()
    score = serializers.FloatField()
    recognizer = serializers.CharField()
    rule = serializers.CharField()
    tag = serializers.CharField(help_text="What stood here, whatever is written in its place.")
    written = serializers.CharField(help_text="The tag, or a surrogate.")
    surrogate = serializers.BooleanField()


class OutputSerializer(serializers.Serializer[dict[str, Any]]):
    id = serializers.UUIDField()
    text = serializers.CharField()
    summary_start = serializers.IntegerField(allow_null=True)
    spans = SpanSerializer(many=True)
    commitment = serializers.CharField()


class RawSerializer(serializers.Serializer[dict[str, Any]]):
    text = serializers.CharField()


class Runs(ProjectView):
    serializer_class = RunSerializer

    @extend_schema(operation_id="runs_list", responses=RunSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        return self.paged(selectors.runs(self.project))

    @extend_schema(
        operation_id="runs_start", request=RunStartSerializer, responses={201: RunSerializer}
    )
    def post(self, request: Request, slug: str) -> Response:
        """De-identify all current notes under the current policy; the body may be empty."""
        body = valid(RunStartSerializer, request)
        run = services.start_run(project=self.project, actor=self.actor, **body)
        return Response(self.get_serializer(run).data, status=status.HTTP_201_CREATED)


class RunDetail(ProjectView):
    serializer_class = RunSerializer

    @extend_schema(operation_id="runs_read")
    def get(self, request: Request, slug: str, run_id: uuid.UUID) -> Response:
        return Response(self.get_serializer(self.the_run(run_id)).data)


class RunProgress(ProjectView):
    serializer_class = ProgressSerializer

    @extend_schema(operation_id="runs_progress")
    def get(self, request: Request, slug: str, run_id: uuid.UUID) -> Response:
        return Response(self.get_serializer(group_progress(self.the_run(run_id).pk)).data)


class FailedPartSerializer(serializers.Serializer[Any]):
    """A part of a run that failed: which, why, and how often it was tried."""

    number = serializers.IntegerField()
    notes = serializers.IntegerField()
    code = serializers.CharField(source="error_code")
    message = serializers.CharField(source="error_message")
    attempts = serializers.IntegerField()
    finished_at = serializers.DateTimeField()


class RunFailedParts(ProjectView):
    serializer_class = FailedPartSerializer

    @extend_schema(operation_id="runs_failed_parts", responses=FailedPartSerializer(many=True))
    def get(self, request: Request, slug: str, run_id: uuid.UUID) -> Response:
        """The parts that a resumed run does again; the others are kept."""
        return self.paged(selectors.failed_parts(self.the_run(run_id)))


class RunCancel(ProjectView):
    serializer_class = RunSerializer

    @extend_schema(operation_id="runs_cancel", request=None)
    def post(self, request: Request, slug: str, run_id: uuid.UUID) -> Response:
        run = services.cancel_run(run=self.the_run(run_id), actor=self.actor)
        return Response(self.get_serializer(run).data)


class RunResume(ProjectView):
    serializer_class = RunSerializer

    @extend_schema(operation_id="runs_resume", request=None)
    def post(self, request: Request, slug: str, run_id: uuid.UUID) -> Response:
        run = services.resume_run(run=self.the_run(run_id), actor=self.actor)
        return Response(self.get_serializer(run).data)


class RunNotes(ProjectView):
    serializer_class = OutputRowSerializer

    @extend_schema(
        operation_id="runs_notes",
        responses=OutputRowSerializer(many=True),
        parameters=[OpenApiParameter("type", str), OpenApiParameter("q", str)],
    )
    def get(self, request: Request, slug: str, run_id: uuid.UUID) -> Response:
        query = request.query_params
        return self.paged(
            selectors.output_rows(
                self.the_run(run_id), note_type=query.get("type", ""), search=query.get("q", "")
            )
        )


class _OneNote(ProjectView):
    def output(self, run_id: uuid.UUID, output_id: uuid.UUID) -> RunNote:
        return the_output(self.the_run(run_id), output_id)


class RunNoteDetail(_OneNote):
    serializer_class = OutputSerializer

    @extend_schema(operation_id="runs_note")
    def get(self, request: Request, slug: str, run_id: uuid.UUID, output_id: uuid.UUID) -> Response:
        """A note as the run left it; recorded as a reading."""
        output = self.output(run_id, output_id)
        text = selectors.read_output(actor=self.actor, output=output, purpose="api: run note")
        body = {
            "id": output.pk,
            "text": text,
            "summary_start": output.summary_start,
            "spans": [
                {**shown, "start": span["start"], "end": span["end"]}
                for span, shown in zip(output.spans, selectors.shown_spans(output), strict=True)
            ],
            "commitment": output.commitment,
        }
        return Response(self.get_serializer(body).data)


class RawNote(_OneNote):
    serializer_class = RawSerializer

    @extend_schema(operation_id="runs_note_raw")
    def get(self, request: Request, slug: str, run_id: uuid.UUID, output_id: uuid.UUID) -> Response:
        """The raw note, for a person who may; recorded as a reading."""
        note = self.output(run_id, output_id).note
        text = selectors.read_raw_note(actor=self.actor, note=note, purpose="api: raw note")
        return Response(self.get_serializer({"text": text}).data)


_BASE = "projects/<slug:slug>/"
_NOTE = f"{_BASE}runs/<uuid:run_id>/notes/<uuid:output_id>/"
urlpatterns = [
    path(f"{_BASE}runs/", Runs.as_view(), name="runs"),
    path(f"{_BASE}runs/<uuid:run_id>/", RunDetail.as_view(), name="run"),
    path(f"{_BASE}runs/<uuid:run_id>/progress/", RunProgress.as_view(), name="run-progress"),
    path(
        f"{_BASE}runs/<uuid:run_id>/failed-parts/",
        RunFailedParts.as_view(),
        name="run-failed-parts",
    ),
    path(f"{_BASE}runs/<uuid:run_id>/cancel/", RunCancel.as_view(), name="run-cancel"),
    path(f"{_BASE}runs/<uuid:run_id>/resume/", RunResume.as_view(), name="run-resume"),
    path(f"{_BASE}runs/<uuid:run_id>/notes/", RunNotes.as_view(), name="run-notes"),
    path(_NOTE, RunNoteDetail.as_view(), name="run-note"),
    path(f"{_NOTE}raw/", RawNote.as_view(), name="raw-note"),
]

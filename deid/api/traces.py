"""Endpoints that tell why a note's parts were replaced: of a run's note, and of a note in review.

Offsets count characters of the run's output, and words are those of the output: what is hidden
stays hidden.
"""

from __future__ import annotations

import uuid

from django.urls import path
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from deid.api._common import ProjectView
from deid.finders import the_output
from deid.services.traces import explain_item, explain_output
from deid.traces import LEFT, Other, Part, Sign, Trace
from projects.finders import or_404


class LineSerializer(serializers.Serializer[tuple[str, str]]):
    head = serializers.CharField()
    words = serializers.CharField()


class SignSerializer(serializers.Serializer[Sign]):
    """One thing that counted."""

    effect = serializers.ChoiceField(choices=["raises", "lowers", "decides", "extends", "shortens"])
    says = serializers.CharField()
    words = serializers.CharField(help_text="The words of the output where it stands, if any.")


class OtherFindingSerializer(serializers.Serializer[Other]):
    """Another finding at the same place."""

    category = serializers.CharField()
    reason = serializers.CharField()
    recognizer = serializers.CharField()
    rule = serializers.CharField()
    score = serializers.FloatField()
    by = serializers.CharField(help_text="Why it gave way; empty for one that agrees.")


class TracedPartSerializer(serializers.Serializer[Part]):
    """One part of the output, or something that was found and left."""

    start = serializers.IntegerField()
    end = serializers.IntegerField()
    words = serializers.CharField()
    category = serializers.CharField()
    reason = serializers.CharField(help_text="What the rule looks for.")
    recognizer = serializers.CharField()
    rule = serializers.CharField()
    score = serializers.FloatField()
    threshold = serializers.FloatField(
        allow_null=True, help_text="Of the category; null where only the run's record is told."
    )
    remark = serializers.CharField(help_text="Why it was left, or that the engine changed.")
    outcome = serializers.ChoiceField(choices=["replaced", *LEFT])
    signals = SignSerializer(many=True)
    confirmed_by = OtherFindingSerializer(many=True)
    instead_of = OtherFindingSerializer(many=True)
    technical = serializers.CharField(help_text="Recognizer, rule, score and threshold.")
    lines = serializers.SerializerMethodField(help_text="All of this in words, for a screen.")

    @extend_schema_field(LineSerializer(many=True))
    def get_lines(self, part: Part) -> list[dict[str, str]]:
        return [{"head": head, "words": words} for head, words in part.lines]


class TraceSerializer(serializers.Serializer[Trace]):
    replaced = TracedPartSerializer(many=True, help_text="One for each span of the run, in order.")
    left = TracedPartSerializer(many=True, help_text="Found, and still in the output.")
    same_engine = serializers.BooleanField(
        help_text="False: the engine that decided now is not the run's, and may differ."
    )
    notes_unread = serializers.IntegerField(
        help_text="Other notes of the patient that were too much to read for a trace."
    )
    remarks = serializers.ListField(
        child=serializers.CharField(), help_text="What a reader must know of the whole."
    )


class RunNoteTrace(ProjectView):
    serializer_class = TraceSerializer

    @extend_schema(operation_id="runs_note_trace")
    def get(self, request: Request, slug: str, run_id: uuid.UUID, output_id: uuid.UUID) -> Response:
        """Why each part was replaced and what was found and left, worked out now under the run's
        policy; for whoever may read the output, and recorded."""
        output = the_output(self.the_run(run_id), output_id)
        return Response(self.get_serializer(explain_output(actor=self.actor, output=output)).data)


class ReviewNoteTrace(ProjectView):
    serializer_class = TraceSerializer

    @extend_schema(operation_id="reviews_trace")
    def get(
        self, request: Request, slug: str, sample_id: uuid.UUID, item_id: uuid.UUID
    ) -> Response:
        """The same of a note that the caller holds in a round."""
        items = self.the_sample(sample_id).items.select_related(
            "sample__run__project", "run_note__run__policy", "run_note__note"
        )
        item = or_404(items.filter(pk=item_id).first())
        return Response(self.get_serializer(explain_item(actor=self.actor, item=item)).data)


_BASE = "projects/<slug:slug>/"
urlpatterns = [
    path(
        f"{_BASE}runs/<uuid:run_id>/notes/<uuid:output_id>/trace/",
        RunNoteTrace.as_view(),
        name="run-note-trace",
    ),
    path(
        f"{_BASE}samples/<uuid:sample_id>/notes/<uuid:item_id>/trace/",
        ReviewNoteTrace.as_view(),
        name="review-trace",
    ),
]

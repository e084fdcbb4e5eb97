"""Endpoints of the rounds of review. The review screen talks to the same ones."""

from __future__ import annotations

import uuid
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.urls import path, reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from deid.api._common import ProjectView
from deid.api.review_serializers import (
    DecidedSerializer,
    DraftSerializer,
    DrawSerializer,
    KeptSerializer,
    LeakSerializer,
    NextSerializer,
    RemedySerializer,
    ReviewDecisionSerializer,
    SampleSerializer,
    SampleSignOffSerializer,
    SignOffStatementSerializer,
    UndoneSerializer,
)
from deid.engine.reasons import reason_of
from deid.models import Leak, Sample, SampleItem
from deid.selectors import shown_spans
from deid.selectors.checks import missed_before
from deid.selectors.reviews import progress, rounds, standing_leaks
from deid.services.drafts import draft_of, save_draft
from deid.services.leases import next_items
from deid.services.remedies import remedy_leak, remedy_leaks
from deid.services.results import sign_off_manifest
from deid.services.reviews import decide, undo
from deid.services.samples import draw_sample, plan_for, sign_off
from projects.api import valid
from projects.finders import or_404

_SPAN_FIELDS = (
    "start", "end", "category", "tag", "surrogate", "recognizer", "rule", "score",
)  # fmt: skip


def note_body(item: SampleItem, sample: Sample) -> dict[str, Any]:
    """A sampled note as the review screen takes it: its text and places, and nothing of whose."""
    output = item.run_note
    return {
        "id": item.pk,
        "text": output.text,
        "note_type": output.note.note_type,
        "specialty": output.note.specialty,
        "spans": [_span_body(span) for span in shown_spans(output)],
        "position": item.position,
        "total": sample.size,
        "kind": item.kind,
        "missed_before": missed_before(item),
        "draft": draft_of(item),
        "trace_url": reverse(
            "api:review-trace", args=[sample.run.project.slug, sample.pk, item.pk]
        ),
    }


def _span_body(span: dict[str, Any]) -> dict[str, Any]:
    reason = reason_of(span["recognizer"], span["rule"])
    return {**{key: span[key] for key in _SPAN_FIELDS}, "reason": reason}


class Samples(ProjectView):
    serializer_class = SampleSerializer

    @extend_schema(operation_id="samples_list", responses=SampleSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """Every round of the project, the failed ones too."""
        return self.paged(rounds(self.project))

    @extend_schema(
        operation_id="samples_draw", request=DrawSerializer, responses={201: SampleSerializer}
    )
    def post(self, request: Request, slug: str) -> Response:
        """Plan and draw the sample of a finished run."""
        body = valid(DrawSerializer, request)
        sample = draw_sample(run=self.the_run(body["run"]), actor=self.actor)
        return Response(self.get_serializer(sample).data, status=status.HTTP_201_CREATED)


class SamplePlan(ProjectView):
    @extend_schema(operation_id="samples_plan", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, slug: str, run_id: uuid.UUID) -> Response:
        """How many notes of a run must be read, and what 0, 1 and 2 leaks would then mean."""
        return Response(plan_for(self.the_run(run_id)).to_dict())


class SampleDetail(ProjectView):
    serializer_class = SampleSerializer

    @extend_schema(operation_id="samples_read")
    def get(self, request: Request, slug: str, sample_id: uuid.UUID) -> Response:
        return Response(self.get_serializer(self.the_sample(sample_id)).data)


class ReviewNext(ProjectView):
    serializer_class = NextSerializer

    @extend_schema(operation_id="reviews_next")
    def get(self, request: Request, slug: str, sample_id: uuid.UUID) -> Response:
        """The next note and some more, leased for 15 minutes; each opening is recorded."""
        sample = self.the_sample(sample_id)
        notes = [note_body(item, sample) for item in next_items(sample=sample, reviewer=self.actor)]
        body = {
            "note": notes[0] if notes else None,
            "prefetch": notes[1:],
            "progress": progress(sample),
        }
        return Response(self.get_serializer(body).data)


class ReviewDecide(ProjectView):
    serializer_class = DecidedSerializer

    @extend_schema(
        operation_id="reviews_decide", request=ReviewDecisionSerializer, responses=DecidedSerializer
    )
    def post(self, request: Request, slug: str, sample_id: uuid.UUID) -> Response:
        """One decision on one note. After an implausibly fast accept `second_look` is true and
        nothing is stored: ask the reviewer, and send the decision again with `warned`."""
        sample = self.the_sample(sample_id)
        body = valid(ReviewDecisionSerializer, request)
        item = or_404(sample.items.filter(pk=body.pop("note_id")).first())
        decided = decide(item=item, actor=self.actor, **body)
        sample.refresh_from_db(fields=["state"])
        answer = {"ok": True, "progress": progress(sample), "second_look": decided.second_look}
        return Response(self.get_serializer(answer).data)


class ReviewDraft(ProjectView):
    serializer_class = KeptSerializer

    @extend_schema(operation_id="reviews_draft", request=DraftSerializer, responses=KeptSerializer)
    def post(self, request: Request, slug: str, sample_id: uuid.UUID) -> Response:
        """What is marked so far in a note that the caller holds. It judges nothing."""
        body = valid(DraftSerializer, request)
        items = self.the_sample(sample_id).items
        item = or_404(items.filter(pk=body.pop("note_id")).first())
        save_draft(item=item, actor=self.actor, **body)
        return Response(self.get_serializer({"ok": True}).data)


class ReviewUndo(ProjectView):
    serializer_class = UndoneSerializer

    @extend_schema(operation_id="reviews_undo", request=None, responses=UndoneSerializer)
    def post(self, request: Request, slug: str, sample_id: uuid.UUID) -> Response:
        """Take back the caller's latest decision, at most ten back, while the round is open."""
        sample = self.the_sample(sample_id)
        item = undo(sample=sample, actor=self.actor)
        held = item.leased_to_id == self.actor.pk
        answer = {
            "ok": True,
            "note": note_body(item, sample) if held else None,
            "progress": progress(sample),
        }
        return Response(self.get_serializer(answer).data)


class SignOff(ProjectView):
    serializer_class = SampleSerializer

    @extend_schema(operation_id="samples_sign_off_statement", responses=SignOffStatementSerializer)
    def get(self, request: Request, slug: str, sample_id: uuid.UUID) -> Response:
        """What a clinician would sign, with its digest. Exists once the round is decided."""
        sample = self.the_sample(sample_id)
        if sample.decided_at is None:
            raise Http404
        manifest = sign_off_manifest(sample)
        return Response({"digest": manifest.digest, "manifest": manifest.to_dict()})

    @extend_schema(
        operation_id="samples_sign_off", request=SampleSignOffSerializer, responses=SampleSerializer
    )
    def post(self, request: Request, slug: str, sample_id: uuid.UUID) -> Response:
        """Sign a passed round over the digest that was shown."""
        body = valid(SampleSignOffSerializer, request)
        sample = sign_off(
            sample=self.the_sample(sample_id),
            actor=self.actor,
            password=body["password"],
            shown_digest=body["digest"],
        )
        return Response(self.get_serializer(sample).data)


class Leaks(ProjectView):
    serializer_class = LeakSerializer

    def leaks(self, sample: Sample) -> QuerySet[Leak]:
        return (
            standing_leaks(sample)
            .select_related("review__item")
            .order_by("review__item__position", "start")
        )

    @extend_schema(operation_id="samples_leaks", responses=LeakSerializer(many=True))
    def get(self, request: Request, slug: str, sample_id: uuid.UUID) -> Response:
        """What reviewers flagged, by place and category; the text itself is not in the answer."""
        return self.paged(self.leaks(self.the_sample(sample_id)))

    @extend_schema(
        operation_id="samples_remedy", request=RemedySerializer, responses=LeakSerializer(many=True)
    )
    def post(self, request: Request, slug: str, sample_id: uuid.UUID) -> Response:
        """Mend leaks: as known identifiers of their patients, or as terms of the policy."""
        sample = self.the_sample(sample_id)
        body = valid(RemedySerializer, request)
        wanted = set(body["leaks"])
        chosen = list(self.leaks(sample).filter(pk__in=wanted))
        if len(chosen) != len(wanted):
            raise Http404
        if "text" in body and len(chosen) == 1:
            mended = [
                remedy_leak(
                    leak=chosen[0], actor=self.actor, remedy=body["remedy"], text=body["text"]
                )
            ]
        elif "text" in body:
            raise serializers.ValidationError({"text": "A corrected text fits one leak only."})
        else:
            mended = remedy_leaks(leaks=chosen, actor=self.actor, remedy=body["remedy"])
        return Response(self.get_serializer(mended, many=True).data)


_BASE = "projects/<slug:slug>/"
_ONE = f"{_BASE}samples/<uuid:sample_id>/"
urlpatterns = [
    path(f"{_BASE}samples/", Samples.as_view(), name="samples"),
    path(f"{_BASE}runs/<uuid:run_id>/sample-plan/", SamplePlan.as_view(), name="sample-plan"),
    path(_ONE, SampleDetail.as_view(), name="sample"),
    path(f"{_ONE}next/", ReviewNext.as_view(), name="review-next"),
    path(f"{_ONE}decide/", ReviewDecide.as_view(), name="review-decide"),
    path(f"{_ONE}draft/", ReviewDraft.as_view(), name="review-draft"),
    path(f"{_ONE}undo/", ReviewUndo.as_view(), name="review-undo"),
    path(f"{_ONE}sign-off/", SignOff.as_view(), name="sample-sign-off"),
    path(f"{_ONE}leaks/", Leaks.as_view(), name="sample-leaks"),
]

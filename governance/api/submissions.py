"""Endpoints of overrides, submissions and decisions."""

from __future__ import annotations

import uuid
from typing import Any

from django.urls import URLPattern, path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from governance import selectors, services
from governance.finders import the_evaluation, the_submission
from governance.models import Decision, Override, Submission
from governance.services.submissions import SECTIONS
from projects.api import ProjectView, valid


class OverrideSerializer(serializers.ModelSerializer[Override]):
    signed_by = serializers.CharField(source="signature.signer_name")
    digest = serializers.CharField(source="signature.manifest_digest")

    class Meta:
        model = Override
        fields = ["id", "evaluation", "gate_id", "reason", "signed_by", "digest", "created_at"]
        read_only_fields = fields


class OverrideRequestSerializer(serializers.Serializer[Any]):
    """`digest` is the evaluation's, as it was shown."""

    gate_id = serializers.CharField(max_length=64)
    reason = serializers.CharField(max_length=4000)
    digest = serializers.CharField(max_length=64)
    password = serializers.CharField(write_only=True, trim_whitespace=False, max_length=256)


class DecisionSerializer(serializers.ModelSerializer[Decision]):
    decided_by = serializers.CharField(source="signature.signer_name")
    meaning = serializers.CharField(source="signature.meaning")
    digest = serializers.CharField(source="signature.manifest_digest")

    class Meta:
        model = Decision
        fields = [
            "id", "seat", "verdict", "reason", "meaning", "decided_by", "digest", "decided_at",
        ]  # fmt: skip
        read_only_fields = fields


class SubmissionSerializer(serializers.ModelSerializer[Submission]):
    version = serializers.IntegerField(source="model_version.number")
    requested_by = serializers.CharField(source="requested_by.full_name")
    decisions = DecisionSerializer(many=True)
    state = serializers.CharField()  # a plain string: other rooms have states of their own

    class Meta:
        model = Submission
        fields = [
            "id", "number", "version", "model_version", "evaluation", "state", "statement",
            "manifest", "digest", "requested_by", "requested_at", "decided_at", "decisions",
        ]  # fmt: skip
        read_only_fields = fields


class SubmitSerializer(serializers.Serializer[Any]):
    evaluation = serializers.UUIDField()
    statement = serializers.CharField(required=False, default="", allow_blank=True, max_length=4000)


class DecideSerializer(serializers.Serializer[Any]):
    """`digest` is the submission's, as it was shown."""

    verdict = serializers.ChoiceField(choices=Decision.Verdict.choices)
    reason = serializers.CharField(required=False, default="", allow_blank=True, max_length=4000)
    digest = serializers.CharField(max_length=64)
    password = serializers.CharField(write_only=True, trim_whitespace=False, max_length=256)


class ViewedSerializer(serializers.Serializer[Any]):
    section = serializers.ChoiceField(choices=SECTIONS)


class Overrides(ProjectView):
    serializer_class = OverrideSerializer

    @extend_schema(operation_id="overrides_list", responses=OverrideSerializer(many=True))
    def get(self, request: Request, slug: str, evaluation_id: uuid.UUID) -> Response:
        evaluation = the_evaluation(self.project, evaluation_id)
        return self.paged(evaluation.overrides.select_related("signature"))

    @extend_schema(
        operation_id="overrides_sign",
        request=OverrideRequestSerializer,
        responses={201: OverrideSerializer},
    )
    def post(self, request: Request, slug: str, evaluation_id: uuid.UUID) -> Response:
        """Let a version go on although a gate failed. The gate still reads FAIL everywhere."""
        body = valid(OverrideRequestSerializer, request)
        override = services.override_gate(
            evaluation=the_evaluation(self.project, evaluation_id),
            gate_id=body["gate_id"],
            actor=self.actor,
            reason=body["reason"],
            password=body["password"],
            shown_digest=body["digest"],
        )
        return Response(self.get_serializer(override).data, status=status.HTTP_201_CREATED)


class Submissions(ProjectView):
    serializer_class = SubmissionSerializer

    @extend_schema(operation_id="submissions_list", responses=SubmissionSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        return self.paged(selectors.submissions(self.project))

    @extend_schema(
        operation_id="submissions_create",
        request=SubmitSerializer,
        responses={201: SubmissionSerializer},
    )
    def post(self, request: Request, slug: str) -> Response:
        """Put an evaluated version before its approvers."""
        body = valid(SubmitSerializer, request)
        submission = services.submit(
            project=self.project,
            actor=self.actor,
            evaluation=the_evaluation(self.project, body["evaluation"]),
            statement=body["statement"],
        )
        return Response(self.get_serializer(submission).data, status=status.HTTP_201_CREATED)


class SubmissionDetail(ProjectView):
    serializer_class = SubmissionSerializer

    @extend_schema(operation_id="submissions_read")
    def get(self, request: Request, slug: str, submission_id: uuid.UUID) -> Response:
        return Response(self.get_serializer(the_submission(self.project, submission_id)).data)


class Viewed(ProjectView):
    serializer_class = ViewedSerializer

    @extend_schema(operation_id="submissions_viewed", responses={204: None})
    def post(self, request: Request, slug: str, submission_id: uuid.UUID) -> Response:
        """Tick a part of the submission as viewed."""
        services.mark_viewed(
            submission=the_submission(self.project, submission_id),
            actor=self.actor,
            section=valid(ViewedSerializer, request)["section"],
        )
        return Response(status=status.HTTP_204_NO_CONTENT)


class Decide(ProjectView):
    serializer_class = DecisionSerializer

    @extend_schema(
        operation_id="submissions_decide",
        request=DecideSerializer,
        responses={201: DecisionSerializer},
    )
    def post(self, request: Request, slug: str, submission_id: uuid.UUID) -> Response:
        """Give and sign one decision over the digest that was shown."""
        body = valid(DecideSerializer, request)
        decision = services.decide(
            submission=the_submission(self.project, submission_id),
            actor=self.actor,
            verdict=body["verdict"],
            reason=body["reason"],
            password=body["password"],
            shown_digest=body["digest"],
        )
        return Response(self.get_serializer(decision).data, status=status.HTTP_201_CREATED)


class Withdraw(ProjectView):
    serializer_class = SubmissionSerializer

    @extend_schema(operation_id="submissions_withdraw", request=None)
    def post(self, request: Request, slug: str, submission_id: uuid.UUID) -> Response:
        services.withdraw(submission=the_submission(self.project, submission_id), actor=self.actor)
        return Response(self.get_serializer(the_submission(self.project, submission_id)).data)


_BASE = "projects/<slug:slug>/"
_ONE = f"{_BASE}submissions/<uuid:submission_id>/"
urlpatterns: list[URLPattern] = [
    path(
        f"{_BASE}evaluations/<uuid:evaluation_id>/overrides/",
        Overrides.as_view(),
        name="overrides",
    ),
    path(f"{_BASE}submissions/", Submissions.as_view(), name="submissions"),
    path(_ONE, SubmissionDetail.as_view(), name="submission"),
    path(f"{_ONE}viewed/", Viewed.as_view(), name="submission-viewed"),
    path(f"{_ONE}decisions/", Decide.as_view(), name="submission-decide"),
    path(f"{_ONE}withdraw/", Withdraw.as_view(), name="submission-withdraw"),
]

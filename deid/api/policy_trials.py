"""Endpoints of the trials of a policy's draft."""

from __future__ import annotations

import uuid

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from deid import selectors, services
from deid.api._common import ProjectView
from deid.api.policy_serializers import (
    DifferenceSerializer,
    TrialSerializer,
    TrialStartSerializer,
)
from deid.finders import the_draft, the_trial
from deid.models import PolicyTrial
from jobs.api import ProgressSerializer
from jobs.selectors import group_progress
from projects.api import valid


class _TrialView(ProjectView):
    def trial(self, trial_id: uuid.UUID) -> PolicyTrial:
        return the_trial(self.project, trial_id)


class Trials(_TrialView):
    serializer_class = TrialSerializer

    @extend_schema(operation_id="policy_trials_list", responses=TrialSerializer(many=True))
    def get(self, request: Request, slug: str, draft_id: uuid.UUID) -> Response:
        return self.paged(selectors.trials(the_draft(self.project, draft_id)))

    @extend_schema(
        operation_id="policy_trials_start",
        request=TrialStartSerializer,
        responses={201: TrialSerializer},
    )
    def post(self, request: Request, slug: str, draft_id: uuid.UUID) -> Response:
        """Compare the draft with the current version on random notes; one at a time."""
        body = valid(TrialStartSerializer, request)
        trial = services.start_trial(
            draft=the_draft(self.project, draft_id), actor=self.actor, size=body["size"]
        )
        return Response(self.get_serializer(trial).data, status=status.HTTP_201_CREATED)


class TrialDetail(_TrialView):
    serializer_class = TrialSerializer

    @extend_schema(operation_id="policy_trials_read")
    def get(self, request: Request, slug: str, trial_id: uuid.UUID) -> Response:
        return Response(self.get_serializer(self.trial(trial_id)).data)


class TrialProgress(_TrialView):
    serializer_class = ProgressSerializer

    @extend_schema(operation_id="policy_trials_progress")
    def get(self, request: Request, slug: str, trial_id: uuid.UUID) -> Response:
        return Response(self.get_serializer(group_progress(self.trial(trial_id).pk)).data)


class TrialCancel(_TrialView):
    serializer_class = TrialSerializer

    @extend_schema(operation_id="policy_trials_cancel", request=None)
    def post(self, request: Request, slug: str, trial_id: uuid.UUID) -> Response:
        trial = services.cancel_trial(trial=self.trial(trial_id), actor=self.actor)
        return Response(self.get_serializer(trial).data)


class TrialResume(_TrialView):
    serializer_class = TrialSerializer

    @extend_schema(operation_id="policy_trials_resume", request=None)
    def post(self, request: Request, slug: str, trial_id: uuid.UUID) -> Response:
        trial = services.resume_trial(trial=self.trial(trial_id), actor=self.actor)
        return Response(self.get_serializer(trial).data)


class TrialDifferences(_TrialView):
    serializer_class = DifferenceSerializer

    @extend_schema(
        operation_id="policy_trials_differences", responses=DifferenceSerializer(many=True)
    )
    def get(self, request: Request, slug: str, trial_id: uuid.UUID) -> Response:
        """Where the two differ, paged by note, with masked context; recorded as a reading."""
        trial = self.trial(trial_id)
        page = self.paginate_queryset(selectors.changed_notes(trial)) or []
        shown = selectors.read_differences(
            actor=self.actor, trial=trial, rows=list(page), purpose="api: differences"
        )
        found = [{"note": row.note_id, **entry} for row, entries in shown for entry in entries]
        return self.get_paginated_response(self.get_serializer(found, many=True).data)


_BASE = "projects/<slug:slug>/"
_TRIAL = f"{_BASE}policy-trials/<uuid:trial_id>/"
urlpatterns = [
    path(f"{_BASE}policy-drafts/<uuid:draft_id>/trials/", Trials.as_view(), name="policy-trials"),
    path(_TRIAL, TrialDetail.as_view(), name="policy-trial"),
    path(f"{_TRIAL}progress/", TrialProgress.as_view(), name="policy-trial-progress"),
    path(f"{_TRIAL}cancel/", TrialCancel.as_view(), name="policy-trial-cancel"),
    path(f"{_TRIAL}resume/", TrialResume.as_view(), name="policy-trial-resume"),
    path(f"{_TRIAL}differences/", TrialDifferences.as_view(), name="policy-trial-differences"),
]

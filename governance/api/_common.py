"""What the endpoints of this room share."""

from __future__ import annotations

import uuid
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.response import Response

from accounts.models import User
from governance import selectors
from governance.models import Package, Submission
from projects.models import Project
from projects.selectors import project_for
from training.models import Evaluation


class ProjectView(GenericAPIView):  # type: ignore[type-arg]
    queryset: QuerySet[Any] | None = None

    @property
    def actor(self) -> User:
        user = self.request.user
        assert isinstance(user, User)
        return user

    @property
    def project(self) -> Project:
        return project_for(self.actor, self.kwargs["slug"])

    def paged(self, rows: QuerySet[Any]) -> Response:
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def body(self, serializer_class: type[serializers.Serializer[Any]]) -> dict[str, Any]:
        given = serializer_class(data=self.request.data)
        given.is_valid(raise_exception=True)
        return dict(given.validated_data)

    def the_evaluation(self, evaluation_id: uuid.UUID) -> Evaluation:
        evaluation = selectors.evaluation_of(self.project, evaluation_id)
        if evaluation is None:
            raise Http404
        return evaluation

    def the_submission(self, submission_id: uuid.UUID) -> Submission:
        submission = selectors.submission_of(self.project, submission_id)
        if submission is None:
            raise Http404
        return submission

    def the_package(self, package_id: uuid.UUID) -> Package:
        package = selectors.package_of(self.project, package_id)
        if package is None:
            raise Http404
        return package

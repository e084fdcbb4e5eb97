"""What the endpoints of this app share."""

from __future__ import annotations

import uuid
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from deid.models import ImportBatch, Run
from deid.selectors import batch_of, run_of
from projects.models import Project
from projects.selectors import project_for


class ProjectView(GenericAPIView):  # type: ignore[type-arg]
    """Base: the project by its slug, for a person who is in it."""

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

    def the_batch(self, batch_id: uuid.UUID) -> ImportBatch:
        batch = batch_of(self.project, batch_id)
        if batch is None:
            raise Http404
        return batch

    def the_run(self, run_id: uuid.UUID) -> Run:
        run = run_of(self.project, run_id)
        if run is None:
            raise Http404
        return run


def valid(serializer_class: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    """The checked body of a request."""
    body = serializer_class(data=request.data)
    body.is_valid(raise_exception=True)
    return dict(body.validated_data)

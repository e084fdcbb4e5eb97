"""What the endpoints of every room share."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from projects.models import Project
from projects.selectors import project_for


# No docstring: the schema would show it as the description of every operation.
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


def valid(serializer_class: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    """The checked body of a request."""
    body = serializer_class(data=request.data)
    body.is_valid(raise_exception=True)
    return dict(body.validated_data)

"""From a refused act to an answer: the same sentence on a page and in the API."""

from __future__ import annotations

from typing import Any

from rest_framework.response import Response
from rest_framework.views import exception_handler

from accounts.errors import ServiceError


def api_exception_handler(problem: Exception, context: dict[str, Any]) -> Response | None:
    if isinstance(problem, ServiceError):
        return Response({"code": problem.code, "detail": problem.message}, status=problem.status)
    return exception_handler(problem, context)

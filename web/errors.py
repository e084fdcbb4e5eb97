"""From a refused act to an answer: the same sentence on a page and in the API.

Every refusal of the API, whoever makes it, has one shape: `detail` is a sentence, `code` is stable,
and `errors` names the fields where a request did not fit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views import defaults
from rest_framework.exceptions import APIException, NotFound, ParseError, ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler

from accounts.errors import ServiceError

API = "/api/"
INVALID = "The request does not fit. Nothing was changed; correct what stands under errors."
NOT_FOUND = "There is nothing here that you may see. Nothing was changed; check the address."
BROKEN = "The server failed at this request. What it began was undone; tell the administrator."
UNREADABLE = "The body of the request cannot be read. Nothing was changed."
REFUSED = "The server does not accept this request. Nothing was changed."


def api_exception_handler(problem: Exception, context: dict[str, Any]) -> Response | None:
    """What the rooms' endpoints answer. A failure nobody expected goes on to `server_error`."""
    if isinstance(problem, ServiceError):
        return Response(_body(problem.code, problem.message), status=problem.status)
    answer = exception_handler(problem, context)
    if answer is not None:
        answer.data = _of_framework(problem)
    return answer


def _of_framework(problem: Exception) -> dict[str, Any]:
    if isinstance(problem, ValidationError):
        return {**_body("invalid", INVALID), "errors": dict(_fields(problem.detail))}
    if isinstance(problem, Http404 | NotFound):
        return _body("not-found", NOT_FOUND)
    if isinstance(problem, ParseError):  # the parser's words may quote what was sent
        return _body("parse-error", UNREADABLE)
    if isinstance(problem, APIException):
        return _body(_code(problem), str(problem.detail))
    return _body("not-allowed", "You may not do this. Nothing was changed.")


def _code(problem: APIException) -> str:
    """The framework's code, in the form of our own."""
    codes = problem.get_codes()
    return codes.replace("_", "-") if isinstance(codes, str) else "refused"


def _fields(detail: Any, place: str = "") -> Iterator[tuple[str, list[str]]]:
    """(`leaks.0.start`, sentences) of each field; what fits no field stands under `request`."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            here = "" if name == "non_field_errors" else str(name)
            yield from _fields(inner, ".".join(filter(None, (place, here))))
    elif isinstance(detail, list) and any(isinstance(inner, dict) for inner in detail):
        for number, inner in enumerate(detail):
            if inner:
                yield from _fields(inner, f"{place}.{number}" if place else str(number))
    else:
        sentences = detail if isinstance(detail, list) else [detail]
        yield place or "request", [str(sentence) for sentence in sentences]


def _body(code: str, detail: str) -> dict[str, Any]:
    return {"detail": detail, "code": code}


def _json(status: int, code: str, detail: str) -> JsonResponse:
    return JsonResponse(_body(code, detail), status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, _json(400, "refused", REFUSED), defaults.bad_request, exception)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(
        request, _json(403, "permission-denied", REFUSED), defaults.permission_denied, exception
    )


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, _json(404, "not-found", NOT_FOUND), defaults.page_not_found, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    return _answer(request, _json(500, "server-error", BROKEN), defaults.server_error)


def _answer(
    request: HttpRequest, for_programs: HttpResponse, page: Callable[..., Any], *arguments: Any
) -> HttpResponse:
    """JSON below the API's address, the page of that name elsewhere."""
    if request.path.startswith(API):
        return for_programs
    shown: HttpResponse = page(request, *arguments)
    return shown

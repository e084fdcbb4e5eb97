"""Every refusal of the API has one shape, whoever makes it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from rest_framework.exceptions import Throttled, ValidationError

from tests.factories.people import signed_in
from tests.factories.reviews import People, make_people
from web.errors import api_exception_handler

pytestmark = pytest.mark.django_db(databases=["default", "trail"])
NOWHERE = "00000000-0000-0000-0000-000000000000"


@pytest.fixture
def people() -> People:
    return make_people()


def send(client: Client, address: str, body: Any = None, **options: Any) -> Any:
    if body is None:
        return client.get(address)
    kind = options.pop("content_type", "application/json")
    return client.post(address, body if isinstance(body, str) else json.dumps(body), kind)


def shape(answer: Any) -> tuple[int, str]:
    body = answer.json()
    assert set(body) <= {"detail", "code", "errors"}
    assert body["detail"].endswith(".")
    return answer.status_code, body["code"]


def test_a_request_that_does_not_fit_names_the_fields(people: People) -> None:
    base = f"/api/v1/projects/{people.project.slug}/"
    answer = send(signed_in(people.operator), f"{base}datasets/", {})
    assert shape(answer) == (400, "invalid")
    assert answer.json()["errors"] == {"run": ["This field is required."]}


@pytest.mark.parametrize(
    ("address", "body", "expected"),
    [
        ("datasets/", "{", (400, "parse-error")),
        (f"datasets/{NOWHERE}/", None, (404, "not-found")),
        ("no-such-room/", None, (404, "not-found")),
        ("attestations/", {}, (405, "method-not-allowed")),
    ],
)
def test_the_framework_refuses_in_the_same_shape(
    people: People, address: str, body: Any, expected: tuple[int, str]
) -> None:
    base = f"/api/v1/projects/{people.project.slug}/"
    assert shape(send(signed_in(people.operator), base + address, body)) == expected


def test_another_format_is_refused_in_the_same_shape(people: People) -> None:
    address = f"/api/v1/projects/{people.project.slug}/datasets/"
    answer = send(signed_in(people.operator), address, "x", content_type="text/plain")
    assert shape(answer) == (415, "unsupported-media-type")


def test_who_is_not_signed_in_is_told_so_in_the_same_shape(people: People) -> None:
    address = f"/api/v1/projects/{people.project.slug}/datasets/"
    assert shape(send(Client(), address)) == (403, "not-authenticated")


def test_a_request_without_a_token_is_refused_in_the_same_shape(people: People) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(people.operator, backend="django.contrib.auth.backends.ModelBackend")
    address = f"/api/v1/projects/{people.project.slug}/datasets/"
    assert shape(send(client, address, {})) == (403, "permission-denied")


def test_a_failure_of_ours_says_nothing_of_its_cause(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("Vexley")

    monkeypatch.setattr("datasets_app.api.Attestations.get", fail)
    client = signed_in(people.operator)
    client.raise_request_exception = False
    answer = send(client, f"/api/v1/projects/{people.project.slug}/attestations/")
    assert shape(answer) == (500, "server-error")
    assert "Vexley" not in answer.content.decode()


def test_too_many_requests_have_the_same_shape() -> None:
    answer = api_exception_handler(Throttled(wait=3), {})
    assert answer is not None
    assert (answer.status_code, answer.data["code"]) == (429, "throttled")
    assert answer.headers["Retry-After"] == "3"


def test_fields_within_fields_are_named_by_their_place() -> None:
    problem = ValidationError(
        {"leaks": [{}, {"start": ["Too low."]}], "non_field_errors": ["Not both."]}
    )
    answer = api_exception_handler(problem, {})
    assert answer is not None
    assert answer.data["errors"] == {"leaks.1.start": ["Too low."], "request": ["Not both."]}


def test_a_page_that_is_not_there_stays_a_page(people: People) -> None:
    answer = send(signed_in(people.operator), "/no-such-page/")
    assert answer.status_code == 404
    assert answer.headers["Content-Type"].startswith("text/html")


def test_the_schema_describes_the_shape_for_every_operation() -> None:
    schema = SchemaGenerator().get_schema(request=None, public=True)
    assert set(schema["components"]["schemas"]["Error"]["properties"]) == {
        "detail",
        "code",
        "errors",
    }
    for operations in schema["paths"].values():
        for operation in operations.values():
            assert {"4XX", "5XX"} <= set(operation["responses"])

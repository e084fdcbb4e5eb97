"""A longer list costs no more queries than a short one, on every page that shows a list."""

from __future__ import annotations

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from jobs import services as job_services
from tests.factories.chain import Chain, make_chain
from tests.factories.generations import add_generation
from tests.factories.people import make_user, signed_in
from tests.factories.rollouts import make_target

pytestmark = pytest.mark.django_db(databases=["default", "trail"])

# (page, who reads it): whoever acts there, since buttons and reasons cost queries as well.
PROJECT_PAGES = (
    ("deid:imports", "operator"),
    ("deid:runs", "operator"),
    ("deid:policy", "operator"),
    ("deid:reviews", "reviewer"),
    ("datasets:index", "operator"),
    ("training:index", "ml_admin"),
    ("training:evaluations", "ml_admin"),
    ("governance:index", "ml_admin"),
    ("governance:index", "compliance"),
    ("governance:packages", "compliance"),
    ("deployment:index", "ml_admin"),
    ("deployment:integrations", "ml_admin"),
    ("projects:overview", "compliance"),
)


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connections["default"]) as asked:
        answer = client.get(address)
    assert answer.status_code == 200, address
    return len(asked)


def counts(chain: Chain, sysadmin: User) -> dict[str, int]:
    """Queries by page and reader; each page is read once before, to fill what is cached."""
    slug = chain.project.slug
    found: dict[str, int] = {}
    pages = [
        (getattr(chain.people, who), who, reverse(name, args=[slug])) for name, who in PROJECT_PAGES
    ]
    newest = chain.project.runs.order_by("-number")[0]
    notes = reverse("deid:run-notes", args=[slug, newest.pk])
    pages += [
        (chain.people.operator, "operator", notes),
        (sysadmin, "sysadmin", reverse("projects:people")),
        (sysadmin, "sysadmin", reverse("projects:projects")),
        (sysadmin, "sysadmin", reverse("projects:members", args=[slug])),
    ]
    pages += [
        (getattr(chain.people, who), who, reverse("web:inbox"))
        for who in ("operator", "reviewer", "compliance")
    ]
    for person, who, address in pages:
        client = signed_in(person)
        client.get(address)
        found[f"{address.replace(str(newest.pk), 'newest')} for {who}"] = queries(client, address)
    return found


def test_longer_lists_cost_no_more_queries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job_services, "_send", lambda job: None)
    chain, sysadmin = make_chain(), make_user(sysadmin=True)
    target = make_target(chain)
    for _ in range(2):
        add_generation(chain, target)
    before = counts(chain, sysadmin)
    for _ in range(3):
        add_generation(chain, target)
    after = counts(chain, sysadmin)
    grown = {page: (before[page], n) for page, n in after.items() if n != before[page]}
    assert not grown

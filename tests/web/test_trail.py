"""The trail's pages: every entry can be reached, found, named and taken along."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.errors import WrongPassword
from accounts.roles import Role
from audit.models import Entry
from audit.seals import seal_pending
from audit.selectors import Key, Wanted, entries, trail_page
from audit.services import record
from governance.services import decide, override_gate, withdraw
from projects.models import Project
from tests.factories.chain import REASON, Chain, decided, make_chain, submitted, view_all
from tests.factories.people import PASSWORD, make_member, make_project, make_user, signed_in

pytestmark = pytest.mark.django_db(databases=["default", "trail"])


def address(project: Project, **query: Any) -> str:
    return f"/p/{project.slug}/trail/?" + "&".join(f"{k}={v}" for k, v in query.items())


def many(project: Project, number: int) -> None:
    for _ in range(number):
        record("deid.read", actor=None, action="R", project_id=project.pk)


def test_the_pages_reach_every_entry_once_in_both_directions() -> None:
    project = make_project()
    many(project, 23)
    # Several entries of one moment: the id decides among them.
    Entry.objects.bulk_create(
        Entry(occurred_at=timezone.now(), event="deid.read", action="R", outcome="success",
              project_id=project.pk, app_version="1")
        for _ in range(9)
    )  # fmt: skip
    wanted = Wanted(project.pk)
    whole = list(entries(wanted))
    pages, key = [], None
    while True:
        page = trail_page(wanted, 10, older_than=key)
        pages.append(page)
        if page.older is None:
            break
        key = page.older
    assert [entry.pk for page in pages for entry in page.entries] == [e.pk for e in whole]
    assert pages[0].newer is None
    back = trail_page(wanted, 10, newer_than=pages[2].newer)
    assert [e.pk for e in back.entries] == [e.pk for e in pages[1].entries]
    first = trail_page(wanted, 10, newer_than=back.newer)
    assert [e.pk for e in first.entries] == [e.pk for e in pages[0].entries]
    assert first.newer is None
    assert Key.read(str(key)) == key
    assert Key.read("nonsense~") is None


def test_the_page_says_how_many_there_are_and_leads_to_the_older_ones() -> None:
    project = make_project()
    auditor = make_member(project, Role.AUDITOR)
    many(project, 60)
    client = signed_in(auditor)
    first = client.get(address(project, event="deid.read")).content.decode()
    assert "60 entries found, 50 on this page" in first
    older = re.search(r'href="(\?[^"]*older=[^"]*)"', first)
    assert older
    second = client.get(f"/p/{project.slug}/trail/{older[1].replace('&amp;', '&')}")
    assert second.content.decode().count("<tr><td>") == 10
    assert 'rel="prev"' in second.content.decode()


def test_filters_narrow_by_person_outcome_kind_thing_and_day(chain: Chain) -> None:
    submission = submitted(chain)
    client = signed_in(chain.auditor)

    def rows(**query: Any) -> int:
        page = client.get(address(chain.project, **query))
        assert page.status_code == 200
        return page.content.decode().count("<tr><td>")

    assert rows(kind="governance.Submission") == 1
    assert rows(subject=submission.pk) == 1
    assert rows(person=chain.people.ml_admin.pk) > 0
    assert rows(person=chain.committee.pk) == 0
    assert rows(outcome="denied") == 0
    today = timezone.localdate()
    assert rows(since=today, until=today) > 0
    assert rows(until=today - timedelta(days=1)) == 0
    wrong = client.get(address(chain.project, since="soon"))
    assert "Nothing is shown" in wrong.content.decode()
    assert "<tr><td>" not in wrong.content.decode()


def test_no_two_choices_of_a_filter_read_alike(chain: Chain) -> None:
    page = signed_in(chain.auditor).get(address(chain.project)).content.decode()
    for name in ("event", "outcome", "kind"):
        select = re.search(rf'<select name="{name}".*?</select>', page, re.S)
        assert select
        options = re.findall(r"<option[^>]*>([^<]*)</option>", select[0])
        assert len(options) == len(set(options)) > 2


def test_a_row_names_its_thing_with_a_link_and_tells_verdicts_apart(chain: Chain) -> None:
    submission = submitted(chain)
    decided(submission, chain.people.reviewer, "changes", "Shorter answers, please.")
    page = signed_in(chain.auditor).get(address(chain.project)).content.decode()
    assert "Changes to the version requested" in page
    link = f"/p/{chain.project.slug}/approve/{submission.pk}/"
    assert f'<a href="{link}">Submission 1 of version 1</a>' in page
    assert "governance.Submission</" not in page
    assert "Clinician reviewer" in page
    again = submitted_again(chain)
    withdraw(submission=again, actor=chain.people.ml_admin)
    page = signed_in(chain.auditor).get(address(chain.project)).content.decode()
    assert "Submission withdrawn" in page
    assert "numbers of other projects" not in page
    assert "seals of other projects" in page


def submitted_again(chain: Chain) -> Any:
    from governance.services import submit

    return submit(project=chain.project, actor=chain.people.ml_admin, evaluation=chain.evaluation)


def test_wrong_passwords_at_signing_are_in_the_projects_trail(chain: Chain) -> None:
    gate = chain.evaluation.gates[0]["gate"]["id"]
    with pytest.raises(WrongPassword):
        override_gate(
            evaluation=chain.evaluation, gate_id=gate, actor=chain.people.compliance,
            reason=REASON, password="not it at all", shown_digest=chain.evaluation.digest,
        )  # fmt: skip
    submission = submitted(chain)
    view_all(submission, chain.people.reviewer)
    with pytest.raises(WrongPassword):
        decide(
            submission=submission, actor=chain.people.reviewer, verdict="approve", reason="",
            password="not it at all", shown_digest=submission.digest,
        )  # fmt: skip
    failures = Entry.objects.using("trail").filter(event="auth.reauth", outcome="failure")
    assert {entry.project_id for entry in failures} == {chain.project.pk}
    assert {entry.details["kind"] for entry in failures} == {"gate_override", "decision"}
    # The password was given by somebody who is signed in: no sign-in failed.
    assert not Entry.objects.using("trail").filter(event="auth.login.failure").exists()
    page = signed_in(chain.auditor).get(address(chain.project, outcome="failure"))
    # In a test the second connection has a transaction of its own, which this page cannot see.
    assert page.status_code == 200


def test_the_installations_trail_is_for_auditors_and_system_administrators() -> None:
    project = make_project()
    auditor = make_member(project, Role.AUDITOR)
    sysadmin = make_user("Sam Sysadmin", sysadmin=True)
    for reader in (auditor, sysadmin):
        page = signed_in(reader).get("/trail/")
        assert page.status_code == 200
        assert "Signed in" in page.content.decode()
        assert "Account of" in page.content.decode()
    reviewer = make_member(project, Role.REVIEWER)
    assert signed_in(reviewer).get("/trail/").status_code == 403
    assert Entry.objects.filter(event="audit.read", project_id=None).count() == 2


def test_a_failed_sign_in_names_the_account_and_not_what_was_typed(client: Any) -> None:
    user = make_user("Tessa Tried")
    client.post("/sign-in/", {"username": user.email, "password": "wrong wrong wrong"})
    client.post("/sign-in/", {"username": "nobody@test.invalid", "password": "x"})
    failed = Entry.objects.using("trail").filter(event="auth.login.failure")
    assert sorted(failed.values_list("object_id", flat=True)) == ["", str(user.pk)]


@pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume")
def test_the_export_holds_what_the_page_counts_and_is_an_entry(chain: Chain) -> None:
    seal_pending()
    client = signed_in(chain.auditor)
    count = Entry.objects.filter(project_id=chain.project.pk).count()
    answer = client.get(f"/p/{chain.project.slug}/trail/export/csv/")
    rows = list(csv.DictReader(io.StringIO(b"".join(answer).decode())))
    assert len(rows) == count
    assert rows[0]["seal"].isdigit()
    lines = client.get(f"/p/{chain.project.slug}/trail/export/jsonl/?event=dataset.attest")
    found = [json.loads(line) for line in b"".join(lines).decode().splitlines()]
    assert [row["event"] for row in found] == ["dataset.attest"]
    assert found[0]["actor"] == "Compliance"
    written = Entry.objects.filter(event="audit.export").latest("occurred_at")
    assert written.details["event"] == "dataset.attest"
    assert written.details["entries"] == 1
    engineer = signed_in(chain.people.operator)
    assert engineer.get(f"/p/{chain.project.slug}/trail/export/csv/").status_code == 403
    assert client.get(f"/p/{chain.project.slug}/trail/export/xml/").status_code == 400


def test_a_long_trail_takes_as_many_queries_as_a_short_one() -> None:
    project = make_project()
    client = signed_in(make_member(project, Role.AUDITOR))

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            client.get(address(project, event="deid.read"))
        return len(caught)

    many(project, 3)
    few = queries()
    many(project, 120)
    assert queries() == few


@pytest.fixture
def chain() -> Chain:
    return make_chain()


def test_passwords_that_were_right_are_in_it_too(chain: Chain) -> None:
    given = Entry.objects.filter(event="auth.reauth", outcome="success")
    assert set(given.values_list("project_id", flat=True)) == {chain.project.pk}
    assert PASSWORD not in str(list(given.values()))

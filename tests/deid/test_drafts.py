"""What is marked in an open note survives a reload, and belongs to whoever holds the note."""

from __future__ import annotations

import pytest
from django.db import connection

from accounts.errors import InvalidInput, WrongState
from deid.models import Sample, SampleItem
from deid.services.drafts import draft_of, save_draft
from deid.services.leases import next_items
from deid.services.reviews import decide, undo
from deid.services.samples import draw_sample
from tests.factories.reviews import LEAK, People, make_notes, make_people, make_run

pytestmark = pytest.mark.django_db(databases=["default", "trail"])


@pytest.fixture
def people(db: None) -> People:
    return make_people(leak_limit=0.2)


@pytest.fixture
def sample(people: People) -> Sample:
    make_notes(people.project, people.operator, 20)
    return draw_sample(run=make_run(people), actor=people.operator, seed=7)


def first(sample: Sample, people: People) -> SampleItem:
    return next_items(sample=sample, reviewer=people.reviewer)[0]


def test_a_reload_brings_flags_and_comment_back(sample: Sample, people: People) -> None:
    item = first(sample, people)
    save_draft(item=item, actor=people.reviewer, leaks=[LEAK], comment="a name")
    again = first(sample, people)
    assert again.pk == item.pk
    assert draft_of(again) == {"leaks": [LEAK], "over_redactions": [], "comment": "a name"}
    with connection.cursor() as cursor:
        cursor.execute("SELECT draft FROM deid_sampleitem WHERE draft IS NOT NULL")
        [(stored,)] = cursor.fetchall()
    assert b"a name" not in bytes(stored)


def test_a_draft_ends_with_the_decision_and_comes_back_with_undo(
    sample: Sample, people: People
) -> None:
    item = first(sample, people)
    act = {"item": item, "actor": people.reviewer, "leaks": [LEAK], "comment": "look here"}
    save_draft(**act)
    decide(**act, verdict="flag", seconds=9)
    item.refresh_from_db()
    assert item.draft is None
    back = draft_of(undo(sample=sample, actor=people.reviewer))
    assert back == {"leaks": [LEAK], "over_redactions": [], "comment": "look here"}


def test_the_reason_of_a_skip_is_no_comment_of_the_note(sample: Sample, people: People) -> None:
    item = first(sample, people)
    decide(item=item, actor=people.reviewer, verdict="skip", comment="I know them", seconds=3)
    back = draft_of(undo(sample=sample, actor=people.reviewer))
    assert back == {"leaks": [], "over_redactions": [], "comment": ""}


def test_a_draft_does_not_outlive_its_lease(sample: Sample, people: People) -> None:
    item = first(sample, people)
    save_draft(item=item, actor=people.reviewer, comment="mine")
    SampleItem.objects.filter(pk=item.pk).update(leased_to=None)
    taken = next_items(sample=sample, reviewer=people.other_reviewer)[0]
    assert taken.pk == item.pk
    assert taken.draft is None
    with pytest.raises(WrongState):
        save_draft(item=item, actor=people.reviewer, comment="mine still")


def test_a_draft_is_checked_like_a_decision(sample: Sample, people: People) -> None:
    with pytest.raises(InvalidInput):
        save_draft(
            item=first(sample, people), actor=people.reviewer, leaks=[{**LEAK, "end": 99999}]
        )

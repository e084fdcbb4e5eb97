"""Notes that leaked before are read again in the next run, and before sign-off."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from accounts.errors import WrongState
from deid.models import Run, Sample, SampleItem
from deid.selectors.checks import checks_of, missed_before
from deid.selectors.reviews import progress
from deid.services.leases import next_items
from deid.services.results import sign_off_manifest
from deid.services.reviews import decide
from deid.services.samples import draw_sample, sign_off
from tests.factories.people import PASSWORD
from tests.factories.reviews import LEAK, People, make_notes, make_people, make_run, read_all

pytestmark = pytest.mark.django_db(databases=["default", "trail"])


@pytest.fixture
def people(db: None) -> People:
    return make_people(leak_limit=0.2)


@pytest.fixture
def failed(people: People) -> Sample:
    make_notes(people.project, people.operator, 60)
    sample = draw_sample(run=make_run(people), actor=people.operator, seed=1)
    return read_all(sample, people.reviewer, leaks_in=2)


@pytest.fixture
def fresh(failed: Sample, people: People) -> Sample:
    return draw_sample(run=make_run(people), actor=people.operator, seed=2)


def mended(sample: Sample) -> list[SampleItem]:
    return list(sample.items.filter(kind=SampleItem.Kind.MENDED).order_by("position"))


def read_drawn(sample: Sample, people: People) -> None:
    while sample.items.filter(kind="drawn", decided=False).exists():
        item = next_items(sample=sample, reviewer=people.reviewer, prefetch=0)[0]
        decide(item=item, actor=people.reviewer, verdict="accept", seconds=12)


def test_every_note_that_leaked_stands_behind_the_drawn_ones(
    failed: Sample, fresh: Sample, people: People
) -> None:
    items = mended(fresh)
    leaked = failed.items.filter(reviews__leaks__isnull=False)
    assert {i.run_note.note_id for i in items} == {i.run_note.note_id for i in leaked}
    assert [i.position for i in items] == [fresh.size + 1, fresh.size + 2]
    assert {i.run_note.run_id for i in items} == {fresh.run_id}
    assert missed_before(items[0]) == ["NAME"]
    assert missed_before(fresh.items.get(position=1)) == []


def test_the_round_waits_for_them_and_they_enter_no_figure(fresh: Sample, people: People) -> None:
    read_drawn(fresh, people)
    fresh.refresh_from_db()
    assert fresh.state == Sample.State.OPEN
    shown = progress(fresh)
    assert (shown["read"], shown["checks"], shown["checked"]) == (fresh.size, 2, 0)
    assert shown["undecided"] == 2
    read_all(fresh, people.reviewer)
    assert fresh.state == Sample.State.PASSED
    assert progress(fresh)["read"] == fresh.size
    assert fresh.result["mended_notes"] == 2
    manifest = sign_off_manifest(fresh)
    kinds = [item["kind"] for item in manifest.body["items"]]
    assert kinds.count("mended") == 2
    sign_off(sample=fresh, actor=people.reviewer, password=PASSWORD, shown_digest=manifest.digest)


def test_one_that_leaks_again_fails_the_round(fresh: Sample, people: People) -> None:
    read_drawn(fresh, people)
    item = next_items(sample=fresh, reviewer=people.reviewer)[0]
    decide(item=item, actor=people.reviewer, verdict="flag", leaks=[LEAK], seconds=12)
    assert not progress(fresh)["can_pass"]
    read_all(fresh, people.reviewer)
    assert fresh.state == Sample.State.FAILED
    assert fresh.result["leaks"] == 0
    assert fresh.result["reasons"] == ["mended-note-leaks"]
    assert Run.objects.get(pk=fresh.run_id).state == Run.State.REJECTED


def test_a_leak_that_another_round_finds_meanwhile_is_checked_too(
    fresh: Sample, people: People
) -> None:
    SampleItem.objects.filter(kind="mended").delete()
    read_drawn(fresh, people)
    assert checks_of(fresh).notes == 2


def test_no_statement_passes_a_round_over_an_unread_mended_note(
    fresh: Sample, people: People
) -> None:
    read_drawn(fresh, people)
    with pytest.raises(DatabaseError, match="confirmed clean"), transaction.atomic():
        Sample.objects.filter(pk=fresh.pk).update(state="passed", result={"passed": True})
    SampleItem.objects.filter(kind="mended").delete()
    with pytest.raises(DatabaseError, match="confirmed clean"), transaction.atomic():
        Sample.objects.filter(pk=fresh.pk).update(state="passed", result={"passed": True})


def test_a_leak_found_elsewhere_after_the_judgement_stops_the_signature(
    fresh: Sample, people: People
) -> None:
    read_all(fresh, people.reviewer)
    SampleItem.objects.filter(kind="mended").delete()
    with pytest.raises(WrongState, match="Another round"):
        sign_off(
            sample=fresh,
            actor=people.reviewer,
            password=PASSWORD,
            shown_digest=sign_off_manifest(fresh).digest,
        )

"""Reading a sample: leases, decisions, undo, and what the header says meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.errors import InvalidInput, NotAllowed, SeparationOfDuties, WrongState
from accounts.roles import Role
from audit.models import Entry
from deid.models import Review, Sample, SampleItem
from deid.sampling import draw
from deid.selectors.reviews import (
    Figures,
    figures_by_stratum,
    header,
    in_all,
    progress,
    unread_notes,
)
from deid.services.leases import next_items
from deid.services.reviews import decide, undo
from deid.services.samples import draw_sample, plan_for
from projects.services import add_member
from tests.factories.reviews import (
    LEAK,
    People,
    make_notes,
    make_people,
    make_run,
    read_all,
)

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


def test_the_plan_meets_the_target_when_nothing_leaks(sample: Sample) -> None:
    assert sample.population == 20
    assert sample.plan["what_if"][0]["upper"] <= sample.limit < sample.plan["what_if"][1]["upper"]
    assert sample.items.count() == sample.size
    assert [i.position for i in sample.items.all()] == list(range(1, sample.size + 1))


def test_the_same_seed_draws_the_same_notes(sample: Sample, people: People) -> None:
    frame = [str(pk) for pk in sample.run.notes.values_list("pk", flat=True)]
    drawn = [str(i.run_note_id) for i in sample.items.order_by("position")]
    assert drawn == draw(frame, sample.size, sample.seed)


def test_it_chooses_and_records_a_seed_of_its_own(people: People) -> None:
    make_notes(people.project, people.operator, 20)
    drawn = draw_sample(run=make_run(people), actor=people.reviewer)
    entry = Entry.objects.get(event="qa.sample")
    assert entry.details["seed"] == drawn.seed


def test_it_refuses_a_second_sample_of_the_same_run(sample: Sample, people: People) -> None:
    with pytest.raises(WrongState):
        draw_sample(run=sample.run, actor=people.operator)


def test_it_refuses_to_sample_a_run_that_is_not_finished(people: People) -> None:
    make_notes(people.project, people.operator, 4)
    with pytest.raises(WrongState):
        draw_sample(run=make_run(people, state="running"), actor=people.operator)


def test_it_refuses_a_sample_to_a_role_that_has_no_part(people: People) -> None:
    make_notes(people.project, people.operator, 4)
    with pytest.raises(NotAllowed):
        draw_sample(run=make_run(people), actor=people.ml_admin)


def test_a_fresh_round_holds_no_note_that_was_opened_before(people: People) -> None:
    make_notes(people.project, people.operator, 60)
    failed = draw_sample(run=make_run(people), actor=people.operator, seed=1)
    read_all(failed, people.reviewer, leaks_in=5)
    read_before = set(failed.items.values_list("run_note__note", flat=True))
    second = make_run(people)
    fresh = draw_sample(run=second, actor=people.operator, seed=1)
    assert fresh.round == 2
    assert fresh.population == 60 - failed.size
    drawn = fresh.items.filter(kind="drawn")
    assert drawn.count() == fresh.size
    assert not read_before & set(drawn.values_list("run_note__note", flat=True))


def test_a_note_that_was_opened_but_not_decided_counts_as_read(
    sample: Sample, people: People
) -> None:
    opened = next_items(sample=sample, reviewer=people.reviewer, prefetch=1)
    Sample.objects.filter(pk=sample.pk).update(state=Sample.State.FAILED)
    fresh = unread_notes(make_run(people))
    assert fresh.count() == 18
    assert not fresh.filter(note__in=[i.run_note.note_id for i in opened]).exists()


def test_it_refuses_when_every_note_was_read_before(people: People) -> None:
    make_notes(people.project, people.operator, 2)
    read_all(draw_sample(run=make_run(people), actor=people.operator), people.reviewer, leaks_in=1)
    with pytest.raises(WrongState):
        plan_for(make_run(people))


def test_it_refuses_the_operator_as_reviewer(sample: Sample, people: People) -> None:
    add_member(
        project=people.project,
        user=people.operator,
        role=Role.REVIEWER,
        actor=people.project.created_by,
    )
    with pytest.raises(SeparationOfDuties):
        next_items(sample=sample, reviewer=people.operator)
    refused = Entry.objects.using("trail").filter(event="access.denied")
    assert refused.filter(actor_id=people.operator.pk, reason="separation-of-duties").exists()


def test_the_database_refuses_the_operator_as_reviewer(sample: Sample, people: People) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.create(
            item=sample.items.all()[0], reviewer=people.operator, verdict="accept", seconds=5
        )


def test_two_reviewers_never_hold_the_same_note(sample: Sample, people: People) -> None:
    mine = next_items(sample=sample, reviewer=people.reviewer)
    theirs = next_items(sample=sample, reviewer=people.other_reviewer)
    assert len(mine) == len(theirs) == 4
    assert not {i.pk for i in mine} & {i.pk for i in theirs}


def test_every_opening_is_recorded_once_a_lease(sample: Sample, people: People) -> None:
    first(sample, people)
    first(sample, people)
    assert Entry.objects.filter(event="qa.review", action="R").count() == 4


def test_an_expired_lease_goes_back_to_the_queue(sample: Sample, people: People) -> None:
    item = first(sample, people)
    SampleItem.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    taken = next_items(sample=sample, reviewer=people.other_reviewer)
    assert taken[0].pk == item.pk
    with pytest.raises(WrongState):
        decide(item=item, actor=people.reviewer, verdict="accept", seconds=9)


def test_it_refuses_a_decision_on_a_note_that_was_not_opened(
    sample: Sample, people: People
) -> None:
    with pytest.raises(WrongState):
        decide(item=sample.items.all()[0], actor=people.reviewer, verdict="accept", seconds=9)


WRONG = [
    ("accept", [LEAK], [], ""),
    ("flag", [], [], ""),
    ("skip", [], [], "  "),
    ("maybe", [], [], ""),
    ("flag", [{**LEAK, "category": "SURNAME"}], [], ""),
    ("flag", [{**LEAK, "end": 100000}], [], ""),
    ("flag", [{**LEAK, "start": 24}], [], ""),
    ("flag", [{**LEAK, "start": -1}], [], ""),
    ("flag", [{**LEAK, "start": "1"}], [], ""),
    ("flag", [{**LEAK, "start": 4, "end": 7}], [], ""),  # inside [NAME]
    ("flag", [{**LEAK, "start": 9, "end": 10}], [], ""),  # a blank
    ("flag", [], [{"start": 20, "end": 24}], ""),  # nothing was replaced there
]


@pytest.mark.parametrize(("verdict", "leaks", "over", "comment"), WRONG)
def test_it_refuses_findings_that_do_not_fit(
    sample: Sample, people: People, verdict: str, leaks: list, over: list, comment: str
) -> None:
    item = first(sample, people)
    with pytest.raises(InvalidInput) as refused:
        decide(
            item=item,
            actor=people.reviewer,
            verdict=verdict,
            leaks=leaks,
            over_redactions=over,
            comment=comment,
            seconds=10,
        )
    assert "Vexley" not in str(refused.value)
    assert not Review.objects.exists()


def test_the_header_bounds_what_was_read_and_what_can_be_reached(people: People) -> None:
    # Vectors of the domain reference: 500 notes, none in 50; 5000 notes, one in 400.
    plan = {"populations": {"all": 500}, "sizes": {"all": 50}}
    sample = Sample(size=50, population=500, confidence=0.95, limit=0.1, plan=plan)
    shown = header(sample, {"all": Figures(50, leaks=0, over_redactions=1, seconds=500.0)})
    assert shown["upper"] == shown["best_upper"] == pytest.approx(0.054)
    assert shown["minutes_left"] == 0
    plan = {"populations": {"all": 5000}, "sizes": {"all": 400}}
    sample = Sample(size=400, population=5000, confidence=0.95, limit=0.01, plan=plan)
    shown = header(sample, {"all": Figures(100, leaks=1, over_redactions=0, seconds=3000.0)})
    assert shown["best_upper"] == pytest.approx(0.0114)
    assert shown["upper"] > shown["best_upper"]
    assert shown["minutes_left"] == pytest.approx(150)


def test_the_header_counts_notes_with_a_leak_not_marks(sample: Sample, people: People) -> None:
    item = first(sample, people)
    decide(
        item=item,
        actor=people.reviewer,
        verdict="flag",
        seconds=30,
        leaks=[LEAK, {"start": 0, "end": 2, "category": "OTHER_ID"}],
        over_redactions=[{"start": 3, "end": 9}],
    )
    header = progress(sample)
    assert (header["read"], header["leaks"], header["over_redactions"]) == (1, 1, 1)
    assert header["upper"] == 1.0
    assert header["best_upper"] == sample.plan["what_if"][1]["upper"]
    assert header["minutes_left"] == pytest.approx((sample.size - 1) * 30 / 60)


def test_a_skipped_note_stays_unread_and_goes_to_somebody_else(
    sample: Sample, people: People
) -> None:
    item = first(sample, people)
    decide(item=item, actor=people.reviewer, verdict="skip", comment="Too long", seconds=3)
    assert progress(sample)["read"] == 0
    assert first(sample, people).pk != item.pk
    assert next_items(sample=sample, reviewer=people.other_reviewer)[0].pk == item.pk


def test_a_note_skipped_by_the_only_reviewer_returns_at_the_end(
    sample: Sample, people: People
) -> None:
    skipped = first(sample, people)
    decide(item=skipped, actor=people.reviewer, verdict="skip", comment="Later", seconds=3)
    read_all(sample, people.reviewer)
    assert sample.state == Sample.State.PASSED
    last = Review.objects.filter(item=skipped, undone_at=None).get()
    assert last.verdict == "accept"


def test_undo_takes_back_the_latest_decision_and_keeps_it_on_record(
    sample: Sample, people: People
) -> None:
    item = first(sample, people)
    decide(item=item, actor=people.reviewer, verdict="flag", leaks=[LEAK], seconds=9)
    assert undo(sample=sample, actor=people.reviewer).pk == item.pk
    assert progress(sample)["read"] == progress(sample)["leaks"] == 0
    assert first(sample, people).pk == item.pk
    decide(item=item, actor=people.reviewer, verdict="accept", seconds=9)
    assert Review.objects.filter(item=item).count() == 2


def test_undo_reaches_ten_decisions_back_and_no_further(people: People) -> None:
    people.project.leak_limit = 0.05
    people.project.save()
    make_notes(people.project, people.operator, 20)
    sample = draw_sample(run=make_run(people), actor=people.operator, seed=7)
    for _ in range(12):
        decide(item=first(sample, people), actor=people.reviewer, verdict="accept", seconds=9)
    for _ in range(10):
        undo(sample=sample, actor=people.reviewer)
    with pytest.raises(WrongState):
        undo(sample=sample, actor=people.reviewer)
    assert progress(sample)["read"] == 2


def test_a_decision_sent_twice_is_stored_once(sample: Sample, people: People) -> None:
    item = first(sample, people)
    act = {"item": item, "actor": people.reviewer, "verdict": "flag", "seconds": 9.25}
    one = decide(**act, leaks=[LEAK])
    assert decide(**act, leaks=[LEAK]).review == one.review
    assert Review.objects.count() == 1
    with pytest.raises(WrongState):
        decide(**act, leaks=[{**LEAK, "category": "LOCATION"}])


def test_undo_never_touches_somebody_elses_decision(sample: Sample, people: People) -> None:
    decide(item=first(sample, people), actor=people.reviewer, verdict="accept", seconds=9)
    with pytest.raises(WrongState):
        undo(sample=sample, actor=people.other_reviewer)


def test_an_implausibly_fast_accept_is_asked_about_once(sample: Sample, people: People) -> None:
    item = first(sample, people)
    act = {"item": item, "actor": people.reviewer, "verdict": "accept", "seconds": 0.4}
    asked = decide(**act)
    assert asked.second_look
    assert asked.review is None
    assert not Review.objects.exists()
    kept = decide(**act, warned=True)
    assert not kept.second_look
    assert kept.review.kept_after_warning
    assert in_all(figures_by_stratum(sample).values()).kept_after_warning == 1


def test_a_slow_decision_after_a_warning_is_not_counted_as_kept(
    sample: Sample, people: People
) -> None:
    item = first(sample, people)
    act = {"item": item, "actor": people.reviewer, "verdict": "accept"}
    assert not decide(**act, seconds=40, warned=True).review.kept_after_warning


def test_the_last_note_is_asked_about_before_the_round_closes(
    sample: Sample, people: People
) -> None:
    while sample.items.filter(decided=False).count() > 1:
        decide(item=first(sample, people), actor=people.reviewer, verdict="accept", seconds=9)
    act = {"item": first(sample, people), "actor": people.reviewer, "verdict": "accept"}
    assert decide(**act, seconds=0.1).second_look
    sample.refresh_from_db()
    assert sample.state == Sample.State.OPEN
    decide(**act, seconds=0.1, warned=True)
    sample.refresh_from_db()
    assert sample.state == Sample.State.PASSED
    assert sample.result["kept_after_warning"] == 1


def test_it_reads_and_decides_with_a_bounded_number_of_queries(
    sample: Sample, people: People, django_assert_max_num_queries
) -> None:
    with django_assert_max_num_queries(16):
        item = first(sample, people)
    with django_assert_max_num_queries(24):
        decide(item=item, actor=people.reviewer, verdict="accept", seconds=9)
    with django_assert_max_num_queries(2):
        progress(sample)

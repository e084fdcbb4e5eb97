import itertools
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deid.sampling import draw, leak_bound, plan_sample, reasons_to_fail
from evidence.statistics import finite_sample_size, tolerated_units

limits = st.integers(5, 500).map(lambda thousandths: thousandths / 1000)
confidences = st.sampled_from([0.8, 0.9, 0.95, 0.99])


@given(st.integers(1, 3000), limits, confidences, st.floats(0, 1))
def test_the_plan_keeps_its_promise(
    population: int, limit: float, confidence: float, fraction: float
) -> None:
    plan = plan_sample(population, limit, confidence, fraction)
    assert 1 <= plan.n <= population
    assert plan.n >= fraction * population - 1e-6
    assert plan.acceptance_number == 0
    assert leak_bound(plan.n, 0, confidence, population).upper <= limit


@given(st.integers(2, 3000), limits, confidences)
def test_one_note_fewer_would_not_do(population: int, limit: float, confidence: float) -> None:
    tolerated = max(1, tolerated_units(population, limit))
    plan = plan_sample(population, limit, confidence, min_fraction=0)
    assert plan.n == finite_sample_size(population, tolerated, confidence)
    if plan.n > 1:
        # One fewer could not rule out that the limit is reached.
        assert leak_bound(plan.n - 1, 0, confidence, population).upper >= tolerated / population


@given(st.integers(1, 2000), limits, confidences, st.data())
def test_the_planned_size_passes_with_no_leak_and_with_no_other_number(
    population: int, limit: float, confidence: float, data: st.DataObject
) -> None:
    plan = plan_sample(population, limit, confidence)
    leaks = data.draw(st.integers(0, min(plan.n, 40)))
    reasons = reasons_to_fail(leaks, leak_bound(plan.n, leaks, confidence, population).upper, limit)
    assert (reasons == []) == (leaks == 0)


def test_a_fraction_that_asks_for_more_notes_allows_no_leak_all_the_same() -> None:
    plan = plan_sample(5000, 0.05, min_fraction=0.1)
    assert (plan.n, plan.acceptance_number) == (500, 0)
    assert plan.what_if[1].upper <= plan.limit
    assert reasons_to_fail(1, plan.what_if[1].upper, plan.limit) == ["leak-found"]


def test_a_bound_over_the_limit_fails_a_sample_without_a_leak() -> None:
    assert reasons_to_fail(0, leak_bound(10, 0, 0.95, 5000).upper, 0.05) == ["bound-misses-target"]


def test_it_reads_every_note_of_a_batch_too_small_to_tolerate_one_leak() -> None:
    assert plan_sample(8, 0.05).n == 8
    assert plan_sample(8, 0.05).acceptance_number == 0


@pytest.mark.parametrize(
    ("population", "n"), [(100, 95), (400, 211), (1000, 258), (5000, 290), (20000, 1000)]
)
def test_it_plans_the_published_sizes(population: int, n: int) -> None:
    assert plan_sample(population, 0.01).n == n


def test_it_shows_what_none_one_and_two_leaks_would_mean() -> None:
    plan = plan_sample(400, 0.05)
    assert [bound.leaks for bound in plan.what_if] == [0, 1, 2]
    uppers = [bound.upper for bound in plan.what_if]
    assert uppers == sorted(uppers)
    assert len(plan_sample(1, 0.05).what_if) == 2


@given(st.integers(1, 500), st.data())
def test_a_known_population_is_bounded_no_wider(population: int, data: st.DataObject) -> None:
    n = data.draw(st.integers(1, population))
    leaks = data.draw(st.integers(0, n))
    finite, endless = leak_bound(n, leaks, 0.95, population), leak_bound(n, leaks)
    assert finite.upper <= endless.upper + 1e-9
    assert finite.estimate == endless.estimate == leaks / n
    assert (finite.method, endless.method) == ("hypergeometric", "clopper-pearson")
    if leaks < n:
        assert leak_bound(n, leaks + 1, 0.95, population).upper >= finite.upper


@given(st.sets(st.text(), min_size=1, max_size=40), st.integers(), st.data())
def test_a_draw_is_a_sample_without_replacement(
    ids: set[str], seed: int, data: st.DataObject
) -> None:
    n = data.draw(st.integers(1, len(ids)))
    shuffled = data.draw(st.permutations(sorted(ids)))
    drawn = draw(shuffled, n, seed)
    assert len(drawn) == len(set(drawn)) == n
    assert set(drawn) <= ids
    assert drawn == draw(sorted(ids), n, seed)


def test_a_draw_can_be_repeated_years_later() -> None:
    ids = [f"note-{i:03}" for i in range(100)]
    assert draw(ids, 5, seed=20261125) == [
        "note-085",
        "note-001",
        "note-061",
        "note-031",
        "note-092",
    ]


def test_every_pair_of_notes_is_drawn_equally_often() -> None:
    pairs = Counter(frozenset(draw("abcde", 2, seed)) for seed in range(10_000))
    expected = {frozenset(pair) for pair in itertools.combinations("abcde", 2)}
    assert set(pairs) == expected
    assert all(850 < count < 1150 for count in pairs.values())


@pytest.mark.parametrize(("ids", "n"), [("ab", 3), ("ab", 0), ("ab", -1), ("aab", 2), ("", 0)])
def test_it_refuses_an_impossible_draw(ids: str, n: int) -> None:
    with pytest.raises(ValueError):
        draw(list(ids), n, 1)


@pytest.mark.parametrize(
    ("population", "limit", "confidence", "fraction"),
    [
        (0, 0.05, 0.95, 0.05),
        (10, 0, 0.95, 0.05),
        (10, 5, 0.95, 0.05),
        (10, float("nan"), 0.95, 0.05),
        (10, 0.05, 95, 0.05),
        (10, 0.05, 0.95, -0.1),
    ],
)
def test_it_refuses_an_impossible_plan(
    population: int, limit: float, confidence: float, fraction: float
) -> None:
    with pytest.raises(ValueError) as error:
        plan_sample(population, limit, confidence, fraction)
    assert "\n" not in str(error.value)

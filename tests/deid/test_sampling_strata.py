"""Bounds of stratified samples and of reviewers who overlook some, against their definitions."""

import itertools
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deid.sampling import (
    corrected_bound,
    draw_strata,
    fewest_seeds,
    form_strata,
    leak_bound,
    plan_sample,
    plan_strata,
    possibly_leaky,
    stratified_bound,
)
from evidence.statistics import Stratum, hypergeometric_cdf, stratified_rate

ROUNDING = 1 + 1e-9


@st.composite
def small_strata(draw: st.DrawFn, most_leaks: int = 2) -> list[Stratum]:
    strata = []
    for name in "abc"[: draw(st.integers(1, 3))]:
        population = draw(st.integers(1, 11))
        n = draw(st.integers(1, population))
        strata.append(Stratum(name, population, n, draw(st.integers(0, min(n, most_leaks)))))
    return strata


def most_left_possible(strata: list[Stratum], leaks: int, alpha: float) -> int:
    """The definition: the largest number of leaky notes under some division of which so few are
    found with a chance above alpha."""
    total = sum(s.population for s in strata)
    clean = sum(s.n for s in strata) - leaks
    return max(
        (d for d in range(leaks, total - clean + 1) if worst_chance(strata, d, leaks) > alpha),
        default=leaks,
    )


def worst_chance(strata: list[Stratum], leaky: int, leaks: int) -> float:
    divisions = itertools.product(*(range(min(leaky, s.population) + 1) for s in strata))
    return max(chance(strata, d, leaks) for d in divisions if sum(d) == leaky)


def chance(strata: list[Stratum], leaky: tuple[int, ...], leaks: int) -> float:
    total = {0: 1.0}
    for stratum, d in zip(strata, leaky, strict=True):
        upto = [hypergeometric_cdf(k, stratum.population, d, stratum.n) for k in range(leaks + 1)]
        each = [upto[0], *(b - a for a, b in itertools.pairwise(upto))]
        total = {
            k: sum(p * each[k - a] for a, p in total.items() if a <= k) for k in range(leaks + 1)
        }
    return sum(total.values())


@settings(deadline=None, max_examples=60)
@given(small_strata(most_leaks=0))
def test_without_a_leak_the_bound_is_the_exact_one(strata: list[Stratum]) -> None:
    assert stratified_bound(strata, 0.9).leaky == most_left_possible(strata, 0, 0.1 * ROUNDING)


@settings(deadline=None, max_examples=60)
@given(small_strata())
def test_with_leaks_the_bound_is_never_below_the_exact_one(strata: list[Stratum]) -> None:
    leaks = sum(s.events for s in strata)
    exact = most_left_possible(strata, leaks, 0.1 * ROUNDING)
    assert stratified_bound(strata, 0.9).leaky >= exact


@given(st.integers(2, 5000), st.data())
def test_one_stratum_is_a_simple_sample(population: int, data: st.DataObject) -> None:
    n = data.draw(st.integers(1, population))
    leaks = data.draw(st.integers(0, min(n, 5)))
    bound = stratified_bound([Stratum("all", population, n, leaks)])
    assert bound.upper == leak_bound(n, leaks, 0.95, population).upper


def test_it_is_narrower_than_the_sum_of_the_strata_limits() -> None:
    strata = [Stratum("a", 500, 150, 2), Stratum("b", 1500, 150, 0), Stratum("c", 3000, 200, 0)]
    bound = stratified_bound(strata)
    assert bound.estimate == pytest.approx(stratified_rate(strata).estimate)
    assert (bound.leaky, bound.upper) == (94, 0.0188)
    assert bound.upper < stratified_rate(strata).upper


@given(st.lists(st.integers(1, 4000), min_size=1, max_size=8), st.sampled_from([0.01, 0.05, 0.2]))
def test_a_plan_by_strata_proves_its_limit(sizes: list[int], limit: float) -> None:
    plan = plan_strata({str(i): n for i, n in enumerate(sizes)}, limit)
    clean = [Stratum(h, n, plan.sizes[h], 0) for h, n in plan.populations.items()]
    assert all(1 <= plan.sizes[h] <= n for h, n in plan.populations.items())
    assert stratified_bound(clean).upper <= limit
    # Strata cost little: at most the rounding of each, and what the worst division asks for.
    assert plan.n <= plan_sample(sum(sizes), limit).n + 2 * len(sizes)


@given(small_strata(), st.integers(1, 40), st.data())
def test_the_correction_never_claims_more_than_the_bound_itself(
    strata: list[Stratum], seeds: int, data: st.DataObject
) -> None:
    found = data.draw(st.integers(0, seeds))
    corrected = corrected_bound(strata, seeds, found)
    assert corrected.upper >= stratified_bound(strata).upper
    assert corrected.upper <= 1
    if found == 0:
        assert corrected.upper == 1


def test_reading_every_note_proves_nothing_about_what_was_overlooked() -> None:
    everything = [Stratum("all", 300, 300, 0)]
    assert stratified_bound(everything).upper == 0
    assert corrected_bound(everything, 20, 20).upper > 0


def test_the_correction_divides_by_the_lower_limit_of_sensitivity() -> None:
    corrected = corrected_bound([Stratum("all", 10**6, 300, 0)], 20, 18)
    assert corrected.sensitivity_lower == pytest.approx(0.683017, abs=1e-6)
    assert corrected.upper == pytest.approx(0.012221 / 0.683017, abs=2e-5)


@given(st.integers(10, 3000), st.sampled_from([0.01, 0.02, 0.05, 0.1]))
def test_the_fewest_seeds_are_enough_and_one_fewer_is_not(n: int, limit: float) -> None:
    seeds = fewest_seeds(n, limit)
    huge = [Stratum("all", 10**9, n, 0)]
    if seeds is None:
        assert corrected_bound(huge, 10**6, 10**6).upper > limit
        return
    assert corrected_bound(huge, seeds, seeds).upper <= limit * (1 + 1e-6)
    if seeds > 1:
        assert corrected_bound(huge, seeds - 1, seeds - 1).upper > limit


def test_a_stratum_that_nobody_read_may_leak_whole() -> None:
    strata = [Stratum("read", 100, 100, 0), Stratum("not", 40, 0, 0)]
    assert possibly_leaky(strata) == 40
    with pytest.raises(ValueError, match="at least one note read of each"):
        stratified_bound(strata)


def test_the_plan_says_what_no_leak_and_one_and_two_would_mean() -> None:
    plan = plan_strata({"a": 200, "b": 800}, 0.05)
    assert [bound.leaks for bound in plan.what_if] == [0, 1, 2]
    assert plan.what_if[0].upper <= 0.05 < plan.what_if[1].upper < plan.what_if[2].upper


cells = st.dictionaries(
    st.tuples(st.sampled_from("xy"), st.sampled_from("abc"), st.sampled_from("mn")),
    st.integers(1, 60),
    min_size=1,
)


@given(cells, st.integers(1, 80))
def test_strata_are_large_enough_but_for_the_last_one(
    notes: dict[tuple[str, ...], int], smallest: int
) -> None:
    names = form_strata(notes, smallest)
    assert set(names) == set(notes)
    sizes: Counter[str] = Counter()
    for cell, count in notes.items():
        sizes[names[cell]] += count
    assert all(size >= smallest for name, size in sizes.items() if name not in ("the rest", "all"))
    assert "all" not in sizes or len(sizes) == 1


def test_small_cells_are_put_together_over_their_last_feature() -> None:
    notes = {("unsure", "letter"): 50, ("unsure", "ED note"): 20, ("unsure", "H&P"): 15}
    assert form_strata({**notes, ("sure", "letter"): 5}, 30) == {
        ("unsure", "letter"): "unsure, letter",
        ("unsure", "ED note"): "unsure, other",
        ("unsure", "H&P"): "unsure, other",
        ("sure", "letter"): "the rest",
    }


@given(st.integers(1, 30), st.integers(1, 30), st.integers(), st.data())
def test_a_draw_within_strata_takes_what_each_is_to_give(
    a: int, b: int, seed: int, data: st.DataObject
) -> None:
    frames = {"a": [f"a{i}" for i in range(a)], "b": [f"b{i}" for i in range(b)]}
    sizes = {"a": data.draw(st.integers(1, a)), "b": data.draw(st.integers(1, b))}
    drawn = draw_strata(frames, sizes, seed)
    assert Counter(name for name, _ in drawn) == sizes
    assert len(set(drawn)) == len(drawn)
    assert all(note in frames[name] for name, note in drawn)


def test_a_draw_mixes_the_strata_and_favours_no_note() -> None:
    frames, sizes = {"a": ["a1", "a2"], "b": ["b1", "b2", "b3"]}, {"a": 1, "b": 2}
    firsts = Counter(draw_strata(frames, sizes, seed)[0] for seed in range(3_000))
    assert all(450 < firsts["a", note] < 1_050 for note in frames["a"])
    picked = Counter(
        note for seed in range(3_000) for name, note in draw_strata(frames, sizes, seed)
    )
    assert all(1_400 < picked[note] < 1_600 for note in frames["a"])
    assert all(1_900 < picked[note] < 2_100 for note in frames["b"])


@pytest.mark.parametrize(
    "strata",
    [[], [Stratum("a", 5, 0, 0)], [Stratum("a", 5, 6, 0)], [Stratum("a", 5, 2, 3)]],
)
def test_impossible_strata_are_refused(strata: list[Stratum]) -> None:
    with pytest.raises(ValueError, match=r"stratum|Stratum"):
        stratified_bound(strata)

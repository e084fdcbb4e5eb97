import itertools
import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from evidence import statistics as s

confidences = st.floats(0.5, 0.999)


@st.composite
def counts(draw: st.DrawFn) -> tuple[int, int]:
    n = draw(st.integers(1, 3000))
    return draw(st.integers(0, n)), n


@st.composite
def samples(draw: st.DrawFn) -> tuple[int, int, int]:
    population = draw(st.integers(1, 400))
    n = draw(st.integers(1, population))
    return draw(st.integers(0, n)), n, population


@given(counts(), confidences)
def test_every_interval_contains_the_estimate(count: tuple[int, int], confidence: float) -> None:
    x, n = count
    for low, high in (
        s.clopper_pearson_interval(x, n, confidence),
        s.wilson_interval(x, n, confidence),
    ):
        assert -1e-12 <= low <= x / n + 1e-12
        assert x / n - 1e-12 <= high <= 1 + 1e-12


@given(counts(), confidences)
def test_one_more_event_raises_the_upper_limit(count: tuple[int, int], confidence: float) -> None:
    x, n = count
    assume(x < n)
    more = s.clopper_pearson_upper(x + 1, n, confidence)
    assert more > s.clopper_pearson_upper(x, n, confidence)


@given(counts(), confidences)
def test_a_larger_sample_lowers_the_upper_limit(count: tuple[int, int], confidence: float) -> None:
    x, n = count
    assume(x < n)
    larger = s.clopper_pearson_upper(x, n + 1, confidence)
    assert larger < s.clopper_pearson_upper(x, n, confidence)


@given(counts(), confidences)
def test_at_the_upper_limit_so_few_events_are_just_as_rare_as_allowed(
    count: tuple[int, int], confidence: float
) -> None:
    x, n = count
    assume(x < n)
    upper = s.clopper_pearson_upper(x, n, confidence)
    assert s.acceptance_probability(n, x, upper) == pytest.approx(1 - confidence, rel=1e-5)


@given(samples(), st.data())
def test_the_hypergeometric_tail_agrees_with_counting(
    sample: tuple[int, int, int], data: st.DataObject
) -> None:
    found, n, population = sample
    defective = data.draw(st.integers(0, population))
    exact = sum(
        math.comb(defective, k) * math.comb(population - defective, n - k)
        for k in range(min(found, defective, n) + 1)
    ) / math.comb(population, n)
    computed = s.hypergeometric_cdf(found, population, defective, n)
    assert computed == pytest.approx(exact, rel=1e-9, abs=1e-300)


@given(samples(), confidences)
def test_the_population_bound_is_the_largest_that_the_sample_allows(
    sample: tuple[int, int, int], confidence: float
) -> None:
    found, n, population = sample
    bound = s.hypergeometric_upper(found, n, population, confidence)
    assert found / population <= bound.rate <= 1
    assert bound.unread <= population - n
    at_bound = s.hypergeometric_cdf(found, population, bound.defective, n)
    assert at_bound > (1 - confidence) * (1 - 1e-6)
    if bound.defective < population - (n - found):
        beyond = s.hypergeometric_cdf(found, population, bound.defective + 1, n)
        assert beyond <= (1 - confidence) * (1 + 1e-6)


@given(samples(), st.sampled_from([0.95, 0.99]))
def test_a_finite_population_is_bounded_no_wider_than_an_endless_one(
    sample: tuple[int, int, int], confidence: float
) -> None:
    found, n, population = sample
    finite = s.hypergeometric_upper(found, n, population, confidence).rate
    assert finite <= s.clopper_pearson_upper(found, n, confidence) + 1e-9


def test_reading_everything_leaves_nothing_open() -> None:
    assert s.hypergeometric_upper(3, 200, 200) == s.PopulationBound(3, 0.015, 0)


def test_a_large_population_is_bounded_too() -> None:
    bound = s.hypergeometric_upper(2, 5000, 2_000_000)
    assert bound.rate == pytest.approx(s.clopper_pearson_upper(2, 5000), rel=0.005)


@given(st.floats(0.0005, 0.9), confidences)
def test_the_zero_failure_size_is_the_smallest(rate: float, confidence: float) -> None:
    n = s.zero_failure_sample_size(rate, confidence)
    assert s.clopper_pearson_upper(0, n, confidence) <= rate * (1 + 1e-9)
    assert n == 1 or s.clopper_pearson_upper(0, n - 1, confidence) > rate * (1 - 1e-9)


@given(st.floats(0.005, 0.5), st.floats(0.01, 0.5), st.integers(0, 5))
def test_the_limiting_quality_size_is_the_smallest(rate: float, risk: float, c: int) -> None:
    n = s.limiting_quality_sample_size(rate, risk, c)
    assert s.acceptance_probability(n, c, rate) <= risk
    assert n == c + 1 or s.acceptance_probability(n - 1, c, rate) > risk


def test_a_limit_in_decimals_tolerates_what_it_says() -> None:
    assert [s.tolerated_units(100, rate) for rate in (0.29, 0.07, 0.57, 0.999)] == [29, 7, 57, 99]


@given(st.tuples(*[st.integers(0, 50)] * 4))
def test_agreement_coefficients_stay_within_one(table: tuple[int, int, int, int]) -> None:
    assume(sum(table) > 0)
    result = s.agreement(*table)
    assert result.ac1 <= 1 + 1e-12
    assert result.kappa is None or -1 - 1e-12 <= result.kappa <= 1 + 1e-12
    both_yes, first, second, both_no = table
    assert result == s.agreement(both_yes, second, first, both_no)


@given(st.tuples(*[st.integers(0, 50)] * 4))
def test_agreement_intervals_hold_their_estimates(table: tuple[int, int, int, int]) -> None:
    assume(sum(table) > 0)
    at, around = s.agreement(*table), s.agreement_intervals(*table)
    assert around.observed[0] <= at.observed <= around.observed[1]
    assert around.ac1[0] <= at.ac1 <= around.ac1[1] <= 1 + 1e-12
    assert (around.kappa is None) == (at.kappa is None)


def test_a_few_readings_that_all_agree_leave_a_wide_interval() -> None:
    few, many = s.agreement_intervals(0, 0, 0, 5), s.agreement_intervals(0, 0, 0, 500)
    assert few.ac1[0] < 0.4
    assert many.ac1[0] > 0.99


def test_agreement_intervals_hold_the_truth_as_often_as_they_say() -> None:
    cells, generator = (0.3, 0.05, 0.1, 0.55), np.random.default_rng(3)
    truth = s.agreement(30, 5, 10, 55).ac1
    tables = generator.multinomial(120, cells, size=200)
    held = [low <= truth <= high for low, high in (s.agreement_intervals(*t).ac1 for t in tables)]
    assert 0.9 <= sum(held) / len(held) <= 1


@given(st.integers(0, 200), st.integers(0, 200))
def test_mcnemar_does_not_care_which_model_comes_first(a: int, b: int) -> None:
    assert s.mcnemar(a, b) == s.mcnemar(b, a)
    assert 0 < s.mcnemar(a, b).exact_p <= 1


def test_the_bootstrap_does_not_depend_on_the_order_of_values() -> None:
    values = [0.1, 0.4, 0.35, 0.8, 0.6, 0.2]
    patients = ["a", "a", "b", "c", "c", "d"]
    first = s.cluster_bootstrap_mean(values, patients, seed=7)
    second = s.cluster_bootstrap_mean(values[::-1], patients[::-1], seed=7)
    assert first == second
    assert first != s.cluster_bootstrap_mean(values, patients, seed=8)
    assert (first.n, first.clusters) == (6, 4)


def test_the_bootstrap_redraws_patients_and_not_notes() -> None:
    values = [0.0] * 50 + [1.0] * 50
    by_note = s.cluster_bootstrap_mean(values, range(100), seed=1)
    by_patient = s.cluster_bootstrap_mean(values, ["a"] * 50 + ["b"] * 50, seed=1)
    assert by_patient.interval == (0.0, 1.0)
    assert by_note.low > 0.35


def test_the_bootstrap_interval_has_about_its_stated_coverage() -> None:
    generator = np.random.default_rng(3)
    hits = 0
    for trial in range(200):
        centres = generator.normal(0.5, 0.1, 40)
        values = [float(c + generator.normal(0, 0.05)) for c in centres for _ in range(3)]
        patients = [p for p in range(40) for _ in range(3)]
        result = s.cluster_bootstrap_mean(values, patients, seed=trial, resamples=400)
        hits += result.low <= 0.5 <= result.high
    assert 0.88 <= hits / 200 <= 0.99


@given(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 5)), min_size=1, max_size=30))
def test_the_bootstrap_interval_lies_within_the_values(data: list[tuple[float, int]]) -> None:
    values = [value for value, _ in data]
    result = s.cluster_bootstrap_mean(values, [c for _, c in data], seed=1, resamples=100)
    assert min(values) - 1e-9 <= result.low <= result.high <= max(values) + 1e-9


def test_seeded_leaks_that_are_missed_widen_the_bound() -> None:
    assert s.sensitivity_adjusted_upper(0.6, 0.5) == 1.0
    assert s.sensitivity_adjusted_upper(0.01, 1.0) == 0.01


IMPOSSIBLE: list[Callable[[], object]] = [
    lambda: s.clopper_pearson_upper(5, 4),
    lambda: s.clopper_pearson_upper(-1, 4),
    lambda: s.clopper_pearson_upper(0, 0),
    lambda: s.clopper_pearson_upper(0, 10, 1.0),
    lambda: s.clopper_pearson_upper(0, 10, 95),
    lambda: s.clopper_pearson_upper(0, 10, float("nan")),
    lambda: s.clopper_pearson_upper(1.5, 10),  # type: ignore[arg-type]
    lambda: s.wilson_interval(3, 2),
    lambda: s.min_successes_for_wilson(10, 1.2),
    lambda: s.acceptance_probability(10, 0, 1.1),
    lambda: s.hypergeometric_upper(0, 11, 10),
    lambda: s.hypergeometric_upper(0, 0, 10),
    lambda: s.hypergeometric_upper(4, 3, 10),
    lambda: s.hypergeometric_cdf(0, 10, 11, 3),
    lambda: s.zero_failure_sample_size(0.0),
    lambda: s.limiting_quality_sample_size(0.01, 1.0),
    lambda: s.finite_sample_size(10, 11),
    lambda: s.finite_sample_size(10, 2, 0.95, 2),
    lambda: s.review_sample_size(100, 0.05, 0.95, 1.5),
    lambda: s.review_sample_size(10, 0.05, 0.95, 0.05, 1),
    lambda: s.agreement(0, 0, 0, 0),
    lambda: s.agreement(-1, 0, 0, 2),
    lambda: s.chapman(3, 5, 4),
    lambda: s.stratified_rate([]),
    lambda: s.stratified_rate([s.Stratum("a", 10, 11, 0)]),
    lambda: s.sensitivity_adjusted_upper(0.1, 0.0),
    lambda: s.mcnemar(-1, 3),
    lambda: s.cluster_bootstrap_mean([], [], seed=1),
    lambda: s.cluster_bootstrap_mean([1.0], ["a", "b"], seed=1),
    lambda: s.cluster_bootstrap_mean([float("nan")], ["a"], seed=1),
    lambda: s.cluster_bootstrap_mean([1.0], ["a"], seed=1, resamples=10),
]


@pytest.mark.parametrize("call", IMPOSSIBLE, ids=itertools.count())
def test_it_refuses_impossible_figures_in_one_sentence(call: Callable[[], object]) -> None:
    with pytest.raises(ValueError) as error:
        call()
    assert str(error.value).endswith(".")
    assert "\n" not in str(error.value)

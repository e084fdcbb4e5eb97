import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.gates import Gate, judge

ROUGE = Gate("rouge_l", "ROUGE-L", "at_least", 0.90, "", "guide")
LEAKS = Gate("leak_rate", "Leak rate", "at_most", 0.05, "", "guide")
SIZE = Gate("examples", "Examples", "at_least", 1000, "examples", "guide", decides_on="value")


def test_an_at_least_gate_judges_the_lower_limit() -> None:
    assert judge(ROUGE, 0.93, (0.89, 0.96), 300).status == "fail"
    assert judge(ROUGE, 0.93, (0.90, 0.96), 300).status == "pass"


def test_an_at_most_gate_judges_the_upper_limit() -> None:
    assert judge(LEAKS, 0.01, (0.0, 0.051), 80).status == "fail"
    assert judge(LEAKS, 0.01, (0.0, 0.05), 80).status == "pass"


def test_what_was_not_measured_is_missing_and_never_passes() -> None:
    result = judge(ROUGE, None)
    assert (result.status, result.passed) == ("missing", False)


def test_a_gate_without_a_limit_is_missing_whatever_was_measured() -> None:
    rated = replace(ROUGE, limit=None)
    result = judge(rated, 0.99, (0.98, 1.0), 300)
    assert (result.status, result.passed) == ("missing", False)
    assert "No limit is set" in result.explanation
    assert (rated.limit_words, ROUGE.limit_words) == ("none set", "at least 0.9")
    assert json.loads(json.dumps(result.to_dict()))["gate"]["limit"] is None


def test_a_value_without_its_interval_is_missing() -> None:
    assert judge(ROUGE, 0.99).status == "missing"


def test_a_gate_on_a_count_judges_the_value() -> None:
    assert judge(SIZE, 999).status == "fail"
    assert judge(SIZE, 1000, n=1000).passed


def test_the_explanation_names_the_figure_and_the_limit() -> None:
    result = judge(SIZE, 12)
    assert result.explanation == (
        "The value, 12 examples, falls short of the limit of at least 1000 examples."
    )


def test_a_result_is_plain_json() -> None:
    result = judge(LEAKS, 0.0, (0.0, 0.03), 90)
    assert json.loads(json.dumps(result.to_dict())) == result.to_dict()
    assert result.to_dict()["gate"]["limit"] == 0.05


@pytest.mark.parametrize(
    ("value", "interval", "n"),
    [(float("nan"), None, 1), (0.5, (0.6, 0.4), 1), (0.5, (0.4, float("inf")), 1), (0.5, None, -1)],
)
def test_it_refuses_impossible_figures(
    value: float, interval: tuple[float, float] | None, n: int
) -> None:
    with pytest.raises(ValueError):
        judge(ROUGE, value, interval, n)


def test_it_refuses_a_gate_without_a_true_limit() -> None:
    with pytest.raises(ValueError, match="finite"):
        replace(ROUGE, limit=float("nan"))


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_a_wider_interval_never_turns_fail_into_pass(a: float, b: float, more: float) -> None:
    low, high = sorted((a, b))
    for gate in (ROUGE, LEAKS):
        wide = judge(gate, low, (low - more, high + more), 10)
        assert not wide.passed or judge(gate, low, (low, high), 10).passed

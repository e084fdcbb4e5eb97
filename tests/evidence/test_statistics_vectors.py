"""Published figures, computed once with scipy's reference implementations."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from evidence import statistics as s

DATA = json.loads((Path(__file__).parent / "statistics_vectors.json").read_text())
Figures = dict[str, Any]


def _upper(i: Figures) -> Figures:
    upper = s.clopper_pearson_upper(i["leaks"], i["n"], i["confidence"])
    return {"upper": upper, "rule_of_three": 3 / i["n"]}


def _two_sided(i: Figures) -> Figures:
    low, high = s.clopper_pearson_interval(i["leaks"], i["n"], i["confidence"])
    return {"lower": low, "upper": high}


def _hypergeometric(i: Figures) -> Figures:
    bound = s.hypergeometric_upper(i["leaks"], i["n"], i["population"], i["confidence"])
    return {
        "max_defective_records": bound.defective,
        "upper_rate": bound.rate,
        "remaining_unreviewed_max": bound.unread,
    }


def _limiting_quality(i: Figures) -> Figures:
    c = i["acceptance_number"]
    n = s.limiting_quality_sample_size(i["ltpd"], i["consumer_risk"], c)
    return {"n": n, "accept_prob_at_ltpd": s.acceptance_probability(n, c, i["ltpd"])}


def _finite(i: Figures) -> Figures:
    confidence = 1 - i["consumer_risk"]
    return {"n": s.finite_sample_size(i["population"], i["defective_to_detect"], confidence)}


def _wilson(i: Figures) -> Figures:
    low, high = s.wilson_interval(i["successes"], i["n"])
    return {"lower": low, "upper": high, "point": i["successes"] / i["n"]}


def _wilson_gate(i: Figures) -> Figures:
    k = s.min_successes_for_wilson(i["n"], i["threshold"])
    return {"k": k, "point": None if k is None else k / i["n"]}


def _agreement(i: Figures) -> Figures:
    a = s.agreement(i["both_yes"], i["a_yes_b_no"], i["a_no_b_yes"], i["both_no"])
    return {
        "po": a.observed,
        "pe_kappa": a.chance_kappa,
        "kappa": a.kappa,
        "pe_ac1": a.chance_ac1,
        "ac1": a.ac1,
    }


def _chapman(i: Figures) -> Figures:
    c = s.chapman(i["reviewer1_found"], i["reviewer2_found"], i["both"])
    return {
        "estimated_total": c.estimated_total,
        "found_union": c.found,
        "estimated_missed": c.estimated_missed,
    }


def _strata(i: Figures) -> Figures:
    strata = [s.Stratum(h["name"], h["N"], h["n"], h["leaks"]) for h in i["strata"]]
    rate = s.stratified_rate(strata, i["confidence"])
    return {
        "weighted_point": rate.estimate,
        "upper": rate.upper,
        "stratum_uppers": list(rate.stratum_uppers),
    }


def _review(i: Figures) -> Figures:
    asked = (i["max_leak_rate"], i["confidence"], i["min_fraction"])
    n = s.review_sample_size(i["population"], *asked)
    return {"n": n, "five_percent": round(i["population"] * 0.05)}


def _mcnemar(i: Figures) -> Figures:
    m = s.mcnemar(i["old_right_new_wrong"], i["old_wrong_new_right"])
    return {
        "exact_p": m.exact_p,
        "chi2_cc": m.chi_squared,
        "chi2_cc_p": m.chi_squared_p,
        "recommended": m.recommended,
    }


COMPUTE: dict[str, Callable[[Figures], Figures]] = {
    "clopper_pearson_upper_one_sided": _upper,
    "clopper_pearson_two_sided": _two_sided,
    "clopper_pearson_lower_one_sided": lambda i: {
        "lower": s.clopper_pearson_lower(i["hits"], i["n"], i["confidence"])
    },
    "hypergeometric_upper_one_sided": _hypergeometric,
    "sample_size_zero_failures": lambda i: {
        "n": s.zero_failure_sample_size(i["max_rate"], i["confidence"])
    },
    "ltpd_sample_size_binomial": _limiting_quality,
    "sample_size_zero_failures_hypergeometric": _finite,
    "oc_probability_of_acceptance": lambda i: {
        "p_accept": s.acceptance_probability(i["n"], i["c"], i["p"])
    },
    "wilson_95": _wilson,
    "min_successes_for_wilson_lower_ge": _wilson_gate,
    "cohen_kappa_gwet_ac1": _agreement,
    "chapman_total_leaks": _chapman,
    "stratified_weighted_leak_rate": _strata,
    "reviewer_sensitivity_adjusted_upper": lambda i: {
        "adjusted_upper": s.sensitivity_adjusted_upper(i["upper"], i["reviewer_sensitivity"])
    },
    "review_sample_size": _review,
    "mcnemar": _mcnemar,
}


@pytest.mark.parametrize("vector", DATA["vectors"], ids=lambda vector: vector["id"])
def test_it_reproduces_the_published_figure(vector: Figures) -> None:
    computed = COMPUTE[vector["function"]](vector["input"])
    expected = vector["expected"]
    for name, value in expected.items():
        if isinstance(value, float | list):
            assert computed[name] == pytest.approx(value, abs=DATA["tolerance"]), name
        else:
            assert computed[name] == value, name


def test_all_94_figures_are_there() -> None:
    assert len(DATA["vectors"]) == 94

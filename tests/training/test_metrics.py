"""Measures against figures worked out independently."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rouge_score.rouge_scorer import RougeScorer

from training.metrics.calibration import (
    brier_binary,
    brier_multiclass,
    expected_calibration_error,
)
from training.metrics.classification import triage_measures
from training.metrics.coding import multi_label_measures, top_k_measures
from training.metrics.intervals import bootstrap_interval
from training.metrics.rouge import rouge_l
from training.metrics.thresholds import thresholds_of

VECTORS = json.loads((Path(__file__).parent / "metric_vectors.json").read_text())["vectors"]
LEFT = ["a", "b", "c", "no", "7.2", "%", "fever"]
RIGHT = ["a", "b", "c", "No", "7.2", "<", "Fever"]
SCORER = RougeScorer(["rougeL"], use_stemmer=False)


def _vectors(function: str) -> list[Any]:
    return [pytest.param(v, id=v["id"]) for v in VECTORS if v["function"] == function]


def _close(value: float) -> Any:
    return pytest.approx(value, abs=1e-6)


@pytest.mark.parametrize("vector", _vectors("rouge_l"))
def test_rouge_l(vector: dict[str, Any]) -> None:
    score = rouge_l(vector["input"]["candidate"], vector["input"]["reference"])
    assert asdict(score) == {name: _close(value) for name, value in vector["expected"].items()}


@given(
    st.lists(st.sampled_from(LEFT), max_size=30).map(" ".join),
    st.lists(st.sampled_from(RIGHT), max_size=30).map(" ".join),
)
def test_rouge_l_agrees_with_the_reference_library(candidate: str, reference: str) -> None:
    wanted = SCORER.score(reference, candidate)["rougeL"]
    made = rouge_l(candidate, reference)
    assert (made.precision, made.recall, made.f1) == (
        pytest.approx(wanted.precision),
        pytest.approx(wanted.recall),
        pytest.approx(wanted.fmeasure),
    )


@pytest.mark.parametrize("vector", _vectors("ece"))
def test_expected_calibration_error(vector: dict[str, Any]) -> None:
    given_ = vector["input"]
    error = expected_calibration_error(given_["confidence"], given_["correct"], given_["bins"])
    assert error == _close(vector["expected"]["ece"])


@pytest.mark.parametrize("vector", _vectors("brier_binary"))
def test_brier_binary(vector: dict[str, Any]) -> None:
    score = brier_binary(vector["input"]["p"], vector["input"]["y"])
    assert score == _close(vector["expected"]["brier"])


@pytest.mark.parametrize("vector", _vectors("brier_multiclass_sum"))
def test_brier_multiclass(vector: dict[str, Any]) -> None:
    score = brier_multiclass(vector["input"]["p"], vector["input"]["y"])
    assert score == _close(vector["expected"]["brier"])


@pytest.mark.parametrize("vector", _vectors("triage_metrics"))
def test_triage(vector: dict[str, Any]) -> None:
    labels = vector["input"]["labels_ordered_high_to_low_acuity"]
    made = asdict(triage_measures(labels, vector["input"]["confusion_rows_true_cols_pred"]))
    classes = made.pop("per_class")
    wanted = dict(vector["expected"])
    for label, measures in wanted.pop("per_class").items():
        assert classes[label] == {name: _close(value) for name, value in measures.items()}
    assert made == {name: _close(value) for name, value in wanted.items()}


@pytest.mark.parametrize("vector", _vectors("icd_f1"))
def test_multi_label_codes(vector: dict[str, Any]) -> None:
    made = multi_label_measures(vector["input"]["gold"], vector["input"]["predicted"])
    wanted = vector["expected"]
    assert (made.true_positives, made.false_positives, made.false_negatives) == (
        wanted["tp"],
        wanted["fp"],
        wanted["fn"],
    )
    assert made.micro_precision == _close(wanted["micro_p"])
    assert made.micro_recall == _close(wanted["micro_r"])
    assert made.micro_f1 == _close(wanted["micro_f1"])
    assert made.macro_f1_union_labels == _close(wanted["macro_f1_union_labels"])
    assert made.macro_f1_gold_labels == _close(wanted["macro_f1_gold_support_labels"])


@pytest.mark.parametrize("vector", _vectors("top_k_metrics"))
def test_top_k(vector: dict[str, Any]) -> None:
    made, wanted = top_k_measures(**vector["input"]), vector["expected"]
    assert made.primary_accuracy == _close(wanted["top3_accuracy_primary"])
    assert made.hit_any == _close(wanted["hit_at_3_any"])
    assert made.recall == _close(wanted["recall_at_3"])
    assert (made.evaluated, made.excluded_no_gold) == (
        wanted["evaluated"],
        wanted["excluded_no_gold"],
    )


def test_the_interval_redraws_whole_patients() -> None:
    values = [0.1, 0.1, 0.1, 0.9, 0.9, 0.9]
    by_item = bootstrap_interval(values, list(range(6)), seed=3)
    by_patient = bootstrap_interval(values, ["p", "p", "p", "q", "q", "q"], seed=3)
    assert by_patient.high - by_patient.low > by_item.high - by_item.low
    assert by_item == bootstrap_interval(values, list(range(6)), seed=3)


def test_the_guides_gate_for_summaries() -> None:
    gate = thresholds_of("note_summarisation")
    assert (gate.threshold, gate.min_examples, gate.recommended) == (0.9, 1000, (3000, 5000))
    assert thresholds_of("letters").threshold is None

"""How the version was judged: figures with their intervals, gates as they read, contamination."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from evidence.canonical import canonical_json
from evidence.charts import IntervalRow, interval_chart
from evidence.dates import day, moment
from evidence.gates import limit_words
from evidence.sections import (
    Block,
    Chart,
    Evidence,
    Field,
    Figure,
    Gap,
    Scope,
    Table,
    Text,
    section_provider,
)
from training.evidence.making import version_in
from training.gates import gate_views
from training.models import Evaluation, ModelVersion
from training.selectors import (
    contaminating_patients,
    figure_rows,
    lineage_of,
    previous_evaluation,
)
from training.services.evaluations import figure_over_patients
from training.what_ran import unfinished_words
from vault import artefacts


@section_provider("model")
def collect(scope: Scope) -> Iterator[Field]:
    version = version_in(scope)
    if version is None:
        return
    every = list(
        version.evaluations.filter(state=Evaluation.State.DONE)
        .select_related("gold_set", "model_version__training_run", "started_by")
        .prefetch_related("overrides__signature")
    )
    # What the deciders had before them is the evaluation that the submission froze.
    found = [e for e in every if str(e.pk) == scope.evaluation_id] if scope.evaluation_id else every
    if not found:
        return
    yield Field("split_report", "", _contamination(version, found), key="contamination")
    blocks = [block for evaluation in found for block in _metrics(evaluation)]
    yield Field("evaluation_run", "", blocks, key="metrics")
    yield Field("evaluation_run", "", _unmeasured(), key="confusion")
    if others := [evaluation for evaluation in every if evaluation not in found]:
        yield Field(
            "evaluation_run history", "Other evaluations of this version", _others(others, found[0])
        )


def _others(others: list[Evaluation], decided: Evaluation) -> list[Block]:
    """Named, so that nobody can pick the best of several unseen; none of their figures is here."""
    rows = tuple(
        (
            evaluation.number,
            moment(evaluation.finished_at) if evaluation.finished_at else None,
            "before" if evaluation.number < decided.number else "after it was decided on",
        )
        for evaluation in sorted(others, key=lambda found: found.number)
    )
    return [
        Table(
            f"Finished evaluations besides evaluation {decided.number}, which was submitted",
            ("Evaluation", "Finished", "Before or after the submitted one"),
            rows,
        ),
        Text(
            "Nobody decided on them here: no figure and no override of theirs is in this package."
        ),
    ]


def _contamination(version: ModelVersion, found: list[Evaluation]) -> list[Block]:
    """Counted now from the membership rows, over every version that this one continues."""
    behind = len(lineage_of(version))
    return [
        Figure(
            f"Patients of gold set {evaluation.gold_set.number} that taught this version or one "
            "that it continues",
            contaminating_patients(version, evaluation.gold_set),
            f"patients ({behind} version{'s' if behind > 1 else ''} in the line)",
            n=evaluation.gold_set.items.values("patient").distinct().count(),
            digest=evaluation.gold_set.digest,
        )
        for evaluation in {e.gold_set_id: e for e in found}.values()
    ]


def _metrics(evaluation: Evaluation) -> list[Block]:
    results, name = evaluation.results, f"Evaluation {evaluation.number}"
    confidence = round(100 * results["rouge_l"].get("confidence", 0.95))
    return [
        Text(
            f"{name} on gold set {evaluation.gold_set.number}, finished "
            f"{moment(evaluation.finished_at or evaluation.started_at)}, started by "
            f"{evaluation.started_by.full_name}. Intervals of {confidence} %: "
            f"{results['rouge_l'].get('method', 'not recorded')}."
        ),
        *(
            _figure(f"ROUGE-L F1, {label[0].lower()}{label[1:]}", figure, evaluation.digest)
            for label, figure in figure_rows(evaluation)
        ),
        *_against_previous(evaluation),
        *_gates(evaluation),
        _chart(evaluation),
        Figure(
            "Prompts that were cut",
            results["truncated_prompts"],
            "prompts",
            n=results["rouge_l"]["n"],
            digest=evaluation.digest,
        ),
        *unfinished(evaluation),
        Evidence(name, evaluation.digest, "evaluation"),
        Evidence("Answers of the version", evaluation.outputs_artefact, "answers"),
        Evidence("Answers of the base model", evaluation.base_outputs_artefact, "answers"),
    ]


def _figure(label: str, figure: dict[str, Any], digest: str) -> Figure:
    low, high = figure["interval"]
    return Figure(
        label, round(figure["value"], 4), "", (round(low, 4), round(high, 4)), figure["n"], digest
    )


def unfinished(evaluation: Evaluation) -> list[Block]:
    """Answers that ran into their limit of length: cut texts, whatever their score."""
    count, n = evaluation.results["unfinished_answers"], evaluation.results["rouge_l"]["n"]
    figure = Figure("Answers that did not end", count, "answers", n=n, digest=evaluation.digest)
    return [figure, Text(unfinished_words(count, n))] if count else [figure]


def _against_previous(evaluation: Evaluation) -> list[Block]:
    """The paired difference to the version before, on the same gold items."""
    before = previous_evaluation(evaluation)
    if before is None:
        return [
            Gap(
                "Comparison with the version before",
                "No earlier version was evaluated on this gold set.",
            )
        ]
    earlier = {row["id"]: row["rouge_l"] for row in before.results["items"]}
    mine = {row["id"]: row["rouge_l"] for row in evaluation.results["items"]}
    clusters = _clusters(evaluation)
    shared = sorted(set(earlier) & set(mine))
    figure = figure_over_patients(
        [mine[key] - earlier[key] for key in shared], [clusters[key] for key in shared]
    )
    label = f"Gain over version {before.model_version.number}, by patient"
    assert before.manifest is not None  # a finished evaluation has one
    return [
        _figure(label, figure, evaluation.digest),
        Evidence(
            f"Evaluation {before.number} of version {before.model_version.number}, compared with",
            before.digest,
            "evaluation",
            canonical_json(before.manifest),
        ),
    ]


def _clusters(evaluation: Evaluation) -> dict[str, str]:
    lines = artefacts.read_bytes(evaluation.gold_set.artefact).decode().splitlines()
    return {row["id"]: row["cluster"] for row in map(json.loads, lines)}


def _gates(evaluation: Evaluation) -> list[Block]:
    rows = gate_views(evaluation)
    table = Table(
        "Gates",
        ("Gate", "Reads", "Value", "Limit", "n", "Why", "Source"),
        tuple(
            (
                row["label"],
                row["status"].upper(),
                None if row["value"] is None else round(row["value"], 4),
                limit_words(row["direction"], row["limit"], row["unit"]),
                row["n"],
                row["explanation"],
                row["source"],
            )
            for row in rows
        ),
        evaluation.digest,
    )
    overridden = [
        Text(
            f"{row['label']} reads {row['status'].upper()} and was overridden by "
            f"{row['override']['by']} on {day(row['override']['date'])}: "
            f"{row['override']['reason']}"
        )
        for row in rows
        if row["override"]
    ]
    return [table, *overridden]


def _chart(evaluation: Evaluation) -> Chart:
    rows = figure_rows(evaluation)[:2]
    title = f"ROUGE-L F1 of evaluation {evaluation.number}, with 95 % intervals"
    table = Table(
        title,
        ("Model", "Value", "Low", "High", "n"),
        tuple((label, *_rounded(figure), figure["n"]) for label, figure in rows),
        evaluation.digest,
    )
    return Chart(title, interval_svg(evaluation), table)


def interval_svg(evaluation: Evaluation) -> str:
    """The version and its base with their intervals and the gate's limit, for page and PDF."""
    limit = next(
        (g["gate"]["limit"] for g in evaluation.gates if g["gate"]["id"] == "rouge_l"), None
    )
    drawn = []
    for place, (label, figure) in enumerate(figure_rows(evaluation)[:2]):
        value, low, high = _rounded(figure)
        # The limit is the version's; the base is only beside it.
        drawn.append(IntervalRow(label, value, low, high, limit if place == 0 else None))
    return interval_chart(
        f"ROUGE-L F1 of evaluation {evaluation.number}, with 95 % intervals", drawn
    )


def _rounded(figure: dict[str, Any]) -> tuple[float, float, float]:
    low, high = figure["interval"]
    return round(figure["value"], 4), round(low, 4), round(high, 4)


def _unmeasured() -> list[Block]:
    return [
        Gap(
            "Confusion matrix and per-class table",
            "Summarisation has no classes, so there is no confusion matrix.",
        ),
        Gap("Subgroups and calibration", "They were not measured."),
    ]

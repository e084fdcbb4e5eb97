"""What changes: the candidate against the version approved before it. Only differences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from governance.models import Submission
from training.models import Evaluation, ModelVersion

# (key in the results, words, whether more is better)
MEASURES = (
    ("rouge_l", "ROUGE-L F1", True),
    ("difference", "Gain over the base model", True),
    ("truncated_prompts", "Prompts that were cut", False),
    ("unfinished_answers", "Answers that did not end", False),
)
SMALLEST = 1e-9


@dataclass(frozen=True)
class Item:
    """One gold item: the candidate's score beside the earlier version's and the base's."""

    id: str
    candidate: float
    before: float | None
    base: float | None

    @property
    def change(self) -> float | None:
        return None if self.before is None else self.candidate - self.before


@dataclass(frozen=True)
class Comparison:
    """`rows`: {label, before, candidate, change, worse}; regressions come first."""

    before: ModelVersion | None
    same_gold_set: bool
    rows: list[dict[str, Any]]
    items: list[Item]

    @property
    def regressions(self) -> int:
        return sum(bool(row["worse"]) for row in self.rows)


def compare(submission: Submission) -> Comparison:
    """The candidate against the newest version approved before the decision on it, if any."""
    approved = Submission.objects.filter(
        project=submission.project_id, state=Submission.State.APPROVED
    )
    if submission.decided_at:
        approved = approved.filter(decided_at__lt=submission.decided_at)
    earlier = (
        approved.exclude(model_version=submission.model_version_id)
        .select_related(
            "evaluation",
            "model_version__training_run__dataset",
            "model_version__training_run__base",
        )
        .order_by("-decided_at")
        .first()
    )
    before = earlier.evaluation if earlier else None
    evaluation = submission.evaluation
    same = before is not None and before.gold_set_id == evaluation.gold_set_id
    rows = _measures(evaluation, before if same else None)
    rows += _facts(submission.model_version, earlier.model_version if earlier else None)
    return Comparison(
        before=earlier.model_version if earlier else None,
        same_gold_set=same,
        rows=sorted(rows, key=lambda row: not row["worse"]),
        items=_items(evaluation, before if same else None),
    )


def _number(results: dict[str, Any], key: str) -> float | None:
    value = results.get(key)
    return value["value"] if isinstance(value, dict) else value


def _interval(results: dict[str, Any], key: str) -> Any:
    value = results.get(key)
    return value["interval"] if isinstance(value, dict) else None


def _measures(evaluation: Evaluation, before: Evaluation | None) -> list[dict[str, Any]]:
    """Measures that differ; without an earlier version the base model stands beside ROUGE-L."""
    rows = []
    for key, label, more_is_better in MEASURES:
        now = _number(evaluation.results, key)
        then = _number(before.results, key) if before else None
        if before is None and key == "rouge_l":
            then = _number(evaluation.results, "base_rouge_l")
        if now is None or (then is not None and abs(now - then) < SMALLEST):
            continue
        if before is None and then is None:
            continue
        change = None if then is None else now - then
        rows.append(
            {
                "label": label,
                "before": then,
                "candidate": now,
                "interval": _interval(evaluation.results, key),
                "change": change,
                "worse": change is not None and (change < 0) == more_is_better and change != 0,
            }
        )
    return rows


def _facts(version: ModelVersion, before: ModelVersion | None) -> list[dict[str, Any]]:
    """What it was made from, where that differs."""
    if before is None:
        return []
    new, old = version.training_run, before.training_run
    pairs: list[tuple[str, Any, Any]] = [
        ("Dataset", f"dataset {old.dataset.number}", f"dataset {new.dataset.number}"),
        ("Training examples", old.dataset.train_count, new.dataset.train_count),
        ("Base model", old.base.name, new.base.name),
        (
            "Continues",
            f"version {old.continues.number}" if old.continues else "the base model",
            f"version {new.continues.number}" if new.continues else "the base model",
        ),
    ]
    keys = sorted({*old.config, *new.config})
    pairs += [
        (key.replace("_", " ").capitalize(), old.config.get(key), new.config.get(key))
        for key in keys
    ]
    return [
        {"label": label, "before": then, "candidate": now, "interval": None, "change": None,
         "worse": False}
        for label, then, now in pairs
        if then != now
    ]  # fmt: skip


def _items(evaluation: Evaluation, before: Evaluation | None) -> list[Item]:
    """Gold items, the largest losses first."""
    then = {row["id"]: row["rouge_l"] for row in before.results.get("items", [])} if before else {}
    items = [
        Item(row["id"], row["rouge_l"], then.get(row["id"]), row.get("base_rouge_l"))
        for row in evaluation.results.get("items", [])
    ]
    return sorted(items, key=lambda i: i.change if i.change is not None else i.candidate)

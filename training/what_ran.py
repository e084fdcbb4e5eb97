"""What a training run really did, beside what was asked for and what the guide names.

A setting is a wish: a limit of steps ends a run before its epochs do, and a short run warms up for
fewer steps than were asked. Pages and documents show what ran.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from training.models import TrainingRun
from training.selectors import changed_from_guide, explained_parameters, follows_guide


@dataclass(frozen=True)
class Ran:
    """One fact of a run: its words, what ran, what was asked for, and the guide's value if any."""

    label: str
    value: str
    asked: str = ""
    guide: str = ""
    changed: bool = False


def what_ran(run: TrainingRun) -> list[Ran]:
    """Steps, epochs, warm-up, tokens and cut examples; empty before the run has begun."""
    facts = run.environment
    if not facts:
        return []
    asked, guide = run.config, _guide(run.config)
    steps = run.result.get("steps", facts.get("total_steps"))
    rows = [
        Ran("Steps", _words(steps), _limit(asked.get("max_steps"))),
        _epochs(facts, asked, guide.get("epochs")),
    ]
    if (warmup := facts.get("warmup_steps")) is not None:
        named = guide.get("warmup_steps")
        rows.append(
            Ran("Warm-up steps", _words(warmup), _words(asked.get("warmup_steps")), _words(named),
                named is not None and not follows_guide(warmup, named))
        )  # fmt: skip
    if tokens := run.result.get("tokens"):
        budget = asked.get("tokens_per_step")
        rows.append(Ran("Tokens learnt from", _words(tokens), f"{_words(budget)} a step at most"))
    if (cut := facts.get("truncated_examples")) is not None:
        examples = facts.get("examples", 0)
        rows.append(Ran("Examples cut at their end", f"{_words(cut)} of {_words(examples)}"))
    return [row for row in rows if row.value]


def deviations(run: TrainingRun) -> list[str]:
    """Where what ran is not what the guide names, in words; settings where nothing ran yet."""
    ran = what_ran(run)
    told = {"epochs", "warmup_steps"} if ran else set()
    rest = {key: value for key, value in run.config.items() if key not in told}
    return [
        *changed_from_guide(rest),
        *(f"{row.label.lower()} {row.value} (guide: {row.guide})" for row in ran if row.changed),
    ]


def unfinished_words(count: int, n: int) -> str:
    """What it means that answers did not end; empty where all did."""
    if not count:
        return ""
    noun = "answer" if count == 1 else "answers"
    return (
        f"{count} of {n} {noun} did not end: the model was still writing at the limit of length "
        "and the text was cut there. A cut answer may lack sections or break off in a sentence, "
        "and a model that does not stop by itself has not learnt the form of the task. The scores "
        "are of the texts as cut."
    )


def _epochs(facts: dict[str, Any], asked: dict[str, Any], guide: Any) -> Ran:
    """Passes over the examples, counted in examples; older runs did not count them."""
    examples, seen = facts.get("examples"), facts.get("examples_planned")
    wanted = _words(asked.get("epochs"))
    if not examples or seen is None:
        # A limit of steps may have ended the run early: it is not said to have run its epochs.
        cut = asked.get("max_steps") is not None
        return Ran(
            "Epochs", "cut by the limit of steps, share not recorded" if cut else wanted, wanted,
            _words(guide), guide is not None and cut,
        )  # fmt: skip
    share = seen / examples
    return Ran(
        "Epochs", f"{share:.2f}", wanted, _words(guide),
        guide is not None and not follows_guide(share, guide),
    )  # fmt: skip


def _guide(config: dict[str, Any]) -> dict[str, Any]:
    return {field["name"]: field["guide"] for field in explained_parameters(config)}


def _limit(steps: Any) -> str:
    return "no limit" if steps is None else f"at most {steps:,}"


def _words(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, int) else str(value)

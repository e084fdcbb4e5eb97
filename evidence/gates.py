"""Gates: small declarative rules over evidence. Gates decide, people sign.

A gate judges the unfavourable end of the confidence interval, so that a small sample cannot
pass by luck. What was not measured, or has no limit to be judged by, is ``missing`` and never
passes.
"""

import math
from dataclasses import dataclass
from typing import Any, Literal

Direction = Literal["at_least", "at_most"]
DecidesOn = Literal["interval", "value"]
Status = Literal["pass", "fail", "missing"]
Interval = tuple[float, float]


@dataclass(frozen=True)
class Gate:
    """One rule: ``label`` must be at least or at most ``limit`` (in ``unit``), says ``source``.

    ``limit`` is ``None`` where the source sets none, as for a task that people rate.
    ``decides_on`` is ``"interval"`` for estimates (the lower confidence limit of an
    ``at_least`` gate, the upper one of an ``at_most`` gate) and ``"value"`` for counts, which
    have no sampling error.
    """

    id: str
    label: str
    direction: Direction
    limit: float | None
    unit: str
    source: str
    decides_on: DecidesOn = "interval"

    def __post_init__(self) -> None:
        if self.direction not in ("at_least", "at_most"):
            raise ValueError("A gate's direction is at_least or at_most.")
        if self.decides_on not in ("interval", "value"):
            raise ValueError("A gate decides on its interval or on its value.")
        if self.limit is not None and not math.isfinite(self.limit):
            raise ValueError("A gate's limit must be a finite number.")

    @property
    def limit_words(self) -> str:
        return limit_words(self.direction, self.limit, self.unit)

    def to_dict(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "label": self.label,
            "direction": self.direction,
            "limit": self.limit,
            "unit": self.unit,
            "source": self.source,
            "decides_on": self.decides_on,
        }


def limit_words(direction: str, limit: float | None, unit: str = "") -> str:
    """``at least 0.4`` or ``at most 5 %``; ``none set`` where the source sets none."""
    if limit is None:
        return "none set"
    words = "at most" if direction == "at_most" else "at least"
    return f"{words} {limit:.6g} {unit}".strip()


@dataclass(frozen=True)
class GateResult:
    """What a gate said, with everything that it said it about."""

    gate: Gate
    status: Status
    value: float | None
    interval: Interval | None
    n: int | None
    explanation: str

    @property
    def passed(self) -> bool:
        return self.status == "pass"

    def to_dict(self) -> dict[str, Any]:
        return {
            "gate": self.gate.to_dict(),
            "status": self.status,
            "value": self.value,
            "interval": None if self.interval is None else list(self.interval),
            "n": self.n,
            "explanation": self.explanation,
        }


def judge(
    gate: Gate,
    value: float | None,
    interval: Interval | None = None,
    n: int | None = None,
) -> GateResult:
    """Judges a measurement: ``value`` with its confidence ``interval`` over ``n`` observations.

    No value, no limit, or no interval where the gate decides on one gives ``missing``. Raises
    ``ValueError`` for a number that is not finite, an interval upside down or a negative n.
    """
    _check(value, interval, n)
    if value is None:
        return GateResult(gate, "missing", value, interval, n, "Nothing was measured.")
    if gate.limit is None:
        reason = "No limit is set for this measurement, so nothing can pass it."
        return GateResult(gate, "missing", value, interval, n, reason)
    if gate.decides_on == "value":
        judged, name = value, "The value"
    elif interval is None:
        reason = "The measurement has no confidence interval, and this gate decides on one."
        return GateResult(gate, "missing", value, None, n, reason)
    elif gate.direction == "at_least":
        judged, name = interval[0], "The lower confidence limit"
    else:
        judged, name = interval[1], "The upper confidence limit"
    holds = judged >= gate.limit if gate.direction == "at_least" else judged <= gate.limit
    return GateResult(
        gate, "pass" if holds else "fail", value, interval, n, _explain(gate, name, judged, holds)
    )


def _explain(gate: Gate, name: str, judged: float, holds: bool) -> str:
    relation = {
        ("at_least", True): "reaches",
        ("at_least", False): "falls short of",
        ("at_most", True): "keeps to",
        ("at_most", False): "exceeds",
    }[gate.direction, holds]
    unit = f" {gate.unit}" if gate.unit else ""
    return f"{name}, {judged:.6g}{unit}, {relation} the limit of {gate.limit_words}."


def _check(value: float | None, interval: Interval | None, n: int | None) -> None:
    numbers = [] if value is None else [value]
    numbers += [] if interval is None else list(interval)
    if not all(math.isfinite(number) for number in numbers):
        raise ValueError("A gate judges finite numbers only.")
    if interval is not None and interval[0] > interval[1]:
        raise ValueError("The interval's lower limit lies above its upper limit.")
    if n is not None and n < 0:
        raise ValueError("The number of observations cannot be negative.")

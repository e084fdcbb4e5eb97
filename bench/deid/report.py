"""What was measured, as Markdown."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.deid.score import Tally
from bench.machine import Machine

BEGIN, END = "<!-- bench-deid: begin -->", "<!-- bench-deid: end -->"
_INVENTED = (
    "Invented notes, written by those who write the engine's rules: what is found of their planted"
    " spans says which forms are known, and is never a recall."
)


@dataclass(frozen=True)
class Result:
    """One system on one corpus."""

    corpus: str
    invented: bool
    system: str
    tallies: dict[str, Tally]
    """By part of the corpus: ``dev``, ``unread``."""
    rate: float
    """Characters a second of processor time on the corpus's documents."""
    long_rate: float
    """The same on its documents joined to long notes."""
    peak_bytes: int
    versions: dict[str, str]

    def figures(self) -> dict[str, Any]:
        """What is stored: counts, rates and versions, no text."""
        return {
            "corpus": self.corpus,
            "invented": self.invented,
            "system": self.system,
            "characters_per_second": self.rate,
            "characters_per_second_long_notes": self.long_rate,
            "peak_bytes": self.peak_bytes,
            "versions": self.versions,
            "parts": {part: self._of_part(tally) for part, tally in self.tallies.items()},
        }

    def _of_part(self, tally: Tally) -> dict[str, Any]:
        figures = tally.figures()
        if self.invented:
            figures["planted_spans_found"] = figures.pop("span_recall")
            del figures["span_recall_interval"]
        return figures


def markdown(results: Sequence[Result], machine: Machine, command: str) -> str:
    """All tables, with date, machine, versions and command."""
    blocks = [f"{machine.sentence()} `{command}`", _versions(results)]
    for invented in (False, True):
        chosen = [r for r in results if r.invented is invented]
        if not chosen:
            continue
        if invented:
            blocks.append(_INVENTED)
        blocks += [_quality(chosen, invented), _cost(chosen), _categories(chosen, invented)]
    return "\n\n".join(blocks) + "\n"


def write_between(path: Path, text: str, markers: tuple[str, str] = (BEGIN, END)) -> None:
    """Put the text between the two markers of a file. Raises ``ValueError`` without them."""
    before, after = _outside(path, markers)
    path.write_text(f"{before}{markers[0]}\n\n{text.strip()}\n\n{markers[1]}{after}", "utf-8")


def check_markers(path: Path, markers: tuple[str, str] = (BEGIN, END)) -> None:
    """Raise ``ValueError`` if ``write_between`` would."""
    _outside(path, markers)


def _outside(path: Path, markers: tuple[str, str]) -> tuple[str, str]:
    whole = path.read_text("utf-8") if path.is_file() else ""
    before, begin, rest = whole.partition(markers[0])
    _, end, after = rest.partition(markers[1])
    if not (begin and end):
        raise ValueError(f"{path} has not the two markers {markers[0]} and {markers[1]}.")
    return before, after


def _versions(results: Sequence[Result]) -> str:
    named: dict[str, None] = {}
    for result in results:
        listed = ", ".join(f"{name} {_short(value)}" for name, value in result.versions.items())
        named[f"{result.system}: {listed}"] = None
    return "Versions: " + "; ".join(named) + "."


def _short(value: str) -> str:
    return value[:12] if len(value) == 64 else value  # a digest


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def _quality(results: Sequence[Result], invented: bool) -> str:
    header = (
        "corpus", "part", "system", "planted spans found" if invented else "span recall [95 %]",
        "character recall", "character precision", "documents without a leak",
        "PHI-free documents touched",
    )  # fmt: skip
    rows = []
    for result in results:
        for part, tally in result.tallies.items():
            found = percent(tally.spans_found, tally.spans)
            if not invented:
                found += f" {_interval(tally)}"
            rows.append(
                (
                    result.corpus,
                    part,
                    result.system,
                    f"{found} ({tally.spans_found} of {tally.spans})",
                    percent(tally.gold_found, tally.gold_characters),
                    percent(tally.predicted_true, tally.predicted_characters),
                    _of(tally.documents_without_leak, tally.documents),
                    _of(tally.free_touched, tally.free_documents),
                )
            )
    return _table(header, rows)


def _cost(results: Sequence[Result]) -> str:
    header = (
        "corpus", "system", "characters/s", "ratio", "characters/s on long notes", "ratio",
        "peak memory, MB",
    )  # fmt: skip
    slowest = {c: [r for r in results if r.corpus == c][-1] for c in {r.corpus for r in results}}
    rows = []
    for result in results:
        peer = slowest[result.corpus]
        rows.append(
            (
                result.corpus,
                result.system,
                f"{result.rate:,.0f}",
                f"{result.rate / peer.rate:.2f}",
                f"{result.long_rate:,.0f}",
                f"{result.long_rate / peer.long_rate:.2f}",
                f"{result.peak_bytes / 2**20:,.0f}",
            )
        )
    return _table(header, rows)


def _categories(results: Sequence[Result], invented: bool) -> str:
    """Found of required, by category, all corpora together, a column for each system and part."""
    columns: dict[str, dict[str, list[int]]] = {}
    for result in results:
        for part, tally in result.tallies.items():
            counts = columns.setdefault(f"{result.system}, {part}", {})
            for label, (n, found) in tally.by_label.items():
                held = counts.setdefault(label, [0, 0])
                held[0] += n
                held[1] += found
    labels = sorted({label for counts in columns.values() for label in counts})
    rows = [
        [label, *(_found(counts.get(label, [0, 0])) for counts in columns.values())]
        for label in labels
    ]
    head = "category (planted spans found)" if invented else "category (spans found)"
    return _table([head, *columns], rows)


def _found(counts: Sequence[int]) -> str:
    return f"{counts[1]} of {counts[0]}" if counts[0] else "-"


def percent(part: int, whole: int) -> str:
    """A rate in percent with one decimal, rounded down: 100 stands for all and nothing less."""
    return f"{part * 1000 // whole / 10:.1f}" if whole else "-"


def _of(part: int, whole: int) -> str:
    return f"{part} of {whole}" if whole else "-"


def _interval(tally: Tally) -> str:
    limits = tally.figures()["span_recall_interval"]
    return f"[{100 * limits[0]:.1f}, {100 * limits[1]:.1f}]" if limits else ""

"""Rows of the table tests: what must go stands between ``«`` and ``»``, the rest must stay."""

from collections.abc import Sequence

from deid.engine import Deidentifier, NoteText
from deid.engine.families import build_families
from deid.engine.recognition import span_of
from deid.engine.spans import CATEGORIES

_ENGINE = Deidentifier()
_FAMILIES = build_families()


def read(row: str) -> tuple[str, list[tuple[int, int]]]:
    """The text of a row without its marks, and the bounds of what was marked."""
    text, bounds, start = "", [], 0
    for char in row:
        if char == "«":
            start = len(text)
        elif char == "»":
            bounds.append((start, len(text)))
        else:
            text += char
    return text, bounds


def shown(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """The text with marks around runs of covered letters and digits, whatever is between them."""
    covered = {i for start, end in spans for i in range(start, end)}
    places = [i for i, char in enumerate(text) if char.isalnum()]
    out, last, inside = "", 0, False
    for i in places:
        if (i in covered) != inside:
            cut = i if not inside else last
            out += text[len(out.replace("«", "").replace("»", "")) : cut] + ("»" if inside else "«")
            inside = not inside
        last = i + 1
    done = len(out.replace("«", "").replace("»", ""))
    return (
        out
        + (text[done:last] + "»" if inside else "")
        + text[max(done, last) if inside else done :]
    )


def found_by_rules(text: str) -> list[tuple[int, int]]:
    """What the families find without the statistical recognizer."""
    hits = [h for f in _FAMILIES for h in f.analyze(text, list(CATEGORIES))]
    return [(s.start, s.end) for s in map(span_of, hits)]


def check(row: str) -> None:
    """Fail unless the rules find all that is marked and the engine hides nothing else."""
    text, bounds = read(row)
    expected = shown(text, bounds)
    by_rules = {i for start, end in found_by_rules(text) for i in range(start, end)}
    left = [
        text[a:b]
        for a, b in bounds
        if any(text[i].isalnum() and i not in by_rules for i in range(a, b))
    ]
    assert not left, f"the rules leave {left}: {shown(text, found_by_rules(text))}"
    spans = _ENGINE.process_patient([NoteText("row", text)])[0].spans
    output = shown(text, [(s.start, s.end) for s in spans])
    assert output == expected, f"the engine gives {output}"


def category_of(text: str, surface: str) -> str:
    """The category under which the engine hides the surface; empty if it does not."""
    start = text.index(surface)
    spans = _ENGINE.process_patient([NoteText("row", text)])[0].spans
    return next((s.category for s in spans if s.start <= start < s.end), "")

"""The corpus: paragraphs of templates with slots that are filled in, and where they stand."""

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any

from bench.generated.shapes import SHAPES, Cast

_TEMPLATES = Path(__file__).parent / "templates"
#: ``{NAME:full}``: a label and the shape that is drawn. What readers of the law disagree on, such
#: as a bed, is ``IGNORE``.
_SLOT = re.compile(r"\{([A-Z_]+):([a-z_]+)\}")
_FREE_SHARE = 0.25


@lru_cache(maxsize=4)
def templates(kind: str) -> tuple[str, ...]:
    """The paragraphs of a kind, ``head``, ``body``, ``end`` or ``free``, parted by lines ``--``."""
    text = (_TEMPLATES / f"{kind}.txt").read_text("utf-8")
    return tuple(part.strip() for part in re.split(r"(?m)^--$", text))


def records(seed: int, count: int) -> Iterator[dict[str, Any]]:
    """Documents as a corpus holds them; the same for the same seed and count of drawn ones."""
    rng = Random(seed)
    for number in range(count):
        free = rng.random() < _FREE_SHARE
        text, spans = _free(rng) if free else _identified(rng)
        yield {"id": f"gen-{seed}-{number}", "text": text, "spans": spans}


def _free(rng: Random) -> tuple[str, list[dict[str, Any]]]:
    return "\n".join(rng.sample(templates("free"), 3)), []


def _identified(rng: Random) -> tuple[str, list[dict[str, Any]]]:
    cast = Cast.drawn(rng)
    chosen = [
        rng.choice(templates("head")),
        *rng.sample(templates("body"), 4),
        rng.choice(templates("free")),
        rng.choice(templates("end")),
    ]
    return filled("\n".join(chosen), cast)


def filled(template: str, cast: Cast) -> tuple[str, list[dict[str, Any]]]:
    """The text with all slots filled, and a span for each."""
    text, spans, at = "", [], 0
    for slot in _SLOT.finditer(template):
        text += template[at : slot.start()]
        surface = SHAPES[slot[2]](cast)
        spans.append({"start": len(text), "end": len(text) + len(surface), "label": slot[1]})
        text += surface
        at = slot.end()
    return text + template[at:], spans

"""Whole notes out of pools of templates, in the order in which note types hold them."""

import hashlib
import random
import re
from collections.abc import Iterator

from ner_training import augment
from ner_training.scene import Piece, Scene
from ner_training.words import templates

#: Note type: how often, and its parts in order, each a pool with its least and most lines.
_PLANS: dict[str, tuple[int, str]] = {
    "clinic note": (8, "header 1-5, hpi 1-4, free 2-6, social 1-4, free 1-4, plan 2-5, sign 0-3"),
    "admission": (5, "header 2-5, hpi 2-4, free 3-8, social 2-5, plan 2-4, sign 1-2"),
    "discharge": (5, "header 2-6, free 1-3, hpi 1-3, free 1-3, report 0-2, plan 3-6, sign 1-3"),
    "progress": (6, "header 0-2, hpi 1-3, free 2-6, plan 2-6, sign 0-2"),
    "nursing": (6, "header 0-2, nursing 3-9, sign 0-1"),
    "telephone": (4, "header 0-3, message 2-6, plan 0-2, sign 0-2"),
    "report": (5, "header 1-4, report 2-6, free 2-5, sign 1-2"),
    "letter": (5, "header 1-3, message 1-1, hpi 2-5, social 0-2, free 0-2, plan 1-4, sign 1-3"),
    "team": (4, "header 0-2, social 2-6, report 1-4, plan 1-3, sign 0-2"),
    "dictation": (6, "dictation 2-9, sign 0-1"),
    "question": (6, "question 1-1"),
    "clinical only": (18, "free 4-16"),
    "everyday": (6, "general 1-3"),
    "one line": (7, "any 1-1"),
    "footer": (2, "sign 1-4, header 1-3"),
    "table": (2, "header 2-8"),
}


def _parts(plan: str) -> list[tuple[str, int, int]]:
    return [(p, int(low), int(high)) for p, low, high in re.findall(r"(\w+) (\d+)-(\d+)", plan)]


def is_heldout(template: str) -> bool:
    """Whether a template is kept for early stopping: about one in twelve, by its hash."""
    return int(hashlib.sha256(template.encode()).hexdigest()[:8], 16) % 12 == 0


def _pool(name: str, heldout: bool) -> list[str]:
    pools = templates()
    every = [t for p in pools.values() for t in p] if name == "any" else list(pools[name])
    return [t for t in every if is_heldout(t) == heldout] or every


def documents(seed: int, split: str, count: int) -> Iterator[list[Piece]]:
    """``count`` labelled notes as pieces; the same for the same seed.

    The split ``heldout`` takes held-out templates and held-out names.
    """
    rng = random.Random(seed)
    names = tuple(_PLANS)
    weights = [_PLANS[n][0] for n in names]
    plans = {n: _parts(plan) for n, (_, plan) in _PLANS.items()}
    pools = {p: _pool(p, split == "heldout") for plan in plans.values() for p, _, _ in plan}
    for _ in range(count):
        plan = plans[rng.choices(names, weights)[0]]
        yield augment.augmented(rng, _lines(rng, Scene(rng, split), plan, pools))


def _lines(
    rng: random.Random,
    scene: Scene,
    plan: list[tuple[str, int, int]],
    pools: dict[str, list[str]],
) -> list[list[Piece]]:
    lines: list[list[Piece]] = []
    for part, least, most in plan:
        for _ in range(rng.randint(least, most)):
            lines.append(scene.fill(rng.choice(pools[part])))
    return lines

"""A simple random sample without replacement that anyone can draw again."""

import random
from collections.abc import Sequence


def draw(ids: Sequence[str], n: int, seed: int) -> list[str]:
    """``n`` of the ``ids`` in random order; the same set and seed always give the same list.

    Every id gets a random number and the n smallest win: all samples are equally likely, the
    order of ``ids`` means nothing, and only ``random.random`` is used, the one generator that
    Python promises to keep. Raises ``ValueError`` if an id repeats, or n exceeds the ids.
    """
    population = sorted(ids)
    if len(set(population)) != len(population):
        raise ValueError("The same note stands twice in the list from which to draw.")
    if not 0 < n <= len(population):
        raise ValueError(f"{n} notes cannot be drawn from {len(population)}.")
    generator = random.Random(seed)  # noqa: S311 (must be drawn again from the recorded seed)
    keys = [(generator.random(), note) for note in population]
    return [note for _, note in sorted(keys)[:n]]

"""Simple random samples without replacement, within strata, that anyone can draw again."""

import random
from collections.abc import Mapping, Sequence


def draw(ids: Sequence[str], n: int, seed: int) -> list[str]:
    """``n`` of the ``ids`` in random order: ``draw_strata`` with a single stratum."""
    return [note for _, note in draw_strata({"all": ids}, {"all": n}, seed)]


def draw_strata(
    frames: Mapping[str, Sequence[str]], sizes: Mapping[str, int], seed: int
) -> list[tuple[str, str]]:
    """``sizes[h]`` ids of each stratum ``frames[h]``: pairs of stratum and id, in random order.

    Every id gets a random number, and in each stratum the smallest win: all samples of a stratum
    are equally likely and the strata independent. The order mixes the strata, so that what is read
    first is a sample of each too. The same ids, sizes and seed always give the same list, in
    whatever order they come; only ``random.random`` is used, the one generator that Python
    promises to keep. Raises ``ValueError`` if an id repeats, or a size does not fit.
    """
    homes = {note: name for name, ids in frames.items() for note in ids}
    if len(homes) != sum(map(len, frames.values())):
        raise ValueError("The same note stands twice in the list from which to draw.")
    for name, ids in frames.items():
        if not 0 < sizes[name] <= len(ids):
            raise ValueError(f"{sizes[name]} notes cannot be drawn from {len(ids)}.")
    generator = random.Random(seed)  # noqa: S311 (must be drawn again from the recorded seed)
    left = dict(sizes)
    chosen = []
    for _, note in sorted((generator.random(), note) for note in sorted(homes)):
        if left[homes[note]]:
            left[homes[note]] -= 1
            chosen.append((homes[note], note))
    return chosen

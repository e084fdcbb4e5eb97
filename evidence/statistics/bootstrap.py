"""Bootstrap over clusters: notes of one patient resemble each other, so patients are redrawn.

Source: Davison and Hinkley, Bootstrap Methods and their Application (1997), sections 3.8, 5.3.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from evidence.statistics._checks import probability, whole

_BLOCK = 4_000_000  # draws held at once, 32 MB of indices


@dataclass(frozen=True)
class BootstrapMean:
    """A mean with its percentile interval, over ``n`` values in ``clusters`` clusters."""

    mean: float
    low: float
    high: float
    n: int
    clusters: int
    resamples: int
    seed: int

    @property
    def interval(self) -> tuple[float, float]:
        return self.low, self.high


def cluster_bootstrap_mean(
    values: Sequence[float],
    clusters: Sequence[Hashable],
    *,
    seed: int,
    confidence: float = 0.95,
    resamples: int = 2000,
) -> BootstrapMean:
    """Mean of ``values`` with a two-sided percentile interval; whole clusters are redrawn.

    ``clusters[i]`` is the cluster (patient) of ``values[i]``. For a paired comparison pass the
    differences. The same seed gives the same interval, in whatever order the values come. With
    a single cluster the interval is the mean alone and says nothing: callers must show
    ``clusters``. Raises ``ValueError`` without values, if lengths differ, if a value is not
    finite or fewer than 100 resamples are asked.
    """
    if not values or len(values) != len(clusters):
        raise ValueError("The bootstrap needs values, and one cluster for each of them.")
    if not np.all(np.isfinite(np.asarray(values, dtype=float))):
        raise ValueError("The bootstrap takes finite values only.")
    probability("confidence", confidence)
    resamples = whole("number of resamples", resamples, 100)
    sums, sizes = _totals(values, clusters)
    means = _resampled_means(sums, sizes, resamples, np.random.default_rng(seed))
    low, high = np.quantile(means, [(1 - confidence) / 2, (1 + confidence) / 2])
    mean = float(sums.sum() / sizes.sum())
    return BootstrapMean(mean, float(low), float(high), len(values), len(sums), resamples, seed)


_Floats = np.ndarray[tuple[int], np.dtype[np.float64]]


def _totals(values: Sequence[float], clusters: Sequence[Hashable]) -> tuple[_Floats, _Floats]:
    """Sum and size of every cluster, sorted by them, so that the order of input is forgotten."""
    grouped: dict[Hashable, list[float]] = {}
    for value, cluster in zip(values, clusters, strict=True):
        grouped.setdefault(cluster, []).append(float(value))
    totals = sorted(
        (float(np.sum(np.sort(group))), float(len(group))) for group in grouped.values()
    )
    return np.array([t[0] for t in totals]), np.array([t[1] for t in totals])


def _resampled_means(
    sums: _Floats, sizes: _Floats, resamples: int, generator: np.random.Generator
) -> _Floats:
    count = len(sums)
    means = np.empty(resamples)
    step = max(1, _BLOCK // count)
    for start in range(0, resamples, step):
        rows = min(step, resamples - start)
        drawn = generator.integers(0, count, size=(rows, count))
        means[start : start + rows] = sums[drawn].sum(axis=1) / sizes[drawn].sum(axis=1)
    return means

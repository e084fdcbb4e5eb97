"""Confidence intervals of a mean measure, by patient."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from evidence.statistics.bootstrap import BootstrapMean, cluster_bootstrap_mean


def bootstrap_interval(
    values: Sequence[float],
    clusters: Sequence[Hashable],
    confidence: float = 0.95,
    resamples: int = 2000,
    seed: int = 0,
) -> BootstrapMean:
    """Mean with a two-sided percentile interval; whole patients are drawn again.

    Args:
        values: one score an item.
        clusters: the patient of each item; two items of one patient are not independent.

    Raises:
        ValueError: no values, unequal lengths or values that are not finite.
    """
    return cluster_bootstrap_mean(
        values, clusters, seed=seed, confidence=confidence, resamples=resamples
    )

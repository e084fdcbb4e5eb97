"""How often the bounds of the review hold the truth: ``python -m bench.sampling``.

Batches with a known number of leaky notes are sampled, reviewed by people who overlook a tenth,
and bounded, 2,000 times each. A bound of 95 % must hold the true rate in 95 % of the batches, less
the error of the simulation itself. The ways that look right and are not stand beside it.
"""

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from deid.sampling import corrected_bound, leak_bound, plan_strata, stratified_bound
from evidence.statistics import Stratum

RUNS = 2_000
RATES = (0.0, 0.001, 0.01, 0.05)
POPULATIONS = {"letters": 300, "nursing": 1_200, "progress": 2_500, "low confidence": 1_000}
LIMIT, CONFIDENCE = 0.01, 0.95
SENSITIVITY, SEEDS = 0.9, 60
#: How much likelier a note of the stratum is to leak.
_PRONE = {"low confidence": 5.0, "letters": 2.0}


@dataclass(frozen=True)
class Review:
    """One simulated review: finds in each stratum, by perfect readers and by real ones."""

    present: list[Stratum]
    noticed: list[Stratum]
    seeds_found: int

    @property
    def n(self) -> int:
        return sum(s.n for s in self.noticed)

    @property
    def leaks(self) -> int:
        return sum(s.events for s in self.noticed)


def reviews(rate: float, runs: int, generator: np.random.Generator) -> Iterator[Review]:
    """Reviews of batches with exactly ``rate`` leaky notes, laid among the strata by chance."""
    plan = plan_strata(POPULATIONS, LIMIT, CONFIDENCE)
    names, sizes = list(POPULATIONS), np.array(list(POPULATIONS.values()))
    leaky = round(rate * plan.population)
    odds = np.repeat([_PRONE.get(name, 1.0) for name in names], sizes)
    homes = np.repeat(np.arange(len(names)), sizes)
    for _ in range(runs):
        chosen = generator.choice(plan.population, leaky, replace=False, p=odds / odds.sum())
        count = np.bincount(homes[chosen], minlength=len(names))
        drawn = np.array([plan.sizes[name] for name in names])
        present = generator.hypergeometric(count, sizes - count, drawn)
        noticed = generator.binomial(present, SENSITIVITY)
        yield Review(
            _strata(names, sizes, drawn, present),
            _strata(names, sizes, drawn, noticed),
            int(generator.binomial(SEEDS, SENSITIVITY)),
        )


def _strata(names: list[str], *columns: np.ndarray) -> list[Stratum]:
    rows = zip(names, *(c.tolist() for c in columns), strict=True)
    return [Stratum(*row) for row in rows]


def _by_point_estimate(review: Review) -> float:
    found = review.seeds_found / SEEDS
    return stratified_bound(review.noticed, CONFIDENCE).upper / found


def _as_simple_sample(review: Review) -> float:
    leaks, population = review.leaks, sum(POPULATIONS.values())
    return leak_bound(review.n, leaks, CONFIDENCE, population).upper


METHODS: dict[str, Callable[[Review], float]] = {
    "ours, perfect readers": lambda r: stratified_bound(r.present, CONFIDENCE).upper,
    "ours, corrected by seeds": lambda r: (
        corrected_bound(r.noticed, SEEDS, r.seeds_found, CONFIDENCE).upper
    ),
    "not ours: divided by the point estimate": _by_point_estimate,
    "not ours: one simple sample, readers taken for perfect": _as_simple_sample,
}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.sampling", description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--seed", type=int, default=5)
    options = parser.parse_args()
    generator = np.random.default_rng(options.seed)
    print(f"{options.runs} runs, seed {options.seed}; limit {LIMIT}, confidence {CONFIDENCE}\n")
    print("| true rate | bound | holds the truth | mean upper limit |\n| --- | --- | --- | --- |")
    population = sum(POPULATIONS.values())
    for rate in RATES:
        truth = round(rate * population) / population
        done = list(reviews(rate, options.runs, generator))
        for name, bound in METHODS.items():
            uppers = np.array([bound(review) for review in done])
            held = float(np.mean(uppers >= truth - 1e-12))
            print(f"| {rate:.1%} | {name} | {held:.2%} | {uppers.mean():.3%} |", flush=True)


if __name__ == "__main__":
    main()

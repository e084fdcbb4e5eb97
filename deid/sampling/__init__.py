"""Samples of notes for review: how many, which ones, and what the finds prove.

A pure package: it imports no Django and reads no note. ``python -m deid.sampling --help``.
"""

from deid.sampling.bounds import LeakBound, leak_bound
from deid.sampling.draw import draw
from deid.sampling.plan import SamplePlan, plan_sample, reasons_to_fail
from deid.sampling.seeded import (
    CorrectedBound,
    confidence_of_round,
    corrected_bound,
    fewest_seeds,
)
from deid.sampling.strata import StratifiedBound, StratifiedPlan, plan_strata, stratified_bound

__all__ = [
    "CorrectedBound",
    "LeakBound",
    "SamplePlan",
    "StratifiedBound",
    "StratifiedPlan",
    "confidence_of_round",
    "corrected_bound",
    "draw",
    "fewest_seeds",
    "leak_bound",
    "plan_sample",
    "plan_strata",
    "reasons_to_fail",
    "stratified_bound",
]

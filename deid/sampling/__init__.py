"""Samples of notes for review: how many, which ones, and what the finds prove.

A pure package: it imports no Django and reads no note. ``python -m deid.sampling --help``.
"""

from deid.sampling.bounds import LeakBound, leak_bound
from deid.sampling.cells import Cell, form_strata
from deid.sampling.draw import draw, draw_strata
from deid.sampling.plan import SamplePlan, plan_sample, reasons_to_fail
from deid.sampling.seeded import (
    CorrectedBound,
    corrected_bound,
    fewest_seeds,
)
from deid.sampling.strata import StratifiedBound, possibly_leaky, stratified_bound
from deid.sampling.strata_plan import StratifiedPlan, plan_strata

__all__ = [
    "Cell",
    "CorrectedBound",
    "LeakBound",
    "SamplePlan",
    "StratifiedBound",
    "StratifiedPlan",
    "corrected_bound",
    "draw",
    "draw_strata",
    "fewest_seeds",
    "form_strata",
    "leak_bound",
    "plan_sample",
    "plan_strata",
    "possibly_leaky",
    "reasons_to_fail",
    "stratified_bound",
]

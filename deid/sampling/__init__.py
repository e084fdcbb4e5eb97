"""Samples of notes for review: how many, which ones, and what the finds prove.

A pure package: it imports no Django and reads no note. ``python -m deid.sampling --help``.
"""

from deid.sampling.bounds import LeakBound, leak_bound
from deid.sampling.draw import draw
from deid.sampling.plan import SamplePlan, plan_sample, reasons_to_fail

__all__ = [
    "LeakBound",
    "SamplePlan",
    "draw",
    "leak_bound",
    "plan_sample",
    "reasons_to_fail",
]

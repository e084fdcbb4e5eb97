"""The kinds of job of this app: one job at a time on the `gpu` queue."""

from jobs.kinds import Kind, register
from training.services import evaluations, runs

register(Kind(name=runs.KIND, queue="gpu", run=runs.work, on_end=runs.on_end))
register(Kind(name=evaluations.KIND, queue="gpu", run=evaluations.work, on_end=evaluations.on_end))

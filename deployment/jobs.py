"""The kinds of job of this app."""

from deployment.services import rollout_job, rollouts
from jobs.kinds import Kind, register

register(Kind(name=rollouts.KIND, queue="default", run=rollout_job.work, on_end=rollout_job.on_end))

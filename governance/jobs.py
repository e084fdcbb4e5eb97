"""The kinds of job of this app."""

from governance.services import packages
from jobs.kinds import Kind, register

register(Kind(name=packages.KIND, queue="default", run=packages.work, on_end=packages.on_end))

"""What the endpoints of this app share."""

from __future__ import annotations

import uuid

import projects.api
from deid import finders
from deid.models import ImportBatch, Run, Sample


# No docstring: the schema would show it as the description of every operation.
class ProjectView(projects.api.ProjectView):
    def the_batch(self, batch_id: uuid.UUID) -> ImportBatch:
        return finders.the_batch(self.project, batch_id)

    def the_run(self, run_id: uuid.UUID) -> Run:
        return finders.the_run(self.project, run_id)

    def the_sample(self, sample_id: uuid.UUID) -> Sample:
        return finders.the_sample(self.project, sample_id)

"""What the endpoints of this app share."""

from __future__ import annotations

import uuid

from django.http import Http404

import projects.api
from deid.models import ImportBatch, Run
from deid.selectors import batch_of, run_of


class ProjectView(projects.api.ProjectView):
    """Also finds a batch or a run of the project."""

    def the_batch(self, batch_id: uuid.UUID) -> ImportBatch:
        batch = batch_of(self.project, batch_id)
        if batch is None:
            raise Http404
        return batch

    def the_run(self, run_id: uuid.UUID) -> Run:
        run = run_of(self.project, run_id)
        if run is None:
            raise Http404
        return run

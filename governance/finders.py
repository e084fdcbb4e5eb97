"""The records that an address names, for pages and endpoints alike."""

from __future__ import annotations

import uuid

from governance import selectors
from governance.models import Package, Submission
from projects.finders import or_404
from projects.models import Project
from training.models import Evaluation


def the_submission(project: Project, submission_id: uuid.UUID) -> Submission:
    return or_404(selectors.submission_of(project, submission_id))


def the_evaluation(project: Project, evaluation_id: uuid.UUID) -> Evaluation:
    return or_404(selectors.evaluation_of(project, evaluation_id))


def the_package(project: Project, package_id: uuid.UUID) -> Package:
    return or_404(selectors.package_of(project, package_id))

"""What the pages of this room share."""

from __future__ import annotations

import uuid

from django.http import Http404

from governance import selectors
from governance.models import Package, Submission
from projects.models import Project
from training.models import Evaluation


def the_submission(project: Project, submission_id: uuid.UUID) -> Submission:
    submission = selectors.submission_of(project, submission_id)
    if submission is None:
        raise Http404
    return submission


def the_evaluation(project: Project, evaluation_id: uuid.UUID) -> Evaluation:
    evaluation = selectors.evaluation_of(project, evaluation_id)
    if evaluation is None:
        raise Http404
    return evaluation


def the_package(project: Project, package_id: uuid.UUID) -> Package:
    package = selectors.package_of(project, package_id)
    if package is None:
        raise Http404
    return package

"""The records that an address names, for pages and endpoints alike."""

from __future__ import annotations

import uuid

from datasets_app.models import DatasetVersion, GoldSet
from datasets_app.selectors import dataset_of, gold_set_of
from projects.finders import or_404
from projects.models import Project


def the_dataset(project: Project, dataset_id: uuid.UUID) -> DatasetVersion:
    return or_404(dataset_of(project, dataset_id))


def the_gold_set(project: Project, gold_set_id: uuid.UUID) -> GoldSet:
    return or_404(gold_set_of(project, gold_set_id))

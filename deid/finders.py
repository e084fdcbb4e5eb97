"""The records that an address names, for pages, endpoints and the rooms above."""

from __future__ import annotations

import uuid

from deid import selectors
from deid.models import (
    ExpertDetermination,
    ImportBatch,
    PolicyDraft,
    PolicyTrial,
    PolicyVersion,
    Run,
    RunNote,
    Sample,
    TrialNote,
    UniqueFlag,
)
from deid.selectors.release import determination_of, flag_of
from deid.selectors.reviews import sample_of
from projects.finders import or_404
from projects.models import Project


def the_batch(project: Project, batch_id: uuid.UUID) -> ImportBatch:
    return or_404(selectors.batch_of(project, batch_id))


def the_run(project: Project, run_id: uuid.UUID) -> Run:
    return or_404(selectors.run_of(project, run_id))


def the_output(run: Run, output_id: uuid.UUID) -> RunNote:
    return or_404(selectors.output_of(run, output_id))


def the_sample(project: Project, sample_id: uuid.UUID) -> Sample:
    return or_404(sample_of(project, sample_id))


def the_determination(project: Project, determination_id: uuid.UUID) -> ExpertDetermination:
    return or_404(determination_of(project, determination_id))


def the_flag(run: Run, flag_id: uuid.UUID) -> UniqueFlag:
    return or_404(flag_of(run, flag_id))


def the_policy(project: Project, number: int) -> PolicyVersion:
    return or_404(selectors.policy_of(project, number))


def the_draft(project: Project, draft_id: uuid.UUID) -> PolicyDraft:
    return or_404(selectors.draft_of(project, draft_id))


def the_trial(project: Project, trial_id: uuid.UUID) -> PolicyTrial:
    return or_404(selectors.trial_of(project, trial_id))


def the_trial_note(trial: PolicyTrial, row_id: uuid.UUID) -> TrialNote:
    return or_404(selectors.trial_note_of(trial, row_id))

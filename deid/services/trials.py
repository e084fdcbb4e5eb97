"""Trials: a draft beside the current policy on a random sample, cut into chunks like a run."""

from __future__ import annotations

import hashlib
import heapq
import secrets
import uuid

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.errors import InvalidInput, WrongState
from accounts.models import User
from accounts.roles import Permission
from audit.services import record
from deid.models import Note, PolicyDraft, PolicyTrial, TrialChunk, TrialNote
from deid.services.policies import locked_policy
from deid.services.runs import Cut, cut_by_patient
from deid.services.trial_chunks import finalise_trial
from jobs.models import Job
from jobs.services import cancel_group, enqueue_all
from projects.models import Project
from projects.permissions import require

TRIAL_JOB = "deid.trial"
DEFAULT_SIZE = 50
MAX_SIZE = 1_000
_STOPPED = (PolicyTrial.State.CANCELLED, PolicyTrial.State.FAILED)


@transaction.atomic
def start_trial(
    *, draft: PolicyDraft, actor: User, size: int = DEFAULT_SIZE, seed: int | None = None
) -> PolicyTrial:
    """Compare a draft with the current policy on `size` random notes. Asked twice, it is one."""
    require(actor, draft.project, Permission.EDIT_POLICY)
    if not 1 <= size <= MAX_SIZE:
        raise InvalidInput(f"A trial takes 1 to {MAX_SIZE:,} notes. Nothing was started.")
    project = Project.objects.select_for_update(no_key=True).get(pk=draft.project_id)
    found = PolicyDraft.objects.filter(pk=draft.pk).first()
    if found is None:
        raise WrongState("This draft was adopted or dropped meanwhile. Nothing was started.")
    running = found.trials.filter(state=PolicyTrial.State.RUNNING).first()
    if running:
        return running  # as with a double click
    seed = secrets.randbits(62) if seed is None else seed
    current = Note.objects.filter(project=project, is_current=True)
    drawn = _drawn(current, size, seed)
    if not drawn:
        raise WrongState("There are no notes to try the policy on. Import notes first.")
    # All notes of a patient are read, as in a run: what is certain in one is hidden in the others.
    patients = Note.objects.filter(pk__in=drawn).values("patient")
    cuts = list(cut_by_patient(current.filter(patient__in=patients)))
    newest = found.trials.first()
    trial = PolicyTrial.objects.create(
        project=project,
        draft=found,
        number=newest.number + 1 if newest else 1,
        against=locked_policy(project),
        seed=seed,
        note_count=len(drawn),
        population=current.count(),
        read_count=sum(cut.notes for cut in cuts),
        started_by=actor,
    )
    chunks = _make_chunks(trial, cuts, drawn)
    _record(trial, actor, "start")
    _enqueue(trial, chunks, actor)
    return trial


def _drawn(notes: QuerySet[Note], size: int, seed: int) -> list[uuid.UUID]:
    """A simple random sample that the seed fixes; memory grows with the sample only."""

    def rank(pk: uuid.UUID) -> bytes:
        return hashlib.sha256(seed.to_bytes(8, "big") + pk.bytes).digest()

    return heapq.nsmallest(size, notes.values_list("pk", flat=True).iterator(), key=rank)


def _make_chunks(trial: PolicyTrial, cuts: list[Cut], drawn: list[uuid.UUID]) -> list[TrialChunk]:
    chunks = TrialChunk.objects.bulk_create(
        TrialChunk(trial=trial, number=number, note_count=cut.notes)
        for number, cut in enumerate(cuts, start=1)
    )
    through = TrialChunk.patients.through
    through.objects.bulk_create(
        through(trialchunk_id=chunk.pk, patient_id=patient)
        for chunk, cut in zip(chunks, cuts, strict=True)
        for patient in cut.patients
    )
    chunk_of = {
        patient: chunk for chunk, cut in zip(chunks, cuts, strict=True) for patient in cut.patients
    }
    rows = Note.objects.filter(pk__in=drawn).values_list("pk", "patient")
    TrialNote.objects.bulk_create(
        TrialNote(trial=trial, chunk=chunk_of[patient], note_id=note) for note, patient in rows
    )
    return chunks


def _enqueue(trial: PolicyTrial, chunks: list[TrialChunk], actor: User) -> None:
    enqueue_all(
        TRIAL_JOB,
        project=trial.project,
        group_id=trial.pk,
        totals={chunk.pk: chunk.note_count for chunk in chunks},
        actor=actor,
        unit="notes",
    )


@transaction.atomic
def cancel_trial(*, trial: PolicyTrial, actor: User) -> PolicyTrial:
    """Stop a trial. Chunks that are compared stay, and a resumed trial goes on behind them."""
    trial = _locked(trial, actor)
    if trial.state != PolicyTrial.State.RUNNING:
        raise WrongState("This trial is not running, so there is nothing to cancel.")
    cancel_group(group_id=trial.pk, actor=actor)
    _stop(trial, PolicyTrial.State.CANCELLED)
    _record(trial, actor, "cancel")
    return trial


@transaction.atomic
def resume_trial(*, trial: PolicyTrial, actor: User) -> PolicyTrial:
    """Go on with a stopped trial: the same notes, the same policies, the open chunks."""
    trial = _locked(trial, actor)
    if trial.state == PolicyTrial.State.RUNNING:
        return trial  # asked twice, as with a double click: it goes on already
    if trial.state not in _STOPPED:
        raise WrongState("Only a trial that was cancelled or failed can be resumed.")
    if Job.objects.filter(group_id=trial.pk, state__in=Job.ACTIVE).exists():
        raise WrongState("Part of this trial is still at work. Try again when it has stopped.")
    if trial.draft.trials.filter(state=PolicyTrial.State.RUNNING).exists():
        raise WrongState("Another trial of this draft is running. Wait for it or cancel it first.")
    trial.state, trial.finished_at = PolicyTrial.State.RUNNING, None
    trial.save(update_fields=["state", "finished_at"])
    _record(trial, actor, "resume")
    open_chunks = list(trial.chunks.filter(done_at=None))
    _enqueue(trial, open_chunks, actor)
    if not open_chunks:
        finalise_trial(trial.pk)
        trial.refresh_from_db()
    return trial


def trial_chunk_ended(job: Job) -> None:
    """The queue's news: a trial with a failed chunk waits to be resumed; its others go on."""
    states = {
        Job.State.FAILED: PolicyTrial.State.FAILED,
        Job.State.CANCELLED: PolicyTrial.State.CANCELLED,
    }
    if job.state not in states:
        return
    trial = PolicyTrial.objects.select_for_update().filter(pk=job.group_id).first()
    if trial is None or trial.state != PolicyTrial.State.RUNNING:
        return  # dropped with its draft, or stopped already
    _stop(trial, states[Job.State(job.state)])
    if trial.state == PolicyTrial.State.FAILED:  # a cancel stands in the trail as what it is
        _record(trial, job.requested_by, job.error_code, failed=True)


def _stop(trial: PolicyTrial, state: PolicyTrial.State) -> None:
    trial.state, trial.finished_at = state, timezone.now()
    trial.save(update_fields=["state", "finished_at"])


def _locked(trial: PolicyTrial, actor: User) -> PolicyTrial:
    require(actor, trial.project, Permission.EDIT_POLICY)
    # The project first, as a start does: of a start and a resumption the later sees the earlier.
    Project.objects.select_for_update(no_key=True).get(pk=trial.project_id)
    found = (
        PolicyTrial.objects.select_for_update(of=("self",))
        .select_related("draft", "project")
        .filter(pk=trial.pk)
        .first()
    )
    if found is None:
        raise WrongState("This trial was deleted with its draft. Nothing was changed.")
    return found


def _record(trial: PolicyTrial, actor: User, reason: str, *, failed: bool = False) -> None:
    record(
        "deid.trial",
        actor=actor,
        outcome="failure" if failed else "success",
        project_id=trial.project_id,
        subject=trial,
        reason=reason,
        details={"draft": trial.draft.number, "notes": trial.note_count},
    )

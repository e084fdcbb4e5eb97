"""Runs: the policy is frozen, the notes are cut into chunks by patient, each chunk is a job."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.errors import InvalidInput, WrongState
from accounts.models import User
from accounts.roles import Permission
from audit.services import record
from deid.models import Chunk, ImportBatch, Note, Run
from deid.services.policies import current_policy
from deid.services.run_manifest import finalise_run
from deid.services.surrogates import ask_for_map
from jobs.models import Job
from jobs.services import cancel_group, enqueue_all
from projects.models import Project
from projects.permissions import require

CHUNK_JOB = "deid.chunk"
# A killed worker repeats one chunk at most. At the measured rate of the engine on one core these
# sizes are some seconds of work, long against the cost of a job and short against a person's
# patience; the second limit holds where notes are long.
NOTES_PER_CHUNK = 25
CHARACTERS_PER_CHUNK = 40_000


@dataclass
class Cut:
    patients: list[UUID] = field(default_factory=list)
    notes: int = 0
    characters: int = 0


@transaction.atomic
def start_run(
    *, project: Project, actor: User, keep_map: bool = False, map_reason: str = ""
) -> Run:
    """De-identify every current note of the project under the current policy.

    `keep_map` keeps, encrypted, what each surrogate stands for; it needs a reason.
    """
    require(actor, project, Permission.RUN_DEID)
    if map_reason.strip() and not keep_map:
        raise InvalidInput(
            "A reason for a map was given, but no map was asked for. Nothing was started; ask for "
            "the map, or leave the reason out."
        )
    # Locked as an import's start does: no import may begin between this look and the run's start.
    Project.objects.select_for_update(no_key=True).get(pk=project.pk)
    _refuse_unless_ready(project)
    policy = current_policy(project)
    cuts = list(cut_by_patient(Note.objects.filter(project=project, is_current=True)))
    if not cuts:
        raise WrongState("There are no notes to de-identify. Import notes first.")
    latest = project.runs.first()
    run = Run.objects.create(
        project=project,
        number=latest.number + 1 if latest else 1,
        policy=policy,
        operator=actor,
        note_count=sum(cut.notes for cut in cuts),
        patient_count=sum(len(cut.patients) for cut in cuts),
    )
    if keep_map:
        ask_for_map(run=run, actor=actor, reason=map_reason)
    chunks = _create_chunks(run, cuts)
    record(
        "deid.run",
        actor=actor,
        project_id=project.pk,
        subject=run,
        reason="start",
        details={"notes": run.note_count, "chunks": len(chunks), "policy": policy.number},
    )
    _enqueue(run, chunks, actor)
    return run


def _refuse_second_run(project: Project) -> None:
    running = project.runs.filter(state=Run.State.RUNNING).first()
    if running:
        raise WrongState(f"Run {running.number} is still running. Wait for it or cancel it first.")


def _refuse_unless_ready(project: Project) -> None:
    _refuse_second_run(project)
    stopped = project.imports.filter(
        Q(state=ImportBatch.State.IMPORTING) | Q(state=ImportBatch.State.FAILED, position__gt=0)
    ).first()
    if stopped:
        raise WrongState(
            f"Import {stopped.number} is not finished, so a run would miss some of its notes. "
            "Wait for it, resume it, or close it as it is."
        )


def cut_by_patient(notes: QuerySet[Note]) -> Iterator[Cut]:
    """Patients in groups: all of these notes of a patient lie in one chunk."""
    patients = (
        notes.values("patient")
        .annotate(notes=Count("pk"), characters=Coalesce(Sum("length"), 0))
        .order_by("patient")
    )
    cut = Cut()
    for row in patients.iterator():
        full = (
            cut.notes + row["notes"] > NOTES_PER_CHUNK
            or cut.characters + row["characters"] > CHARACTERS_PER_CHUNK
        )
        if cut.patients and full:
            yield cut
            cut = Cut()
        cut.patients.append(row["patient"])
        cut.notes += row["notes"]
        cut.characters += row["characters"]
    if cut.patients:
        yield cut


def _create_chunks(run: Run, cuts: list[Cut]) -> list[Chunk]:
    chunks = Chunk.objects.bulk_create(
        (
            Chunk(run=run, number=number, note_count=cut.notes)
            for number, cut in enumerate(cuts, start=1)
        ),
        batch_size=1_000,
    )
    through = Chunk.patients.through
    through.objects.bulk_create(
        (
            through(chunk_id=chunk.pk, patient_id=patient)
            for chunk, cut in zip(chunks, cuts, strict=True)
            for patient in cut.patients
        ),
        batch_size=1_000,
    )
    return chunks


def _enqueue(run: Run, chunks: list[Chunk], actor: User) -> None:
    enqueue_all(
        CHUNK_JOB,
        project=run.project,
        group_id=run.pk,
        totals={chunk.pk: chunk.note_count for chunk in chunks},
        actor=actor,
        unit="notes",
    )


@transaction.atomic
def cancel_run(*, run: Run, actor: User) -> Run:
    """Stop a run. Chunks that are committed stay, and a resumed run goes on behind them."""
    require(actor, run.project, Permission.RUN_DEID)
    run = Run.objects.select_for_update().get(pk=run.pk)
    if run.state != Run.State.RUNNING:
        raise WrongState("This run is not running, so there is nothing to cancel.")
    cancel_group(group_id=run.pk, actor=actor)
    run.state, run.finished_at = Run.State.CANCELLED, timezone.now()
    run.save(update_fields=["state", "finished_at"])
    record("deid.run", actor=actor, project_id=run.project_id, subject=run, reason="cancel")
    return run


@transaction.atomic
def resume_run(*, run: Run, actor: User) -> Run:
    """Go on with a cancelled or failed run: the same policy, the same notes, the open chunks."""
    require(actor, run.project, Permission.RUN_DEID)
    project = Project.objects.select_for_update(no_key=True).get(pk=run.project_id)
    run = Run.objects.select_for_update().get(pk=run.pk)
    if run.state == Run.State.RUNNING:
        return run  # asked twice, as with a double click: it goes on already
    if run.state not in (Run.State.CANCELLED, Run.State.FAILED):
        raise WrongState("Only a run that was cancelled or failed can be resumed.")
    if Job.objects.filter(group_id=run.pk, state__in=Job.ACTIVE).exists():
        raise WrongState("Part of this run is still at work. Try again when it has stopped.")
    _refuse_second_run(project)
    run.state, run.finished_at = Run.State.RUNNING, None
    run.save(update_fields=["state", "finished_at"])
    record("deid.run", actor=actor, project_id=run.project_id, subject=run, reason="resume")
    open_chunks = list(run.chunks.filter(done_at=None))
    _enqueue(run, open_chunks, actor)
    if not open_chunks:
        finalise_run(run.pk)
        run.refresh_from_db()
    return run


def chunk_ended(job: Job) -> None:
    """The queue's news: a run with a failed chunk waits to be resumed; its other chunks go on."""
    states = {Job.State.FAILED: Run.State.FAILED, Job.State.CANCELLED: Run.State.CANCELLED}
    if job.state not in states:
        return
    run = Run.objects.select_for_update().get(pk=job.group_id)
    if run.state != Run.State.RUNNING:
        return
    run.state, run.finished_at = states[Job.State(job.state)], timezone.now()
    run.save(update_fields=["state", "finished_at"])
    if run.state == Run.State.FAILED:  # a cancel stands in the trail as what it is
        record(
            "deid.run",
            actor=job.requested_by,
            outcome="failure",
            project_id=run.project_id,
            subject=run,
            reason=job.error_code,
        )

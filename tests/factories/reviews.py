"""Finished runs as rows, for tests of what comes after a run: no engine is loaded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from deid.models import (
    Chunk,
    ImportBatch,
    Note,
    Patient,
    PolicyVersion,
    Run,
    RunNote,
    Sample,
)
from deid.selectors.notes import DIVIDER
from deid.services.leases import next_items
from deid.services.results import sign_off_manifest
from deid.services.reviews import decide
from deid.services.runs import CHUNK_JOB
from deid.services.samples import draw_sample, sign_off
from evidence.digests import commitment, new_salt
from jobs.models import Job
from projects.models import Project
from tests.factories.people import PASSWORD, make_member, make_project
from vault.files import EncryptedWriter

SUMMARY = (
    "Chief Complaint: cough number {n}.\nHistory of Present Illness: three days of cough.\n"
    "Assessment: bronchitis.\nPlan: rest and fluids."
)


@dataclass
class People:
    project: Project
    operator: User
    reviewer: User
    other_reviewer: User
    compliance: User
    ml_admin: User


def make_people(**settings: float) -> People:
    project = make_project(**settings)
    return People(
        project=project,
        operator=make_member(project, Role.DATA_ENGINEER),
        reviewer=make_member(project, Role.REVIEWER, "Reviewer One"),
        other_reviewer=make_member(project, Role.REVIEWER, "Reviewer Two"),
        compliance=make_member(project, Role.COMPLIANCE),
        ml_admin=make_member(project, Role.ML_ADMIN),
    )


def make_notes(project: Project, by: User, count: int, *, per_patient: int = 2) -> list[Note]:
    """`count` notes with summaries; the text has nothing real and is the same every time."""
    writer = EncryptedWriter()
    writer.write(b"x")
    stored = writer.finish()
    number = project.imports.count() + 1
    batch = ImportBatch.objects.create(
        project=project,
        number=number,
        kind="csv",
        state="done",
        file_name="a",
        created_by=by,
        file_id=stored.file_id,
        size=1,
        salt=stored.salt,
        commitment=stored.commitment,
    )
    first = project.notes.count()
    notes = []
    patient: Patient | None = None
    for place in range(first, first + count):
        if place % per_patient == 0 or patient is None:
            patient = Patient.objects.create(
                project=project, key=f"key {place}", lookup=f"patient {place}".encode().ljust(32)
            )
        notes.append(_note(project, batch, patient, place))
    return notes


def _note(project: Project, batch: ImportBatch, patient: Patient, place: int) -> Note:
    text, salt = f"Patient seen by Vexley in clinic, visit {place}.", new_salt()
    return Note.objects.create(
        project=project,
        patient=patient,
        batch=batch,
        external_id=str(place),
        external_lookup=f"note {place}".encode().ljust(32),
        content_lookup=f"content {place}".encode().ljust(32),
        raw_text=text,
        raw_summary=SUMMARY.format(n=place),
        note_type="progress note",
        specialty="internal medicine",
        length=len(text),
        salt=salt,
        commitment=commitment(text.encode(), salt),
    )


def resumed_by(run: Run, person: User) -> None:
    """This person queued a chunk of the run again."""
    Job.objects.create(
        kind=CHUNK_JOB,
        queue="deid",
        project=run.project,
        subject_id=run.chunks.first().pk,
        group_id=run.pk,
        requested_by=person,
        state=Job.State.DONE,
        finished_at=timezone.now(),
    )


def make_run(
    people: People,
    notes: Sequence[Note] | None = None,
    *,
    state: str = "done",
    scores: Sequence[float] = (),
) -> Run:
    """A finished run over all notes: `[NAME]` replaced a name, `Vexley` may still stand there.

    `scores` says how sure the engine was of each name, 0.9 where it says nothing.
    """
    project = people.project
    notes = list(notes if notes is not None else project.notes.all())
    policy = project.policies.first() or PolicyVersion.objects.create(
        project=project,
        number=1,
        content={"terms": []},
        salt=new_salt(),
        commitment="0" * 64,
        created_by=people.operator,
    )
    run = Run.objects.create(
        project=project,
        number=project.runs.count() + 1,
        policy=policy,
        operator=people.operator,
        state=state,
        note_count=len(notes),
        patient_count=1,
        finished_at=timezone.now(),
        manifest={},
        digest=f"{project.runs.count() + 1:064x}",
        engine={"name": "test"},
    )
    chunk = Chunk.objects.create(run=run, number=1, note_count=len(notes))
    for note, score in zip_longest(notes, scores, fillvalue=0.9):
        text = f"Pt [NAME] seen by Vexley, visit {note.raw_text.split()[-1]}"
        start = None
        if note.raw_summary:
            start = len(text + DIVIDER)
            text += DIVIDER + note.raw_summary
        salt = new_salt()
        RunNote.objects.create(
            run=run,
            note=note,
            chunk=chunk,
            text=text,
            summary_start=start,
            span_count=1,
            spans=[
                {
                    "start": 3,
                    "end": 9,
                    "output_start": 3,
                    "output_end": 9,
                    "category": "NAME",
                    "subtype": "",
                    "score": score,
                    "recognizer": "ner",
                    "rule": "person",
                    "tag": "[NAME]",
                }
            ],
            salt=salt,
            commitment=commitment(text.encode(), salt),
        )
    return run


LEAK = {"start": 18, "end": 24, "category": "NAME"}  # "Vexley" in every output


def read_all(sample: Sample, reviewer: User, *, leaks_in: int = 0) -> Sample:
    """Read the whole sample; the first `leaks_in` notes are flagged, the others accepted."""
    while items := next_items(sample=sample, reviewer=reviewer, prefetch=0):
        flagged = leaks_in > 0
        leaks_in -= 1
        decide(
            item=items[0],
            actor=reviewer,
            verdict="flag" if flagged else "accept",
            leaks=[LEAK] if flagged else [],
            seconds=12.0,
        )
        sample.refresh_from_db()
    return sample


def make_signed_run(people: People, notes: Sequence[Note] | None = None) -> Run:
    """A run whose sample was read clean and signed off."""
    run = make_run(people, notes)
    sample = read_all(draw_sample(run=run, actor=people.operator, seed=1), people.reviewer)
    sign_off(
        sample=sample,
        actor=people.reviewer,
        password=PASSWORD,
        shown_digest=sign_off_manifest(sample).digest,
    )
    run.refresh_from_db()
    return run

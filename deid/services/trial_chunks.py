"""The chunk job of a trial: a few patients under both policies, one commit, differences only."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from django.db import transaction
from django.db.models import Prefetch, Sum
from django.utils import timezone

from audit.services import record
from deid.engine import NoteText
from deid.engine.lexicon import is_ordinary
from deid.engine_door import engine_for, engine_for_draft
from deid.models import KnownIdentifier, Note, Patient, PolicyTrial, TrialChunk, TrialNote
from deid.selectors.notes import composed, notes_at
from deid.services.chunks import known_of
from deid.trial_compare import compare, counts
from jobs.lease import Lease

_WORKS = (PolicyTrial.State.RUNNING, PolicyTrial.State.FAILED)


def run_trial_chunk(lease: Lease) -> None:
    """Compare a chunk and commit it whole; called again after a kill it starts it anew."""
    found = TrialChunk.objects.select_related("trial__draft", "trial__against")
    chunk = found.filter(pk=lease.job.subject_id).first()
    if chunk is None:
        return  # dropped with its draft
    if chunk.done_at is None and chunk.trial.state in _WORKS:
        work = _Comparison(chunk, lease)
        work.run()
        lease.check()
        _commit(chunk, work)
    finalise_trial(chunk.trial_id)


class _Comparison:
    """One chunk under the current policy and under the draft."""

    def __init__(self, chunk: TrialChunk, lease: Lease) -> None:
        self._chunk, self._lease = chunk, lease
        lease.progress(0, chunk.note_count, unit="notes", phase="loading the engine")
        self._engines = engine_for(chunk.trial.against), engine_for_draft(chunk.trial.draft)
        self._drawn = {row.note_id: row for row in chunk.notes.all()}
        self.rows: list[TrialNote] = []
        self.before: Counter[str] = Counter()
        self.after: Counter[str] = Counter()

    def run(self) -> None:
        known = Prefetch("known", KnownIdentifier.objects.all())
        patients = {p.pk: p for p in self._chunk.patients.prefetch_related(known)}
        notes = notes_at(self._chunk.trial).filter(patient__in=patients)
        done = 0
        ordered = notes.order_by("patient", "created_at", "pk")
        for patient_id, group in groupby(ordered, key=lambda note: note.patient_id):
            own = list(group)
            self._patient(patients[patient_id], own)
            done += len(own)
            total = self._chunk.note_count
            self._lease.progress(done, total, unit="notes", phase="comparing")

    def _patient(self, patient: Patient, notes: Sequence[Note]) -> None:
        texts = [NoteText(str(note.pk), composed(note)) for note in notes]
        known = known_of(patient, notes)
        old, new = (engine.process_patient(texts, known) for engine in self._engines)
        for note, text, before, after in zip(notes, texts, old, new, strict=True):
            if note.pk in self._drawn:
                self.before += counts(before.spans)
                self.after += counts(after.spans)
                found = compare(text.text, before.spans, after.spans, is_ordinary)
                if found:
                    self.rows.append(_row(self._drawn[note.pk], found))


def _row(row: TrialNote, found: list[dict[str, Any]]) -> TrialNote:
    kinds = Counter(entry["kind"] for entry in found)
    row.more, row.fewer, row.other = kinds["more"], kinds["fewer"], kinds["other"]
    row.differences = found
    return row


@transaction.atomic
def _commit(chunk: TrialChunk, work: _Comparison) -> None:
    # Locked before it is judged: a redelivered chunk may be finished by two workers, and its draft
    # may be dropped meanwhile.
    locked = TrialChunk.objects.select_for_update().filter(pk=chunk.pk).first()
    if locked is None or locked.done_at is not None:
        return
    for row in work.rows:
        row.save(update_fields=["more", "fewer", "other", "differences"])
    locked.counts = {
        category: [work.before[category], work.after[category]]
        for category in sorted({*work.before, *work.after})
    }
    locked.done_at = timezone.now()
    locked.save(update_fields=["counts", "done_at"])


@transaction.atomic
def finalise_trial(trial_id: uuid.UUID) -> bool:
    """Sum up a trial whose chunks are all compared; False while some are open.

    The trial's row is locked, so that one of two last chunks that end together sees no open chunk.
    """
    found = PolicyTrial.objects.select_for_update(of=("self",)).select_related("draft")
    trial = found.filter(pk=trial_id).first()
    if trial is None or trial.state != PolicyTrial.State.RUNNING:
        return False
    if trial.chunks.filter(done_at=None).exists():
        return False
    trial.result = {"counts": _counts(trial), "totals": _totals(trial)}
    trial.state, trial.finished_at = PolicyTrial.State.DONE, timezone.now()
    trial.save(update_fields=["result", "state", "finished_at"])
    record(
        "deid.trial",
        actor=trial.started_by,
        project_id=trial.project_id,
        subject=trial,
        reason="end",
        details={"draft": trial.draft.number, "notes": trial.note_count, **_totals(trial)},
    )
    return True


def _counts(trial: PolicyTrial) -> dict[str, list[int]]:
    """{category: [spans under the current policy, spans under the draft]}"""
    found: dict[str, list[int]] = {}
    for by_category in trial.chunks.values_list("counts", flat=True):
        for category, (before, after) in (by_category or {}).items():
            sums = found.setdefault(category, [0, 0])
            sums[0], sums[1] = sums[0] + before, sums[1] + after
    return found


def _totals(trial: PolicyTrial) -> dict[str, int]:
    sums = trial.notes.aggregate(more=Sum("more"), fewer=Sum("fewer"), other=Sum("other"))
    changed = trial.notes.exclude(more=0, fewer=0, other=0).count()
    return {**{kind: count or 0 for kind, count in sums.items()}, "changed_notes": changed}

"""Freezing a run: when its last chunk is committed, its counts and digests become its manifest."""

from __future__ import annotations

import uuid
from collections import defaultdict
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from audit.services import record
from deid.engine.output_basis import basis_of
from deid.engine_door import engine_version
from deid.models import Chunk, ImportBatch, Run
from deid.selectors.release import flag_counts, needs_expert_determination
from deid.services.surrogates import destroy_keys, has_map
from evidence.digests import digest_of_list
from evidence.manifests import Manifest, Parent

_DETECTORS = """
    SELECT s->>'category', s->>'recognizer', count(*)
    FROM deid_runnote n, jsonb_array_elements(n.spans) s
    WHERE n.run_id = %s GROUP BY 1, 2 ORDER BY 1, 2
"""


def detectors(run: Run) -> dict[str, dict[str, int]]:
    """How many spans each recognizer found: {category: {recognizer: count}}."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(_DETECTORS, [run.pk])
        for category, recognizer, count in cursor.fetchall():
            found[category][recognizer] = count
    return dict(found)


def outputs_digest(run: Run) -> str:
    """Digest over [note id, commitment of its output] in the order of the ids."""
    rows = run.notes.order_by("note").values_list("note", "commitment")
    return digest_of_list([str(note), committed] for note, committed in rows.iterator())


@transaction.atomic
def finalise_run(run_id: uuid.UUID) -> bool:
    """Freeze a run whose chunks are all committed; False while some are open.

    Called after every chunk, by whoever committed it: the last one sees no open chunk. The run's
    row is locked for that one alone, since a lock holds up all who write notes of the run.
    """
    if Chunk.objects.filter(run=run_id, done_at=None).exists():
        return False
    run = Run.objects.select_for_update().get(pk=run_id)
    if run.state != Run.State.RUNNING:
        return False
    found = detectors(run)
    run.counts = {category: sum(by.values()) for category, by in found.items()}
    run.engine = dict(engine_version())
    run.state, run.finished_at = Run.State.DONE, timezone.now()
    manifest = _manifest(run, found, run.finished_at)
    run.manifest, run.digest = manifest.to_dict(), manifest.digest
    run.save()
    destroy_keys(run)
    record(
        "deid.run",
        actor=run.operator,
        project_id=run.project_id,
        subject=run,
        reason="end",
        details={"digest": run.digest, "notes": run.note_count, "spans": sum(run.counts.values())},
    )
    return True


def _manifest(run: Run, found: dict[str, dict[str, int]], at: datetime) -> Manifest:
    batches = ImportBatch.objects.filter(notes__outputs__run=run).distinct()
    parents = [Parent("import_batch", batch.digest) for batch in batches]
    parents.append(Parent("policy_version", run.policy.commitment))
    return Manifest(
        kind="deid_run",
        subject=str(run.pk),
        created_at=at.isoformat(),
        body={
            "project": str(run.project_id),
            "number": run.number,
            "operator": str(run.operator_id),
            "policy": {"id": str(run.policy_id), "number": run.policy.number},
            "output": {**basis_of(run.policy.content).to_dict(), "map": has_map(run)},
            "engine": run.engine,
            "notes": run.note_count,
            "patients": run.patient_count,
            "counts": run.counts,
            "detectors": found,
            "outputs": outputs_digest(run),
            # The database's own rules of release read this: the policy is encrypted there.
            "needs_expert_determination": needs_expert_determination(run),
            "unique_characteristics": {"flagged": flag_counts(run).flagged},
        },
        parents=tuple(parents),
    )

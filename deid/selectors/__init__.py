"""Reading: what pages, the API and the rooms above need to know."""

from deid.selectors.imports import batch_of, batches, note_totals, rejections
from deid.selectors.notes import (
    DIVIDER,
    note_types,
    notes_at,
    output_rows,
    read_output,
    read_raw_note,
    split_output,
)
from deid.selectors.runs import (
    category_rows,
    failed_parts,
    known_counts,
    latest_run,
    output_of,
    policies,
    run_of,
    runs,
    runs_worked_on_by,
)

__all__ = [
    "DIVIDER",
    "batch_of",
    "batches",
    "category_rows",
    "failed_parts",
    "known_counts",
    "latest_run",
    "note_totals",
    "note_types",
    "notes_at",
    "output_of",
    "output_rows",
    "policies",
    "read_output",
    "read_raw_note",
    "rejections",
    "run_of",
    "runs",
    "runs_worked_on_by",
    "split_output",
]

"""The kinds of job of this app."""

from __future__ import annotations

from deid.services.chunks import run_chunk
from deid.services.import_records import run_import
from deid.services.imports import IMPORT_JOB, import_ended
from deid.services.runs import CHUNK_JOB, chunk_ended
from deid.services.trial_chunks import run_trial_chunk
from deid.services.trials import TRIAL_JOB, trial_chunk_ended
from jobs.kinds import Kind, register

register(Kind(IMPORT_JOB, "deid", run_import, import_ended))
register(Kind(CHUNK_JOB, "deid", run_chunk, chunk_ended))
register(Kind(TRIAL_JOB, "deid", run_trial_chunk, trial_chunk_ended))

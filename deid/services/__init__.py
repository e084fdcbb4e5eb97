"""Acts on imports, policies, known identifiers and runs."""

from deid.services.import_discard import discard_import, discardable
from deid.services.imports import (
    cancel_import,
    keep_partial_import,
    pack,
    preview_batch,
    resume_import,
    start_import,
    upload_batch,
    upload_texts,
)
from deid.services.known import add_known_identifier
from deid.services.policies import add_terms, current_policy
from deid.services.runs import cancel_run, resume_run, start_run
from deid.services.surrogates import delete_map, look_up

__all__ = [
    "add_known_identifier",
    "add_terms",
    "cancel_import",
    "cancel_run",
    "current_policy",
    "delete_map",
    "discard_import",
    "discardable",
    "keep_partial_import",
    "look_up",
    "pack",
    "preview_batch",
    "resume_import",
    "resume_run",
    "start_import",
    "start_run",
    "upload_batch",
    "upload_texts",
]

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
from deid.services.policies import add_terms, current_policy, make_version
from deid.services.policy_drafts import (
    adopt_policy_draft,
    carry_over_policy_draft,
    change_policy_draft,
    drop_policy_draft,
    make_policy_draft,
)
from deid.services.runs import cancel_run, resume_run, start_run
from deid.services.surrogates import delete_map, look_up
from deid.services.trials import cancel_trial, resume_trial, start_trial

__all__ = [
    "add_known_identifier",
    "add_terms",
    "adopt_policy_draft",
    "cancel_import",
    "cancel_run",
    "cancel_trial",
    "carry_over_policy_draft",
    "change_policy_draft",
    "current_policy",
    "delete_map",
    "discard_import",
    "discardable",
    "drop_policy_draft",
    "keep_partial_import",
    "look_up",
    "make_policy_draft",
    "make_version",
    "pack",
    "preview_batch",
    "resume_import",
    "resume_run",
    "resume_trial",
    "start_import",
    "start_run",
    "start_trial",
    "upload_batch",
    "upload_texts",
]

"""Addresses of this app, below a project's."""

from __future__ import annotations

from django.urls import path

from deid.views import (
    determinations,
    imports,
    passages,
    policies,
    policy_drafts,
    policy_edit,
    review,
    run_notes,
    runs,
    sample_notes,
    samples,
    surrogates,
    trials,
)

app_name = "deid"

urlpatterns = [
    path("import/", imports.imports, name="imports"),
    path("import/<uuid:batch_id>/", imports.import_detail, name="import"),
    path("import/<uuid:batch_id>/progress/", imports.import_progress, name="import-progress"),
    path("import/<uuid:batch_id>/cancel/", imports.import_cancel, name="import-cancel"),
    path("import/<uuid:batch_id>/resume/", imports.import_resume, name="import-resume"),
    path("import/<uuid:batch_id>/close/", imports.import_close, name="import-close"),
    path("import/<uuid:batch_id>/discard/", imports.import_discard, name="import-discard"),
    path("import/<uuid:batch_id>/left-out.csv", imports.rejections_csv, name="import-left-out"),
    path("runs/", runs.runs, name="runs"),
    path("runs/<uuid:run_id>/", runs.run_detail, name="run"),
    path("runs/<uuid:run_id>/progress/", runs.run_progress, name="run-progress"),
    path("runs/<uuid:run_id>/cancel/", runs.run_cancel, name="run-cancel"),
    path("runs/<uuid:run_id>/resume/", runs.run_resume, name="run-resume"),
    path("runs/<uuid:run_id>/categories.csv", runs.categories_csv, name="run-categories"),
    path("runs/<uuid:run_id>/notes/", run_notes.run_notes, name="run-notes"),
    path("runs/<uuid:run_id>/notes/<uuid:output_id>/", run_notes.run_note, name="run-note"),
    path("runs/<uuid:run_id>/map/", surrogates.surrogate_map, name="surrogate-map"),
    path(
        "runs/<uuid:run_id>/map/delete/",
        surrogates.surrogate_map_delete,
        name="surrogate-map-delete",
    ),
    path("review/", samples.reviews, name="reviews"),
    path("review/rounds.csv", samples.rounds_csv, name="review-rounds"),
    path("review/draw/<uuid:run_id>/", samples.draw, name="sample-draw"),
    path("review/<uuid:sample_id>/", samples.sample, name="sample"),
    path("review/<uuid:sample_id>/progress/", samples.sample_progress, name="sample-progress"),
    path("review/<uuid:sample_id>/sign-off/", samples.sample_sign_off, name="sample-sign-off"),
    path("review/<uuid:sample_id>/read/", review.review, name="review"),
    path(
        "review/<uuid:sample_id>/notes/<uuid:item_id>/",
        sample_notes.sample_note,
        name="sample-note",
    ),
    path("review/<uuid:sample_id>/leaks/", review.remedies, name="remedies"),
    path("runs/<uuid:run_id>/passages/", passages.passages, name="passages"),
    path("runs/<uuid:run_id>/passages/<uuid:flag_id>/", passages.flag, name="flag"),
    path("runs/<uuid:run_id>/passages/<uuid:flag_id>/decide/", passages.decide, name="flag-decide"),
    path("runs/<uuid:run_id>/passages/<uuid:flag_id>/reopen/", passages.reopen, name="flag-reopen"),
    path("determinations/", determinations.determinations, name="determinations"),
    path(
        "determinations/<uuid:determination_id>/",
        determinations.determination,
        name="determination",
    ),
    path(
        "determinations/<uuid:determination_id>/file/",
        determinations.file,
        name="determination-file",
    ),
    path(
        "determinations/<uuid:determination_id>/sign/",
        determinations.sign,
        name="determination-sign",
    ),
    path(
        "determinations/<uuid:determination_id>/withdraw/",
        determinations.withdraw,
        name="determination-withdraw",
    ),
    path("policy/", policies.policy, name="policy"),
    path("policy/edit/", policy_edit.edit, name="policy-edit"),
    path("policy/versions/<int:number>/", policies.version, name="policy-version"),
    path("policy/drafts/<uuid:draft_id>/", policy_drafts.draft, name="policy-draft"),
    path("policy/drafts/<uuid:draft_id>/edit/", policy_edit.edit_draft, name="policy-draft-edit"),
    path("policy/drafts/<uuid:draft_id>/adopt/", policy_drafts.adopt, name="policy-draft-adopt"),
    path(
        "policy/drafts/<uuid:draft_id>/carry-over/",
        policy_drafts.carry_over,
        name="policy-draft-carry-over",
    ),
    path("policy/drafts/<uuid:draft_id>/drop/", policy_drafts.drop, name="policy-draft-drop"),
    path("policy/trials/<uuid:trial_id>/", trials.trial, name="policy-trial"),
    path("policy/trials/<uuid:trial_id>/progress/", trials.progress, name="policy-trial-progress"),
    path("policy/trials/<uuid:trial_id>/cancel/", trials.cancel, name="policy-trial-cancel"),
    path("policy/trials/<uuid:trial_id>/resume/", trials.resume, name="policy-trial-resume"),
    path(
        "policy/trials/<uuid:trial_id>/notes/<uuid:row_id>/",
        trials.trial_note,
        name="policy-trial-note",
    ),
]

"""Addresses of this app, below a project's."""

from __future__ import annotations

from django.urls import path

from deid.views import (
    imports,
    measurement,
    policies,
    review,
    run_notes,
    runs,
    sample_notes,
    samples,
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
    path("runs/measurement/", measurement.project_measurements, name="measurements"),
    path("runs/<uuid:run_id>/measurement/", measurement.run_measurement, name="run-measurement"),
    path(
        "runs/<uuid:run_id>/measurement.json",
        measurement.measurement_json,
        name="run-measurement-json",
    ),
    path("runs/<uuid:run_id>/", runs.run_detail, name="run"),
    path("runs/<uuid:run_id>/progress/", runs.run_progress, name="run-progress"),
    path("runs/<uuid:run_id>/cancel/", runs.run_cancel, name="run-cancel"),
    path("runs/<uuid:run_id>/resume/", runs.run_resume, name="run-resume"),
    path("runs/<uuid:run_id>/categories.csv", runs.categories_csv, name="run-categories"),
    path("runs/<uuid:run_id>/notes/", run_notes.run_notes, name="run-notes"),
    path("runs/<uuid:run_id>/notes/<uuid:output_id>/", run_notes.run_note, name="run-note"),
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
    path("policy/", policies.policy, name="policy"),
]

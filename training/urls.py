"""Addresses of the stages Train and Evaluate, below a project's."""

from __future__ import annotations

from django.urls import path

from training.views import evaluations, exports, runs

app_name = "training"
_RUN = "training/<uuid:run_id>/"
_EVALUATION = "evaluations/<uuid:evaluation_id>/"

urlpatterns = [
    path("training/", runs.index, name="index"),
    path("training/start/", runs.start, name="start"),
    path(_RUN, runs.run_detail, name="run"),
    path(f"{_RUN}progress/", runs.progress, name="progress"),
    path(f"{_RUN}losses/", runs.losses, name="losses"),
    path(f"{_RUN}cancel/", runs.cancel, name="cancel"),
    path(f"{_RUN}resume/", runs.resume, name="resume"),
    path("evaluations/", evaluations.index, name="evaluations"),
    path("evaluations/start/", evaluations.start, name="evaluate"),
    path(_EVALUATION, evaluations.evaluation_detail, name="evaluation"),
    path(f"{_EVALUATION}progress/", evaluations.progress, name="evaluation-progress"),
    path(f"{_EVALUATION}cancel/", evaluations.cancel, name="evaluation-cancel"),
    path(f"{_EVALUATION}resume/", evaluations.resume, name="evaluation-resume"),
    path(f"{_EVALUATION}items.csv", exports.items_csv, name="evaluation-items"),
]

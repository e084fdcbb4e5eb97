"""Addresses of this app, below a project's."""

from __future__ import annotations

from django.urls import path

from datasets_app.views import attestations, records, stage

app_name = "datasets"

urlpatterns = [
    path("dataset/", stage.index, name="index"),
    path("dataset/attest/<uuid:run_id>/", attestations.attest, name="attest"),
    path("dataset/gold-sets/", stage.freeze_gold, name="gold-sets"),
    path("dataset/gold-sets/<uuid:gold_set_id>/", records.gold_set, name="gold-set"),
    path("dataset/versions/", stage.freeze_dataset, name="datasets"),
    path("dataset/versions/<uuid:dataset_id>/", records.dataset, name="dataset"),
    path("dataset/versions/<uuid:dataset_id>/export/<str:split>/", records.export, name="export"),
]

"""The API of this app: the same services as the pages call."""

from __future__ import annotations

from django.urls import URLPattern

from deid.api import (
    imports,
    measurement,
    policies,
    policy_trials,
    release,
    reviews,
    runs,
    surrogates,
    traces,
)

api_urlpatterns: list[URLPattern] = [
    *imports.urlpatterns,
    *policies.urlpatterns,
    *policy_trials.urlpatterns,
    *runs.urlpatterns,
    *measurement.urlpatterns,
    *reviews.urlpatterns,
    *traces.urlpatterns,
    *release.urlpatterns,
    *surrogates.urlpatterns,
]

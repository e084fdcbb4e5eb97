"""The API of this app: the same services as the pages call."""

from __future__ import annotations

from django.urls import URLPattern

from deid.api import imports, measurement, reviews, runs

api_urlpatterns: list[URLPattern] = [
    *imports.urlpatterns,
    *runs.urlpatterns,
    *measurement.urlpatterns,
    *reviews.urlpatterns,
]

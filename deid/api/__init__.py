"""The API of this app: the same services as the pages call."""

from __future__ import annotations

from django.urls import URLPattern

from deid.api import imports, release, reviews, runs, traces

api_urlpatterns: list[URLPattern] = [
    *imports.urlpatterns,
    *runs.urlpatterns,
    *reviews.urlpatterns,
    *traces.urlpatterns,
    *release.urlpatterns,
]

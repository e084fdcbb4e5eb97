"""The API of this app: the same services as the pages call."""

from __future__ import annotations

from django.urls import URLPattern

from deid.api import imports, reviews, runs, surrogates

api_urlpatterns: list[URLPattern] = [
    *imports.urlpatterns,
    *runs.urlpatterns,
    *reviews.urlpatterns,
    *surrogates.urlpatterns,
]

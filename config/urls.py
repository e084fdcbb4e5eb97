"""All addresses: each room names its own."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

import datasets_app.api
import deid.api
import deployment.api
import governance.api
import projects.api_admin
import training.api

handler400 = "web.errors.bad_request"
handler403 = "web.errors.permission_denied"
handler404 = "web.errors.page_not_found"
handler500 = "web.errors.server_error"

api_v1 = [
    *projects.api_admin.api_urlpatterns,
    *deid.api.api_urlpatterns,
    *datasets_app.api.api_urlpatterns,
    *training.api.api_urlpatterns,
    *governance.api.api_urlpatterns,
    *deployment.api.api_urlpatterns,
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("accounts.urls")),
    path("", include("projects.urls")),
    path("", include("web.urls")),
    path("p/<slug:slug>/", include("deid.urls")),
    path("p/<slug:slug>/", include("datasets_app.urls")),
    path("p/<slug:slug>/", include("training.urls")),
    path("p/<slug:slug>/", include("governance.urls")),
    path("p/<slug:slug>/", include("deployment.urls")),
    path("api/v1/", include((api_v1, "api"))),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path(
        "api/",
        login_required(SpectacularSwaggerSplitView.as_view(url_name="schema")),
        name="api-docs",
    ),
]

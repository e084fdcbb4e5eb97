"""Addresses of the stages Approve and Package, below a project's."""

from __future__ import annotations

from django.urls import path

from governance.views import decisions, overrides, packages, submissions

app_name = "governance"
_SUBMISSION = "approve/<uuid:submission_id>/"
_PACKAGE = "package/<uuid:package_id>/"

urlpatterns = [
    path("approve/", submissions.index, name="index"),
    path("approve/submit/", submissions.submit, name="submit"),
    path("approve/submit/<uuid:evaluation_id>/", submissions.submit, name="submit"),
    path("approve/gates/<uuid:evaluation_id>/", overrides.override, name="override"),
    path(_SUBMISSION, decisions.submission, name="submission"),
    path(f"{_SUBMISSION}decide/", decisions.decide, name="decide"),
    path(f"{_SUBMISSION}viewed/", decisions.viewed, name="viewed"),
    path(f"{_SUBMISSION}pulse/", decisions.pulse, name="pulse"),
    path(f"{_SUBMISSION}withdraw/", submissions.withdraw, name="withdraw"),
    path("package/", packages.packages, name="packages"),
    path("package/ca.pem", packages.ca, name="ca"),
    path(_PACKAGE, packages.package, name="package"),
    path(f"{_PACKAGE}progress/", packages.progress, name="package-progress"),
    path(f"{_PACKAGE}retry/", packages.retry, name="package-retry"),
    path(f"{_PACKAGE}sign/", packages.sign, name="sign"),
    path(f"{_PACKAGE}file.pdf", packages.download, name="download"),
    path(f"{_PACKAGE}verify/", packages.verify, name="verify"),
]

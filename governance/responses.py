"""Files handed out: the package and the certificate that verifiers pin."""

from __future__ import annotations

from django.http import HttpResponse

from governance.models import Package
from vault.keys import authority


def pdf_response(package: Package, data: bytes) -> HttpResponse:
    name = f"{package.project.slug}-package-{package.number}.pdf"
    return HttpResponse(
        data,
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def certificate_response() -> HttpResponse:
    return HttpResponse(
        authority().ca_certificate_pem,
        content_type="application/x-pem-file",
        headers={"Content-Disposition": 'attachment; filename="ca.pem"'},
    )

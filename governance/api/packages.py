"""Endpoints of the documentation package and of the authority that signs it."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpResponse
from django.urls import URLPattern, path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from governance import selectors, services
from governance.finders import the_package, the_submission
from governance.models import Package, PackageSignature
from governance.responses import certificate_response, pdf_response
from governance.services.verification import verify_package
from jobs.selectors import group_progress
from projects.api import ProjectView, valid
from projects.selectors import project_for


class PackageSignatureSerializer(serializers.ModelSerializer[PackageSignature]):
    expected = serializers.CharField(source="expected.full_name")

    class Meta:
        model = PackageSignature
        fields = [
            "field", "role", "expected", "meaning", "signed_at", "signed_digest", "result_digest",
        ]  # fmt: skip
        read_only_fields = fields


class PackageSerializer(serializers.ModelSerializer[Package]):
    signatures = PackageSignatureSerializer(many=True)
    phase = serializers.SerializerMethodField()
    state = serializers.CharField()  # a plain string: other rooms have states of their own

    class Meta:
        model = Package
        fields = [
            "id", "number", "submission", "state", "phase", "manifest", "digest", "artefact",
            "built_artefact", "page_count", "created_at", "signatures",
        ]  # fmt: skip
        read_only_fields = fields

    def get_phase(self, package: Package) -> str:
        """What the building does at the moment, or why it stopped."""
        if package.state not in (Package.State.BUILDING, Package.State.FAILED):
            return ""
        progress = group_progress(package.pk)
        return progress.error or progress.phase


class BuildSerializer(serializers.Serializer[Any]):
    submission = serializers.UUIDField()


class SignSerializer(serializers.Serializer[Any]):
    """`digest` is the SHA-256 of the file, as it was shown."""

    digest = serializers.CharField(max_length=64)
    password = serializers.CharField(write_only=True, trim_whitespace=False, max_length=256)


class Packages(ProjectView):
    serializer_class = PackageSerializer

    @extend_schema(operation_id="packages_list", responses=PackageSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        return self.paged(selectors.packages(self.project))

    @extend_schema(
        operation_id="packages_build", request=BuildSerializer, responses={201: PackageSerializer}
    )
    def post(self, request: Request, slug: str) -> Response:
        """Queue the documentation package of an approved submission."""
        package = services.build_package(
            project=self.project,
            actor=self.actor,
            submission=the_submission(self.project, valid(BuildSerializer, request)["submission"]),
        )
        return Response(self.get_serializer(package).data, status=status.HTTP_201_CREATED)


class PackageDetail(ProjectView):
    serializer_class = PackageSerializer

    @extend_schema(operation_id="packages_read")
    def get(self, request: Request, slug: str, package_id: uuid.UUID) -> Response:
        return Response(self.get_serializer(the_package(self.project, package_id)).data)


class PackageRetry(ProjectView):
    serializer_class = PackageSerializer

    @extend_schema(operation_id="packages_retry", request=None)
    def post(self, request: Request, slug: str, package_id: uuid.UUID) -> Response:
        """Build a failed package again."""
        services.retry_package(package=the_package(self.project, package_id), actor=self.actor)
        return Response(self.get_serializer(the_package(self.project, package_id)).data)


class PackageSign(ProjectView):
    serializer_class = PackageSerializer

    @extend_schema(operation_id="packages_sign", request=SignSerializer)
    def post(self, request: Request, slug: str, package_id: uuid.UUID) -> Response:
        """Add your own signature to the finished file."""
        body = valid(SignSerializer, request)
        services.sign_package(
            package=the_package(self.project, package_id),
            actor=self.actor,
            password=body["password"],
            shown_digest=body["digest"],
        )
        return Response(self.get_serializer(the_package(self.project, package_id)).data)


class PackageDownload(ProjectView):
    @extend_schema(
        operation_id="packages_download",
        responses={(200, "application/pdf"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, slug: str, package_id: uuid.UUID) -> HttpResponse:
        """The PDF as it is now; every download is recorded."""
        package = the_package(self.project, package_id)
        return pdf_response(package, services.download_package(package=package, actor=self.actor))


class PackageVerify(ProjectView):
    @extend_schema(operation_id="packages_verify", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, slug: str, package_id: uuid.UUID) -> Response:
        """What the offline verifier says about the stored file, with this authority pinned."""
        return Response(verify_package(the_package(self.project, package_id)).to_dict())


class AuthorityCertificate(ProjectView):
    @extend_schema(
        operation_id="authority_certificate",
        responses={
            (200, "application/x-pem-file"): OpenApiResponse(
                OpenApiTypes.BINARY, description="What `countersign-verify --trust` pins."
            )
        },
    )
    def get(self, request: Request, slug: str) -> HttpResponse:
        project_for(self.actor, slug)
        return certificate_response()


_BASE = "projects/<slug:slug>/"
_ONE = f"{_BASE}packages/<uuid:package_id>/"
urlpatterns: list[URLPattern] = [
    path(f"{_BASE}packages/", Packages.as_view(), name="packages"),
    path(_ONE, PackageDetail.as_view(), name="package"),
    path(f"{_ONE}retry/", PackageRetry.as_view(), name="package-retry"),
    path(f"{_ONE}signatures/", PackageSign.as_view(), name="package-sign"),
    path(f"{_ONE}file.pdf", PackageDownload.as_view(), name="package-download"),
    path(f"{_ONE}verification/", PackageVerify.as_view(), name="package-verify"),
    path(f"{_BASE}authority.pem", AuthorityCertificate.as_view(), name="authority-certificate"),
]

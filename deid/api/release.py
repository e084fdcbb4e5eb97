"""Endpoints of Expert Determinations, of passages that may identify, and of a run's conditions."""

from __future__ import annotations

import uuid

from django.http import FileResponse
from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.errors import InvalidInput
from deid.api._common import ProjectView
from deid.api.release_serializers import (
    DecideSerializer,
    DeterminationSerializer,
    FlagSerializer,
    ManifestSerializer,
    PassageSerializer,
    ReleaseSerializer,
    SignSerializer,
    UploadDeterminationSerializer,
    WithdrawSerializer,
)
from deid.finders import the_determination, the_flag, the_run
from deid.models import ExpertDetermination, UniqueFlag
from deid.selectors.release import (
    determinations,
    flags,
    needs_expert_determination,
    profile_words,
    release_conditions,
)
from deid.services.determinations import (
    determination_manifest,
    open_determination,
    sign_determination,
    upload_determination,
    withdraw_determination,
)
from deid.services.unique import decide_flag, read_passage, reopen_flag
from projects.api import valid


class Determinations(ProjectView):
    serializer_class = DeterminationSerializer
    parser_classes = [MultiPartParser]

    @extend_schema(operation_id="determinations_list", responses=DeterminationSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        return self.paged(determinations(self.project))

    @extend_schema(
        operation_id="determinations_upload",
        request=UploadDeterminationSerializer,
        responses={201: DeterminationSerializer},
    )
    def post(self, request: Request, slug: str) -> Response:
        """Upload an Expert Determination; it counts once it is signed."""
        body = valid(UploadDeterminationSerializer, request)
        upload, run = body.pop("file"), body.pop("run")
        found = upload_determination(
            project=self.project,
            actor=self.actor,
            stored=upload.stored,
            stated=body,
            run=the_run(self.project, run) if run else None,
        )
        upload.take()  # what nobody takes is deleted when the request ends
        return Response(self.get_serializer(found).data, status=status.HTTP_201_CREATED)


class _OneDetermination(ProjectView):
    serializer_class = DeterminationSerializer

    @property
    def found(self) -> ExpertDetermination:
        return the_determination(self.project, self.kwargs["determination_id"])


class DeterminationDetail(_OneDetermination):
    @extend_schema(operation_id="determinations_read")
    def get(self, request: Request, slug: str, determination_id: uuid.UUID) -> Response:
        return Response(self.get_serializer(self.found).data)


class DeterminationFile(_OneDetermination):
    @extend_schema(
        operation_id="determinations_file",
        responses={(200, "application/pdf"): OpenApiResponse(OpenApiTypes.BINARY)},
    )
    def get(self, request: Request, slug: str, determination_id: uuid.UUID) -> FileResponse:
        """The PDF; every opening is recorded."""
        stream = open_determination(determination=self.found, actor=self.actor)
        return FileResponse(stream, as_attachment=True, content_type="application/pdf")


class DeterminationSignature(_OneDetermination):
    @extend_schema(operation_id="determinations_statement", responses=ManifestSerializer)
    def get(self, request: Request, slug: str, determination_id: uuid.UUID) -> Response:
        """What is signed, with its digest."""
        manifest = determination_manifest(self.found)
        return Response({"digest": manifest.digest, "manifest": manifest.to_dict()})

    @extend_schema(operation_id="determinations_sign", request=SignSerializer)
    def post(self, request: Request, slug: str, determination_id: uuid.UUID) -> Response:
        """Sign it over the digest that was shown."""
        body = valid(SignSerializer, request)
        found = sign_determination(
            determination=self.found,
            actor=self.actor,
            password=body["password"],
            shown_digest=body["digest"],
        )
        return Response(self.get_serializer(found).data)


class DeterminationWithdrawal(_OneDetermination):
    @extend_schema(operation_id="determinations_withdraw", request=WithdrawSerializer)
    def post(self, request: Request, slug: str, determination_id: uuid.UUID) -> Response:
        """Withdraw it for good; nothing more is released under it."""
        body = valid(WithdrawSerializer, request)
        found = withdraw_determination(
            determination=self.found, actor=self.actor, reason=body["reason"]
        )
        return Response(self.get_serializer(found).data)


class RunRelease(ProjectView):
    serializer_class = ReleaseSerializer

    @extend_schema(operation_id="runs_release")
    def get(self, request: Request, slug: str, run_id: uuid.UUID) -> Response:
        """The conditions of the run's release as they stand now."""
        run = the_run(self.project, run_id)
        body = {
            "profile": profile_words(run),
            "needs_expert_determination": needs_expert_determination(run),
            "conditions": release_conditions(run),
        }
        return Response(self.get_serializer(body).data)


class RunPassages(ProjectView):
    serializer_class = FlagSerializer

    @extend_schema(
        operation_id="passages_list",
        responses=FlagSerializer(many=True),
        parameters=[OpenApiParameter("decision", str, enum=UniqueFlag.Decision.values)],
    )
    def get(self, request: Request, slug: str, run_id: uuid.UUID) -> Response:
        decision = request.query_params.get("decision", "")
        if decision and decision not in UniqueFlag.Decision.values:
            raise InvalidInput("A decision is open, identifies or harmless.")
        return self.paged(flags(the_run(self.project, run_id), decision))


class _OneFlag(ProjectView):
    serializer_class = FlagSerializer
    parser_classes = [JSONParser]

    @property
    def found(self) -> UniqueFlag:
        return the_flag(the_run(self.project, self.kwargs["run_id"]), self.kwargs["flag_id"])


class PassageDetail(_OneFlag):
    serializer_class = PassageSerializer  # type: ignore[assignment]

    @extend_schema(operation_id="passages_read", responses=PassageSerializer)
    def get(self, request: Request, slug: str, run_id: uuid.UUID, flag_id: uuid.UUID) -> Response:
        """A passage in its context; recorded as a reading."""
        return Response(self.get_serializer(read_passage(flag=self.found, actor=self.actor)).data)


class PassageDecision(_OneFlag):
    @extend_schema(operation_id="passages_decide", request=DecideSerializer)
    def post(self, request: Request, slug: str, run_id: uuid.UUID, flag_id: uuid.UUID) -> Response:
        """Decide whether it identifies; what does is hidden from the next run on."""
        body = valid(DecideSerializer, request)
        found = decide_flag(flag=self.found, actor=self.actor, **body)
        return Response(self.get_serializer(found).data)


class PassageReopening(_OneFlag):
    @extend_schema(operation_id="passages_reopen", request=None)
    def post(self, request: Request, slug: str, run_id: uuid.UUID, flag_id: uuid.UUID) -> Response:
        """Take back that it does not identify."""
        found = reopen_flag(flag=self.found, actor=self.actor)
        return Response(self.get_serializer(found).data)


_BASE = "projects/<slug:slug>/"
_DETERMINATION = f"{_BASE}determinations/<uuid:determination_id>/"
_RUN = f"{_BASE}runs/<uuid:run_id>/"
_FLAG = f"{_RUN}passages/<uuid:flag_id>/"
urlpatterns = [
    path(f"{_BASE}determinations/", Determinations.as_view(), name="determinations"),
    path(_DETERMINATION, DeterminationDetail.as_view(), name="determination"),
    path(f"{_DETERMINATION}file/", DeterminationFile.as_view(), name="determination-file"),
    path(f"{_DETERMINATION}sign/", DeterminationSignature.as_view(), name="determination-sign"),
    path(
        f"{_DETERMINATION}withdraw/",
        DeterminationWithdrawal.as_view(),
        name="determination-withdraw",
    ),
    path(f"{_RUN}release/", RunRelease.as_view(), name="run-release"),
    path(f"{_RUN}passages/", RunPassages.as_view(), name="passages"),
    path(_FLAG, PassageDetail.as_view(), name="passage"),
    path(f"{_FLAG}decide/", PassageDecision.as_view(), name="passage-decide"),
    path(f"{_FLAG}reopen/", PassageReopening.as_view(), name="passage-reopen"),
]

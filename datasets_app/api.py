"""Endpoints of attestations, gold sets and datasets: the same services as the pages call."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import StreamingHttpResponse
from django.urls import URLPattern, path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.errors import InvalidInput
from datasets_app import selectors, services
from datasets_app.finders import the_dataset
from datasets_app.models import Attestation, DatasetVersion, GoldSet
from datasets_app.seeds import SEED_LIMIT, new_seed
from datasets_app.services.gold_sets import pick_gold_notes
from deid.finders import the_run
from projects.api import ProjectView, valid


class AttestationSerializer(serializers.ModelSerializer[Attestation]):
    run = serializers.IntegerField(source="run.number")
    run_id = serializers.UUIDField()
    attested_by = serializers.CharField(source="signature.signer_name")
    digest = serializers.CharField(source="signature.manifest_digest")

    class Meta:
        model = Attestation
        fields = ["id", "run", "run_id", "attested_by", "digest", "created_at"]
        read_only_fields = fields


class StatementSerializer(serializers.Serializer[dict[str, Any]]):
    digest = serializers.CharField()
    manifest = serializers.JSONField()


class AttestSerializer(serializers.Serializer[Any]):
    digest = serializers.CharField(max_length=64)
    password = serializers.CharField(write_only=True, trim_whitespace=False, max_length=256)


class GoldSetSerializer(serializers.ModelSerializer[GoldSet]):
    run = serializers.IntegerField(source="run.number")
    patient_count = serializers.IntegerField(read_only=True)

    class Meta:
        model = GoldSet
        fields = [
            "id", "number", "task", "run", "item_count", "patient_count", "artefact", "digest",
            "frozen_at",
        ]  # fmt: skip
        read_only_fields = fields


class FreezeGoldSerializer(serializers.Serializer[Any]):
    """Either the notes themselves, or a number of patients to draw at random."""

    notes = serializers.ListField(child=serializers.UUIDField(), required=False)
    patients = serializers.IntegerField(required=False, min_value=1)
    seed = serializers.IntegerField(required=False, min_value=0, max_value=SEED_LIMIT - 1)


class DatasetSerializer(serializers.ModelSerializer[DatasetVersion]):
    run = serializers.IntegerField(source="run.number")

    class Meta:
        model = DatasetVersion
        fields = [
            "id", "number", "task", "run", "seed", "train_count", "validation_count",
            "patient_count", "excluded", "train_artefact", "validation_artefact", "gate",
            "manifest", "digest", "frozen_at",
        ]  # fmt: skip
        read_only_fields = fields


class FreezeDatasetSerializer(serializers.Serializer[Any]):
    run = serializers.UUIDField()
    seed = serializers.IntegerField(required=False, min_value=0, max_value=SEED_LIMIT - 1)
    validation_fraction = serializers.FloatField(required=False, default=0.1)


class Attestations(ProjectView):
    serializer_class = AttestationSerializer

    @extend_schema(operation_id="attestations_list", responses=AttestationSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        return self.paged(selectors.attestations(self.project))


class Attest(ProjectView):
    serializer_class = AttestationSerializer

    @extend_schema(operation_id="attestations_statement", responses=StatementSerializer)
    def get(self, request: Request, slug: str, run_id: uuid.UUID) -> Response:
        """The statement of no actual knowledge for a signed-off run, with its digest."""
        manifest = services.attestation_manifest(the_run(self.project, run_id))
        return Response({"digest": manifest.digest, "manifest": manifest.to_dict()})

    @extend_schema(
        operation_id="attestations_sign",
        request=AttestSerializer,
        responses={201: AttestationSerializer},
    )
    def post(self, request: Request, slug: str, run_id: uuid.UUID) -> Response:
        """Sign the statement over the digest that was shown."""
        body = valid(AttestSerializer, request)
        attestation = services.attest(
            run=the_run(self.project, run_id),
            actor=self.actor,
            password=body["password"],
            shown_digest=body["digest"],
        )
        return Response(self.get_serializer(attestation).data, status=status.HTTP_201_CREATED)


class GoldSets(ProjectView):
    serializer_class = GoldSetSerializer

    @extend_schema(operation_id="gold_sets_list", responses=GoldSetSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        return self.paged(selectors.gold_sets(self.project))

    @extend_schema(
        operation_id="gold_sets_freeze",
        request=FreezeGoldSerializer,
        responses={201: GoldSetSerializer},
    )
    def post(self, request: Request, slug: str) -> Response:
        """Freeze a gold set from the latest attested run."""
        body = valid(FreezeGoldSerializer, request)
        if ("notes" in body) == ("patients" in body):
            raise InvalidInput("Give either notes or a number of patients. Nothing was frozen.")
        notes = body.get("notes")
        if notes is None:
            seed = body.get("seed", new_seed())
            notes = pick_gold_notes(project=self.project, patients=body["patients"], seed=seed)
        gold = services.freeze_gold_set(project=self.project, actor=self.actor, note_ids=notes)
        counted = selectors.gold_set_of(self.project, gold.pk)
        return Response(self.get_serializer(counted).data, status=status.HTTP_201_CREATED)


class Datasets(ProjectView):
    serializer_class = DatasetSerializer

    @extend_schema(operation_id="datasets_list", responses=DatasetSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        return self.paged(selectors.datasets(self.project))

    @extend_schema(
        operation_id="datasets_freeze",
        request=FreezeDatasetSerializer,
        responses={201: DatasetSerializer},
    )
    def post(self, request: Request, slug: str) -> Response:
        """Freeze a dataset version from an attested run, split by patient."""
        body = valid(FreezeDatasetSerializer, request)
        dataset = services.freeze_dataset(
            project=self.project,
            actor=self.actor,
            run=the_run(self.project, body["run"]),
            seed=body.get("seed", new_seed()),
            validation_fraction=body["validation_fraction"],
        )
        return Response(self.get_serializer(dataset).data, status=status.HTTP_201_CREATED)


class DatasetDetail(ProjectView):
    serializer_class = DatasetSerializer

    @extend_schema(operation_id="datasets_read")
    def get(self, request: Request, slug: str, dataset_id: uuid.UUID) -> Response:
        return Response(self.get_serializer(the_dataset(self.project, dataset_id)).data)


class DatasetExport(ProjectView):
    @extend_schema(
        operation_id="datasets_export",
        responses={
            (200, "application/jsonl"): OpenApiResponse(
                OpenApiTypes.STR, description="One JSON object a line: instruction, response."
            )
        },
    )
    def get(
        self, request: Request, slug: str, dataset_id: uuid.UUID, split: str
    ) -> StreamingHttpResponse:
        """One split as JSONL; every export is recorded."""
        dataset = the_dataset(self.project, dataset_id)
        lines = services.export_dataset(dataset=dataset, actor=self.actor, split=split)
        return jsonl_response(lines, dataset, split)


def jsonl_response(lines: Any, dataset: DatasetVersion, split: str) -> StreamingHttpResponse:
    """A download whose name tells the version and nothing else."""
    name = f"dataset-{dataset.number}-{split}.jsonl"
    return StreamingHttpResponse(
        lines,
        content_type="application/jsonl",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


_BASE = "projects/<slug:slug>/"
_ONE = f"{_BASE}datasets/<uuid:dataset_id>/"
api_urlpatterns: list[URLPattern] = [
    path(f"{_BASE}attestations/", Attestations.as_view(), name="attestations"),
    path(f"{_BASE}runs/<uuid:run_id>/attestation/", Attest.as_view(), name="attest"),
    path(f"{_BASE}gold-sets/", GoldSets.as_view(), name="gold-sets"),
    path(f"{_BASE}datasets/", Datasets.as_view(), name="datasets"),
    path(_ONE, DatasetDetail.as_view(), name="dataset"),
    path(f"{_ONE}export/<str:split>/", DatasetExport.as_view(), name="dataset-export"),
]

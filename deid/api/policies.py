"""Endpoints of the policy: its versions and the drafts of the next one."""

from __future__ import annotations

import uuid
from typing import Any

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.errors import InvalidInput
from accounts.roles import Permission
from deid import finders, selectors, services
from deid.api._common import ProjectView
from deid.api.policy_serializers import (
    AdoptSerializer,
    DraftEditSerializer,
    DraftSerializer,
    FactsSerializer,
    PolicyEditSerializer,
    PolicySerializer,
    PolicyTextsSerializer,
    TermsSerializer,
)
from deid.engine.output_basis import basis_of, with_output
from deid.models import PolicyDraft
from deid.policy_content import Content, allowed_of, edited, terms_of
from projects.api import valid
from projects.permissions import require


def _edited(content: Content, body: dict[str, Any]) -> dict[str, Any]:
    terms = [(t["text"], t["category"]) for t in body["terms"]] if "terms" in body else None
    found = edited(
        content,
        thresholds=body["thresholds"] if "thresholds" in body else content.get("thresholds") or {},
        terms=terms_of(content) if terms is None else terms,
        allow_terms=body.get("allow_terms", allowed_of(content)),
    )
    if "output" not in body and "date_shift" not in body:
        return found
    try:
        return with_output(found, basis_of({**content, **body}))
    except ValueError as problem:
        raise InvalidInput(f"{problem} Nothing was saved.") from problem


class Policies(ProjectView):
    serializer_class = PolicySerializer

    @extend_schema(operation_id="policies_list", responses=PolicySerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        return self.paged(selectors.policies(self.project))

    @extend_schema(
        operation_id="policies_add_terms",
        request=TermsSerializer,
        responses={201: PolicySerializer},
    )
    def post(self, request: Request, slug: str) -> Response:
        """Add terms that are always hidden: this makes the next version of the policy."""
        body = valid(TermsSerializer, request)
        terms = [(term["text"], term["category"]) for term in body["terms"]]
        version = services.add_terms(
            project=self.project, actor=self.actor, terms=terms, note=body["note"]
        )
        return Response(self.get_serializer(version).data, status=status.HTTP_201_CREATED)


class PolicyNext(ProjectView):
    serializer_class = PolicySerializer

    @extend_schema(
        operation_id="policies_edit",
        request=PolicyEditSerializer,
        responses={201: PolicySerializer},
    )
    def post(self, request: Request, slug: str) -> Response:
        """Make the next version. Refused as stale (409) where `base` is not the current version;
        what may hide less needs a `note`."""
        body = valid(PolicyEditSerializer, request)
        require(self.actor, self.project, Permission.EDIT_POLICY)
        base = finders.the_policy(self.project, body["base"])
        version = services.make_version(
            project=self.project,
            actor=self.actor,
            content=_edited(base.content, body),
            base=base.number,
            note=body["note"],
        )
        return Response(self.get_serializer(version).data, status=status.HTTP_201_CREATED)


class PolicyDetail(ProjectView):
    serializer_class = FactsSerializer

    @extend_schema(operation_id="policies_read")
    def get(self, request: Request, slug: str, number: int) -> Response:
        """Thresholds, and how many terms it has by category."""
        found = finders.the_policy(self.project, number)
        return Response(self.get_serializer(selectors.content_facts(found.content)).data)


class PolicyTexts(ProjectView):
    serializer_class = PolicyTextsSerializer

    @extend_schema(operation_id="policies_terms")
    def get(self, request: Request, slug: str, number: int) -> Response:
        """The terms themselves, for a person who may read raw text; recorded as a reading."""
        found = finders.the_policy(self.project, number)
        content = selectors.read_policy(actor=self.actor, policy=found, purpose="api: terms")
        body = {"terms": content.get("terms") or [], "allow_terms": allowed_of(content)}
        return Response(self.get_serializer(body).data)


class _DraftView(ProjectView):
    def draft(self, draft_id: uuid.UUID) -> PolicyDraft:
        return finders.the_draft(self.project, draft_id)


class Drafts(_DraftView):
    serializer_class = DraftSerializer

    @extend_schema(operation_id="policy_drafts_list", responses=DraftSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        return self.paged(selectors.drafts(self.project))

    @extend_schema(
        operation_id="policy_drafts_make",
        request=PolicyEditSerializer,
        responses={201: DraftSerializer},
    )
    def post(self, request: Request, slug: str) -> Response:
        """Keep an edited policy as a draft, which holds for no run."""
        body = valid(PolicyEditSerializer, request)
        require(self.actor, self.project, Permission.EDIT_POLICY)
        base = finders.the_policy(self.project, body["base"])
        draft = services.make_policy_draft(
            project=self.project,
            actor=self.actor,
            content=_edited(base.content, body),
            base=base.number,
            note=body["note"],
        )
        return Response(self.get_serializer(draft).data, status=status.HTTP_201_CREATED)


class DraftDetail(_DraftView):
    serializer_class = DraftSerializer

    @extend_schema(operation_id="policy_drafts_read")
    def get(self, request: Request, slug: str, draft_id: uuid.UUID) -> Response:
        return Response(self.get_serializer(self.draft(draft_id)).data)

    @extend_schema(operation_id="policy_drafts_change", request=DraftEditSerializer)
    def put(self, request: Request, slug: str, draft_id: uuid.UUID) -> Response:
        """Change a draft; what is left out stays. Its trials are deleted."""
        body, draft = valid(DraftEditSerializer, request), self.draft(draft_id)
        require(self.actor, self.project, Permission.EDIT_POLICY)
        changed = services.change_policy_draft(
            draft=draft,
            actor=self.actor,
            content=_edited(draft.content, body),
            revision=body["revision"],
            note=body["note"] or draft.note,
        )
        return Response(self.get_serializer(changed).data)

    @extend_schema(operation_id="policy_drafts_drop", responses={204: None})
    def delete(self, request: Request, slug: str, draft_id: uuid.UUID) -> Response:
        """Delete a draft with all that its trials found."""
        services.drop_policy_draft(draft=self.draft(draft_id), actor=self.actor)
        return Response(status=status.HTTP_204_NO_CONTENT)


class DraftCarryOver(_DraftView):
    serializer_class = DraftSerializer

    @extend_schema(operation_id="policy_drafts_carry_over", request=None)
    def post(self, request: Request, slug: str, draft_id: uuid.UUID) -> Response:
        """Put the draft's changes upon the current version. Its trials are deleted."""
        draft = services.carry_over_policy_draft(draft=self.draft(draft_id), actor=self.actor)
        return Response(self.get_serializer(draft).data)


class DraftAdopt(_DraftView):
    serializer_class = PolicySerializer

    @extend_schema(
        operation_id="policy_drafts_adopt",
        request=AdoptSerializer,
        responses={201: PolicySerializer},
    )
    def post(self, request: Request, slug: str, draft_id: uuid.UUID) -> Response:
        """Make the draft the next version; the draft and its trials end."""
        body = valid(AdoptSerializer, request)
        version = services.adopt_policy_draft(
            draft=self.draft(draft_id),
            actor=self.actor,
            revision=body["revision"],
            note=body["note"],
        )
        return Response(self.get_serializer(version).data, status=status.HTTP_201_CREATED)


_BASE = "projects/<slug:slug>/"
_DRAFT = f"{_BASE}policy-drafts/<uuid:draft_id>/"
urlpatterns = [
    path(f"{_BASE}policies/", Policies.as_view(), name="policies"),
    path(f"{_BASE}policies/next/", PolicyNext.as_view(), name="policy-next"),
    path(f"{_BASE}policies/<int:number>/", PolicyDetail.as_view(), name="policy"),
    path(f"{_BASE}policies/<int:number>/terms/", PolicyTexts.as_view(), name="policy-terms"),
    path(f"{_BASE}policy-drafts/", Drafts.as_view(), name="policy-drafts"),
    path(_DRAFT, DraftDetail.as_view(), name="policy-draft"),
    path(f"{_DRAFT}carry-over/", DraftCarryOver.as_view(), name="policy-draft-carry-over"),
    path(f"{_DRAFT}adopt/", DraftAdopt.as_view(), name="policy-draft-adopt"),
]

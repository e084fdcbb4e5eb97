"""Endpoints of the system administrator: people, projects, roles."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from accounts.roles import Role
from projects import services
from projects.api import valid
from projects.models import Membership, Project
from projects.permissions import require_sysadmin
from projects.selectors import projects_of


class PersonSerializer(serializers.ModelSerializer[User]):
    class Meta:
        model = User
        fields = ["id", "email", "full_name", "is_active"]
        read_only_fields = ["id", "is_active"]


class NewPersonSerializer(PersonSerializer):
    """The first password: only in this answer, never again."""

    first_password = serializers.CharField(read_only=True)

    class Meta(PersonSerializer.Meta):
        fields = [*PersonSerializer.Meta.fields, "first_password"]


class ProjectSerializer(serializers.ModelSerializer[Project]):
    class Meta:
        model = Project
        fields = ["id", "name", "slug", "purpose", "leak_limit", "confidence", "sample_fraction"]
        read_only_fields = ["id", "slug"]


class MemberSerializer(serializers.ModelSerializer[Membership]):
    role = serializers.ChoiceField(choices=[r.value for r in Role if r is not Role.SYSADMIN])

    class Meta:
        model = Membership
        fields = ["id", "user", "role", "is_chair", "started_at"]
        read_only_fields = ["id", "started_at"]


class _AdminView(GenericAPIView):  # type: ignore[type-arg]
    queryset = None

    @property
    def actor(self) -> User:
        user = self.request.user
        assert isinstance(user, User)
        require_sysadmin(user)
        return user


class People(_AdminView):
    serializer_class = PersonSerializer

    @extend_schema(operation_id="people_list", responses=PersonSerializer(many=True))
    def get(self, request: Request) -> Response:
        assert self.actor
        page = self.paginate_queryset(User.objects.all())
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(operation_id="people_create", responses={201: NewPersonSerializer})
    def post(self, request: Request) -> Response:
        person, password = services.add_person(actor=self.actor, **valid(PersonSerializer, request))
        answer = {**PersonSerializer(person).data, "first_password": password}
        return Response(answer, status=status.HTTP_201_CREATED)


class Projects(_AdminView):
    serializer_class = ProjectSerializer

    @extend_schema(operation_id="projects_list", responses=ProjectSerializer(many=True))
    def get(self, request: Request) -> Response:
        """The caller's own projects; a system administrator, who is in none, sees them all."""
        assert isinstance(request.user, User)
        user = request.user
        found = Project.objects.all() if user.is_sysadmin else projects_of(user)
        page = self.paginate_queryset(found)
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(operation_id="projects_create", responses={201: ProjectSerializer})
    def post(self, request: Request) -> Response:
        project = services.create_project(actor=self.actor, **valid(ProjectSerializer, request))
        return Response(self.get_serializer(project).data, status=status.HTTP_201_CREATED)


class Members(_AdminView):
    serializer_class = MemberSerializer

    @extend_schema(operation_id="members_add", responses={201: MemberSerializer})
    def post(self, request: Request, slug: str) -> Response:
        actor, body = self.actor, valid(MemberSerializer, request)
        membership = services.add_member(
            project=get_object_or_404(Project, slug=slug),
            user=body["user"],
            role=Role(body["role"]),
            is_chair=bool(body.get("is_chair")),
            actor=actor,
        )
        return Response(self.get_serializer(membership).data, status=status.HTTP_201_CREATED)


api_urlpatterns: list[URLPattern] = [
    path("people/", People.as_view()),
    path("projects/", Projects.as_view()),
    path("projects/<slug:slug>/members/", Members.as_view()),
]

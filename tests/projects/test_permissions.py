"""Who may do what: roles are held per project, and nobody is an exception."""

from __future__ import annotations

import pytest

from accounts.errors import InvalidInput, NotAllowed
from accounts.roles import MATRIX, Permission, Role
from audit.models import Entry
from projects.permissions import allowed, require
from projects.selectors import project_for
from projects.services import add_member, close_account, create_project, end_membership
from tests.factories.people import make_member, make_project, make_user, signed_in

pytestmark = pytest.mark.django_db(databases=["default", "trail"])


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SYSADMIN])
def test_a_role_may_do_what_the_matrix_says_and_nothing_else(role: Role) -> None:
    project = make_project()
    member = make_member(project, role)
    for permission in Permission:
        assert allowed(member, project, permission) == (role in MATRIX[permission])


def test_a_role_in_one_project_is_none_in_another() -> None:
    member = make_member(make_project(), Role.COMPLIANCE)
    with pytest.raises(NotAllowed, match="compliance officer"):
        require(member, make_project(), Permission.ATTEST)


def test_a_denial_is_in_the_trail() -> None:
    project = make_project()
    member = make_member(project, Role.AUDITOR)
    with pytest.raises(NotAllowed):
        require(member, project, Permission.DEPLOY)
    denial = Entry.objects.using("trail").get(event="access.denied", actor_id=member.pk)
    assert denial.outcome == "denied"
    assert denial.details == {"permission": "DEPLOY"}


def test_an_ended_role_gives_nothing() -> None:
    project = make_project()
    member = make_member(project, Role.REVIEWER)
    end_membership(membership=project.memberships.get(), actor=project.created_by)
    assert not allowed(member, project, Permission.REVIEW_SAMPLE)


def test_the_system_administrator_joins_no_project_and_reads_none() -> None:
    project = make_project()
    with pytest.raises(NotAllowed):
        add_member(
            project=project, user=project.created_by, role=Role.REVIEWER, actor=project.created_by
        )
    for permission in Permission:
        assert not allowed(project.created_by, project, permission)


@pytest.mark.parametrize("role", [r for r in Role if r not in (Role.SYSADMIN, Role.COMMITTEE)])
def test_only_a_committee_member_is_its_chair(role: Role) -> None:
    project, user = make_project(), make_user()
    act = {"project": project, "user": user, "actor": project.created_by, "is_chair": True}
    with pytest.raises(InvalidInput, match="Only a committee member can be the chair"):
        add_member(role=role, **act)
    assert not project.memberships.exists()
    assert add_member(role=Role.COMMITTEE, **act).is_chair


def test_a_system_administrator_cannot_close_the_own_account_and_is_not_locked_out() -> None:
    sysadmin, other = make_user(sysadmin=True), make_user(sysadmin=True)
    with pytest.raises(NotAllowed, match="cannot close your own account"):
        close_account(user=sysadmin, actor=sysadmin)
    assert signed_in(sysadmin).post(f"/people/{sysadmin.pk}/close/").status_code == 403
    sysadmin.refresh_from_db()
    assert sysadmin.is_active
    close_account(user=sysadmin, actor=other)
    sysadmin.refresh_from_db()
    assert not sysadmin.is_active


def test_only_the_system_administrator_makes_projects() -> None:
    with pytest.raises(NotAllowed):
        create_project(name="Mine", actor=make_user())


def test_a_project_has_the_five_phases_of_delivery() -> None:
    assert make_project().phases.count() == 5


def test_strangers_cannot_tell_a_project_from_none() -> None:
    stranger, project = make_user(), make_project()
    said = []
    for slug in (project.slug, "there-is-none"):
        with pytest.raises(NotAllowed) as refused:
            project_for(stranger, slug)
        said.append(refused.value.message)
    assert said[0] == said[1]

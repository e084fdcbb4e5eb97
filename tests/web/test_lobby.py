"""The start page and the inbox: what waits for whom, and where a project stands."""

from __future__ import annotations

import pytest
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from deid.services.results import sign_off_manifest
from deid.services.samples import draw_sample, sign_off
from governance.models import Package, PackageSignature
from governance.services.package_content import expected_slots
from tests.factories.chain import Chain, approved, make_chain, submitted
from tests.factories.people import PASSWORD, make_member, make_project, make_user, signed_in
from tests.factories.reviews import make_notes, make_people, make_run, read_all, resumed_by
from web.inbox import tasks_for
from web.rail import stages

pytestmark = pytest.mark.django_db(databases=["default", "trail"])


@pytest.fixture
def chain() -> Chain:
    return make_chain()


def titles(user: User) -> list[str]:
    return [str(task["title"]) for task in tasks_for(user)]


def test_a_failed_gate_waits_for_a_compliance_officer_who_made_nothing(chain: Chain) -> None:
    assert "A gate failed" in titles(chain.people.compliance)
    assert "A gate failed" not in titles(chain.people.ml_admin)


def test_a_submission_waits_for_both_seats_and_for_nobody_who_made_it(chain: Chain) -> None:
    submitted(chain)
    wanted = f"Decide on version {chain.version.number}"
    assert wanted in titles(chain.people.compliance)
    assert wanted in titles(chain.committee)
    assert wanted not in titles(chain.people.ml_admin)
    assert wanted not in titles(chain.people.operator)


def test_a_review_and_an_attestation_wait_for_nobody_who_resumed_the_run() -> None:
    people = make_people(leak_limit=0.4)
    make_notes(people.project, people.operator, 20)
    sample = draw_sample(run=make_run(people), actor=people.operator)
    resumed_by(sample.run, people.reviewer)
    assert "Review de-identified notes" not in titles(people.reviewer)
    assert "Review de-identified notes" in titles(people.other_reviewer)
    read_all(sample, people.other_reviewer)
    assert "Sign off a review" not in titles(people.reviewer)
    sign_off(
        sample=sample,
        actor=people.other_reviewer,
        password=PASSWORD,
        shown_digest=sign_off_manifest(sample).digest,
    )
    assert "Attest no actual knowledge" in titles(people.compliance)
    resumed_by(sample.run, people.compliance)
    assert "Attest no actual knowledge" not in titles(people.compliance)


def test_a_finished_package_waits_for_those_who_have_not_signed_it(chain: Chain) -> None:
    clinician, officer = chain.people.reviewer, chain.people.compliance
    package = Package.objects.create(
        project=chain.project,
        number=1,
        submission=approved(chain),
        state=Package.State.SIGNING,
        created_by=officer,
    )
    slots = PackageSignature.objects.bulk_create(expected_slots(package))
    assert {slot.expected for slot in slots} == {clinician, officer}
    assert package_stage(chain) == ("waiting", "Waiting for signatures")
    PackageSignature.objects.filter(expected=officer).update(signed_at=timezone.now())
    assert "Sign package 1" in titles(clinician)
    assert "Sign package 1" not in titles(officer)
    Package.objects.update(state=Package.State.COMPLETE)
    assert "Sign package 1" not in titles(clinician)
    assert package_stage(chain) == ("done", "Package 1 signed")


def package_stage(chain: Chain) -> tuple[object, object]:
    rail = {stage["key"]: stage for stage in stages(chain.project)}
    return rail["package"]["state"], rail["package"]["detail"]


def test_the_rail_tells_each_stage_in_words(chain: Chain) -> None:
    rail = {stage["key"]: stage for stage in stages(chain.project)}
    assert rail["import"]["state"] == "done"
    assert rail["review"]["state"] == "done"
    assert rail["evaluate"]["state"] == "failed"
    assert rail["evaluate"]["detail"] == "2 FAIL"
    assert rail["deploy"]["state"] == "not_started"


def test_the_start_page_shows_the_project_and_its_stages(chain: Chain) -> None:
    page = signed_in(chain.people.compliance).get("/")
    assert page.status_code == 200
    assert chain.project.name in page.content.decode()


def test_a_system_administrator_has_people_and_projects_and_no_inbox() -> None:
    sysadmin = make_user(sysadmin=True)
    assert tasks_for(sysadmin) == []
    client = signed_in(sysadmin)
    assert client.get("/").headers["Location"] == "/projects/"
    person = {"full_name": "New Person", "email": "new@test.invalid"}
    made = client.post("/people/", person, follow=True)
    assert "shown this once" in made.content.decode()
    assert User.objects.get(email="new@test.invalid").full_name == "New Person"


def test_nobody_else_manages_people() -> None:
    member = make_member(make_project(), Role.COMPLIANCE)
    answer = signed_in(member).get("/people/")
    assert answer.status_code == 403
    assert "Only a system administrator" in answer.content.decode()


def test_the_trail_is_for_auditors_and_officers_and_its_reading_is_in_it() -> None:
    project = make_project()
    auditor = make_member(project, Role.AUDITOR)
    page = signed_in(auditor).get(f"/p/{project.slug}/trail/?verify=1")
    assert page.status_code == 200
    again = signed_in(auditor).get(f"/p/{project.slug}/trail/")
    assert "auditor" in again.content.decode()
    reviewer = make_member(project, Role.REVIEWER)
    assert signed_in(reviewer).get(f"/p/{project.slug}/trail/").status_code == 403


def test_a_project_is_unknown_to_people_outside_it() -> None:
    project, stranger = make_project(), make_member(make_project(), Role.AUDITOR)
    assert signed_in(stranger).get(f"/p/{project.slug}/").status_code == 403


def test_pages_forbid_scripts_from_elsewhere_and_are_never_cached(chain: Chain) -> None:
    page = signed_in(chain.people.compliance).get("/")
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert page.headers["Cache-Control"] == "no-store"

"""What the services refuse of a review, the database refuses again; who resumes a run ran it."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.errors import NotAllowed, SeparationOfDuties
from accounts.models import Signature, User
from accounts.roles import Role
from deid.models import Leak, Review, Run, Sample
from deid.selectors import read_output
from deid.services.leases import next_items
from deid.services.results import sign_off_manifest
from deid.services.runs import CHUNK_JOB
from deid.services.samples import draw_sample, sign_off
from jobs.models import Job
from projects.services import add_member
from tests.factories.people import PASSWORD, make_member
from tests.factories.reviews import People, make_notes, make_people, make_run, read_all

pytestmark = pytest.mark.django_db(databases=["default", "trail"])


@pytest.fixture
def people(db: None) -> People:
    return make_people(leak_limit=0.2)


@pytest.fixture
def sample(people: People) -> Sample:
    make_notes(people.project, people.operator, 20)
    return draw_sample(run=make_run(people), actor=people.operator, seed=7)


def resumed_by(sample: Sample, person: User) -> None:
    """A chunk of the run was queued again by this person."""
    add_member(
        project=sample.run.project,
        user=person,
        role=Role.DATA_ENGINEER,
        actor=sample.run.project.created_by,
    )
    Job.objects.create(
        kind=CHUNK_JOB,
        queue="deid",
        project=sample.run.project,
        subject_id=sample.run.chunks.first().pk,
        group_id=sample.run_id,
        requested_by=person,
        state=Job.State.DONE,
        finished_at=timezone.now(),
    )


def test_who_resumed_a_run_does_not_review_it(sample: Sample, people: People) -> None:
    resumed_by(sample, people.other_reviewer)
    with pytest.raises(SeparationOfDuties, match="You resumed"):
        next_items(sample=sample, reviewer=people.other_reviewer)
    with pytest.raises(DatabaseError, match="worked off a run"), transaction.atomic():
        Review.objects.create(
            item=sample.items.first(), reviewer=people.other_reviewer, verdict="accept", seconds=1
        )


def test_no_statement_signs_off_for_the_operator(sample: Sample, people: People) -> None:
    read_all(sample, people.reviewer)
    signature = Signature.objects.create(
        signer=people.operator,
        signer_name="x",
        signer_role="reviewer",
        meaning="x",
        kind="qa_sample",
        manifest=b"{}",
        manifest_digest="0" * 64,
        cms=b"",
        signed_at=timezone.now(),
    )
    with pytest.raises(DatabaseError, match="cannot sign off"), transaction.atomic():
        Sample.objects.filter(pk=sample.pk).update(state="signed_off", signature=signature)


def test_no_statement_makes_a_failed_round_pass(sample: Sample, people: People) -> None:
    read_all(sample, people.reviewer, leaks_in=1)
    sample.refresh_from_db()
    changes = [
        {"state": "passed"},
        {"result": {**sample.result, "passed": True}},
        {"state": "open", "result": None},
    ]
    for change in changes:
        with pytest.raises(DatabaseError, match="keeps its result"), transaction.atomic():
            Sample.objects.filter(pk=sample.pk).update(**change)


def test_no_statement_signs_off_a_run_without_a_signed_round(
    sample: Sample, people: People
) -> None:
    read_all(sample, people.reviewer)
    with pytest.raises(DatabaseError, match="signed round only"), transaction.atomic():
        Run.objects.filter(pk=sample.run_id).update(state="signed_off")


def test_a_signed_run_keeps_its_record(sample: Sample, people: People) -> None:
    read_all(sample, people.reviewer)
    sample.refresh_from_db()
    digest = sign_off_manifest(sample).digest
    sign_off(sample=sample, actor=people.reviewer, password=PASSWORD, shown_digest=digest)
    with pytest.raises(DatabaseError, match="does not change"), transaction.atomic():
        Run.objects.filter(pk=sample.run_id).update(operator=people.reviewer)


def test_what_a_reviewer_found_leaky_stays_under_the_rules_of_raw_text(people: People) -> None:
    make_notes(people.project, people.operator, 20)
    sample = draw_sample(run=make_run(people), actor=people.operator, seed=7)
    auditor = make_member(people.project, Role.AUDITOR)
    read_all(sample, people.reviewer)
    sample.refresh_from_db()
    digest = sign_off_manifest(sample).digest
    sign_off(sample=sample, actor=people.reviewer, password=PASSWORD, shown_digest=digest)
    item = sample.items.select_related("run_note__run__project").first()
    assert read_output(actor=auditor, output=item.run_note, purpose="look")
    Leak.objects.create(review=item.reviews.get(), start=0, end=3, category="NAME")
    with pytest.raises(NotAllowed):
        read_output(actor=auditor, output=item.run_note, purpose="look")

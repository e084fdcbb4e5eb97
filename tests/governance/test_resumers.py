"""Who resumed a part of the chain made the version as much as who started it."""

from __future__ import annotations

import uuid

import pytest
from django.db import DatabaseError, transaction

from accounts.errors import SeparationOfDuties
from accounts.models import Signature
from governance.models import Decision
from governance.services import decide
from jobs.models import Job
from tests.factories.chain import Chain, make_chain, submitted, view_all
from tests.factories.people import PASSWORD
from training.models import Evaluation

pytestmark = pytest.mark.django_db(databases=["default", "trail"])


@pytest.fixture
def chain() -> Chain:
    return make_chain(failed_round=False)


def groups(chain: Chain) -> dict[str, uuid.UUID]:
    run = chain.version.training_run
    return {
        "imported the notes": chain.project.imports.first().pk,
        "ran the de-identification": run.dataset.run_id,
        "trained this model": run.pk,
        "evaluated it": chain.evaluation.pk,
    }


@pytest.mark.parametrize(
    "deed",
    ["imported the notes", "ran the de-identification", "trained this model", "evaluated it"],
)
def test_who_resumed_a_part_does_not_approve(chain: Chain, deed: str) -> None:
    submission, person = submitted(chain), chain.people.reviewer
    group = groups(chain)[deed]
    Job.objects.create(
        kind="x", queue="gpu", project=chain.project, subject_id=group, group_id=group,
        requested_by=person, state=Job.State.DONE,
    )  # fmt: skip
    view_all(submission, person)
    with pytest.raises(SeparationOfDuties, match=deed):
        decide(
            submission=submission,
            actor=person,
            verdict="approve",
            reason="",
            password=PASSWORD,
            shown_digest=submission.digest,
        )
    with pytest.raises(DatabaseError, match="cannot decide on it"), transaction.atomic():
        Decision.objects.create(
            submission=submission,
            seat="clinical",
            verdict="approve",
            decided_by=person,
            signature=Signature.objects.latest("signed_at"),
        )


def test_a_finished_evaluation_does_not_change(chain: Chain) -> None:
    for change in ({"gates": []}, {"state": "running"}, {"started_by": chain.auditor}):
        with pytest.raises(DatabaseError, match="does not change"), transaction.atomic():
            Evaluation.objects.filter(pk=chain.evaluation.pk).update(**change)

"""A round is judged at its planned size, and only a clean one can be signed off."""

from __future__ import annotations

import json

import pytest

from accounts.errors import (
    InvalidInput,
    NotAllowed,
    SeparationOfDuties,
    StaleContent,
    WrongPassword,
    WrongState,
)
from accounts.models import Signature
from accounts.roles import Role
from audit.models import Entry
from deid.models import KnownIdentifier, Leak, PolicyVersion, Run, Sample
from deid.selectors.reviews import open_leaks
from deid.services import add_terms, current_policy
from deid.services.leases import next_items
from deid.services.remedies import remedy_leak, remedy_leaks
from deid.services.results import sign_off_manifest
from deid.services.reviews import decide, undo
from deid.services.samples import draw_sample, sign_off
from projects.services import add_member
from tests.factories.people import PASSWORD
from tests.factories.reviews import People, make_notes, make_people, make_run, read_all

pytestmark = pytest.mark.django_db(databases=["default", "trail"])


@pytest.fixture
def people(db: None) -> People:
    return make_people(leak_limit=0.2)


@pytest.fixture
def sample(people: People) -> Sample:
    make_notes(people.project, people.operator, 20)
    return draw_sample(run=make_run(people), actor=people.operator, seed=7)


def sign(sample: Sample, people: People, **changes: str) -> Sample:
    act = {"password": PASSWORD, "shown_digest": sign_off_manifest(sample).digest, **changes}
    return sign_off(sample=sample, actor=people.reviewer, **act)


def test_it_decides_nothing_before_the_planned_size(sample: Sample, people: People) -> None:
    for _ in range(sample.size - 1):
        item = next_items(sample=sample, reviewer=people.reviewer)[0]
        decide(item=item, actor=people.reviewer, verdict="accept", seconds=9)
    sample.refresh_from_db()
    assert sample.state == Sample.State.OPEN
    assert sample.result is None


def test_a_clean_round_passes_with_its_exact_bound(sample: Sample, people: People) -> None:
    read_all(sample, people.reviewer)
    assert sample.state == Sample.State.PASSED
    assert sample.result["upper"] == sample.plan["what_if"][0]["upper"] <= sample.limit
    assert sample.result["population"] == 20
    assert sample.result["reviewers"] == [str(people.reviewer.pk)]
    assert sample.result["seconds"] == pytest.approx(12.0 * sample.size)


def test_a_round_with_a_leak_fails_and_rejects_its_run(sample: Sample, people: People) -> None:
    read_all(sample, people.reviewer, leaks_in=1)
    sample.run.refresh_from_db()
    assert (sample.state, sample.run.state) == (Sample.State.FAILED, Run.State.REJECTED)
    assert sample.result["leaks_by_category"] == {"NAME": 1}
    assert sample.result["estimate"] == pytest.approx(1 / sample.size)
    assert sample.result["reasons"] == ["bound-misses-target", "leak-found"]
    assert Entry.objects.filter(event="qa.decision", details__passed=False).exists()


def test_a_leak_fails_a_round_whose_bound_would_do(people: People) -> None:
    people.project.sample_fraction = 0.9
    people.project.save()
    make_notes(people.project, people.operator, 20)
    sample = draw_sample(run=make_run(people), actor=people.operator, seed=7)
    assert sample.plan["what_if"][1]["upper"] <= sample.limit
    assert sample.acceptance_number == 0
    read_all(sample, people.reviewer, leaks_in=1)
    assert sample.state == Sample.State.FAILED
    assert sample.result["reasons"] == ["leak-found"]


def flag_first(sample: Sample, people: People) -> Leak:
    item = next_items(sample=sample, reviewer=people.reviewer)[0]
    start = item.run_note.text.index("Vexley")
    mark = {"start": start, "end": start + len("Vexley"), "category": "NAME"}
    decide(item=item, actor=people.reviewer, verdict="flag", leaks=[mark], seconds=9)
    return Leak.objects.get()


def test_a_leak_mended_before_the_last_note_fails_the_round_too(
    sample: Sample, people: People
) -> None:
    remedy_leak(leak=flag_first(sample, people), actor=people.operator)
    read_all(sample, people.reviewer)
    assert sample.state == Sample.State.FAILED
    assert sample.result["leaks"] == 1


def test_the_flag_of_a_mended_leak_cannot_be_taken_back(sample: Sample, people: People) -> None:
    remedy_leak(leak=flag_first(sample, people), actor=people.operator)
    with pytest.raises(WrongState, match="mended already"):
        undo(sample=sample, actor=people.reviewer)


def test_a_failed_round_cannot_be_signed_off_by_anybody(sample: Sample, people: People) -> None:
    read_all(sample, people.reviewer, leaks_in=1)
    with pytest.raises(WrongState, match="failed round cannot be signed off"):
        sign(sample, people)
    assert not Signature.objects.exists()


def test_an_open_round_cannot_be_signed_off(sample: Sample, people: People) -> None:
    with pytest.raises(WrongState):
        sign_off(sample=sample, actor=people.reviewer, password=PASSWORD, shown_digest="0" * 64)


def test_the_signature_covers_plan_draw_decisions_and_result(
    sample: Sample, people: People
) -> None:
    read_all(sample, people.reviewer)
    signed = sign(sample, people)
    stored = json.loads(bytes(signed.signature.manifest))
    assert signed.state == Sample.State.SIGNED_OFF
    assert signed.run.state == Run.State.SIGNED_OFF or Run.objects.get().state == "signed_off"
    assert signed.digest == signed.signature.manifest_digest
    assert signed.signature.meaning == "Verified QA result"
    body = stored["body"]
    assert body["seed"] == 7
    assert len(body["items"]) == len(body["decisions"]) == sample.size
    assert body["result"]["upper"] == sample.result["upper"]
    assert stored["parents"] == [{"kind": "deid_run", "digest": sample.run.digest}]
    assert b"Vexley" not in bytes(signed.signature.manifest)


def test_it_refuses_a_digest_that_is_not_the_shown_one(sample: Sample, people: People) -> None:
    read_all(sample, people.reviewer)
    with pytest.raises(StaleContent):
        sign(sample, people, shown_digest="0" * 64)
    sample.refresh_from_db()
    assert sample.state == Sample.State.PASSED


def test_it_refuses_a_wrong_password(sample: Sample, people: People) -> None:
    read_all(sample, people.reviewer)
    with pytest.raises(WrongPassword):
        sign(sample, people, password="not it at all, sorry")
    sample.refresh_from_db()
    assert sample.state == Sample.State.PASSED


def test_the_operator_cannot_sign_off_their_own_run(sample: Sample, people: People) -> None:
    read_all(sample, people.reviewer)
    add_member(
        project=people.project,
        user=people.operator,
        role=Role.REVIEWER,
        actor=people.project.created_by,
    )
    digest = sign_off_manifest(sample).digest
    with pytest.raises(SeparationOfDuties):
        sign_off(sample=sample, actor=people.operator, password=PASSWORD, shown_digest=digest)


def test_a_closed_round_takes_no_undo_and_no_decision(sample: Sample, people: People) -> None:
    read_all(sample, people.reviewer)
    with pytest.raises(WrongState):
        undo(sample=sample, actor=people.reviewer)
    with pytest.raises(WrongState):
        decide(item=sample.items.all()[0], actor=people.reviewer, verdict="accept", seconds=9)
    assert next_items(sample=sample, reviewer=people.reviewer) == []


def flagged(sample: Sample, people: People, count: int = 1) -> list[Leak]:
    read_all(sample, people.reviewer, leaks_in=count)
    return list(open_leaks(people.project))


def test_a_leak_becomes_a_known_identifier_of_its_patient(sample: Sample, people: People) -> None:
    leak = flagged(sample, people)[0]
    remedy_leak(leak=leak, actor=people.operator)
    known = KnownIdentifier.objects.get()
    assert known.value == "Vexley"
    assert known.patient_id == leak.review.item.run_note.note.patient_id
    assert known.source == "review"
    assert not open_leaks(people.project).exists()


def test_the_boundaries_of_a_leak_can_be_corrected(sample: Sample, people: People) -> None:
    leak = flagged(sample, people)[0]
    remedy_leak(leak=leak, actor=people.operator, text="by Vexley")
    assert KnownIdentifier.objects.get().value == "by Vexley"


@pytest.mark.parametrize("text", ["Somebody Else", "visit", "", " "])
def test_a_correction_must_stand_where_the_flag_is(
    sample: Sample, people: People, text: str
) -> None:
    leak = flagged(sample, people)[0]
    with pytest.raises(InvalidInput):
        remedy_leak(leak=leak, actor=people.operator, text=text)
    leak.refresh_from_db()
    assert leak.remedy == ""


def test_leaks_of_one_text_make_one_policy_version(sample: Sample, people: People) -> None:
    leaks = flagged(sample, people, 2)
    PolicyVersion.objects.create(
        project=people.project,
        number=2,
        salt=b"s",
        commitment="0" * 64,
        content={"id": "p", "version": "2", "thresholds": {"default": 0.5}, "terms": []},
        created_by=people.operator,
    )
    remedy_leaks(leaks=leaks, actor=people.operator, remedy="term")
    newest = people.project.policies.first()
    assert newest.number == 3
    assert newest.content["terms"] == [{"text": "Vexley", "category": "NAME"}]
    assert not open_leaks(people.project).exists()


@pytest.mark.parametrize("held", ["Vexley", "VEXLEY"])
def test_a_leak_that_the_policy_hides_already_is_mended_without_a_new_version(
    sample: Sample, people: People, held: str
) -> None:
    leak = flag_first(sample, people)
    add_terms(project=people.project, actor=people.operator, terms=[(held, "NAME")])
    before = current_policy(people.project).number
    mended = remedy_leak(leak=leak, actor=people.operator, remedy="term")
    assert mended.remedy == Leak.Remedy.TERM
    assert current_policy(people.project).number == before


def test_a_mended_leak_is_not_mended_again(sample: Sample, people: People) -> None:
    leak = flagged(sample, people)[0]
    remedy_leak(leak=leak, actor=people.operator)
    with pytest.raises(WrongState):
        remedy_leak(leak=leak, actor=people.operator)


def test_a_reviewer_may_not_edit_what_is_known(sample: Sample, people: People) -> None:
    leak = flagged(sample, people)[0]
    with pytest.raises(NotAllowed):
        remedy_leak(leak=leak, actor=people.reviewer)

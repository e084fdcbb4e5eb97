"""Passages that may identify: stored by the run, judged by a person, in the way of a release."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.errors import InvalidInput, NotAllowed, SeparationOfDuties, WrongState
from accounts.models import User
from accounts.roles import Role
from audit.models import Entry
from deid import passages as words
from deid.models import KnownIdentifier, Run, Sample, UniqueFlag
from deid.selectors.release import (
    first_waiting,
    flag_counts,
    flags,
    neighbour,
    release_conditions,
)
from deid.services.results import sign_off_manifest
from deid.services.samples import draw_sample, sign_off
from deid.services.unique import decide_flag, read_passage, reopen_flag
from tests.factories import deid as engine_scene
from tests.factories.people import PASSWORD, make_member, signed_in
from tests.factories.release import make_flags
from tests.factories.reviews import (
    People,
    make_notes,
    make_people,
    make_run,
    read_all,
    resumed_by,
)
from web.inbox import tasks_for

pytestmark = pytest.mark.django_db(databases=["default", "trail"])
TOLD = "He is the mayor of Quarnstead and has gout."


@pytest.fixture
def people(db: None) -> People:
    return make_people(leak_limit=0.4)


@pytest.fixture
def run(people: People) -> Run:
    make_notes(people.project, people.operator, 12)
    return make_run(people)


def decide(flag: UniqueFlag, actor: User, decision: str = "harmless", **more: Any) -> UniqueFlag:
    reason = "About somebody else." if decision == "harmless" else ""
    return decide_flag(flag=flag, actor=actor, decision=decision, **{"reason": reason, **more})


# The run stores them


def scene_with(*texts: str) -> tuple[engine_scene.Scene, Run, User]:
    """A project whose notes say this, run by the real engine, and its reviewer."""
    scene = engine_scene.make_scene()
    rows = [engine_scene.note_row(2 * n, text=text, summary="") for n, text in enumerate(texts)]
    engine_scene.import_rows(scene, rows)
    reviewer = make_member(scene.project, Role.REVIEWER)
    return scene, engine_scene.make_run(scene), reviewer


def test_a_run_stores_its_passages_encrypted_and_counts_them() -> None:
    _, run, _ = scene_with(TOLD, "Gout, on colchicine.")
    (flag,) = UniqueFlag.objects.filter(run=run)
    place = flag.found
    assert flag.run_note.text[place["start"] : place["end"]].startswith("is the mayor of")
    assert run.manifest["body"]["unique_characteristics"] == {"flagged": 1}
    assert run.manifest["body"]["needs_expert_determination"] is False
    with connection.cursor() as cursor:
        cursor.execute("SELECT found FROM deid_uniqueflag")
        stored = bytes(cursor.fetchone()[0])
    assert b"public_office" not in stored
    assert b"start" not in stored


def test_the_engine_hides_none_of_them() -> None:
    _, run, _ = scene_with("She is the mayor and has gout.")
    assert "She is the mayor" in run.notes.get().text


def test_what_identifies_is_hidden_by_the_next_run() -> None:
    scene, run, reviewer = scene_with(TOLD, "Gout of the mayor's office clerk.")
    flag = UniqueFlag.objects.get(run=run)
    decide(flag, reviewer, "identifies")
    assert KnownIdentifier.objects.get(category="OTHER_ID").value == "is the mayor of Quarnstead"
    again = engine_scene.make_run(scene)
    text = again.notes.get(note=flag.run_note.note).text
    assert "mayor" not in text
    assert "gout" in text
    assert not again.flags.exists()


def test_what_identifies_in_every_note_becomes_a_term() -> None:
    scene, run, reviewer = scene_with(TOLD, f"{TOLD} Again.")
    first = UniqueFlag.objects.filter(run=run).first()
    decide(first, reviewer, "identifies", remedy="term")
    policy = scene.project.policies.first()
    assert {"text": "is the mayor of Quarnstead", "category": "OTHER_ID"} in policy.content["terms"]
    decide(run.flags.exclude(pk=first.pk).get(), reviewer, "identifies", remedy="term")
    assert not engine_scene.make_run(scene).flags.exists()


def test_a_wider_text_can_be_hidden_in_its_place() -> None:
    _, run, reviewer = scene_with("He is the mayor, since the lottery, and has gout.")
    flag = UniqueFlag.objects.filter(run=run).first()
    with pytest.raises(InvalidInput, match="do not stand in the note"):
        decide(flag, reviewer, "identifies", text="and has gout")
    decide(flag, reviewer, "identifies", text="is the mayor, since the lottery")
    assert "is the mayor, since the lottery" in {k.value for k in KnownIdentifier.objects.all()}


def test_the_same_passage_is_asked_once() -> None:
    scene, run, reviewer = scene_with(TOLD)
    decide(UniqueFlag.objects.get(run=run), reviewer)
    again = engine_scene.make_run(scene)
    flag = again.flags.get()
    assert (flag.decision, flag.decided_by, flag.reason) == (
        "harmless", reviewer, "About somebody else.",
    )  # fmt: skip
    assert flag.earlier == run.flags.get()
    assert flag_counts(again).taken_over == 1


def test_a_passage_whose_words_around_changed_is_asked_again() -> None:
    scene, run, reviewer = scene_with(TOLD)
    decide(UniqueFlag.objects.get(run=run), reviewer)
    rows = [engine_scene.note_row(0, text=f"{TOLD} He lives alone.", summary="")]
    engine_scene.import_rows(scene, rows)
    assert engine_scene.make_run(scene).flags.get().decision == "open"


def test_a_decision_that_was_taken_back_is_taken_over_by_no_later_run() -> None:
    scene, run, reviewer = scene_with(TOLD)
    decide(run.flags.get(), reviewer)
    second = engine_scene.make_run(scene)
    reopen_flag(flag=second.flags.get(), actor=reviewer)
    assert engine_scene.make_run(scene).flags.get().decision == "open"


def test_kinds_have_words_for_all_that_the_engine_finds() -> None:
    from deid.engine import unique

    assert set(words.KINDS) == set(unique.KINDS)


# Who decides


def test_a_clinician_or_a_compliance_officer_decides_and_nobody_else(
    people: People, run: Run
) -> None:
    first, second = make_flags(run)
    for actor in (people.operator, people.ml_admin):
        with pytest.raises(NotAllowed):
            decide(first, actor)
        with pytest.raises(NotAllowed):
            read_passage(flag=first, actor=actor)
    assert decide(first, people.reviewer).decided_by == people.reviewer
    assert decide(second, people.compliance, "identifies").decided_by == people.compliance
    acts = Entry.objects.filter(event="deid.unique").values_list("reason", flat=True)
    assert sorted(acts) == ["harmless", "identifies"]


def test_who_worked_the_run_off_does_not_decide(people: People, run: Run) -> None:
    (flag,) = make_flags(run, 1)
    resumed_by(run, people.reviewer)
    with pytest.raises(SeparationOfDuties, match="You resumed"):
        decide(flag, people.reviewer)
    with pytest.raises(DatabaseError, match="worked off a run"), transaction.atomic():
        UniqueFlag.objects.filter(pk=flag.pk).update(
            decision="identifies", decided_by=people.reviewer, decided_at=run.finished_at
        )


def test_a_reading_is_an_entry_and_shows_the_words_around(people: People, run: Run) -> None:
    (flag,) = make_flags(run, 1)
    shown = read_passage(flag=flag, actor=people.compliance)
    assert shown["text"][shown["start"] : shown["end"]] == "Vexley"
    assert "[NAME]" in shown["text"]
    entry = Entry.objects.get(event="phi.read")
    assert (entry.object_id, entry.purpose) == (str(flag.run_note_id), "judge a passage")


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"reason": "  "}, "Say why"),
        ({"reason": "r" * 501}, "at most 500"),
        ({"decision": "open"}, "identifies or does not"),
        ({"decision": "identifies", "remedy": "burn"}, "known identifier or a term"),
    ],
)
def test_a_decision_is_complete_or_none(
    people: People, run: Run, changes: dict[str, Any], match: str
) -> None:
    (flag,) = make_flags(run, 1)
    with pytest.raises(InvalidInput, match=match):
        decide(flag, people.reviewer, **changes)
    flag.refresh_from_db()
    assert flag.decision == "open"


def test_a_decision_can_be_taken_back_unless_it_identifies(people: People, run: Run) -> None:
    first, second = make_flags(run)
    decide(first, people.reviewer)
    with pytest.raises(WrongState, match="decided on this passage meanwhile"):
        decide(first, people.compliance)
    assert reopen_flag(flag=first, actor=people.compliance).decision == "open"
    with pytest.raises(WrongState, match="waits for a decision already"):
        reopen_flag(flag=first, actor=people.compliance)
    decide(second, people.reviewer, "identifies")
    with pytest.raises(WrongState, match="cannot be taken back"):
        reopen_flag(flag=second, actor=people.reviewer)


# In the way of the release


def sign(sample: Sample, people: People) -> Sample:
    digest = sign_off_manifest(sample).digest
    return sign_off(sample=sample, actor=people.reviewer, password=PASSWORD, shown_digest=digest)


def passed_round(run: Run, people: People) -> Sample:
    return read_all(draw_sample(run=run, actor=people.operator, seed=7), people.reviewer)


def test_no_round_is_signed_off_while_a_passage_waits(people: People, run: Run) -> None:
    (flag,) = make_flags(run, 1)
    sample = passed_round(run, people)
    assert release_conditions(run)[0].status == "missing"
    with pytest.raises(WrongState, match="1 passage of this run still wait"):
        sign(sample, people)
    decide(flag, people.compliance)
    assert sign(sample, people).state == Sample.State.SIGNED_OFF


def test_no_round_is_signed_off_over_what_identifies(people: People, run: Run) -> None:
    (flag,) = make_flags(run, 1)
    sample = passed_round(run, people)
    decide(flag, people.reviewer, "identifies")
    assert release_conditions(run)[0].status == "fail"
    with pytest.raises(WrongState, match="A new run hides"):
        sign(sample, people)


@pytest.mark.parametrize("decision", ["open", "identifies"])
def test_no_statement_signs_off_over_them(people: People, run: Run, decision: str) -> None:
    first, second = make_flags(run)
    sample = passed_round(run, people)
    decide(second, people.reviewer)
    if decision == "identifies":
        decide(first, people.reviewer, decision)
    with pytest.raises(DatabaseError, match="waits or identifies"), transaction.atomic():
        Run.objects.filter(pk=run.pk).update(state="signed_off")
    with pytest.raises(DatabaseError, match="waits or identifies"), transaction.atomic():
        Sample.objects.filter(pk=sample.pk).update(state="signed_off", signature=signature(people))


def signature(people: People) -> Any:
    from django.utils import timezone

    from accounts.models import Signature

    return Signature.objects.create(
        signer=people.reviewer, signer_name="x", signer_role="reviewer", meaning="x",
        kind="qa_sample", manifest=b"{}", manifest_digest="0" * 64, cms=b"",
        signed_at=timezone.now(),
    )  # fmt: skip


def test_the_flags_of_a_signed_run_stay_as_they_are(people: People, run: Run) -> None:
    (flag,) = make_flags(run, 1)
    sample = passed_round(run, people)
    decide(flag, people.reviewer)
    sign(sample, people)
    with pytest.raises(WrongState, match="decided for good"):
        reopen_flag(flag=flag, actor=people.reviewer)
    for change in ({"decision": "open", "decided_by": None, "decided_at": None}, {"position": 9}):
        with pytest.raises(DatabaseError), transaction.atomic():
            UniqueFlag.objects.filter(pk=flag.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        UniqueFlag.objects.filter(pk=flag.pk)._raw_delete("default")


def test_no_statement_moves_a_flag_or_takes_back_what_identifies(people: People, run: Run) -> None:
    first, second = make_flags(run)
    with pytest.raises(DatabaseError, match="keeps its place"), transaction.atomic():
        UniqueFlag.objects.filter(pk=first.pk).update(run_note=second.run_note, position=9)
    decide(first, people.reviewer, "identifies")
    with pytest.raises(DatabaseError, match="keeps its place"), transaction.atomic():
        UniqueFlag.objects.filter(pk=first.pk).update(
            decision="open", decided_by=None, decided_at=None
        )


def test_a_run_of_an_earlier_version_says_that_nobody_looked(people: People, run: Run) -> None:
    condition = release_conditions(run)[0]
    assert (condition.status, condition.refusal) == ("missing", "")
    assert "did not look" in condition.explanation


# Pages


def at(name: str, run: Run, *args: object) -> str:
    return reverse(f"deid:{name}", args=[run.project.slug, run.pk, *args])


def test_the_queue_shows_no_text_and_leads_to_the_first(people: People, run: Run) -> None:
    flag = make_flags(run)[0]
    page = signed_in(people.compliance).get(at("passages", run)).content.decode()
    assert "Vexley" not in page
    assert "Public office" in page
    assert at("flag", run, first_waiting(run).pk) in page
    other = signed_in(people.operator).get(at("passages", run)).content.decode()
    assert at("flag", run, flag.pk) not in other
    assert not Entry.objects.filter(event="phi.read").exists()


def test_an_empty_queue_says_what_that_proves(people: People, run: Run) -> None:
    page = signed_in(people.reviewer).get(at("passages", run)).content.decode()
    assert "No passage was found" in page
    assert "proves nothing" in page


def test_a_clinician_decides_passage_by_passage(people: People, run: Run) -> None:
    make_flags(run, 3)
    client = signed_in(people.reviewer)
    first = first_waiting(run)
    page = client.get(at("flag", run, first.pk)).content.decode()
    assert "data-phi" in page
    assert "span--leak" in page
    answer = client.post(at("flag-decide", run, first.pk), {"decision": "harmless", "usual": "2"})
    second = first_waiting(run)
    assert answer.url == f"{at('flag', run, second.pk)}?after={first.pk}"
    first.refresh_from_db()
    assert first.reason == words.REASONS[1]
    assert at("flag-reopen", run, first.pk) in client.get(answer.url).content.decode()
    client.post(at("flag-decide", run, second.pk), {"decision": "identifies", "remedy": "known"})
    third = first_waiting(run)
    answer = client.post(
        at("flag-decide", run, third.pk), {"decision": "harmless", "reason": "A fable."}
    )
    assert answer.url == at("passages", run)
    assert flag_counts(run).to_dict()["identifying"] == 1


def test_a_decision_without_a_reason_comes_back_with_the_words(people: People, run: Run) -> None:
    (flag,) = make_flags(run, 1)
    answer = signed_in(people.reviewer).post(
        at("flag-decide", run, flag.pk), {"decision": "harmless"}
    )
    assert answer.status_code == 400
    assert "Say why this does not identify" in answer.content.decode()


def test_the_operator_reads_why_not(people: People, run: Run) -> None:
    (flag,) = make_flags(run, 1)
    resumed_by(run, people.reviewer)
    page = signed_in(people.reviewer).get(at("flag", run, flag.pk)).content.decode()
    assert "You resumed this" in page
    assert 'data-key="1"' not in page


def test_run_and_round_count_what_waits(people: People, run: Run) -> None:
    make_flags(run, 2)
    sample = passed_round(run, people)
    for address in (
        at("run", run),
        reverse("deid:sample", args=[run.project.slug, sample.pk]),
    ):
        page = signed_in(people.reviewer).get(address).content.decode()
        assert "2 passages of this run still wait" in page
        assert at("passages", run) in page


def test_another_runs_flag_is_not_found(people: People, run: Run) -> None:
    (flag,) = make_flags(run, 1)
    other = make_run(people)
    assert signed_in(people.reviewer).get(at("flag", other, flag.pk)).status_code == 404


def test_ten_thousand_flags_are_paged_with_a_fixed_number_of_queries(
    people: People, run: Run
) -> None:
    client = signed_in(people.reviewer)

    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as counted:
            assert client.get(address).status_code == 200
        return len(counted)

    make_flags(run, 12)
    queries(at("passages", run))
    few = queries(at("passages", run))
    UniqueFlag.objects.bulk_create(
        UniqueFlag(
            run=run, run_note=flag.run_note, position=flag.position + 1 + n, found=flag.found,
            lookup=flag.lookup,
        )
        for flag in list(run.flags.select_related("run_note"))
        for n in range(833)
    )  # fmt: skip
    assert run.flags.count() > 10_000
    assert queries(at("passages", run)) == few
    assert queries(f"{at('passages', run)}?page=150&decision=open") == few
    shown = queries(at("flag", run, run.flags.all()[5_000].pk))
    assert shown == queries(at("flag", run, run.flags.all()[17].pk))


def test_the_way_through_the_queue_meets_every_flag_once(people: People, run: Run) -> None:
    make_flags(run, 9)
    order = list(flags(run))
    there, met = order[0], [order[0]]
    while there := neighbour(there):
        met.append(there)
    assert met == order
    back = [order[-1]]
    while one := neighbour(back[-1], back=True):
        back.append(one)
    assert back == order[::-1]


# API


def post(client: Any, address: str, body: Any) -> Any:
    return client.post(address, json.dumps(body), content_type="application/json")


def test_the_api_lists_reads_and_decides(people: People, run: Run) -> None:
    make_flags(run, 2)
    base = f"/api/v1/projects/{run.project.slug}/runs/{run.pk}/passages/"
    client = signed_in(people.compliance)
    listed = client.get(f"{base}?decision=open").json()["results"]
    assert [row["kind"] for row in listed] == ["public_office"] * 2
    one, two = (f"{base}{row['id']}/" for row in listed)
    shown = client.get(one).json()
    assert shown["text"][shown["start"] : shown["end"]] == "Vexley"
    assert post(client, f"{one}decide/", {"decision": "harmless"}).status_code == 400
    done = post(client, f"{one}decide/", {"decision": "harmless", "reason": "No."}).json()
    assert done["decision"] == "harmless"
    assert post(client, f"{one}reopen/", {}).json()["decision"] == "open"
    assert post(client, f"{two}decide/", {"decision": "identifies"}).json()["decision"] == (
        "identifies"
    )
    assert signed_in(people.operator).get(one).status_code == 403
    assert client.get(f"{base}?decision=maybe").status_code == 400


# The inbox


def test_what_waits_stands_in_the_inbox_of_who_decides(people: People, run: Run) -> None:
    make_flags(run, 2)

    def titles(person: User) -> list[object]:
        return [task["title"] for task in tasks_for(person)]

    wanted = "Decide on passages that may identify"
    assert wanted in titles(people.reviewer)
    assert wanted in titles(people.compliance)
    assert wanted not in titles(people.operator)
    for flag in run.flags.all():
        decide(flag, people.compliance)
    assert wanted not in titles(people.reviewer)


def test_a_run_that_identifies_waits_for_a_new_run_and_for_no_signature(
    people: People, run: Run
) -> None:
    (flag,) = make_flags(run, 1)
    passed_round(run, people)
    decide(flag, people.reviewer, "identifies")
    assert "Sign off a review" not in [task["title"] for task in tasks_for(people.reviewer)]
    assert "Start a new run" in [task["title"] for task in tasks_for(people.operator)]
    make_run(people)
    assert "Start a new run" not in [task["title"] for task in tasks_for(people.operator)]

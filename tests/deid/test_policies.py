"""Versions and drafts of the policy: reasons, stale edits, what a reviewer found, finished runs."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import ProgrammingError, transaction

from accounts.errors import InvalidInput, NotAllowed, StaleContent, WrongState
from accounts.roles import Role
from audit.models import Entry
from audit.wording import what_happened
from deid.evidence import collect
from deid.models import KnownIdentifier, Note, PolicyChange, PolicyDraft, PolicyVersion
from deid.policy_content import terms_of
from deid.selectors import change_of, compared_change, lowering_changes, read_policy
from deid.services import (
    add_known_identifier,
    add_terms,
    adopt_policy_draft,
    carry_over_policy_draft,
    change_policy_draft,
    current_policy,
    drop_policy_draft,
    make_policy_draft,
    make_version,
)
from evidence.sections import Scope
from tests.factories.deid import Scene, import_rows, make_run, make_scene, note_row
from tests.factories.people import make_member
from tests.factories.policies import content_of, make_draft

pytestmark = pytest.mark.django_db(databases=["default", "trail"])


@pytest.fixture
def scene(db: None) -> Scene:
    return make_scene()


def made(scene: Scene, note: str = "", base: int | None = None, **changes: Any) -> PolicyVersion:
    return make_version(
        project=scene.project,
        actor=scene.engineer,
        content=content_of(scene.project, **changes),
        base=current_policy(scene.project).number if base is None else base,
        note=note,
    )


@pytest.mark.parametrize(
    "changes",
    [{"thresholds": {"default": 0.6}}, {"allow": ["Norton"]}, {"terms": []}],
    ids=["threshold", "allow term", "removed term"],
)
def test_a_change_that_may_hide_less_needs_a_reason_and_is_shown_as_such(
    scene: Scene, changes: dict[str, Any]
) -> None:
    add_terms(project=scene.project, actor=scene.engineer, terms=[("Vexmore Clinic", "LOCATION")])
    with pytest.raises(InvalidInput, match="say why"):
        made(scene, **changes)
    assert current_policy(scene.project).number == 2
    version = made(scene, "Asked for by the ward", **changes)
    change = change_of(version)
    assert change is not None
    assert change.lowers
    entry = Entry.objects.filter(event="deid.policy").latest("occurred_at")
    assert entry.details["lowers"] is True
    assert what_happened(entry) == "De-identification policy changed, may hide less"
    assert [row["number"] for row in lowering_changes(version)] == [3]


def test_a_change_that_hides_more_needs_none(scene: Scene) -> None:
    version = made(scene, terms=[("Vexmore Clinic", "LOCATION")], thresholds={"default": 0.4})
    change = change_of(version)
    assert change is not None
    assert not change.lowers
    assert (version.number, version.term_count, version.note) == (2, 1, "")
    assert not lowering_changes(version)


def test_the_trail_and_the_list_hold_no_text_of_a_term(scene: Scene) -> None:
    made(scene, "why", terms=[("Vexmore Clinic", "LOCATION")], allow=["Kindwell"])
    draft = make_draft(scene, terms=[])
    shown = str(list(Entry.objects.values_list("details", "reason", "purpose")))
    shown += str(list(PolicyChange.objects.values())) + str(draft.summary)
    assert "Vexmore" not in shown
    assert "Kindwell" not in shown


def test_nothing_changed_makes_no_version(scene: Scene) -> None:
    with pytest.raises(InvalidInput, match="Nothing was changed"):
        made(scene)
    assert current_policy(scene.project).number == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"terms": [("x", "NAME")]},
        {"terms": [("Vexmore", "PLACE")]},
        {"terms": [("x" * 201, "NAME")]},
        {"allow": ["?"]},
        {"thresholds": {"default": 1.2}},
        {"thresholds": {"PLACE": 0.5}},
        {"terms": [(f"Ward {n}", "LOCATION") for n in range(20_001)]},
    ],
)
def test_a_content_that_the_engine_would_not_take_is_refused_whole(
    scene: Scene, changes: dict[str, Any]
) -> None:
    with pytest.raises(InvalidInput):
        made(scene, "why", **changes)
    assert PolicyVersion.objects.filter(project=scene.project).count() == 1


def test_two_who_edit_one_version_do_not_overwrite_each_other(scene: Scene) -> None:
    made(scene, terms=[("Oak Hill", "LOCATION")])
    with pytest.raises(StaleContent, match="version 2"):
        made(scene, terms=[("Birch", "LOCATION")], base=1)
    assert terms_of(current_policy(scene.project).content) == [("Oak Hill", "LOCATION")]


def test_a_policy_whose_output_does_not_exist_is_refused(scene: Scene) -> None:
    content = {**content_of(scene.project), "date_shift": True}
    with pytest.raises(InvalidInput, match="surrogates only"):
        make_version(
            project=scene.project, actor=scene.engineer, content=content, base=1, note="shift"
        )
    with pytest.raises(InvalidInput, match="surrogates only"):
        make_policy_draft(
            project=scene.project, actor=scene.engineer, content=content, base=1, note="shift"
        )
    assert current_policy(scene.project).number == 1


def test_settings_that_this_code_does_not_know_are_carried_through(scene: Scene) -> None:
    content = {**content_of(scene.project), "future": {"kept": True}}
    version = make_version(
        project=scene.project, actor=scene.engineer, content=content, base=1, note="a new setting"
    )
    add_terms(project=scene.project, actor=scene.engineer, terms=[("Oak Hill", "LOCATION")])
    latest = current_policy(scene.project)
    assert latest.number == version.number + 1
    assert latest.content["future"] == {"kept": True}


def test_a_new_version_changes_no_finished_run(scene: Scene) -> None:
    import_rows(scene, [note_row(0)])
    run = make_run(scene)
    before = (run.digest, run.policy_id, run.notes.get().text)
    made(scene, "why", thresholds={"default": 0.95}, allow=["Furosemide"])
    run.refresh_from_db()
    assert (run.digest, run.policy_id, run.notes.get().text) == before
    assert make_run(scene).policy.number == 2


def test_ten_thousand_terms_are_kept_and_hidden(scene: Scene) -> None:
    import_rows(scene, [note_row(0, text="Seen at Brundle Ward 9876 today.", summary="")])
    terms = [(f"Brundle Ward {n}", "LOCATION") for n in range(10_000)]
    assert made(scene, terms=terms).term_count == 10_000
    assert make_run(scene).notes.get().text == "Seen at [LOCATION] today."


def test_what_was_changed_is_never_changed_afterwards(scene: Scene) -> None:
    made(scene, terms=[("Oak Hill", "LOCATION")])
    with pytest.raises(ProgrammingError), transaction.atomic():
        PolicyChange.objects.update(lowers=True)


def test_the_change_of_a_version_from_before_changes_were_kept_is_worked_out(scene: Scene) -> None:
    first = current_policy(scene.project)
    version = PolicyVersion.objects.create(
        project=scene.project, number=2, salt=b"x", commitment="0" * 64, created_by=scene.engineer,
        content={**first.content, "terms": [{"text": "Oak Hill", "category": "LOCATION"}]},
    )  # fmt: skip
    assert change_of(version) is None
    found = compared_change(version)
    assert found is not None
    assert found.words == ["1 term added"]


def test_the_package_lists_the_versions_that_may_hide_less(scene: Scene) -> None:
    import_rows(scene, [note_row(0)])
    made(scene, "The ward asked for it", allow=["Norton"])
    make_run(scene)
    fields = collect(Scope(str(scene.project.pk), "0" * 32))
    (profile,) = [field for field in fields if field.key == "profile"]
    shown = str(profile)
    assert "may hide less" in shown
    assert "1 allow term added" in shown
    assert "The ward asked for it" in shown
    assert "Norton" not in shown


def test_reading_terms_is_for_those_who_read_raw_text_and_in_the_trail(scene: Scene) -> None:
    version = made(scene, terms=[("Oak Hill", "LOCATION")])
    reviewer = make_member(scene.project, Role.REVIEWER)
    content = read_policy(actor=reviewer, policy=version, purpose="look")
    assert terms_of(content) == [("Oak Hill", "LOCATION")]
    entry = Entry.objects.get(event="phi.read", object_type="deid.PolicyVersion")
    assert (entry.actor_id, entry.object_id) == (reviewer.pk, str(version.pk))
    with pytest.raises(NotAllowed):
        read_policy(actor=make_member(scene.project, Role.AUDITOR), policy=version, purpose="look")


@pytest.mark.parametrize("value", ["lisinopril", "Will", "Graves", "furosemide"])
def test_what_a_reviewer_confirmed_is_hidden_for_certain_even_if_a_field_said_it_before(
    scene: Scene, value: str
) -> None:
    text = "She will stay on lisinopril and furosemide for Graves disease."
    import_rows(scene, [note_row(0, text=text, summary="", name=value)])
    note = Note.objects.get()
    assert value.lower() in make_run(scene).notes.get().text.lower()
    for _ in range(2):
        add_known_identifier(
            patient=note.patient, actor=scene.engineer, category="NAME", value=value
        )
    known = KnownIdentifier.objects.filter(patient=note.patient, category="NAME", source="review")
    assert known.count() == 1
    assert value.lower() not in make_run(scene).notes.get().text.lower()
    entry = Entry.objects.get(event="deid.known")
    assert entry.action == "U"


# Drafts


def test_a_draft_holds_for_no_run_until_it_is_adopted(scene: Scene) -> None:
    import_rows(scene, [note_row(0)])
    draft = make_draft(scene, terms=[("Furosemide", "OTHER_ID")])
    assert "Furosemide" in make_run(scene).notes.get().text
    version = adopt_policy_draft(draft=draft, actor=scene.engineer)
    assert (version.number, version.note, version.content["version"]) == (2, "test", "2")
    assert not PolicyDraft.objects.exists()
    assert "Furosemide" not in make_run(scene).notes.get().text


def test_a_draft_that_may_hide_less_is_adopted_with_a_reason_only(scene: Scene) -> None:
    draft = make_draft(scene, note="", thresholds={"default": 0.7})
    with pytest.raises(InvalidInput, match="say why"):
        adopt_policy_draft(draft=draft, actor=scene.engineer)
    assert adopt_policy_draft(draft=draft, actor=scene.engineer, note="The ward").note == "The ward"


def test_a_stale_draft_is_carried_over_before_it_is_adopted(scene: Scene) -> None:
    draft = make_draft(scene, terms=[("Birch", "LOCATION")])
    made(scene, terms=[("Oak Hill", "LOCATION")])
    with pytest.raises(StaleContent, match="Version 2"):
        adopt_policy_draft(draft=draft, actor=scene.engineer)
    draft = carry_over_policy_draft(draft=draft, actor=scene.engineer)
    assert (draft.base.number, draft.revision) == (2, 2)
    version = adopt_policy_draft(draft=draft, actor=scene.engineer)
    assert terms_of(version.content) == [("Oak Hill", "LOCATION"), ("Birch", "LOCATION")]
    with pytest.raises(WrongState, match="meanwhile"):
        carry_over_policy_draft(draft=draft, actor=scene.engineer)


def test_a_draft_that_says_what_others_said_meanwhile_is_only_dropped(scene: Scene) -> None:
    draft = make_draft(scene, terms=[("Oak Hill", "LOCATION")])
    made(scene, terms=[("Oak Hill", "LOCATION")])
    with pytest.raises(WrongState, match="already says"):
        carry_over_policy_draft(draft=draft, actor=scene.engineer)
    drop_policy_draft(draft=draft, actor=scene.engineer)
    assert not PolicyDraft.objects.exists()


def test_two_who_edit_one_draft_do_not_overwrite_each_other(scene: Scene) -> None:
    draft = make_draft(scene, terms=[("Oak Hill", "LOCATION")])
    content = content_of(scene.project, terms=[("Birch", "LOCATION")])
    change_policy_draft(draft=draft, actor=scene.engineer, content=content, revision=1)
    with pytest.raises(StaleContent, match="changed this draft"):
        change_policy_draft(draft=draft, actor=scene.engineer, content=content, revision=1)
    with pytest.raises(StaleContent, match="since you looked"):
        adopt_policy_draft(draft=draft, actor=scene.engineer, revision=1)


def test_each_act_on_a_draft_is_in_the_trail(scene: Scene) -> None:
    draft = make_draft(scene, allow=["Norton"])
    content = content_of(scene.project, allow=["Epworth"])
    change_policy_draft(draft=draft, actor=scene.engineer, content=content, revision=1)
    drop_policy_draft(draft=draft, actor=scene.engineer)
    entries = Entry.objects.filter(event="deid.policy.draft").order_by("occurred_at")
    assert [entry.reason for entry in entries] == ["make", "change", "drop"]
    assert all(entry.details["lowers"] for entry in entries)


@pytest.mark.parametrize("role", [r for r in Role if r not in (Role.DATA_ENGINEER, Role.SYSADMIN)])
def test_only_a_data_engineer_edits_and_drafts(scene: Scene, role: Role) -> None:
    person, draft = make_member(scene.project, role), make_draft(scene, allow=["Norton"])
    content = content_of(scene.project, allow=["Epworth"])
    given: dict[str, Any] = {"actor": person, "content": content}
    acts = [
        lambda: make_version(project=scene.project, base=1, note="why", **given),
        lambda: make_policy_draft(project=scene.project, base=1, **given),
        lambda: change_policy_draft(draft=draft, revision=1, **given),
        lambda: adopt_policy_draft(draft=draft, actor=person, note="why"),
        lambda: carry_over_policy_draft(draft=draft, actor=person),
        lambda: drop_policy_draft(draft=draft, actor=person),
    ]
    for act in acts:
        with pytest.raises(NotAllowed):
            act()
    assert current_policy(scene.project).number == 1
    assert PolicyDraft.objects.get().revision == 1

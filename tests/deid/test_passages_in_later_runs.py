"""What a decision on a passage does in later runs: what is taken over, and what is hidden.

The engine that runs here is the real one.
"""

from __future__ import annotations

import pytest

from accounts.errors import InvalidInput
from accounts.models import User
from accounts.roles import Role
from deid.models import Run, UniqueFlag
from deid.services.unique import decide_flag
from tests.factories import deid as engine_scene
from tests.factories.people import make_member

pytestmark = pytest.mark.django_db(databases=["default", "trail"])


def scene_with(*texts: str) -> tuple[engine_scene.Scene, Run, User]:
    """A project whose notes say this, run by the real engine, and its reviewer."""
    scene = engine_scene.make_scene()
    rows = [engine_scene.note_row(2 * n, text=text, summary="") for n, text in enumerate(texts)]
    engine_scene.import_rows(scene, rows)
    reviewer = make_member(scene.project, Role.REVIEWER)
    return scene, engine_scene.make_run(scene), reviewer


def spare(flag: UniqueFlag, actor: User) -> UniqueFlag:
    return decide_flag(flag=flag, actor=actor, decision="harmless", reason="A board game.")


def decisions(run: Run) -> list[str]:
    return list(run.flags.order_by("position").values_list("decision", flat=True))


# What is taken over


@pytest.mark.parametrize("decided", [0, 1, 2])
def test_a_decision_is_about_its_own_passage_and_no_other_of_the_note(decided: int) -> None:
    text = "Plays the mayor? No: she is the mayor. He was elected sheriff. His aunt is a bishop."
    scene, run, reviewer = scene_with(text)
    found = list(run.flags.order_by("position"))
    assert len(found) == 3
    spare(found[decided], reviewer)
    expected = ["open"] * 3
    expected[decided] = "harmless"
    assert decisions(engine_scene.make_run(scene)) == expected


def test_passages_that_nothing_tells_apart_are_asked_again() -> None:
    paragraph = "She is the mayor. " + "The knee is warm and tender to the touch. " * 16
    scene, run, reviewer = scene_with(paragraph * 4)
    found = list(run.flags.order_by("position"))
    assert len({bytes(flag.lookup) for flag in found}) == 2  # all but the first read alike
    for flag in found:
        spare(flag, reviewer)
    assert decisions(engine_scene.make_run(scene)) == ["harmless", "open", "open", "open"]


# What is hidden


@pytest.mark.parametrize("remedy", ["known", "term"])
@pytest.mark.parametrize("text", [None, "ayor of [LOCAT", "s the mayo", "mayor"])
def test_what_identifies_is_hidden_also_where_it_was_narrowed_within_a_word(
    text: str | None, remedy: str
) -> None:
    scene, run, reviewer = scene_with("He is the mayor of Quarnstead and has gout.")
    flag = run.flags.get()
    decide_flag(flag=flag, actor=reviewer, decision="identifies", remedy=remedy, text=text)
    again = engine_scene.make_run(scene).notes.get().text
    assert "mayor" not in again
    assert "[OTHER_ID]" in again
    assert "gout" in again


def test_one_letter_is_nothing_to_hide() -> None:
    _, run, reviewer = scene_with("He is the mayor of Q and has gout.")
    flag = run.flags.get()
    with pytest.raises(InvalidInput, match="two letters or digits"):
        decide_flag(flag=flag, actor=reviewer, decision="identifies", text="Q")
    flag.refresh_from_db()
    assert flag.decision == "open"

"""What a decision on a passage does in later runs: what is taken over, and what is hidden.

The engine that runs here is the real one.
"""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.errors import InvalidInput
from accounts.models import User
from accounts.roles import Role
from deid.models import Run, UniqueFlag
from deid.selectors.release import flag_counts
from deid.services import start_run
from deid.services.unique import decide_flag, reopen_flag
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


# Whatever is written


def test_a_run_that_writes_surrogates_shows_the_same_passages_as_one_that_writes_tags() -> None:
    text = "Letter of the sheriff of Quarnstead, MA. The only beekeeper in Quarnstead, MA. Gout."
    scene, run, _ = scene_with(text)
    assert "[LOCATION]" in run.notes.get().text
    engine_scene.write_surrogates(scene)
    faked = engine_scene.make_run(scene)
    assert "[LOCATION]" not in faked.notes.get().text

    def shown(of: Run) -> list[tuple[str, str]]:
        return [
            (f.found["kind"], f.run_note.text[f.found["start"] : f.found["end"]].split(" in ")[0])
            for f in of.flags.order_by("position")
        ]

    kinds = [kind for kind, _ in shown(run)]
    assert kinds == ["public_office", "only_or_first"]
    assert [kind for kind, _ in shown(faked)] == kinds
    assert shown(faked)[1] == shown(run)[1]


# What is taken back


@pytest.fixture
def taken_over() -> tuple[Run, UniqueFlag, User]:
    """A run with a flag that took its decision over, and who had decided."""
    scene, run, reviewer = scene_with("She is the mayor and has gout.")
    spare(run.flags.get(), reviewer)
    again = engine_scene.make_run(scene)
    return again, again.flags.get(), reviewer


def test_a_reopened_decision_counts_as_taken_over_no_more(
    taken_over: tuple[Run, UniqueFlag, User],
) -> None:
    run, flag, reviewer = taken_over
    assert (flag_counts(run).taken_over, flag_counts(run).harmless) == (1, 1)
    reopened = reopen_flag(flag=flag, actor=reviewer)
    assert (reopened.earlier, flag_counts(run).taken_over) == (None, 0)
    spare(flag, reviewer)
    assert (flag_counts(run).taken_over, flag_counts(run).harmless) == (0, 1)


def statement(sql: str, *values: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


JUDGED = "UPDATE deid_uniqueflag SET decision = %s, decided_by_id = %s WHERE id = %s"


def test_no_statement_lets_an_operator_judge_what_was_taken_over(
    taken_over: tuple[Run, UniqueFlag, User],
) -> None:
    run, flag, reviewer = taken_over
    with pytest.raises(DatabaseError, match="worked off a run"):
        statement(JUDGED, "identifies", run.operator_id, flag.pk)
    with pytest.raises(DatabaseError, match="worked off a run"):
        statement(JUDGED, "harmless", run.operator_id, flag.pk)
    reopen_flag(flag=flag, actor=reviewer)
    with pytest.raises(DatabaseError, match="worked off a run"):
        statement(
            "UPDATE deid_uniqueflag SET decision = 'identifies', decided_by_id = %s, "
            "decided_at = now() WHERE id = %s",
            run.operator_id,
            flag.pk,
        )


def test_no_statement_makes_a_flag_one_that_was_taken_over(
    taken_over: tuple[Run, UniqueFlag, User],
) -> None:
    _, flag, reviewer = taken_over
    earlier = flag.earlier_id
    reopen_flag(flag=flag, actor=reviewer)
    with pytest.raises(DatabaseError, match="keeps its place"):
        statement("UPDATE deid_uniqueflag SET earlier_id = %s WHERE id = %s", earlier, flag.pk)


def test_who_decided_earlier_and_then_worked_a_run_off_has_the_decision_taken_over() -> None:
    scene, run, reviewer = scene_with("She is the mayor and has gout.")
    spare(run.flags.get(), reviewer)
    again = start_run(project=scene.project, actor=scene.engineer)
    Run.objects.filter(pk=again.pk).update(operator=reviewer)
    flag = engine_scene.finish(again).flags.get()
    assert (flag.decision, flag.decided_by) == ("harmless", reviewer)
    with pytest.raises(DatabaseError, match="worked off a run"):
        statement(JUDGED, "identifies", reviewer.pk, flag.pk)


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

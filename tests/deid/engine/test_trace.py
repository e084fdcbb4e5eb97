"""The trace: what each decision says, and that it says what the engine did."""

import csv
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.runtime.layout import REPOSITORY
from deid.engine import Deidentifier, KnownIdentifier, NoteText, Policy, Term, default_policy
from deid.engine.overheard import Overheard
from deid.engine.trace import Decision, Outcome, explain_note, explain_patient


def explained(text: str, **more: object) -> list[Decision]:
    return explain_note(NoteText("n", text), **more)  # type: ignore[arg-type]


def replaced(decisions: list[Decision]) -> list[Decision]:
    return [d for d in decisions if d.outcome is Outcome.REPLACED]


def at(decisions: list[Decision], text: str, words: str) -> Decision:
    """The decision on these words that comes first: the replaced part, where they were replaced."""
    place = text.index(words)
    return next(d for d in decisions if (d.span.start, d.span.end) == (place, place + len(words)))


def kinds(decision: Decision) -> list[str]:
    return [signal.kind for signal in decision.signals]


def policy(**changes: object) -> Policy:
    return Policy.from_dict({**default_policy().to_dict(), **changes})


def test_a_name_behind_a_title_names_its_rule_and_the_words_before_it() -> None:
    text = "Seen by Dr. Hale today."
    decision = at(explained(text), text, "Hale")
    assert decision.outcome is Outcome.REPLACED
    assert decision.reason == "a name behind a title, such as Mrs. or doctor"
    assert (decision.span.recognizer, decision.span.rule) == ("names", "titled")
    assert decision.threshold == 0.5
    before = next(s for s in decision.signals if s.kind == "words_before")
    assert text[before.start : before.end] == "Dr."
    assert before.effect == "raises"
    assert "certain" in kinds(decision)


def test_words_behind_a_name_are_pointed_at() -> None:
    text = "Plan discussed with Hale, RN at noon."
    decision = at(explained(text), text, "Hale")
    assert decision.span.rule == "credentialed"
    behind = next(s for s in decision.signals if s.kind == "words_behind")
    assert "RN" in text[behind.start : behind.end]


def test_what_others_found_there_is_told_with_who_won_and_by_what() -> None:
    text = "MRN: 4471920 was checked."
    decision = at(explained(text), text, "4471920")
    assert decision.span.category == "MRN"
    assert not any(rival.won for rival in decision.rivals)
    number = next(r for r in decision.rivals if r.span.rule == "long_number")
    assert (number.agrees, number.by.value) == (False, "certain")
    lost = [d for d in explained(text) if d.outcome is Outcome.OUTRANKED]
    assert [d.span.rule for d in lost] == ["long_number"]
    assert lost[0].rivals[0].won
    assert lost[0].rivals[0].span.category == "MRN"


def test_a_known_identifier_is_named_as_such_and_its_value_never_stands_in_a_repr() -> None:
    text = "the code is zubrowka"
    decisions = explained(text, known=[KnownIdentifier("OTHER_ID", "Zubrowka")])
    decision = at(decisions, text, "zubrowka")
    assert kinds(decision) == ["known"]
    assert decision.reason == "what a structured field says of this patient"
    shown = repr(decisions) + json.dumps([d.to_dict() for d in decisions])
    assert "zubrowka" not in shown.lower()


def test_an_organisations_term_is_named_as_such() -> None:
    text = "sent to bluebird today"
    rules = default_policy().with_terms([Term("Bluebird", "LOCATION")])
    assert kinds(at(explained(text, policy=rules), text, "bluebird")) == ["term"]


def test_what_another_note_is_certain_of_names_that_note() -> None:
    notes = [NoteText("a", "MRN: 44719 was filed."), NoteText("b", "as 44719 said before")]
    assert replaced(explain_note(notes[1])) == []
    decisions = explain_note(notes[1], others=notes[:1])
    (decision,) = replaced(decisions)
    assert decision.span.recognizer == "propagation"
    assert [(s.kind, s.notes) for s in decision.signals] == [("elsewhere", ("a",))]
    assert explain_patient(notes, only="b") == [[], decisions]


def test_what_is_certain_is_not_told_to_be_found_again_where_it_stands() -> None:
    text = "MRN: 44719 was filed."
    decision = at(explained(text), text, "44719")
    assert all(rival.span.recognizer != "propagation" for rival in decision.rivals)


@pytest.mark.parametrize(
    ("text", "words", "changes", "outcome"),
    [
        ("Seen by Dr. Hale.", "Hale", {"thresholds": {"NAME": 1.0}}, Outcome.UNDER_THRESHOLD),
        ("Seen by Dr. Hale.", "Hale", {"allow_terms": ["hale"]}, Outcome.ALLOWED),
        ("Seen by [**Dr. Hale**] now.", "Hale", {}, Outcome.IN_TAG),
        ("He came in the clinic.", "came in the clinic", {}, Outcome.REJECTED),
    ],
)
def test_what_was_found_and_left_says_why(
    text: str, words: str, changes: dict[str, object], outcome: Outcome
) -> None:
    decision = at(explained(text, policy=policy(**changes)), text, words)
    assert decision.outcome is outcome
    assert replaced(explained(text, policy=policy(**changes))) == []


def test_dictionaries_are_told_where_they_moved_the_models_limit() -> None:
    text = "Call was returned by Zubrowkin about the plan and Zubrowkin agreed."
    signals = {k for d in explained(text) if d.span.recognizer == "tagger" for k in kinds(d)}
    assert "unknown_word" in signals


def test_the_last_look_over_the_output_is_named() -> None:
    text = "Write to anna@\n\nhale.example please. SSN 12[NAME]3-45-6789"
    found = replaced(explained(text))
    assert found
    for decision in found:
        if decision.span.recognizer == "sweep":
            assert kinds(decision) == ["sweep"]


def test_every_finding_is_overheard() -> None:
    engine = Overheard()
    engine.process_patient([NoteText("n", "Filed on 3/4/2024.")], [])
    (heard,) = engine.notes
    assert [span.rule for span in heard.found] == ["numeric_date"]
    assert heard.certain == heard.dropped == []
    assert [a.bounds for a in heard.attempts if a.rule.id == "numeric_date"] == [(9, 17)]


def test_a_note_without_anything_has_no_decision_that_replaces() -> None:
    assert explained("") == []
    assert replaced(explained("Lungs are clear. Metoprolol 25 mg.")) == []


def agrees_with_the_engine(text: str, known: list[KnownIdentifier]) -> None:
    note = NoteText("n", text)
    wanted = Deidentifier().process_patient([note], known)[0].spans
    got = replaced(explain_note(note, known))
    assert [d.span for d in got] == wanted
    for decision in got:
        assert decision.reason
        assert all(s.start is None or 0 <= s.start < s.end <= len(text) for s in decision.signals)  # type: ignore[operator]


def test_the_trace_replaces_what_the_engine_replaces_in_the_sample_notes() -> None:
    with (REPOSITORY / "sample_data" / "notes.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))[:40]
    for row in rows:
        agrees_with_the_engine(row["text"], [KnownIdentifier("NAME", row["patient_name"])])


PIECES = st.sampled_from(
    ["Dr. Hale ", "hale", "MRN 4471920 ", "3/4/2024 ", "[NAME] ", "[**x**]", "Dunmore, PA 18512 ",
     "\n", "Ellsmore Hospital", "a@b.example ", "(", "123-45-6789", "\u00e9", "will ", "5 mg "]
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(st.lists(PIECES, max_size=12).map("".join))
def test_the_trace_replaces_what_the_engine_replaces_in_any_text(text: str) -> None:
    agrees_with_the_engine(text, [KnownIdentifier("NAME", "Quill Hale")])

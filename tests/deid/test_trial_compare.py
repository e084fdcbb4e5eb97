"""Where two policies differ in a note, and that the context of it shows no name and no number."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deid.engine.spans import Span
from deid.trial_compare import MASK, compare

TEXT = "Seen by Quillon Vexmore, on 40 mg of furosemide since Tuesday."


def at(part: str, category: str = "NAME") -> Span:
    start = TEXT.index(part)
    return Span(start, start + len(part), category, recognizer="ner", rule="person", score=0.7)


def kinds(before: list[Span], after: list[Span]) -> list[tuple[str, str]]:
    found = compare(TEXT, before, after, lambda word: True)
    return [(d["kind"], TEXT[d["start"] : d["end"]]) for d in found]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ([], [], []),
        ([at("Quillon")], [at("Quillon")], []),
        ([], [at("Quillon")], [("more", "Quillon")]),
        ([at("Quillon")], [], [("fewer", "Quillon")]),
        ([at("Quillon")], [at("Quillon Vexmore")], [("more", " Vexmore")]),
        ([at("Quillon Vexmore")], [at("Vexmore")], [("fewer", "Quillon ")]),
        ([at("Vexmore")], [at("Vexmore,")], []),
        ([at("Tuesday", "DATE_AGE")], [at("Tuesday")], [("other", "Tuesday")]),
        ([at("Quillon"), at("Vexmore")], [at("Quillon Vexmore")], []),
        ([at("Quillon Vexmore")], [at("Quillon"), at("Vexmore")], []),
        (
            [at("Quillon"), at("Tuesday", "DATE_AGE")],
            [at("furosemide", "OTHER_ID")],
            [("fewer", "Quillon"), ("more", "furosemide"), ("fewer", "Tuesday")],
        ),
    ],
)
def test_only_what_can_be_read_under_one_of_the_two_is_a_difference(
    before: list[Span], after: list[Span], expected: list[tuple[str, str]]
) -> None:
    assert kinds(before, after) == expected


def test_the_context_shows_ordinary_words_in_lower_case_and_tags() -> None:
    (entry,) = compare(
        TEXT, [at("Quillon")], [at("Quillon"), at("furosemide", "OTHER_ID")],
        lambda word: word in {"on", "of", "by", "since", "seen", "tuesday"},
    )  # fmt: skip
    assert entry["before"] == f"{MASK} by [NAME] {MASK}, on {MASK} of "
    assert entry["behind"] == f" since {MASK}."
    assert (entry["recognizer"], entry["rule"], entry["score"]) == ("ner", "person", 0.7)


SPANS = st.lists(st.integers(0, 60), max_size=8, unique=True).map(
    lambda cuts: [
        Span(start, end, "NAME")
        for start, end in zip(sorted(cuts)[::2], sorted(cuts)[1::2], strict=False)
    ]
)
NOTE = st.text(st.sampled_from("ab Zz9.,\n\u00e9\u00df"), min_size=61, max_size=120)


@given(NOTE, SPANS, SPANS)
def test_differences_are_exactly_what_one_policy_covers_alone(
    text: str, before: list[Span], after: list[Span]
) -> None:
    def covered(spans: list[Any]) -> set[int]:
        return {n for s in spans for n in range(s.start, s.end) if text[n].isalnum()}

    found = compare(text, before, after, str.islower)
    by_kind: dict[str, set[int]] = {"more": set(), "fewer": set(), "other": set()}
    for entry in found:
        by_kind[entry["kind"]] |= {
            n for n in range(entry["start"], entry["end"]) if text[n].isalnum()
        }
    assert by_kind["more"] == covered(after) - covered(before)
    assert by_kind["fewer"] == covered(before) - covered(after)


@given(NOTE, SPANS, SPANS)
def test_no_capital_no_digit_and_no_hidden_word_stands_in_a_context(
    text: str, before: list[Span], after: list[Span]
) -> None:
    for entry in compare(text, before, after, lambda word: word == "ab"):
        for part in (entry["before"], entry["behind"]):
            bare = re.sub(r"\[NAME\]|" + re.escape(MASK), " ", part)
            assert set(re.findall(r"\w+", bare)) <= {"ab"}


@given(NOTE, SPANS, SPANS)
def test_a_word_with_a_capital_or_a_digit_is_masked_however_ordinary(
    text: str, before: list[Span], after: list[Span]
) -> None:
    for entry in compare(text, before, after, lambda word: True):
        bare = re.sub(r"\[NAME\]", " ", entry["before"] + " " + entry["behind"])
        assert not re.search(r"[A-Z0-9]", bare)

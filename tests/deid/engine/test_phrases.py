"""Values looked for in a note without a pattern for each patient, and the merging of findings."""

import re
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from deid.engine.known import KnownMatcher
from deid.engine.merge import merge
from deid.engine.normalize import folded, plain
from deid.engine.phrases import FoldedNote, Phrase, Phrases
from deid.engine.propagation import Propagation
from deid.engine.spans import KnownIdentifier, Span

WORDS = ["orla", "teverson", "o'dell", "port", "ash", "12", "st."]


def by_pattern(phrases: list[Phrase], low: str) -> list[tuple[int, int]]:
    ordered = sorted(set(phrases), key=lambda phrase: phrase.rank)
    pattern = re.compile("|".join(map(body, ordered)))
    return [match.span() for match in pattern.finditer(low)]


def body(phrase: Phrase) -> str:
    """The phrase between ends of words; a sign at its end needs none behind it."""
    words = rf"[\s{re.escape(phrase.gap)}]+".join(map(re.escape, phrase.words))
    return rf"(?<![^\W_]){words}" + (r"(?![^\W_])" if phrase.words[-1][-1].isalnum() else "")


@example([["st."]], ["st.", "orla"])
@given(
    st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=3), min_size=1, max_size=5),
    st.lists(st.sampled_from([*WORDS, " ", " ", "-", ", ", "\n", "x", "_", "3"]), max_size=30),
)
def test_phrases_are_found_as_a_pattern_of_whole_words_finds_them(
    choices: list[list[str]], pieces: list[str]
) -> None:
    phrases = [Phrase(tuple(words), "-,") for words in choices]
    note = FoldedNote("".join(pieces))
    assert Phrases(phrases).find(note) == by_pattern(phrases, note.low)


@pytest.mark.parametrize(
    ("category", "value", "text", "found"),
    [
        ("DATE_AGE", "1957-03-14", "born 3/14/57, seen March 14th, 1957 and 14-mar-57", 3),
        ("DATE_AGE", "1957-03-14", "14 days, 3 weeks; 19570314 on the label", 1),
        ("DATE_AGE", "1957-03-14", "born in 1957", 0),
        ("PHONE", "(610) 555-0142", "call 610.555.0142, or 555-0142 at home", 2),
        ("MRN", "00482913", "482913, 00482913, 48-29-13 and 482914", 3),
        (
            "LOCATION",
            "12 Ashby Way, Teverport, PA 19601",
            "of teverport 19601-1234, 12 Ashby Way",
            2,
        ),
        ("ACCOUNT", "QX-77A19", "qx 77a19 and QX77A19", 2),
        ("EMAIL", "orla@mail.invalid", "write to ORLA@mail.invalid", 1),
    ],
)
def test_known_values_are_found_in_other_forms(
    category: str, value: str, text: str, found: int
) -> None:
    spans = KnownMatcher([KnownIdentifier(category, value)]).find(FoldedNote(text))
    covered = merge(spans, text)
    assert len(covered) == found, [text[s.start : s.end] for s in covered]


def test_what_was_learnt_from_one_note_is_found_in_the_next() -> None:
    first = "Record 55012-KV of Orla Teverson."
    propagation = Propagation()
    learnt = Span(7, 15, "MRN", certain=True), Span(19, 32, "NAME", certain=True)
    propagation.learn(first, learnt)
    text = "Teverson, Orla again: 55012-kv."
    found = {text[s.start : s.end] for s in propagation.find(FoldedNote(text))}
    assert "55012-kv" in found
    assert any("Teverson" in surface for surface in found)


spans = st.builds(
    lambda start, length, category, score, certain: Span(
        start, start + length, category, score=score, certain=certain
    ),
    st.integers(0, 50),
    st.integers(1, 20),
    st.sampled_from(["NAME", "LOCATION", "MRN"]),
    st.sampled_from([0.5, 0.7, 0.9]),
    st.booleans(),
)


@given(st.lists(spans, max_size=12), st.text("ab1 .,\n", min_size=70, max_size=70))
def test_merging_covers_the_letters_of_every_finding_once(found: list[Span], text: str) -> None:
    merged = merge(found, text)
    assert all(a.end <= b.start for a, b in pairwise(merged))
    wanted = {i for s in found for i in range(s.start, s.end) if text[i].isalnum()}
    covered = {i for s in merged for i in range(s.start, s.end)}
    assert wanted <= covered
    assert {i for i in covered if text[i].isalnum()} == wanted


@given(st.text(max_size=40))
def test_folding_never_changes_a_length(text: str) -> None:
    assert len(plain(text)) == len(folded(text)) == len(text)


def test_every_character_folds_to_one() -> None:
    every = [chr(code) for code in range(0x110000)]
    assert all(len(folded(f"ä{char}")) == 2 for char in every)

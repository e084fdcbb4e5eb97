"""Rules that are tried only where they can match find what they find in the whole text."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deid.engine.anchors import heads_of
from deid.engine.digits import LONGEST, shapes_of
from deid.engine.families import build_families
from deid.engine.matching import RuleSet, _near
from deid.engine.normalize import plain
from deid.engine.recognition import Rule, Trigger, compile_rule
from deid.engine.triggers import needed_by
from deid.engine.words import DigitIndex, TextWords, WordIndex

RULES = [rule for family in build_families() for rule in family.rules]
ALL = RuleSet(RULES)

#: Pieces of notes: what rules begin with, what they need, and what surrounds it.
PIECES = [
    "Patient", "patient:", "Name:", "Dr.", "dr", "Mrs", "Orla", "Teverson", "McAllister", "O'Dell",
    "Anne-Marie", "K.", "J", "wife", "her sister", "his son,", "MRN", "MRN:", "DOB", "SSN", "MD",
    "RN", "seen at", "in", "from", "lives in", "of", "the", "at", "to", "Port", "Saint", "St.",
    "County", "Hospital", "Clinic", "Mercy", "OH", "oh", "Texas", "Street", "Road", "Elm", "Apt 4",
    "Box", "P.O.", "is a", "year old", "62", "94", "7", "2019", "03/14/2021", "3/4", "1/2", "12-31",
    "March", "may", "Mon", "the 4th", "14th", "555-0142", "(610) 555-0142", "00482913", "19601",
    "123-45-6789", "120/80", "10.0.0.7", "::1", "a@b.org", "x at y dot com", "www.site.org",
    "https://site.org/x", "photo.jpg", "@handle", "1HGCM82633A004352", "SN", "lot", "ZX-4471",
    "A1B2C3D4", "°", "+1", "#", "[NAME]", "\n", "\n- ", ", ", "; ", ": ", " (", ") ", ". ", " ",
    " | ", "-", "'s", "’", "é", "İ", "ſ", "\t", "works at", "retired from", "signed by", "Dear",
    "age", "born", "Christmas", "spring", "room", "ward 5", "zip", "fax", "tel", "ext. 5512", "and",
]  # fmt: skip


def found_everywhere(text: str) -> set[tuple[str, int, int]]:
    return {(rule.id, *bounds) for rule in RULES for bounds in rule.find(text)}


def found_where_tried(text: str) -> set[tuple[str, int, int]]:
    return {(RULES[number].id, start, end) for number, start, end in ALL.find(text)}


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40), st.sampled_from(["", " "]))
def test_all_rules_find_what_they_find_in_the_whole_text(pieces: list[str], between: str) -> None:
    text = plain(between.join(pieces))
    assert found_where_tried(text) == found_everywhere(text)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80))
def test_any_text_at_all_gives_the_same(text: str) -> None:
    readable = plain(text)
    assert found_where_tried(readable) == found_everywhere(readable)


@pytest.mark.parametrize(
    ("pattern", "word"),
    [
        (r"\b(?:room|bed)\b", "room"),
        (r"(?<![^\W\d_]) labels? [ ]", "labels"),
        (r"\b(?:step)?son\b", "stepson"),
        (r"\b st\. [ ] \w", "st"),
    ],
)
def test_the_words_that_a_pattern_begins_with_are_read_off_it(pattern: str, word: str) -> None:
    heads = heads_of(compile_rule(pattern))
    assert word in {head.run for head in heads.words}
    assert not heads.anywhere


@pytest.mark.parametrize("pattern", [r"\w+ x", r"[^a] b", r". c", r"\S d"])
def test_a_pattern_that_can_begin_with_anything_is_tried_everywhere(pattern: str) -> None:
    assert heads_of(compile_rule(pattern)).anywhere


@pytest.mark.parametrize("text", ["AB7\n", "AB7|", "AB7\t", "AB7…"])
def test_ends_of_lines_and_unusual_marks_of_a_set_count_as_what_must_follow(text: str) -> None:
    rule = Rule("code", "OTHER_ID", compile_rule(r"\b [a-z]+ \d [\n\t|…]"), 0.9)
    assert [bounds for _, *bounds in RuleSet([rule]).find(text)] == [[0, 4]]


def test_a_pattern_without_a_guard_may_begin_inside_a_word() -> None:
    assert heads_of(compile_rule(r"mrn [ ] \d")).inner == {"mrn"}


def test_only_small_or_capital_letters_count_where_case_counts() -> None:
    heads = heads_of(compile_rule(r"\b (?-i:May) [ ]"))
    assert {(head.run, head.same_case) for head in heads.words} == {("May", True)}


@pytest.mark.parametrize(
    ("pattern", "needed"),
    [
        (r"(?<!\w) (?-i:[A-Z])[a-z]+ ,? [ ] (?: MD | RN ) \b", {"md", "rn"}),
        (r"\b \w{2,9} @ \w", {"@"}),
        (r"(?<!\w) [\w-]{1,40} \. (?: jpe?g | png ) \b", {"jpg", "jpeg", "png"}),
    ],
)
def test_what_must_follow_a_broad_beginning_is_read_off_it(pattern: str, needed: set[str]) -> None:
    found = needed_by(compile_rule(pattern))
    assert found is not None
    assert {head.run for head in found.heads.words} | found.heads.inner == needed


@pytest.mark.parametrize(
    ("pattern", "length", "char", "fits"),
    [
        (r"(?<!\d) \d{3} - \d{4} (?!\d)", 3, "-", True),
        (r"(?<!\d) \d{3} - \d{4} (?!\d)", 2, "-", False),
        (r"(?<!\d) \d{3} - \d{4} (?!\d)", 3, "/", False),
        (r"\b \d{5,9} \b", 7, "", True),
        (r"\b \d{5,9} \b", 4, " ", False),
        (r"\b \d{1,2} \s? (?:st|nd) ", 2, "n", True),
        (r"\b \d{2}", 40, "x", True),
    ],
)
def test_runs_of_digits_are_told_by_length_and_next_character(
    pattern: str, length: int, char: str, fits: bool
) -> None:
    assert shapes_of(compile_rule(pattern)).fit(min(length, 24), char) is fits


def rule(pattern: str, **more: object) -> Rule:
    return Rule("r", "NAME", re.compile(pattern), 0.9, **more)  # type: ignore[arg-type]


@given(st.integers(1, 30), st.sampled_from(["", "-", "/", " ", "a", "Z", ".", "\u00e9"]))
def test_a_run_of_digits_fits_every_pattern_that_matches_it(length: int, char: str) -> None:
    text = "7" * length + char
    for each in RULES:
        begun = each.pattern.match(text)
        if begun is not None and begun.end() > 0:
            assert shapes_of(each.pattern).fit(min(length, LONGEST), char), each.id


def test_a_declared_trigger_must_be_near() -> None:
    rules = RuleSet([rule(r"\b[A-Z]\w+\b", trigger=Trigger(frozenset(["said"]), reach=10))])
    assert rules.find("Orla said. And Maud went away for long, as they said") == [(0, 0, 4)]


def test_a_trigger_of_digits_asks_for_their_number_or_for_what_precedes_them() -> None:
    by_number = RuleSet([rule(r"\b[A-Z]\w+\b", trigger=Trigger(digit_run=5, reach=8))])
    assert by_number.find("Wick 123 and, further on, Thurso 12345") == [(0, 26, 32)]
    behind = RuleSet([rule(r"\b[A-Z]\w+\b", trigger=Trigger(digits_after=("weg ",), reach=9))])
    assert behind.find("Room 12 or so. Birkweg 12") == [(0, 15, 22)]


def test_a_rule_waits_for_a_run_longer_than_any_shape_tells_apart() -> None:
    rules = RuleSet([rule(r"\b[A-Z]\w+\b", trigger=Trigger(digit_run=30, reach=8))])
    assert rules.find(f"Wick {'7' * 29}") == []
    assert rules.find(f"Wick {'7' * 30}") == [(0, 0, 4)]


PLACES = st.lists(st.integers(0, 60), unique=True).map(sorted)


@given(PLACES, PLACES, st.integers(0, 70))
def test_starts_near_a_mark_are_those_with_one_within_reach(
    starts: list[int], marks: list[int], reach: int
) -> None:
    near = [s for s in starts if any(s <= mark <= s + reach for mark in marks)]
    assert list(_near(starts, marks, reach)) == near


def test_matches_within_another_do_not_count() -> None:
    rules = RuleSet([rule(r"[A-Z]\w+(?:[ ][A-Z]\w+)?")])
    assert rules.find("Orla Maud Wick Una") == [(0, 0, 9), (0, 10, 18)]


def test_a_word_is_asked_once_whether_a_match_can_begin_with_it() -> None:
    asked: list[str] = []

    def begins(word: str) -> bool:
        asked.append(word)
        return word == "Orla"

    rules = RuleSet([rule(r"\b[A-Z]\w+(?:-\w+)?", begins=begins)])
    assert rules.find("Orla and Maud and Orla") == [(0, 0, 4), (0, 18, 22)]
    assert rules.find("Maud-Orla") == [(0, 0, 9)]
    assert sorted(asked) == ["Maud", "Orla"]


def test_long_runs_of_characters_are_asked_for() -> None:
    rules = RuleSet([rule(r"\b[A-Z]{20}\b", trigger=Trigger(unbroken=20))])
    assert rules.find("A" * 20) == [(0, 0, 20)]
    assert rules.find("A A") == []


def test_word_types_are_kept_within_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deid.engine.words._MOST_TYPES", 50)
    index = WordIndex([])
    for number in range(20):
        text = " ".join(f"W{number}x{i}" for i in range(40)).replace("0", "o").replace("1", "l")
        TextWords(text, index, DigitIndex(())).capitals  # noqa: B018
        assert len(index._types) <= 50 + len(set(re.findall(r"[^\W\d_]+", text)))

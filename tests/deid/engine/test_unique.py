"""Passages that may identify by a unique characteristic: what is shown to a person and what not."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deid.engine import unique
from deid.engine.tagged import Hidden
from deid.engine.unique import (
    BIRTH,
    EVENT,
    NEWS,
    OFFICE,
    ONLY,
    RECORD,
    RENOWN,
    STAFF,
    Passage,
    find,
)

FLAGGED = [
    # a public office that somebody holds or held
    (OFFICE, "She is the mayor of [LOCATION] and sleeps badly."),
    (OFFICE, "Occupation: mayor."),
    (OFFICE, "occupation - retired judge, lives alone"),
    (OFFICE, "He works as a county judge."),
    (OFFICE, "A former state senator with knee pain."),
    (OFFICE, "Her husband is the police chief there."),
    (OFFICE, "Pt is a retired Episcopal bishop."),
    (OFFICE, "Mayor [NAME] was seen today."),
    (OFFICE, "Father was governor of [LOCATION]."),
    (OFFICE, "He was elected sheriff last autumn."),
    (OFFICE, "She is a member of Congress."),
    (OFFICE, "the daughter of the fire chief of the town"),
    (OFFICE, "Letter of the sheriff of [LOCATION]."),
    # renown
    (RENOWN, "She is a famous singer and tours a lot."),
    (RENOWN, "A well-known local actor with hoarseness."),
    (RENOWN, "Former NFL quarterback with knee pain."),
    (RENOWN, "Retired professional baseball player."),
    (RENOWN, "He is an Olympian in rowing."),
    (RENOWN, "She is a news anchor."),
    (RENOWN, "He avoids public places since he is a celebrity here."),
    # the news
    (NEWS, "Her accident was featured in the local newspaper."),
    (NEWS, "He was in the national news after the rescue."),
    (NEWS, "The case made national headlines."),
    (NEWS, "There was news coverage of the birth."),
    (NEWS, "His highly publicized arrest weighs on him."),
    (NEWS, "A video of the fall went viral."),
    (NEWS, "He was featured in [LOCATION] last week."),
    # records, awards
    (RECORD, "He holds the world record in freediving."),
    (RECORD, "State record holder in the mile."),
    (RECORD, "She won the state lottery in spring."),
    (RECORD, "A lottery winner, newly wealthy."),
    (RECORD, "Medal of Honor recipient."),
    (RECORD, "Named Teacher of the Year."),
    (RECORD, "He is the oldest man in [LOCATION]."),
    # rare public events
    (EVENT, "Survived a plane crash as a child."),
    (EVENT, "Nightmares since the school shooting."),
    (EVENT, "The sole survivor."),
    (EVENT, "Lost the house in the flood of [DATE]."),
    (EVENT, "Lost the house in the Flood of 1997."),
    (EVENT, "injured in the bridge collapse"),
    (EVENT, "He was held hostage for a week."),
    # only and first
    (ONLY, "He is the only beekeeper in the county."),
    (ONLY, "She is the only female firefighter in [LOCATION]."),
    (ONLY, "He is the only [NAME] beekeeper in the county."),
    (ONLY, "One of three people in [LOCATION] with this variant."),
    (ONLY, "She was the first woman in [LOCATION] to have it."),
    (ONLY, "the first person in the state to receive this device"),
    (ONLY, "First patient at our hospital to undergo this operation."),
    (ONLY, "One of only three people in the world with this variant."),
    (ONLY, "the first female firefighter of her town"),
    # multiple births from four on
    (BIRTH, "Born as one of quadruplets at 29 weeks."),
    (BIRTH, "She delivered quintuplets."),
    (BIRTH, "One of five babies born together."),
    # relation to staff
    (STAFF, "Patient is the wife of one of our surgeons."),
    (STAFF, "His mother is a nurse on this unit."),
    (STAFF, "She is a charge nurse in our emergency department."),
    (STAFF, "Daughter works as a receptionist here."),
    (STAFF, "He is an employee of this hospital."),
]

LEFT = [
    "Major depression, major surgery in the past.",
    "It is difficult to judge the extent.",
    "Bishop score was 6 on admission.",
    "Brought in by the sheriff's department after a fall.",
    "Seen first by Dr. [NAME], second by the resident.",
    "He wrote to the mayor's office about the noise.",
    "School principal difficulty is reading.",
    "The principal diagnosis is asthma; the chief complaint is cough.",
    "Chief resident [NAME] was called.",
    "First patient in the list today.",
    "She is the first person to ask if she needs help.",
    "He is the only child of the family.",
    "The only medication in the list is aspirin.",
    "Only pain in the left knee region.",
    "one of two lesions in the left region",
    "First noted in the state of withdrawal.",
    "Pain in the first toe.",
    "Twins, born at 37 weeks; the sister had triplets.",
    "He won a game of cards and received the vaccine.",
    "Medical record reviewed; the record holds no allergy.",
    "Patient watched the news last night; good news about the scan.",
    "News of the result was given to the family.",
    "An article on diet was handed out.",
    "He had a car crash in the past and a motorcycle accident.",
    "There was a flood of tears, and hot flushes.",
    "Shooting pain down the leg.",
    "School starts again next week; he plays football.",
    "Olympic lifting twice a week.",
    "She works as a nurse in another town.",
    "His mother is a nurse.",
    "Her husband is here with her today.",
    "The nurse here gave the injection.",
    "Daughter of the patient called the nurse here.",
    "Sole complaint is pain; sole of the foot is intact.",
    "Explosive diarrhoea since the fire alarm.",
    "Collapsed in the kitchen; lung collapse on the film.",
    "Public health nurse visited. Television remote lost.",
    "Oscar is the name of her dog.",
    "He is a professional driver and plays soccer.",
    "Cardinal symptoms are absent; the cardinal veins are patent.",
    "She was president of her book club.",
    "",
]  # fmt: skip


@pytest.mark.parametrize(("kind", "text"), FLAGGED)
def test_it_shows_what_may_identify(kind: str, text: str) -> None:
    assert [passage.kind for passage in find(text)] == [kind]


@pytest.mark.parametrize("text", LEFT)
def test_it_leaves_what_identifies_nobody(text: str) -> None:
    assert find(text) == []


SURROGATES = {"[NAME]": "Ilse Marrek-Vandoorn", "[LOCATION]": "St. Ob", "[DATE]": "Mar 3, 2019"}
TAG = re.compile(r"\[[A-Z]+\]")


def in_both_outputs(text: str) -> list[list[tuple[str, str]]]:
    """Kinds and passages of a text with tags, and of the same with surrogates."""
    tagged = f"[NAME] came. {text} [NAME] signed."
    faked, both = "", ([], [])  # type: tuple[str, tuple[list[Hidden], list[Hidden]]]
    at = 0
    for match in TAG.finditer(tagged):
        faked += tagged[at : match.start()]
        written = SURROGATES[match.group()]
        both[0].append(Hidden(*match.span(), match.group()))
        both[1].append(Hidden(len(faked), len(faked) + len(written), match.group()))
        faked, at = faked + written, match.end()
    faked += tagged[at:]
    return [
        [(p.kind, output[p.start : p.end]) for p in find(output, hidden)]
        for output, hidden in zip((tagged, faked), both, strict=True)
    ]


@pytest.mark.parametrize("text", [text for _, text in FLAGGED] + LEFT)
def test_both_outputs_show_the_same_passages(text: str) -> None:
    tags, surrogates = in_both_outputs(text)
    faked = [(kind, TAG.sub(lambda m: SURROGATES[m.group()], words)) for kind, words in tags]
    assert surrogates == faked
    assert bool(tags) is (text not in LEFT)


def test_each_rule_is_tried_in_both_outputs_with_a_tag_where_it_asks_for_one() -> None:
    for rule in unique._RULES:
        matches = [m for _, text in FLAGGED if (m := rule.pattern.search(text))]
        assert matches
        if r"\[" in rule.pattern.pattern:
            assert any("[" in m.group() for m in matches), rule.kind


def test_a_passage_takes_the_place_of_the_office_in() -> None:
    text = "She is the mayor of [LOCATION], tired."
    (passage,) = find(text, hidden=[Hidden(20, 30, "[LOCATION]")])
    assert text[passage.start : passage.end] == "is the mayor of [LOCATION]"


def test_a_passage_that_cuts_a_surrogate_takes_it_in_whole() -> None:
    text = "She is the mayor of Amber Falls now."
    start = text.index("Amber")
    (passage,) = find(text, hidden=[Hidden(start, start + len("Amber Falls"), "[LOCATION]")])
    assert text[passage.start : passage.end].endswith("Amber Falls")


def test_passages_that_touch_are_one() -> None:
    text = "He is the only survivor of the plane crash in the state."
    found = find(text)
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert {p.kind for p in found} <= set(unique.KINDS)


def test_a_list_does_not_make_one_sentence() -> None:
    assert find("the only\nmedication\nlisted in the county") == []


_WORDS = st.sampled_from(
    [
        "the", "only", "mayor", "of", "[LOCATION]", "first", "person", "in", "county", "to", "is",
        "a", "judge", "plane", "crash", "won", "lottery", "\n", ".", "nurse", "here", "wife",
        "our", "quadruplets", "[NAME]", "Mayor", "é", "9",
    ]
)  # fmt: skip


@given(st.lists(_WORDS, max_size=30), st.text(max_size=40))
def test_any_text_gives_ordered_disjoint_passages_within_it(words: list[str], rest: str) -> None:
    text = " ".join(words) + rest
    found: list[Passage] = find(text)
    edges = [edge for passage in found for edge in (passage.start, passage.end)]
    assert edges == sorted(edges)
    assert all(0 <= p.start < p.end <= len(text) for p in found)

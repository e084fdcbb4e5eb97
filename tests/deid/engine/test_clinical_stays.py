"""What is clinical, or mere speech, stays; what is a name beside it goes."""

import pytest

from deid.engine import Deidentifier, KnownIdentifier, NoteText
from deid.engine.lexicon import is_clinical, is_drug, is_english
from deid.engine.ner_speech import is_said_alone, is_spelled_out, without_speech, without_tail
from tests.deid.engine.marked import read, shown

_ENGINE = Deidentifier()

ROWS = [
    # the size of a tube is no Father
    "Placed 18 Fr. OGT and a 16 Fr. Foley.",
    "Blessed by «Fr. Okafor» at noon.",
    # ``OK`` is a state behind a town only
    "Right, OK. So we go on. Yeah, OK. Nausea, OK.",
    "She lives in «Tulsa», OK with her son.",
    # speech
    "Patient: Nah. Doctor: Any pain? Patient: Uhm, no. Patient: Gotcha. Patient: Okey.",
    "Um, I'm gonna take it, kinda slowly. Ohh, OK. Bye.",
    "Guest_clinician: The chart is here.",
    "Doctor: Let us do an M R I and an E K G today.",
    # products, foods, devices, regions
    "She takes Dioralyte, Clenil and Betnovate, and some Piriton.",
    "Boston Scientific Ingevity lead, Medtronic Micra, Abbott FreeStyle Libre 3.",
    "Enjoys Thai food, Swiss cheese, Brussels sprouts and Coca-Cola.",
    "Radiation of 3600 cGy in 20 fractions to the spine.",
    # eponyms, scores, abbreviations
    "Lachman, McMurray and Hawkins-Kennedy negative.",
    "Child-Pugh B, Apgars 8 and 9, Gravida 2, Para 2, Ab 0.",
    "Discussed an Ivor Lewis and a Nissen.",
    "Nonsmoker and nondrinker; paraspinal tenderness and diarrhoea.",
    "Slight Limited ROM on extension of the arm.",
    # capitals
    "HIRED BY «BOEING» IN THE PAST. SOCIAL HISTORY: RETIRED FROM TEACHING.",
    # a clinician's letters are no part of the hospital
    "FOLLOW UP with «Jon Miller», MD «Alder Hospital» next week.",
    # a user name ends in no full stop
    "That is something we can handle today. Sit down.",
]


@pytest.mark.parametrize("row", ROWS)
def test_only_what_is_marked_is_hidden(row):
    text, bounds = read(row)
    spans = _ENGINE.process_patient([NoteText("1", text)])[0].spans
    assert shown(text, [(s.start, s.end) for s in spans]) == shown(text, bounds)


@pytest.mark.parametrize("name", ["Sure", "Uhm", "Dang", "Gotcha"])
def test_no_list_of_speech_vetoes_a_name_behind_a_title(name):
    result = _ENGINE.process_patient([NoteText("1", f"Seen by Dr. {name} today.")])[0]
    assert name not in result.text


@pytest.mark.parametrize("name", ["Sure", "Dang", "Clenil", "Swiss"])
def test_no_list_vetoes_what_a_structured_field_says(name):
    known = [KnownIdentifier("NAME", f"Zelda {name}")]
    result = _ENGINE.process_patient([NoteText("1", f"Here is Zelda {name}, in pain.")], known)[0]
    assert name not in result.text


@pytest.mark.parametrize(
    ("text", "entity", "left"),
    [
        ("thank you, Laura. Um, so", "Laura. Um", "Laura"),
        ("I'm Mary Jones here", "I'm Mary Jones", "Mary Jones"),
        ("he can't browse it", "t browse", "browse"),
        ("my name is Joe. I will ask", "Joe. I", "Joe"),
        ("seen by J. I. Okafor", "J. I. Okafor", "J. I. Okafor"),
        ("i'm gon na go", "gon na", None),
        ("Oh, yeah, OK", "Oh, yeah, OK", None),
        ("so anna a little", "anna a", "anna"),
    ],
)
def test_speech_at_the_edges_of_a_name_is_cut(text, entity, left):
    start = text.index(entity)
    bounds = without_speech(text, start, start + len(entity))
    assert (None if bounds is None else text[slice(*bounds)]) == left


def test_small_everyday_words_behind_capitals_are_cut_and_surnames_are_not():
    assert without_tail("Jerry ran away", 0, 9) == (0, 5)
    assert without_tail("Jerry miller", 0, 12) == (0, 12)


@pytest.mark.parametrize(
    ("surface", "is_it"), [("M R I", True), ("E K G", True), ("S m i t h", False), ("Ng", False)]
)
def test_letters_one_by_one_are_an_acronym_unless_they_spell_a_name(surface, is_it):
    assert is_spelled_out(surface) is is_it


def test_a_word_said_of_anything_is_no_name_alone():
    assert is_said_alone("So")
    assert is_said_alone("Thai")
    assert not is_said_alone("So Okafor")


def test_words_of_medicine_are_known_by_prefix_spelling_and_plural():
    assert all(map(is_english, ["paraspinal", "nondrinker", "colour", "diarrhoea"]))
    assert not any(map(is_english, ["okafor", "paramore", "interlandi"]))
    assert is_clinical("Apgars")
    assert is_drug("Piriton")
    assert is_drug("Rennies") is is_drug("rennies")

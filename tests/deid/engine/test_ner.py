"""How a model's entities become spans of the engine."""

import pytest

from deid.engine import Deidentifier, NoteText, Policy, engine_version
from deid.engine.ner import NerRecognizer, spans_by
from deid.engine.ner_floors import FLOORS, LABELS, floor_of, score_of
from deid.engine.tagger import CLASSES, Entity, weights_digest


class Stub:
    """A model that finds one word."""

    name, version = "stub", "stub-1"

    def __init__(self, word, label="NAME", score=0.9):
        self.word, self.label, self.score = word, label, score

    def load(self):
        pass

    def entities(self, texts):
        return [
            [Entity(at, at + len(self.word), self.label, self.score)]
            if (at := text.find(self.word)) >= 0
            else []
            for text in texts
        ]


def test_each_class_of_the_tagger_has_a_category_and_a_floor():
    assert set(LABELS) == set(FLOORS) == set(CLASSES) - {"O"}


def test_a_score_of_one_half_is_reached_exactly_at_the_floor():
    assert score_of(0.4, 0.4) == pytest.approx(0.5)
    assert score_of(0.2, 0.4) == pytest.approx(0.25)
    assert score_of(1.0, 0.4) == 1.0


def test_a_capitalised_word_of_no_dictionary_needs_less_evidence_than_an_ordinary_one():
    floors = [floor_of("NAME", word) for word in ("Zyxgard", "zyxgard", "window")]
    assert floors == sorted(floors)
    assert len(set(floors)) == 3
    assert floor_of("DATE", "Zyxgard") == FLOORS["DATE"]
    assert floor_of("NAME", "Losartan") > floors[2]


@pytest.mark.parametrize(
    ("text", "word", "hidden"),
    [
        ("Seen by Dr. He today", "He", True),
        ("Plan: He will rest", "He", False),
        ("She enjoys the window near Oxford Mill", "window", False),
        ("patient is window, seen today", "window", True),
        ("told at the Mill House", "the Mill House", True),
        ("drinks Dr. Pepper", "Pepper", False),
        ("seen by Dr. Pepper-Ruiz", "Pepper-Ruiz", True),
        ("CPT 99213 was billed", "99213", False),
        ("handed to Quillfeather/Okwuosa today", "Okwuosa", True),
        ("Visit done.Okwuosa called", "Okwuosa", True),
        ("see www.okwuosa.example today", "okwuosa", False),
        ("He hasn't been right", "hasn", False),
        ("as in the 2023 JAMQ article", "JAMQ", False),
        ("seen by Dr. JAMQ again", "JAMQ", True),
        ("PATIENT JAMQ WAS SEEN", "JAMQ", True),
    ],
)
def test_small_and_ordinary_words_are_judged_by_how_the_writer_writes(text, word, hidden):
    spans = spans_by(Stub(word, "FACILITY" if word[0] in "t9" else "NAME", 0.97), [text])[0]
    assert any(s.score >= 0.5 for s in spans) is hidden
    assert all(not text[s.start : s.end].startswith("the ") for s in spans)


@pytest.mark.parametrize(
    ("text", "word", "label"),
    [
        ("moved from Ohio", "Ohio", "LOCATION"),
        ("born in Mexico", "Mexico", "LOCATION"),
        ("Babinski sign absent", "Babinski", "NAME"),
        ("Graves' disease", "Graves", "NAME"),
        ("pain 7-8/10 today", "7-8/10", "DATE"),
        ("write an e-mail", "e-mail", "CONTACT"),
    ],
)
def test_what_safe_harbor_keeps_stays_whatever_the_model_says(text, word, label):
    assert spans_by(Stub(word, label), [text]) == [[]]


class Numbers(Stub):
    """A model that takes a number and the word after it for places."""

    def entities(self, texts):
        text = texts[0]
        number, word = text.index("4417"), text.index("Orrinby")
        return [
            [
                Entity(number, number + 4, "LOCATION", 0.95),
                Entity(word, word + 7, "LOCATION", 0.95),
            ]
        ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("4417 Orrinby", ["4417", "Orrinby"]),
        ("charge 4417 was billed, then seen in Orrinby", ["Orrinby"]),
    ],
)
def test_a_number_counts_as_a_place_only_beside_one(text, found):
    spans = spans_by(Numbers(""), [text])[0]
    assert [text[s.start : s.end] for s in spans] == found


def test_a_model_given_to_the_engine_takes_the_tagger_s_place():
    result = Deidentifier(ner=Stub("zzyzx")).process_patient([NoteText("1", "the zzyzx is here")])
    assert result[0].text == "the [NAME] is here"
    assert result[0].spans[0].recognizer == "stub"


def test_a_policy_decides_how_sure_the_model_must_be():
    strict = Policy("p", "1", thresholds={"NAME": 0.99})
    note = NoteText("1", "the zzyzx is here")
    engine = Deidentifier(strict, ner=Stub("zzyzx", score=0.9))
    assert engine.process_patient([note])[0].text == note.text


def test_the_version_states_the_weights():
    assert weights_digest() in engine_version()["model"]
    assert engine_version(Stub("x"))["model"] == "stub-1"


def test_the_model_is_a_presidio_recognizer_for_others():
    found = NerRecognizer(Stub("zzyzx")).analyze("the zzyzx is here", ["NAME"])
    assert [(r.entity_type, r.start, r.end) for r in found] == [("NAME", 4, 9)]
    assert NerRecognizer(Stub("zzyzx")).analyze("the zzyzx is here", ["LOCATION"]) == []


@pytest.mark.parametrize(
    ("text", "output"),
    [
        ("Seen w/ WOCN Pat Dove, stage 2 ulcer.", "Seen w/ [NAME], stage 2 ulcer."),
        ("Pat Dove, WOCN, changed the dressing.", "[NAME], WOCN, changed the dressing."),
    ],
)
def test_a_surname_that_is_a_word_goes_with_the_given_name_before_it(
    text: str, output: str
) -> None:
    assert Deidentifier().process_patient([NoteText("x", text)])[0].text == output

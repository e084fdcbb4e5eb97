"""Terms and confirmed identifiers are hidden for certain: nothing of the engine vetoes them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deid.engine import Deidentifier, KnownIdentifier, NoteText, Term, default_policy
from deid.engine.exact import ExactMatcher
from deid.engine.phrases import FoldedNote

ENGINE = Deidentifier()


def with_known(text, category, value, *, confirmed):
    known = [KnownIdentifier(category, value, confirmed=confirmed)]
    return ENGINE.process_patient([NoteText("n", text)], known)[0].text


def with_terms(text, *terms, allow=()):
    policy = default_policy().with_terms([Term(*term) for term in terms], allow_terms=allow)
    return Deidentifier(policy).process_patient([NoteText("n", text)])[0].text


@pytest.mark.parametrize(
    ("value", "text", "expected"),
    [
        ("lisinopril", "Takes lisinopril daily.", "Takes [NAME] daily."),
        ("lisinopril", "LISINOPRIL 10 mg", "[NAME] 10 mg"),
        ("Graves", "Graves disease; saw Graves.", "[NAME] disease; saw [NAME]."),
        ("Will", "She will go.", "She [NAME] go."),
        ("Foley", "Foley catheter removed.", "[NAME] catheter removed."),
        ("Ann Parkinson", "ann\n  parkinson has a tremor", "[NAME] has a tremor"),
        ("Dr", "Dr is here", "[NAME] is here"),
        ("O'Dell", "o\u2019dell left", "[NAME] left"),
        ("Zo\u00eb", "zoe left", "[NAME] left"),
    ],
)
def test_a_confirmed_name_is_hidden_whatever_stands_around_it(value, text, expected):
    assert with_known(text, "NAME", value, confirmed=True) == expected


def test_a_name_from_a_field_is_still_judged_by_its_context():
    assert with_known("She will go.", "NAME", "Will", confirmed=False) == "She will go."


@pytest.mark.parametrize(
    ("category", "value"), [("DATE_AGE", "last spring"), ("MRN", "a/7"), ("LOCATION", "Varnish")]
)
def test_a_confirmed_value_of_any_category_is_hidden_as_it_is_written(category, value):
    text = f"{value} was noted, {value.upper()} again."
    assert value not in with_known(text, category, value, confirmed=True).lower()


@pytest.mark.parametrize(
    ("terms", "text", "expected"),
    [
        ([("lisinopril", "NAME")], "on lisinopril", "on [NAME]"),
        ([("Graves", "NAME")], "Graves disease", "[NAME] disease"),
        ([("#12", "OTHER_ID")], "bed#12 is free", "bed[OTHER_ID] is free"),
        ([("Oak Hill", "LOCATION"), ("Hill Ward", "LOCATION")], "Oak Hill Ward", "[LOCATION]"),
        ([("0042", "OTHER_ID")], "took 0042, 42 mg", "took [OTHER_ID], 42 mg"),
        ([("Oak-Hill", "LOCATION")], "oak  hill", "[LOCATION]"),
        ([("Lee", "NAME")], "asleep and sleepy", "asleep and sleepy"),
    ],
)
def test_a_term_is_hidden_wherever_its_words_stand(terms, text, expected):
    assert with_terms(text, *terms) == expected


def test_a_term_wins_over_allow_terms_and_thresholds():
    assert with_terms("on lisinopril", ("lisinopril", "NAME"), allow=["lisinopril"]) == "on [NAME]"


WORD = st.text(st.characters(codec="utf-8", categories=["Lu", "Ll", "Nd"]), min_size=1, max_size=8)


@settings(max_examples=200)
@given(st.lists(WORD, min_size=1, max_size=3), st.lists(WORD, max_size=4), st.lists(WORD))
def test_no_surroundings_keep_a_text_from_being_found(words, before, after):
    text = " ".join([*before, *words, *after])
    start = len(" ".join([*before, ""])) if before else 0
    found = list(ExactMatcher([("NAME", " ".join(words))]).find(FoldedNote(text)))
    assert ("NAME", start, start + len(" ".join(words))) in found


@given(st.text(max_size=12), st.text(max_size=40))
def test_any_text_is_taken_and_bounds_lie_within_the_note(term, text):
    for _, start, end in ExactMatcher([("NAME", term)]).find(FoldedNote(text)):
        assert 0 <= start < end <= len(text)


def test_ten_thousand_terms_find_theirs_and_no_other():
    texts = [("LOCATION", f"Brundle {number} House") for number in range(10_000)]
    found = list(ExactMatcher(texts).find(FoldedNote("At brundle 77 house, not Brundle 77.")))
    assert found == [("LOCATION", 3, 19)]

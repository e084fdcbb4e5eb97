"""Names from structured fields: every written form goes, other uses of the words stay."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deid.engine import Deidentifier, KnownIdentifier, NoteText

ENGINE = Deidentifier()


def output(text, *names):
    known = [KnownIdentifier("NAME", name) for name in names]
    return ENGINE.process_patient([NoteText("n", text)], known)[0].text


@pytest.mark.parametrize(
    "name",
    ["Will Do", "June Graves", "Hope So", "Xin He", "Grace Young", "May Vu", "Bo Li", "Ivy Will"],
)
@pytest.mark.parametrize(
    "form",
    [
        "{g} {f}",
        "{g} Q. {f}",
        "{g} Q {f}",
        "{f}, {g}",
        "{f}, {g} Q.",
        "{F}, {G}",
        "{F},{G}",
        "{G} {F}",
        '{g} "Nick" {f}',
        "{g} (Nick) {f}",
        "{g}\n{f}",
        "{F}^{G}",
    ],
)
def test_a_full_name_is_hidden_whole_in_every_written_order(name, form):
    given_name, family = name.split()
    written = form.format(g=given_name, f=family, G=given_name.upper(), F=family.upper())
    assert output(f"We saw {written} again.", name) == "We saw [NAME] again."


@pytest.mark.parametrize(
    "value", ["Graves, June", 'June "Bug" Graves', "GRAVES^JUNE", "Mr. June Graves Jr."]
)
def test_the_structured_field_may_itself_be_written_in_any_order(value):
    assert output("June Graves came with a rash.", value) == "[NAME] came with a rash."


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("Will Do", "Will is a 31 year old man.", "[NAME] is a 31 year old man."),
        ("Will Do", "Plan: Will call. Do not lift.", "Plan: Will call. Do not lift."),
        ("Will Do", "She will do it.", "She will do it."),
        ("Will Do", "Will reports pain; we told Will.", "[NAME] reports pain; we told [NAME]."),
        ("Will Do", "Talked to Mr. Do.", "Talked to Mr. [NAME]."),
        (
            "Ann May",
            "May take ibuprofen. May denies pain.",
            "May take ibuprofen. [NAME] denies pain.",
        ),
        ("Hope So", "So she went. Hope walks daily.", "So she went. [NAME] walks daily."),
        ("Xin He", "He was seen. Mr. He agreed.", "He was seen. Mr. [NAME] agreed."),
        ("Bo Young", "Young woman. Young's wound.", "Young woman. [NAME]'s wound."),
        ("Bo Li", "Li 0.8 today; saw Li.", "Li 0.8 today; saw [NAME]."),
        ("Who Two", "He, who had two falls, left.", "He, who had two falls, left."),
        ("Li Na Two Elk", "Two Elk came, two weeks late.", "[NAME] came, two weeks late."),
        ("Ann O'Dell", "ODell and aodell logged in.", "[NAME] and [NAME] logged in."),
        ("Will Do", "Will and his wife; Will's car.", "[NAME] and his wife; [NAME]'s car."),
        ("An Le", "An is well. An 80-year-old.", "[NAME] is well. An 80-year-old."),
        ("Mark Long", "MARK LONG, long-acting insulin.", "[NAME], long-acting insulin."),
        ("Bo Ng", "NG tube placed; NG, BO.", "NG tube placed; [NAME]."),
        ("Ana de la Cruz", "Ms. de la Cruz left.", "Ms. [NAME] left."),
    ],
)
def test_a_part_alone_goes_unless_its_use_is_unmistakably_another(name, text, expected):
    assert output(text, name) == expected


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("Ann Parkinson", "She has Parkinson disease.", "She has Parkinson disease."),
        ("Ann Parkinson", "Parkinson's disease.", "Parkinson's disease."),
        ("Ann Parkinson", "Mrs. Parkinson left.", "Mrs. [NAME] left."),
        ("Ann Parkinson", "Told Parkinson.", "Told [NAME]."),
        ("June Graves", "Graves ophthalmopathy.", "Graves ophthalmopathy."),
        ("June Graves", "June Graves has Graves disease.", "[NAME] has Graves disease."),
        ("Jean-Paul Roux", "JP Roux had Roux-en-Y.", "[NAME] had Roux-en-Y."),
        ("Jo Foley", "Foley catheter in; Foley agreed.", "Foley catheter in; [NAME] agreed."),
        ("Lawrence Barre", "Guillain-Barre syndrome.", "Guillain-Barre syndrome."),
        ("Lawrence Barre", "Kellgren-Lawrence grade 2.", "Kellgren-Lawrence grade 2."),
    ],
)
def test_a_diagnosis_named_after_somebody_stays(name, text, expected):
    assert output(text, name) == expected


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("Celestine May", "celestine is a 58-year-old.", "[NAME] is a 58-year-old."),
        ("Celestine May", "celestine may was seen.", "[NAME] was seen."),
        ("Celestine May", "she may take ibuprofen.", "she may take ibuprofen."),
        ("Hope Greer", "hope is a 40-year-old. she hopes.", "[NAME] is a 40-year-old. she hopes."),
        ("Hope Greer", "seen with greer today.", "seen with [NAME] today."),
        ("Will Do", "will is ok. will call.", "[NAME] is ok. will call."),
        ("Will Do", "will do was seen by mr. do", "[NAME] was seen by mr. [NAME]"),
    ],
)
def test_names_are_found_in_notes_dictated_in_lower_case(name, text, expected):
    assert output(text, name) == expected


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(["Will", "June", "Grace", "Bo", "Faith", "Ngozi"]),
    st.sampled_from(["Do", "Graves", "Young", "Li", "So", "Quillfeather"]),
    st.sampled_from(["", "Seen. ", "note: ", "PLAN:\n", "12 mg; "]),
)
def test_no_surroundings_reveal_a_full_name(given_name, family, before):
    text = f"{before}{given_name} {family}"
    assert output(text, f"{given_name} {family}") == f"{before}[NAME]"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Came from Varnish by bus.", "Came from [LOCATION] by bus."),
        ("Home is in Varnish; lives alone.", "Home is in [LOCATION]; lives alone."),
        ("Varnish fumes at work.", "Varnish fumes at work."),
        ("Exposed to varnish.", "Exposed to varnish."),
        ("arrived by ambulance from Varnish, pa.", "arrived by ambulance from [LOCATION], pa."),
    ],
)
def test_a_known_town_that_is_also_a_word_goes_where_it_is_a_town(text, expected):
    known = [KnownIdentifier("LOCATION", "12 Elm Court, Varnish, PA 00348")]
    assert ENGINE.process_patient([NoteText("n", text)], known)[0].text == expected


def test_a_sentence_that_begins_in_lower_case_was_dictated():
    text = "TELEPHONE ENCOUNTER - HTN AND GERD. olive is a 58-year-old woman. olive oil daily."
    assert "olive is a 58" not in output(text, "Olive Beauchemin")

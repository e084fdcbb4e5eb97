"""The guide's summarisation format, written and read back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets_app.tasks.summarisation import (
    SECTIONS,
    build_example,
    build_response,
    parse_response,
    validate,
)

GOLD = (
    "Chief Complaint: cough\nHistory of Present Illness: two days of cough\n"
    "Assessment: viral illness\nPlan: rest"
)
# Words that hold no colon cannot form a heading, so what is written must come back unchanged.
WORDS = st.lists(st.from_regex(r"[A-Za-z0-9.,%<>/-]{1,8}", fullmatch=True), min_size=1).map(
    " ".join
)


def test_an_example_has_the_guides_two_fields() -> None:
    example = build_example("  The note.\n", GOLD)
    assert example == {
        "instruction": (
            "Summarise the following clinical note into a structured format with sections: Chief "
            "Complaint, History of Present Illness, Assessment, and Plan.\n\nThe note."
        ),
        "response": GOLD,
    }


@given(st.fixed_dictionaries(dict.fromkeys(SECTIONS, WORDS)))
def test_what_is_written_reads_back(sections: dict[str, str]) -> None:
    text = build_response(sections)
    assert validate(text) == []
    assert parse_response(text).sections == sections
    assert build_example("note", text)["response"] == text


@given(st.text())
def test_any_text_can_be_parsed(text: str) -> None:
    assert set(parse_response(text).sections) <= set(SECTIONS)
    validate(text)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "Missing sections"),
        (GOLD.replace("Plan: rest", ""), "Missing sections: Plan."),
        (GOLD.replace("cough\nHist", "\nHist", 1), "Empty sections: Chief Complaint."),
        (GOLD + "\nPlan: more", "more than once: Plan."),
        ("Plan: rest\n" + GOLD.removesuffix("\nPlan: rest"), "in this order"),
        ("Here it is.\n" + GOLD, "before the first section"),
    ],
)
def test_a_broken_response_is_told_what_is_wrong(text: str, problem: str) -> None:
    assert any(problem in said for said in validate(text))


def test_a_refusal_never_repeats_the_note() -> None:
    with pytest.raises(ValueError, match="Missing sections") as caught:
        build_example("secret note", "secret summary")
    assert "secret" not in str(caught.value)


def test_a_section_of_several_lines_becomes_one() -> None:
    response = build_example("note", GOLD.replace("rest", "rest\n- fluids"))["response"]
    assert response.endswith("Plan: rest - fluids")

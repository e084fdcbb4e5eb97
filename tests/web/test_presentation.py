"""Numbers, durations and pieces of a note."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.presentation.formatting import duration, initials, number, plural
from web.presentation.notes import CATEGORIES, GROUPS, segments
from web.presentation.strips import MARGIN, WIDTH, strip

spans = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 20), st.sampled_from(sorted(CATEGORIES))),
    max_size=12,
)


@given(st.text(max_size=60), spans)
def test_the_pieces_of_a_note_always_join_to_the_note(
    text: str, drawn: list[tuple[int, int, str]]
) -> None:
    marked = [{"start": a, "end": a + n, "category": c} for a, n, c in drawn]
    pieces = segments(text, marked)
    assert "".join(piece["text"] for piece in pieces) == text
    assert all(piece["text"] for piece in pieces)


def test_all_eighteen_categories_have_a_name_and_a_group() -> None:
    assert len(CATEGORIES) == 18
    assert {group for _, group in CATEGORIES.values()} == set(GROUPS)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (59.4, "59 s"),
        (60, "1 min 0 s"),
        (605, "10 min"),
        (7800, "2 h 10 min"),
        (90000, "1 d 1 h"),
        (None, "–"),
    ],
)
def test_a_duration_reads_in_the_unit_a_person_would_use(seconds: float, words: str) -> None:
    assert duration(seconds) == words


@pytest.mark.parametrize(
    ("value", "decimals", "words"),
    [
        (1234, None, "1,234"),
        (0.18234, None, "0.1823"),
        (1.4, 1, "1.4"),
        (None, None, "–"),
        ("0.2", None, "0.2"),
        (123456.7, None, "123,457"),
        (0, None, "0"),
    ],
)
def test_a_number_reads_with_groups_and_few_digits(
    value: object, decimals: int | None, words: str
) -> None:
    assert number(value, decimals) == words


@given(st.floats(0, 1e6), st.floats(0, 1e6), st.floats(0, 1e6), st.floats(0, 1e6))
def test_a_strip_stays_inside_its_frame(a: float, b: float, c: float, limit: float) -> None:
    low, value, high = sorted((a, b, c))
    drawn = strip(value, low, high, limit)
    assert drawn is not None
    places = [float(place) for place in (drawn.low, drawn.point, drawn.high)]
    assert places == sorted(places)
    assert all(MARGIN <= place <= WIDTH - MARGIN for place in [*places, float(drawn.limit)])


def test_there_is_no_strip_without_an_interval() -> None:
    assert strip(1.0, None, None, 2.0) is None


def test_initials_and_counts() -> None:
    assert initials("Amira Haddad") == "AH"
    assert initials("") == "?"
    assert plural(1, "note") == "1 note"
    assert plural(2000, "note") == "2,000 notes"

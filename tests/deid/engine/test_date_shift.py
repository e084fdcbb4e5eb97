"""Shifted dates: the written form, the interval, and what stays a tag."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deid.engine.surrogates.date_forms import MONTHS
from deid.engine.surrogates.dates import LEAST_DAYS, MOST_DAYS, DateShift

KEY = bytes(range(32))
YEAR = 2026


def shifted(*surfaces: str, days: int | None = None, key: bytes = KEY) -> list[str | None]:
    """The surfaces of one patient; ``days`` takes the place of the drawn offset."""
    shift = DateShift(key, surfaces, YEAR)
    if days is not None:
        shift.days = days
    return [shift.write(surface) for surface in surfaces]


@pytest.mark.parametrize(
    ("surface", "expected"),
    [
        ("03/11/2024", "05/05/2024"),
        ("3/11/2024", "5/5/2024"),
        ("3-11-24", "5-5-24"),
        ("3.11.24", "5.5.24"),
        ("2024-03-11", "2024-05-05"),
        ("2024-03-11T08:22", "2024-05-05T08:22"),
        ("2024/12/24", "2025/02/17"),
        ("20240311", "20240505"),
        ("20240311T0822", "20240505T0822"),
        ("03112024", "05052024"),
        ("031124", "050524"),
        ("25/12/2023", "18/2/2024"),  # no month has 25 days to count: the day stands first
        ("Mon, 03/11/2024", "Sun, 05/05/2024"),
        ("Monday 3/11", "Sunday 5/5"),
        ("3/11/24 at 10:30 am", "5/5/24 at 10:30 am"),
        ("March 11, 2024", "May 5, 2024"),
        ("MARCH 11 2024", "MAY 5 2024"),
        ("Mar 11 '24", "May 5 '24"),
        ("march 11th", "may 5th"),
        ("December 28th, 2023", "February 21st, 2024"),
        ("11 Mar 2024", "5 May 2024"),
        ("11-Mar-2024", "5-May-2024"),
        ("the 11th of March, 2024", "the 5th of May, 2024"),
        ("Sept 1, 2023", "Oct 26, 2023"),
        ("3/2024", "5/2024"),
        ("2024-03", "2024-05"),
        ("March 2024", "May 2024"),
        ("early Jan '24", "early Mar '24"),
        ("3/11", "5/5"),
        ("last March", "last May"),
        ("Tuesday", "Monday"),
        ("last Tues", "last Mon"),
        ("TUESDAY night", "MONDAY night"),
        ("2023", "2023"),
        ("1/2/2024 - 1/5/2024", "2/26/2024 - 2/29/2024"),
        ("1/2 to 1/5/2024", "2/26 to 2/29/2024"),
        ("March 3-5, 2024", "April 27-29, 2024"),
    ],
)  # fmt: skip
def test_a_date_moves_in_its_written_form(surface: str, expected: str) -> None:
    assert shifted(surface, days=55) == [expected]


@pytest.mark.parametrize(
    "surface",
    [
        "Christmas Eve 2021", "Spring 2019", "Q3 2020", "O3/l4/2O24", "2/30/2024", "13/13/2024",
        "the fourteenth of March", "2024-W12", "0/0", "2024-00-00", "00/2024", "March 3-8, 2024",
        "",
    ],
)  # fmt: skip
def test_what_is_no_plain_date_stays_a_tag(surface: str) -> None:
    assert shifted(surface, days=55) == [None]


def test_the_order_of_day_and_month_is_that_of_the_patients_other_dates() -> None:
    assert shifted("25/12/2023", "03/04/2024", days=55)[1] == "28/05/2024"
    assert shifted("12/25/2023", "03/04/2024", days=55)[1] == "04/28/2024"


@pytest.mark.parametrize("surface", ["1/1/1936", "January 1936", "1930-05-02"])
def test_no_date_shows_an_age_of_90_or_more_after_the_shift(surface: str) -> None:
    assert shifted(surface, days=-55) == [None]


def test_a_date_that_shows_89_years_at_most_moves() -> None:
    assert shifted("6/1/1937", days=55) == ["7/26/1937"]


def test_an_offset_is_never_small_never_whole_weeks_and_goes_either_way() -> None:
    found = [DateShift(n.to_bytes(32, "big"), ["3/11/2024"], YEAR).days for n in range(400)]

    assert all(LEAST_DAYS <= abs(days) <= MOST_DAYS for days in found)
    assert all(days % 7 for days in found)
    assert 100 < sum(days > 0 for days in found) < 300
    assert len(set(found)) > 200


def test_no_date_of_a_patient_becomes_another_of_them() -> None:
    start = date(2024, 1, 1).toordinal()
    surfaces = [date.fromordinal(start + 3 * n).isoformat() for n in range(120)]

    for number in range(5):
        found = shifted(*surfaces, key=bytes([number]) * 32)
        assert not set(surfaces) & set(found)
        assert found.count(None) <= 6


def test_a_month_alone_never_stays_the_month_that_it_is() -> None:
    for number in range(200):
        assert shifted("last March", key=number.to_bytes(32, "big")) != ["last March"]


_DAYS = st.dates(date(1940, 1, 1), date(2026, 12, 31))
_FORMS = st.sampled_from(
    ["{m}/{d}/{y}", "{m:02}/{d:02}/{y}", "{y}-{m:02}-{d:02}", "{mon} {d}, {y}", "{d} {mon} {y}"]
)


def _form(form: str, day: date) -> str:
    return form.format(y=day.year, m=day.month, d=day.day, mon=MONTHS[day.month - 1])


@given(
    days=st.lists(_DAYS, min_size=1, max_size=6),
    form=_FORMS,
    key=st.binary(min_size=32, max_size=32),
)
def test_every_date_moves_by_the_same_days_and_keeps_its_form(
    days: list[date], form: str, key: bytes
) -> None:
    surfaces = [_form(form, day) for day in days]
    shift = DateShift(key, surfaces, YEAR)
    for day, surface in zip(days, surfaces, strict=True):
        moved = shift.write(surface)
        if moved is None:  # it may show an age, or be another of the patient's dates
            continue
        if ":02}/" in form and min(day.month, day.day) >= 10:
            continue  # 11/12/2024 does not tell whether small numbers get a zero in front
        assert moved == _form(form, date.fromordinal(day.toordinal() + shift.days))


@given(st.text(max_size=30))
def test_no_text_breaks_the_shift(surface: str) -> None:
    shift = DateShift(KEY, [surface], YEAR)
    assert shift.write(surface) is None or isinstance(shift.write(surface), str)


@given(st.from_regex(r"[0-9A-Za-z ,/.-]{1,25}", fullmatch=True))
def test_no_date_like_text_breaks_the_shift(surface: str) -> None:
    moved = DateShift(KEY, [surface], YEAR).write(surface)
    assert moved is None or moved

"""Surface forms of dates and ages."""

from __future__ import annotations

import datetime as dt
from random import Random

from .markup import keep, phi

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August",
    "September", "October", "November", "December",
)  # fmt: skip
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_HOLIDAYS = {(7, 4): "July 4th", (12, 24): "Christmas Eve", (12, 25): "Christmas Day"}


def _ordinal(day: int) -> str:
    ending = "th" if 10 <= day % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{ending}"


def full(rng: Random, day: dt.date) -> str:
    """A date with its year, in one of seven forms."""
    month = _MONTHS[day.month - 1]
    return phi(
        "DATE_AGE",
        rng.choice(
            (
                f"{day:%m/%d/%Y}",
                f"{day.month}/{day.day}/{day:%y}",
                f"{day:%Y-%m-%d}",
                f"{day.day} {month[:3]} {day.year}",
                f"{month} {day.day}, {day.year}",
                f"{day:%m-%d-%Y}",
                f"{_ordinal(day.day)} {month} {day.year}",
            )
        ),
    )


def stamp(rng: Random, day: dt.date) -> str:
    """A date with a time, as information systems print it."""
    time = f"{rng.randint(6, 21):02d}:{rng.choice((5, 12, 22, 37, 41, 58)):02d}"
    if rng.random() < 0.4:
        return phi("DATE_AGE", f"{day:%Y-%m-%d}T{time}")
    return f"{phi('DATE_AGE', f'{day:%m/%d/%Y}')} {time}"


def short(rng: Random, day: dt.date) -> str:
    """A date without its year; `3/14` only where the day cannot be a muscle grade."""
    month = _MONTHS[day.month - 1]
    forms = [f"{month} {day.day}", f"{month} {_ordinal(day.day)}", f"{month[:3]} {day.day}"]
    if day.day > 12:
        forms += [f"{day.month}/{day.day}"] * 3
    holiday = _HOLIDAYS.get((day.month, day.day))
    return phi("DATE_AGE", holiday or rng.choice(forms))


def weekday(day: dt.date) -> str:
    """The day of the week."""
    return phi("DATE_AGE", _DAYS[day.weekday()])


def age(rng: Random, years: int) -> str:
    """An age; over 89 it is an identifier, below it has to stay."""
    number = phi("DATE_AGE", str(years)) if years > 89 else keep("age", str(years))
    return number + rng.choice(("-year-old", " y/o", " year old", "yo", "-year-old"))

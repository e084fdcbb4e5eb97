"""Dates, numbers, codes and contacts, in the forms that notes write them."""

import random

from ner_training.words import vocabulary

Rng = random.Random


def _ordinal(day: int) -> str:
    tail = "th" if 10 < day % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{tail}"


def date(rng: Rng) -> str:
    """A date more exact than a year."""
    words = vocabulary()
    day, month, year = rng.randint(1, 28), rng.randint(1, 12), rng.randint(1935, 2026)
    name, short = words["month"][month - 1], rng.choice(words["mon"])
    forms = (
        f"{month}/{day}/{year}",
        f"{month:02}/{day:02}/{year}",
        f"{month}/{day}/{year % 100:02}",
        f"{month}/{day}",
        f"{month}-{day}-{year % 100:02}",
        f"{month:02}-{day:02}-{year}",
        f"{year}-{month:02}-{day:02}",
        f"{day:02}.{month:02}.{year}",
        f"{name} {day}, {year}",
        f"{name} {_ordinal(day)}, {year}",
        f"{name} {day}",
        f"{name} {_ordinal(day)}",
        f"{day} {name} {year}",
        f"{_ordinal(day)} {name} {year}",
        f"{day} {short} {year}",
        f"{short} {day}, {year}",
        f"{short} {_ordinal(day)}",
        f"{short} {day}",
        f"{name} {year}",
        f"the {_ordinal(day)} of {name}",
        f"{rng.choice(words['weekday'])} {month}/{day}",
        f"{day:02}-{short}-{year}",
        f"{rng.choice(words['holiday'])} {year}",
        f"{month}/{day}/{year % 100:02}",
    )
    return rng.choice(forms)


def code(rng: Rng) -> str:
    """A record, account or serial number."""
    digits = "".join(rng.choice("0123456789") for _ in range(rng.randint(5, 10)))
    letters = "".join(rng.choice("ABCDEFGHJKLMNPRSTUVWXYZ") for _ in range(rng.randint(1, 3)))
    forms = (
        digits,
        digits,
        digits,
        f"{letters}{digits}",
        f"{letters}-{digits}",
        f"{digits[:3]}-{digits[3:]}",
        f"{digits[:2]}-{digits[2:]}",
        f"#{digits}",
        f"{digits}{letters}",
        f"{digits[:3]}-{digits[:2]}-{digits[1:5]}",
        f"{letters}{digits[:2]}-{digits[2:]}",
    )
    return rng.choice(forms)


def phone(rng: Rng) -> str:
    """A telephone number."""
    a, b, c = rng.randint(201, 989), rng.randint(200, 999), rng.randint(0, 9999)
    forms = (
        f"({a}) {b}-{c:04}",
        f"{a}-{b}-{c:04}",
        f"{a}.{b}.{c:04}",
        f"+1 {a} {b} {c:04}",
        f"{b}-{c:04}",
        f"{a} {b} {c:04}",
        f"x{c:04}",
        f"{a}-{b}-{c:04} ext {c % 900}",
    )
    return rng.choice(forms)


def clock(rng: Rng) -> str:
    """A time of day, which is no identifier."""
    hour, minute = rng.randint(0, 23), rng.randint(0, 59)
    forms = (
        f"{hour:02}{minute:02}",
        f"{hour}:{minute:02}",
        f"{hour % 12 + 1}:{minute:02} AM",
        f"{hour % 12 + 1}:{minute:02} pm",
        f"{hour % 12 + 1} pm",
    )
    return rng.choice(forms)


def dose(rng: Rng) -> str:
    """A dose."""
    amount = rng.choice((0.5, 1, 2, 2.5, 5, 10, 12.5, 20, 25, 40, 50, 80, 81, 100, 250, 500, 1000))
    unit = rng.choice(("mg", "mg", "mg", "mcg", "g", "units", "mL", "mEq", "tab", "puffs", " mg"))
    return f"{amount:g}{unit}" if rng.random() < 0.3 else f"{amount:g} {unit.strip()}"


def zip_code(rng: Rng) -> str:
    """A postcode of the United States or of another country."""
    number = f"{rng.randint(501, 99950):05}"
    letters = "".join(rng.choice("ABCEGHKLMNPRSTVXY") for _ in range(4))
    a, b = rng.randint(1, 9), rng.randint(0, 9)
    foreign = (
        f"{letters[:2]}{a} {b}{letters[2:]}",
        f"{letters[0]}{a}{letters[1]} {b}{letters[2]}{a}",
        f"{number[:4]} {letters[:2]}",
        number[:4],
        f"{number[:3]} {number[3:]}",
    )
    roll = rng.random()
    if roll < 0.8:
        return number
    return f"{number}-{rng.randint(0, 9999):04}" if roll < 0.88 else rng.choice(foreign)


def room(rng: Rng) -> str:
    """The number of a room or bed."""
    return f"{rng.randint(1, 999)}{rng.choice(('', '', 'A', 'B', '-2'))}"

"""Invented streets, towns, hospitals, employers, schools and landmarks."""

import random

from ner_training.lists import names_for
from ner_training.numbers import zip_code
from ner_training.persons import coined, first_name, last_name
from ner_training.words import vocabulary

Rng = random.Random
_POSSESSIVE = ("'s", "")
_NUMBERED = ("5th", "1st", "42nd", "Third", "Second", "19th", "MLK", "Martin Luther King")
_KNOWN_AS = ("General", "Memorial", "Regional", "Mercy", "VA", "Med", "Clinic")
_COINED_ENDS = ("tech", "corp", "soft", "co", "max", "net", "Tech", "Works")


def _word(rng: Rng, key: str) -> str:
    return rng.choice(vocabulary()[key])


def _some_name(rng: Rng, split: str) -> str:
    return last_name(rng, split, None)


def town(rng: Rng, split: str) -> str:
    """A town: of the lists, or one that could exist."""
    names, roll = names_for(split), rng.random()
    if roll < 0.45:
        pool = names.towns
        return pool[int(len(pool) ** rng.random()) - 1] if rng.random() < 0.4 else rng.choice(pool)
    if roll < 0.62:
        return rng.choice(names.world_towns[:4000] if rng.random() < 0.5 else names.world_towns)
    if roll < 0.74:
        stem = _word(rng, "word_place") if rng.random() < 0.5 else coined(rng, split)
        return f"{stem}{_word(rng, 'town_end')}"
    if roll < 0.92:
        return f"{_word(rng, 'word_place')} {_word(rng, 'word_place')}"
    return coined(rng, split)


def county(rng: Rng, split: str) -> str:
    """A county with its generic word."""
    name = rng.choice(names_for(split).counties) if rng.random() < 0.7 else town(rng, split)
    return f"{name} {rng.choice(('County', 'County', 'County', 'Parish', 'Borough'))}"


def street(rng: Rng, split: str) -> str:
    """A street with its number, at times with an apartment."""
    number, roll = rng.randint(1, 9999), rng.random()
    word = _word(rng, "word_place")
    name = (
        f"{word} {_word(rng, 'word_place')}"
        if roll < 0.25
        else word
        if roll < 0.45
        else _some_name(rng, split)
        if roll < 0.75
        else town(rng, split)
        if roll < 0.87
        else rng.choice(_NUMBERED)
    )
    shape = rng.random()
    if shape < 0.78:
        base = f"{number} {name} {_word(rng, 'street_type')}"
    elif shape < 0.84:
        base = f"{number} {_word(rng, 'street_front')} {name}"
    elif shape < 0.88:
        base = f"{_word(rng, 'street_front')} {name} {number}"
    elif shape < 0.92:
        base = f"{coined(rng, split)}{_word(rng, 'street_tail')} {number}"
    elif shape < 0.96:
        base = f"{rng.choice(('PO Box', 'P.O. Box', 'Box', 'RR 2 Box'))} {number}"
    else:
        base = f"{rng.choice('NSEW')}. {name} {_word(rng, 'street_type')}"
    if rng.random() < 0.2:
        unit = rng.choice(("Apt", "Apt.", "Unit", "Suite", "#", "Lot", "Room"))
        base += f"{rng.choice((', ', ' '))}{unit} {rng.randint(1, 999)}{rng.choice(('', 'A', 'C'))}"
    return base


def address(rng: Rng, split: str) -> list[tuple[str, bool]]:
    """A whole address as pieces of text and whether each identifies (a state does not)."""
    gap = rng.choice((", ", ", ", "\n", " ", "\n "))
    if rng.random() < 0.05:
        number, box = rng.randint(1, 9999), rng.randint(1, 9999)
        unit = rng.choice(
            (
                f"PSC {number:04}, Box {box}",
                f"Unit {number:04} Box {box:04}",
                f"USNS {_some_name(rng, split)}",
                f"USS {_some_name(rng, split)}",
            )
        )
        post = rng.choice(("APO AA", "APO AE", "APO AP", "FPO AA", "FPO AP", "DPO AP", "DPO AE"))
        return [(f"{unit}{gap}{post} {zip_code(rng)[:5]}", True)]
    place, state = town(rng, split), _word(rng, "st" if rng.random() < 0.8 else "state")
    if rng.random() < 0.18:
        order = [(zip_code(rng), True), (" ", True), (place, True)]
        return [
            (street(rng, split), True),
            (gap, True),
            *order,
            (", ", False),
            (_word(rng, "country"), False),
        ]
    return [
        (street(rng, split), True),
        (gap, True),
        (place, True),
        (rng.choice((", ", ", ", " ")), False),
        (state, False),
        (" ", False),
        (zip_code(rng), True),
    ]


def facility(rng: Rng, split: str) -> str:
    """A hospital, clinic, home or pharmacy with what says so."""
    roll, end = rng.random(), _word(rng, "fac_end")
    if roll < 0.14:
        saint = first_name(rng, split, None)
        return f"{rng.choice(('St.', 'Saint', 'St'))} {saint}{rng.choice(_POSSESSIVE)} {end}"
    if roll < 0.34:
        return f"{town(rng, split)} {end}"
    if roll < 0.48:
        return f"{_some_name(rng, split)} {end}"
    if roll < 0.68:
        return f"{_word(rng, 'word_place')} {_word(rng, 'word_place')} {end}"
    if roll < 0.74:
        return f"{town(rng, split)}{_word(rng, 'town_end')} {end}"
    if roll < 0.86:
        return f"{_word(rng, 'fac_short')} {end}"
    if roll < 0.91:
        return f"{town(rng, split)} {_word(rng, 'fac_short')} {end}"
    if roll < 0.95:
        return f"University of {town(rng, split)} {end}"
    return f"{_some_name(rng, split)} and {_some_name(rng, split)} {end}"


def facility_short(rng: Rng, split: str) -> str:
    """A hospital as colleagues call it."""
    roll = rng.random()
    if roll < 0.3:
        return _word(rng, "fac_short")
    if roll < 0.5:
        return f"{town(rng, split)} {rng.choice(_KNOWN_AS)}"
    if roll < 0.62:
        return town(rng, split)
    if roll < 0.72:
        return _some_name(rng, split)
    if roll < 0.84:
        return "".join(
            rng.choice("ABCDEFGHJKLMNPRSTUVW") for _ in range(rng.randint(2, 3))
        ) + rng.choice("HCM")
    return (
        f"{_word(rng, 'word_place')}{_word(rng, 'town_end')}"
        if roll < 0.94
        else facility_local(rng).partition("he ")[2]
    )


def facility_local(rng: Rng) -> str:
    """A site by the name that only people of the place know."""
    if rng.random() < 0.5:
        return _word(rng, "fac_local")
    second = f" {_word(rng, 'word_place')}" if rng.random() < 0.3 else ""
    return f"{rng.choice(('the', 'the', 'The'))} {_word(rng, 'word_place')}{second}"


def employer(rng: Rng, split: str) -> str:
    """An employer: a surname, a place word or a coinage, with or without what says so."""
    roll = rng.random()
    end = _word(rng, "emp_end")
    if roll < 0.22:
        return coined(rng, split)
    if roll < 0.36:
        return f"{coined(rng, split)} {end}"
    if roll < 0.56:
        return f"{_some_name(rng, split)} {end}"
    if roll < 0.74:
        return (
            f"{_word(rng, 'word_place')} {_word(rng, 'word_place') if rng.random() < 0.4 else end}"
        )
    if roll < 0.84:
        return f"{town(rng, split)} {end}"
    if roll < 0.9:
        return f"{_some_name(rng, split)} & {_some_name(rng, split)}"
    if roll < 0.95:
        return f"{_some_name(rng, split)}'s"
    return f"{coined(rng, split)}{rng.choice(_COINED_ENDS)}"


def school(rng: Rng, split: str) -> str:
    """A school or college."""
    name = rng.choice((town, _some_name))(rng, split)
    if rng.random() < 0.3:
        name = f"{_word(rng, 'word_place')} {_word(rng, 'word_place')}"
    return f"{name} {_word(rng, 'school')}"


def landmark(rng: Rng, split: str) -> str:
    """A park, church, prison, shelter or the like with a name of its own."""
    name = rng.choice((town, _some_name, lambda r, s: _word(r, "word_place")))(rng, split)
    return f"{name} {_word(rng, 'land_end')}"

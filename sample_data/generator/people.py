"""Fictional patients: who they are, what numbers they bear and who belongs to them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from random import Random

from .conditions import COMORBID, CONDITIONS, Condition
from .vocabulary import names, places

REFERENCE_YEAR = 2025


@dataclass(frozen=True)
class Relative:
    """A relative; `nickname` may be empty."""

    given: str
    family: str
    nickname: str
    relation: str
    phone: str

    @property
    def field(self) -> str:
        nick = f' "{self.nickname}"' if self.nickname else ""
        return f"{self.given}{nick} {self.family} ({self.relation})"


@dataclass(frozen=True)
class Patient:
    """One fictional person with the structured fields that an EHR export would carry."""

    key: str
    given: str
    middle: str
    family: str
    nickname: str
    sex: str
    born: dt.date
    mrn: str
    phone: str
    street: str
    town: str
    county: str
    state: str
    zip_code: str
    email: str
    relatives: tuple[Relative, ...]
    at_tolvane: bool
    job: str
    condition: Condition
    comorbid: tuple[str, ...]
    number: int

    @property
    def name(self) -> str:
        nick = f' "{self.nickname}"' if self.nickname else ""
        middle = f" {self.middle}." if self.middle else ""
        return f"{self.given}{nick}{middle} {self.family}"

    @property
    def address(self) -> str:
        return f"{self.street}, {self.town}, {self.state} {self.zip_code}"

    @property
    def title(self) -> str:
        return "Ms." if self.sex == "F" else "Mr."

    @property
    def he(self) -> str:
        return "she" if self.sex == "F" else "he"

    def age(self, on: dt.date) -> int:
        had_birthday = (on.month, on.day) >= (self.born.month, self.born.day)
        return on.year - self.born.year - (not had_birthday)


def phone_number(rng: Random) -> str:
    """A number from the range 555-0100 to 555-0199, which is kept for fiction."""
    return f"({rng.choice(places.AREA_CODES)}) 555-01{rng.randint(0, 99):02d}"


def _ascii(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalpha())


_ELDERS = ("mother", "father", "aunt", "uncle")
_CHILDREN = ("daughter", "son", "niece", "nephew")
_GRANDCHILDREN = ("granddaughter", "grandson")
_JOBS = (
    "school bus driver",
    "line cook",
    "electrician",
    "bookkeeper",
    "home health aide",
    "welder",
)
# Surnames that are also eponyms fall on patients with that very illness: the hardest case.
_EPONYM_FAMILY = {3: ("parkinson", "pd"), 41: ("graves", "graves"), 77: ("foley", "uro")}


def _unlikely_relations(years: int) -> tuple[str, ...]:
    if years > 58:
        return _ELDERS
    return _GRANDCHILDREN if years >= 48 else _GRANDCHILDREN + _CHILDREN


def _relatives(
    rng: Random, family: str, culture: str, used: set[str], years: int
) -> tuple[Relative, ...]:
    women, men, _ = names.NAMES[culture]
    found: list[Relative] = []
    for _ in range(rng.choice((1, 1, 2))):
        female = rng.random() < 0.5
        given = rng.choice([name for name in (women if female else men) if name not in used])
        used.add(given)
        unlikely = _unlikely_relations(years)
        pool = names.RELATIONS_F if female else names.RELATIONS_M
        relation = rng.choice([word for word in pool if word not in unlikely])
        nick = rng.choice(names.NICKNAMES_F if female else names.NICKNAMES_M)
        nickname = nick if rng.random() < 0.25 else ""
        found.append(Relative(given, family, nickname, relation, phone_number(rng)))
    return tuple(found)


def _identity(rng: Random, number: int, condition: Condition) -> tuple[str, str, str, str]:
    culture = rng.choice(sorted(names.NAMES))
    sex = condition.sex or rng.choice("FM")
    if number in _EPONYM_FAMILY:
        culture = "anglo"
    women, men, families = names.NAMES[culture]
    given = rng.choice(women if sex == "F" else men)
    family = rng.choice(families)
    if number in _EPONYM_FAMILY:
        family = _EPONYM_FAMILY[number][0].title()
    return culture, sex, given, family


def make_patient(seed: int, number: int) -> Patient:
    """The patient with this running number; the same seed gives the same person."""
    rng = Random(f"{seed}:patient:{number}")
    condition = CONDITIONS[number % len(CONDITIONS)]
    if number in _EPONYM_FAMILY:
        wanted = _EPONYM_FAMILY[number][1]
        condition = next(item for item in CONDITIONS if item.key == wanted)
    culture, sex, given, family = _identity(rng, number, condition)
    years = rng.randint(*condition.ages)
    if condition.ages[1] > 91 and rng.random() < 0.15:
        years = rng.randint(91, condition.ages[1])
    born = dt.date(REFERENCE_YEAR - years, rng.randint(1, 12), rng.randint(1, 28))
    town, county, state, zip_code = rng.choice(places.TOWNS)
    flat = rng.choice(("", "", f" Apt {rng.randint(1, 24)}{rng.choice('ABCD')}"))
    nick = rng.choice(names.NICKNAMES_F if sex == "F" else names.NICKNAMES_M)
    mail = f"{_ascii(given)[:1]}.{_ascii(family)}{rng.randint(10, 99)}"
    comorbid = [key for key in condition.comorbid if key != "none"] or ["none"]
    if "none" in condition.comorbid and rng.random() < 0.4:
        comorbid = ["none"]
    assert all(key in COMORBID for key in comorbid)
    return Patient(
        key=f"HV-{104000 + number * 37}",
        given=given,
        middle=rng.choice(("", "", "J", "M", "R", "T")),
        family=family,
        nickname=nick if rng.random() < 0.2 else "",
        sex=sex,
        born=born,
        mrn=f"00{rng.randint(310000, 989999)}",
        phone=phone_number(rng),
        street=f"{rng.randint(100, 4899)} {rng.choice(places.STREETS)}{flat}",
        town=town,
        county=county,
        state=state,
        zip_code=zip_code,
        email=f"{mail}@{rng.choice(('example.org', 'mail.invalid'))}",
        relatives=_relatives(rng, family, culture, {given}, years),
        at_tolvane=years < 72 and rng.random() < 0.4,
        job="retired" if years > 66 else rng.choice(_JOBS),
        condition=condition,
        comorbid=tuple(comorbid[: rng.choice((1, 2))]),
        number=number,
    )

"""The facts of one patient's illness and of one visit; every note is told from them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from random import Random

from .conditions import COMORBID, Condition
from .people import Patient
from .vocabulary import staff


@dataclass(frozen=True)
class Author:
    """Who wrote a note."""

    name: str
    credential: str
    specialty: str

    @property
    def family(self) -> str:
        return self.name.split(" ", 1)[1]

    @property
    def field(self) -> str:
        return f"{self.name}, {self.credential}"


@dataclass(frozen=True)
class Story:
    """What stays the same in all notes of a patient."""

    patient: Patient
    start: dt.date
    onset: str
    symptoms: tuple[str, str]
    trigger: str
    doses: tuple[str, ...]
    ill: tuple[str, ...]
    treated: tuple[str, ...]
    attending: Author
    family_doctor: Author

    @property
    def condition(self) -> Condition:
        return self.patient.condition

    @property
    def comorbid_names(self) -> str:
        return " and ".join(COMORBID[key][0] for key in self.patient.comorbid)


@dataclass(frozen=True)
class Scene:
    """One visit: `treated` tells whether the illness has turned; `brief` keeps a note short."""

    rng: Random
    story: Story
    day: int
    author: Author
    treated: bool
    brief: bool
    turn: int
    index: int

    @property
    def patient(self) -> Patient:
        return self.story.patient

    @property
    def condition(self) -> Condition:
        return self.story.condition

    @property
    def date(self) -> dt.date:
        return self.story.start + dt.timedelta(days=self.day)


@dataclass(frozen=True)
class Summary:
    """The gold summary; it holds no identifier."""

    complaint: str
    history: str
    assessment: str
    plan: str

    def to_dict(self) -> dict[str, str]:
        return {
            "Chief Complaint": _sentence(self.complaint),
            "History of Present Illness": _sentence(self.history),
            "Assessment": _sentence(self.assessment),
            "Plan": _sentence(self.plan),
        }


@dataclass(frozen=True)
class Draft:
    """A note as marked text with its summary."""

    marked: str
    summary: Summary


def _sentence(text: str) -> str:
    text = text.strip().rstrip(".")
    return text[:1].upper() + text[1:] + "."


def join(items: tuple[str, ...] | list[str]) -> str:
    """`a, b and c`."""
    items = list(items)
    return items[0] if len(items) == 1 else ", ".join(items[:-1]) + " and " + items[-1]


def cause(trigger: str) -> str:
    """The trigger as it ends a sentence."""
    alone = ("no clear", "gradual")
    return f"with {trigger}" if trigger.startswith(alone) else f"after {trigger}"


def pick(rng: Random, people: tuple[tuple[str, str], ...], specialty: str) -> Author:
    """One of `people` as an author of `specialty`."""
    name, credential = rng.choice(people)
    return Author(name, credential, specialty)


def physician(rng: Random, specialty: str) -> Author:
    """A physician of `specialty`, or of internal medicine where the house has none."""
    of_kind = [row for row in staff.PHYSICIANS if row[2] == specialty]
    return Author(*rng.choice(of_kind or [row for row in staff.PHYSICIANS if "internal" in row[2]]))


def make_story(seed: int, patient: Patient) -> Story:
    """Draw the course of the patient's illness."""
    rng = Random(f"{seed}:story:{patient.number}")
    condition = patient.condition
    low, high, unit = condition.onset
    count = rng.randint(low, high)
    chosen = sorted(rng.sample(range(len(condition.symptoms)), 2))
    start = dt.date(2023, 2, 1) + dt.timedelta(days=rng.randint(0, 1200))
    return Story(
        patient=patient,
        start=start,
        onset=f"{count} {unit if count > 1 else unit.rstrip('s')}",
        symptoms=(condition.symptoms[chosen[0]], condition.symptoms[chosen[1]]),
        trigger=rng.choice(condition.triggers),
        doses=tuple(rng.choice(drug.doses) for drug in condition.drugs),
        ill=tuple(f"{rng.uniform(*lab.ill):.{lab.decimals}f}" for lab in condition.labs),
        treated=tuple(f"{rng.uniform(*lab.treated):.{lab.decimals}f}" for lab in condition.labs),
        attending=physician(rng, condition.specialty),
        family_doctor=physician(rng, "internal medicine"),
    )

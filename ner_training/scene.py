"""One invented case: fills the slots of templates with labelled pieces of text.

The patient, the doctors and the places of a case recur in its notes, as in real ones.
"""

import random
import re
from collections.abc import Callable

from ner_training import numbers, persons, sites
from ner_training.lists import diagnoses
from ner_training.persons import Person
from ner_training.words import abbreviation, common, english, salad, vocabulary

#: A piece of text and its class; ``O`` is what stays.
Piece = tuple[str, str]
Rng = random.Random

_SLOT = re.compile(r"\{(\w+)\}")
_CHOICE = re.compile(r"<([^<>{}]*(?:\{\w+\}[^<>{}]*)*\|[^<>]*)>")
_NAME, _PLACE, _SITE, _WORK = "NAME", "LOCATION", "FACILITY", "EMPLOYER"


class Scene:
    """A patient with relatives, doctors and places, and the slots that speak of them."""

    def __init__(self, rng: Rng, split: str) -> None:
        self.rng, self.split = rng, split
        self.patient = persons.person(rng, split)
        self.doctors = [persons.person(rng, split) for _ in range(3)]
        self.relatives = [persons.person(rng, split) for _ in range(3)]
        self.home, self.site = sites.town(rng, split), sites.facility(rng, split)
        self.age = rng.randint(1, 89)
        self.slots: dict[str, Callable[[], list[Piece]]] = {
            **self._person_slots(),
            **self._place_slots(),
            **self._number_slots(),
        }

    def fill(self, template: str) -> list[Piece]:
        """The pieces of one template. Raises ``KeyError`` for a slot that nobody knows."""
        text = template
        while choice := _CHOICE.search(text):
            picked = self.rng.choice(choice.group(1).split("|"))
            text = text[: choice.start()] + picked + text[choice.end() :]
        pieces: list[Piece] = []
        at = 0
        for slot in _SLOT.finditer(text):
            pieces.append((text[at : slot.start()], "O"))
            pieces += self._slot(slot.group(1))
            at = slot.end()
        return [p for p in [*pieces, (text[at:], "O")] if p[0]]

    def _slot(self, name: str) -> list[Piece]:
        if name in self.slots:
            return self.slots[name]()
        low = name.lower()
        text = self._phrase(low)
        if name.isupper() and name != low:
            text = text.upper()
        elif name[0].isupper():
            text = text[:1].upper() + text[1:]
        return [(text, "O")]

    def _phrase(self, key: str) -> str:
        if key == "icd":
            return self.rng.choice(diagnoses())
        if key == "drug" and self.rng.random() < 0.15:
            return self.rng.choice(vocabulary()["brand"])
        if key == "salad":
            return salad(self.rng)
        if key == "abb":
            return abbreviation(self.rng)
        if key == "com":
            return self.rng.choice(common())
        if key in english():
            return self.rng.choice(english()[key])
        return self.rng.choice(vocabulary()[key])

    # persons

    def _other(self) -> Person:
        near = (*self.relatives, *self.relatives, *self.doctors)
        return (
            self.rng.choice(near)
            if self.rng.random() < 0.4
            else persons.person(self.rng, self.split)
        )

    def _doctor(self) -> Person:
        return (
            self.rng.choice(self.doctors)
            if self.rng.random() < 0.7
            else persons.person(self.rng, self.split)
        )

    def _titled(self, p: Person, titles: tuple[str, ...]) -> list[Piece]:
        roll = self.rng.random()
        form = (
            p.last
            if roll < 0.75
            else f"{p.first} {p.last}"
            if roll < 0.93
            else f"{p.first} {p.last[0]}."
        )
        if roll > 0.97:
            form = f"{p.last} {p.first[0]}."
        return [
            (self.rng.choice(titles), "O"),
            (" " if self.rng.random() < 0.97 else "", "O"),
            (form, _NAME),
        ]

    def _mister(self, p: Person) -> list[Piece]:
        titles = (
            ("Mr.", "Mr.", "Mr") if p.sex == "m" else ("Ms.", "Mrs.", "Ms.", "Ms", "Mrs", "Miss")
        )
        title = self.rng.choice(titles)
        return [
            (f"{title} ", "O"),
            (p.last if self.rng.random() < 0.9 else f"{p.first} {p.last}", _NAME),
        ]

    def _relative(self) -> list[Piece]:
        kin = self.rng.choice(vocabulary()["rel"])
        roll, p = self.rng.random(), self._other()
        form = (
            p.first
            if roll < 0.5
            else persons.nickname(self.rng, self.split)
            if roll < 0.7
            else persons.full(self.rng, p)
        )
        return [(kin, "O"), (self.rng.choice((" ", " ", " ", ", ")), "O"), (form, _NAME)]

    def _person_slots(self) -> dict[str, Callable[[], list[Piece]]]:
        rng, patient = self.rng, self.patient
        initials = lambda p: p.first[0] + (p.middle[0] if rng.random() < 0.5 else "") + p.last[0]  # noqa: E731
        forms: dict[str, Callable[[], str]] = {
            "pt": lambda: persons.full(rng, patient),
            "ptf": lambda: patient.first,
            "ptl": lambda: patient.last,
            "ptlf": lambda: persons.inverted(rng, patient),
            "ptsh": lambda: persons.short(rng, patient),
            "mi": lambda: patient.middle[0],
            "drn": lambda: persons.full(rng, self._doctor()),
            "drf": lambda: self._doctor().first,
            "drl": lambda: self._doctor().last,
            "drlf": lambda: persons.inverted(rng, self._doctor()),
            "n": lambda: persons.full(rng, self._other()),
            "nf": lambda: self._other().first,
            "nl": lambda: self._other().last,
            "nick": lambda: persons.nickname(rng, self.split),
            "init": lambda: initials(self._doctor()).upper(),
            "initl": lambda: initials(self._doctor()).lower(),
            "login": lambda: persons.login(rng, self._doctor()),
        }
        slots: dict[str, Callable[[], list[Piece]]] = {
            name: (lambda make=make: [(make(), _NAME)]) for name, make in forms.items()
        }
        slots["INIT"] = slots["init"]
        slots["mr"] = lambda: self._mister(patient)
        slots["mrx"] = lambda: self._mister(self._other())
        slots["dr"] = lambda: self._titled(self._doctor(), ("Dr.", "Dr.", "Dr.", "Dr", "Drs."))
        slots["reln"] = self._relative
        return slots

    # places

    def _address(self) -> list[Piece]:
        pieces = sites.address(self.rng, self.split)
        return [(text, _PLACE if identifies else "O") for text, identifies in pieces]

    def _city_state(self) -> list[Piece]:
        return [(self._town(), _PLACE), (", ", "O"), (self._phrase("st"), "O")]

    def _town(self) -> str:
        return self.home if self.rng.random() < 0.3 else sites.town(self.rng, self.split)

    def _local_site(self) -> list[Piece]:
        article, _, name = sites.facility_local(self.rng).partition("he ")
        return [(f"{article}he ", "O"), (name, _SITE)]

    def _any_site(self) -> str:
        return self.site if self.rng.random() < 0.4 else sites.facility(self.rng, self.split)

    def _place_slots(self) -> dict[str, Callable[[], list[Piece]]]:
        rng, split = self.rng, self.split
        short = lambda: sites.facility_short(rng, split)  # noqa: E731
        forms: dict[str, tuple[str, Callable[[], str]]] = {
            "city": (_PLACE, self._town),
            "county": (_PLACE, lambda: sites.county(rng, split)),
            "street": (_PLACE, lambda: sites.street(rng, split)),
            "zip": (_PLACE, lambda: numbers.zip_code(rng)),
            "room": (_PLACE, lambda: numbers.room(rng)),
            "land": (_PLACE, lambda: sites.landmark(rng, split)),
            "fac": (_SITE, self._any_site),
            "facshort": (_SITE, short),
            "facany": (_SITE, lambda: short() if rng.random() < 0.4 else self._any_site()),
            "school": (_SITE, lambda: sites.school(rng, split)),
            "emp": (_WORK, lambda: sites.employer(rng, split)),
        }
        slots: dict[str, Callable[[], list[Piece]]] = {
            name: (lambda label=label, make=make: [(make(), label)])
            for name, (label, make) in forms.items()
        }
        slots["addr"], slots["cityst"] = self._address, self._city_state
        slots["facloc"] = self._local_site
        return slots

    # numbers and small words

    def _age_words(self) -> str:
        return self.rng.choice(
            (f"{self.age}-year-old", f"{self.age} year old", f"{self.age} y/o", f"{self.age}yo")
        )

    def _email(self) -> str:
        p = self._other()
        site = self.rng.choice(
            ("example.org", "mail.example", "gmail.com", "yahoo.com", "hosp.example")
        )
        return f"{persons.login(self.rng, p)}@{site}"

    def _number_slots(self) -> dict[str, Callable[[], list[Piece]]]:
        rng, man = self.rng, self.patient.sex == "m"
        forms: dict[str, tuple[str, Callable[[], str]]] = {
            "d": ("DATE", lambda: numbers.date(rng)),
            "mrn": ("ID", lambda: numbers.code(rng)),
            "id": ("ID", lambda: numbers.code(rng)),
            "phone": ("CONTACT", lambda: numbers.phone(rng)),
            "email": ("CONTACT", self._email),
            "time": ("O", lambda: numbers.clock(rng)),
            "dose": ("O", lambda: numbers.dose(rng)),
            "num": ("O", lambda: str(rng.choice((1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 30)))),
            "year": ("O", lambda: str(rng.randint(1960, 2026))),
            "agea": ("O", self._age_words),
            "sex": (
                "O",
                lambda: rng.choice(
                    ("male", "man", "gentleman") if man else ("female", "woman", "lady")
                ),
            ),
            "sexw": ("O", lambda: rng.choice(("man", "male") if man else ("woman", "female"))),
            "sexc": ("O", lambda: "M" if man else "F"),
            "pro": ("O", lambda: rng.choice(("He", "he")) if man else rng.choice(("She", "she"))),
            "pos": ("O", lambda: "his" if man else "her"),
            "obj": ("O", lambda: "him" if man else "her"),
        }
        slots: dict[str, Callable[[], list[Piece]]] = {
            name: (lambda label=label, make=make: [(make(), label)])
            for name, (label, make) in forms.items()
        }
        slots["age"] = self._age
        return slots

    def _age(self) -> list[Piece]:
        if self.rng.random() < 0.05:
            return [(str(self.rng.randint(90, 104)), "AGE90")]
        return [(str(self.age), "O")]

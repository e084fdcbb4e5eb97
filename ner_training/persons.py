"""Invented persons: names drawn by frequency, from the whole world, ordinary words and coinages."""

import random
import re
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

from ner_training.lists import names_for, sample_words, split_of, words_of
from ner_training.words import vocabulary

Rng = random.Random
_PARTICLES = (
    "de la",
    "de",
    "del",
    "van",
    "van der",
    "von",
    "al-",
    "Al-",
    "bin",
    "El-",
    "St. ",
    "Mc",
    "Mac",
    "O'",
    "D'",
    "da",
    "dos",
    "Di",
    "Le ",
    "Ben-",
    "Abu ",
    "Ter ",
)
_ANIMALS = [
    "Elk", "Bear", "Horse", "Eagle", "Hawk", "Crow", "Wolf", "Bull", "Bird", "Deer", "Fox",
    "Cloud", "Water", "Feather", "Arrow", "Moon", "Star", "Thunder", "Shield", "Buffalo",
]  # fmt: skip
_EPITHETS = [
    "Two", "Three", "Red", "White", "Black", "Yellow", "Little", "Big", "Running", "Standing",
    "Iron", "Good", "Spotted", "Lone", "Swift", "Long", "Walking", "Blue", "Many", "Young",
]  # fmt: skip
#: Those after the first ``_ALONE`` are small words of English and never stand alone.
_ALONE = 35
_SHORT = [
    "Xu", "Io", "Ng", "Vu", "Le", "Li", "Wu", "Ho", "Lo", "Ma", "Hu", "Yi", "Ko", "Ha", "Ly",
    "Vo", "Bo", "Ro", "Su", "Ai", "Ku", "Ay", "Ek", "Ye", "Yu", "Ji", "Mo", "Po", "Ta", "Ju",
    "Lu", "Ou", "Fu", "Gu", "Bi", "Do", "An", "Go", "So", "No", "He", "My", "Na", "Um", "Oh",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Person:
    """A name in parts. ``sex`` is ``m`` or ``f`` and decides pronoun and title only."""

    first: str
    last: str
    middle: str
    sex: str


def _zipf(rng: Rng, names: list[str], flat: float = 0.35) -> str:
    """Frequent names more often than rare ones, but rare ones often."""
    if rng.random() < flat:
        return rng.choice(names)
    return names[int(len(names) ** rng.random()) - 1]


@lru_cache(maxsize=4)
def _chain(split: str, kind: str) -> dict[str, str]:
    chain: dict[str, list[str]] = defaultdict(list)
    names = names_for(split)
    pool = names.last if kind == "last" else names.first
    for name in pool[:20000] + [
        n for f, s in names.world.values() for n in (s if kind == "last" else f)
    ]:
        low = f"^^{name.lower()}$"
        for i in range(len(low) - 2):
            chain[low[i : i + 2]].append(low[i + 2])
    return {k: "".join(v) for k, v in chain.items()}


def coined(rng: Rng, split: str, kind: str = "last") -> str:
    """A name that no list holds, by the letter pairs of those that do."""
    chain = _chain(split, kind)
    for _ in range(30):
        word = "^^"
        while word[-1] != "$" and len(word) < 14:
            word += rng.choice(chain[word[-2:]])
        body = word.strip("^$")
        if 3 <= len(body) <= 11 and " " not in body:
            return body.title()
    return "Tovlan"


@lru_cache(maxsize=1)
def wordy() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Given names and surnames that are ordinary or clinical words as well."""
    plain = set(words_of("english_words"))
    clinical = {w for w in words_of("eponyms") if w.isalpha() and len(w) > 2}
    first = [w for w in words_of("first_names") if w in plain]
    last = [w for w in words_of("surnames")[:9000] if w in plain]
    more = [w for w in words_of("surnames") if w in clinical]
    often = vocabulary()["wordy"]
    return _trainable([*first, *often * 8]), _trainable([*last, *more, *more, *often * 8])


def _trainable(words: list[str]) -> tuple[str, ...]:
    """The words as names, without reserved ones and those of the demonstration's notes."""
    kept = [w for w in words if split_of(w) != "reserved" and w.lower() not in sample_words()]
    return tuple(w.title() for w in kept)


@lru_cache(maxsize=1)
def _nicknames() -> tuple[tuple[str, ...], tuple[str, ...]]:
    listed = [n for n in vocabulary()["nick"] if not sample_words() & set(n.lower().split())]
    plain = [w for w in words_of("everyday_words") if w.isalpha() and len(w) > 2]
    return tuple(listed), _trainable(plain)


def first_name(rng: Rng, split: str, world: str | None) -> str:
    """A given name of a country, or of the United States."""
    roll = rng.random()
    if roll < 0.06:
        return coined(rng, split, "first")
    if roll < 0.13:
        return rng.choice(wordy()[0])
    if roll < 0.15:
        return rng.choice(_SHORT[:_ALONE])
    pool = names_for(split).world[world][0] if world else names_for(split).first
    name = _zipf(rng, pool)
    if rng.random() < 0.03:
        second = rng.choice(pool)
        name += rng.choice(("-", " ", "-")) + (second.lower() if rng.random() < 0.4 else second)
    return name


def last_name(rng: Rng, split: str, world: str | None) -> str:
    """A surname of a country, or of the United States, with particles and hyphens at times."""
    roll = rng.random()
    if roll < 0.07:
        return coined(rng, split)
    if roll < 0.17:
        return rng.choice(wordy()[1])
    if roll < 0.20:
        return rng.choice(_SHORT)
    if roll < 0.22:
        return f"{rng.choice(_EPITHETS)} {rng.choice(_ANIMALS)}"
    pool = names_for(split).world[world][1] if world else names_for(split).last
    name = _zipf(rng, pool)
    if roll < 0.26:
        other = _zipf(rng, pool)
        return f"{name}{'-' if rng.random() < 0.75 else ' '}{other}"
    if roll < 0.30:
        particle = rng.choice(_PARTICLES)
        return f"{particle}{name}" if particle[-1] in "-' c" else f"{particle} {name}"
    return name


def person(rng: Rng, split: str) -> Person:
    """A person; first name and surname come from one country."""
    countries = sorted(names_for(split).world)
    world = rng.choice(countries) if rng.random() < 0.45 else None
    first = first_name(rng, split, world)
    middle = (
        rng.choice("ABCDEFGHJKLMNPRSTW") if rng.random() < 0.6 else first_name(rng, split, world)
    )
    return Person(first, last_name(rng, split, world), middle, rng.choice("mf"))


def nickname(rng: Rng, split: str) -> str:
    """A nickname: from the list, an ordinary word, or a given name."""
    roll = rng.random()
    if roll < 0.55:
        return rng.choice(_nicknames()[0])
    if roll < 0.68:
        return rng.choice(_nicknames()[1])
    return first_name(rng, split, None)


def full(rng: Rng, p: Person) -> str:
    """First name before surname, in one of the usual forms."""
    m = p.middle if len(p.middle) > 1 else f"{p.middle}{rng.choice(('.', '', '.'))}"
    forms = (
        (0.62, f"{p.first} {p.last}"),
        (0.2, f"{p.first} {m} {p.last}"),
        (0.03, f"{p.first[0]}. {p.last}"),
        (0.02, f"{p.first[0]} {p.last}"),
        (0.03, f"{p.first} {p.last} {rng.choice(('Jr.', 'Jr', 'Sr.', 'III', 'II'))}"),
        (0.02, f"{p.first[0]}. {p.middle[0]}. {p.last}"),
        (0.04, f"{p.last} {p.first}"),
        (0.04, f'{p.first} "{rng.choice(_nicknames()[0])}" {p.last}'),
    )
    return _pick(rng, forms)


def inverted(rng: Rng, p: Person) -> str:
    """Surname before first name."""
    m = p.middle[0]
    forms = (
        (0.4, f"{p.last}, {p.first}"),
        (0.15, f"{p.last.upper()}, {p.first.upper()}"),
        (0.12, f"{p.last}, {p.first} {m}"),
        (0.08, f"{p.last}, {p.first} {m}."),
        (0.08, f"{p.last.upper()}, {p.first.upper()} {m}"),
        (0.07, f"{p.last},{p.first}"),
        (0.05, f"{p.last}, {p.first[0]}"),
        (0.05, f"{p.last.upper()},{p.first.upper()}"),
    )
    return _pick(rng, forms)


def short(rng: Rng, p: Person) -> str:
    """As much of a name as a question to a search engine gives."""
    forms = (
        (0.4, f"{p.first} {p.last[0]}."),
        (0.35, f"{p.first} {p.last}"),
        (0.1, p.first),
        (0.08, f"{p.first[0]}. {p.last}"),
        (0.07, f"{p.last} {p.first[0]}."),
    )
    return _pick(rng, forms)


def _pick(rng: Rng, forms: tuple[tuple[float, str], ...]) -> str:
    return rng.choices([f for _, f in forms], [w for w, _ in forms])[0]


def login(rng: Rng, p: Person) -> str:
    """A user name."""
    last, first = (re.sub(r"[^a-z]", "", part.lower()) or "x" for part in (p.last, p.first))
    forms = (
        f"{first[0]}{last}",
        f"{last}{first[0]}",
        f"{first}.{last}",
        f"{first[0]}{last}{rng.randint(1, 99)}",
    )
    return rng.choice(forms)

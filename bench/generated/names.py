"""Names that are kept for this corpus: SHA-256 of the lower-case name ends in ``f``.

The training of the tagger leaves them out, so that the corpus asks for names that it never saw.
Source: the person and address providers of Faker (MIT).
"""

import hashlib
import importlib
import importlib.util
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from random import Random

_LATIN = re.compile(r"[^\W\d_]{2,}(?:[ '’-][^\W\d_]+){0,2}")
_TOWN_ENDS = (
    "ford",
    "ville",
    " Hollow",
    " Springs",
    "ton",
    " Landing",
    "brook",
    " Heights",
    "mere",
)
_ODD_STREETS = ("Quarry", "Lantern", "Old Mill Race", "Sugar Maple", "Heron's Rest", "Long Lots")
_STREET_ENDS = ("Ln", "Cir", "Trce", "Pike", "Xing", "Loop", "Ter", "Bend", "Way", "Ct")
_SITE_ENDS = ("Infirmary", "Regional", "Eye & Ear", "Polyclinic", "Hospice", "Memorial Pavilion")
_FIRMS = ("{} Freight", "{} & Daughters", "{}-Okoro Plastics", "{} Cold Storage", "{}works")


def is_reserved(name: str) -> bool:
    """Whether a name is kept for this corpus."""
    return hashlib.sha256(name.lower().encode()).hexdigest()[-1] == "f"


@dataclass(frozen=True, slots=True)
class Pools:
    """Reserved first and last names."""

    first: tuple[str, ...]
    last: tuple[str, ...]


@lru_cache(maxsize=1)
def pools() -> Pools:
    """All reserved names in Latin letters, of every language that Faker knows."""
    first: set[str] = set()
    last: set[str] = set()
    origin = importlib.util.find_spec("faker")
    if origin is None or origin.origin is None:
        raise ModuleNotFoundError("The invented corpus needs Faker: make install")
    folder = Path(origin.origin).parent / "providers" / "person"
    for locale in sorted(p.name for p in folder.iterdir() if (p / "__init__.py").exists()):
        provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
        for kind, pool in (("first_name", first), ("last_name", last)):
            for attribute in sorted(dir(provider)):
                values = getattr(provider, attribute)
                if attribute.startswith(kind) and isinstance(values, tuple | list | dict):
                    pool.update(v for v in values if isinstance(v, str) and _fits(v))
    return Pools(tuple(sorted(first)), tuple(sorted(last)))


def _fits(name: str) -> bool:
    latin = all(unicodedata.name(c, "").startswith("LATIN") for c in name if c.isalpha())
    return latin and _LATIN.fullmatch(name) is not None and is_reserved(name) and name[0].isupper()


def first_name(rng: Random) -> str:
    """A reserved first name."""
    return rng.choice(pools().first)


def last_name(rng: Random) -> str:
    """A reserved last name."""
    return rng.choice(pools().last)


def nickname(rng: Random) -> str:
    """A made-up name of affection, reserved as well."""
    while True:
        made = (
            rng.choice("BDFGKLMPRTZ")
            + rng.choice("aeiou")
            + rng.choice(("bbie", "zz", "sko", "nky", "ppo", "dge", "lly", "moo", "rky"))
        )
        if is_reserved(made):
            return made


def place(rng: Random, kind: str) -> str:
    """An invented ``town``, ``street``, ``site`` or ``firm``, made until it is a reserved name."""
    while True:
        name = _made(rng, kind)
        if is_reserved(name):
            return name


def _made(rng: Random, kind: str) -> str:
    stem = last_name(rng)
    if kind == "town":
        return stem + rng.choice(_TOWN_ENDS)
    if kind == "street":
        first = rng.choice((*_ODD_STREETS, stem))
        return f"{rng.randint(1, 9999)} {first} {rng.choice(_STREET_ENDS)}"
    if kind == "site":
        return f"{stem} {rng.choice(_SITE_ENDS)}"
    return rng.choice(_FIRMS).format(stem)

"""Make the lists that surrogates are drawn from: `deid/engine/surrogates/data/`.

Names come from faker's person providers, without words that mean anything else in a note, so that
a surrogate is never taken for a drug, an eponym or a heading.
"""

from __future__ import annotations

import gzip
import importlib
import json
import pkgutil
import re
from pathlib import Path

import faker
import faker.providers.person as persons

from deid.engine import lexicon
from deid.engine.normalize import folded

_OUT = Path(lexicon.__file__).parent / "surrogates" / "data"
_NAME = re.compile(r"[A-Z][a-z]{2,11}")
_CHECKED = "2026-11-25"
_PERSON = "person providers"
_MONTHS = frozenset(["April", "August", "June", "May", "March"])


def _source(detail: str) -> dict[str, str]:
    words = f"faker {faker.VERSION} (MIT licence), {_PERSON} {detail}"
    return {"version": _CHECKED, "source": words, "checked_on": _CHECKED}


def _plain(names: object) -> set[str]:
    return {
        name
        for name in set(names or ())  # type: ignore[call-overload]
        if _NAME.fullmatch(name)
        and name not in _MONTHS
        and not (lexicon.is_ordinary(name) or lexicon.keeps(name))
    }


def _providers() -> list[type]:
    found = []
    for module in pkgutil.iter_modules(persons.__path__):
        provider = importlib.import_module(f"{persons.__name__}.{module.name}").Provider
        found.append(provider)
    return found


def _genders() -> tuple[list[str], list[str]]:
    """Given names that only one gender bears: in the United States, else in all locales."""
    by_gender: dict[str, set[str]] = {"female": set(), "male": set()}
    for provider in _providers():
        for gender, names in by_gender.items():
            for name in getattr(provider, f"first_names_{gender}", ()):
                word = folded(name)
                if re.fullmatch(r"[a-z]{2,15}", word):
                    names.add(word)
    english = importlib.import_module(f"{persons.__name__}.en_US").Provider
    at_home_female = {folded(name) for name in english.first_names_female}
    at_home_male = {folded(name) for name in english.first_names_male}
    female = (by_gender["female"] - by_gender["male"]) | (at_home_female - at_home_male)
    male = (by_gender["male"] - by_gender["female"]) | (at_home_male - at_home_female)
    return sorted(female - at_home_male), sorted(male - at_home_female)


def main() -> None:
    english = importlib.import_module(f"{persons.__name__}.en_US").Provider
    female, male = _plain(english.first_names_female), _plain(english.first_names_male)
    names = {
        **_source("of en_US, without words that mean something else"),
        "female": sorted(female - male),
        "male": sorted(male - female),
        "surnames": sorted(_plain(english.last_names) - female - male),
    }
    only_female, only_male = _genders()
    genders = {**_source("of all locales"), "female": only_female, "male": only_male}
    (_OUT / "names.json").write_bytes(_bytes(names))
    (_OUT / "genders.json.gz").write_bytes(gzip.compress(_bytes(genders), mtime=0))


def _bytes(content: object) -> bytes:
    return (json.dumps(content, separators=(",", ":")) + "\n").encode()


if __name__ == "__main__":
    main()

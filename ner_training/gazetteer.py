"""The word list of the tagger: of which lists each word is a member, as bits."""

import re
from collections.abc import Iterable

from deid.engine.normalize import folded
from ner_training.lists import all_names, diagnoses, words_of
from ner_training.words import vocabulary

#: The order gives the bit.
FLAGS = (
    "first_top", "first", "first_world", "last_top", "last", "last_world", "town_top", "town_word",
    "county_word", "english", "everyday", "function", "drug", "eponym", "clinical", "icd", "title",
    "relation", "credential", "role", "calendar", "state", "state_code", "region", "street_type",
    "site_word", "place_word", "nickname", "employer_word", "job", "sign_device", "particle",
)  # fmt: skip
PLAIN_BIT = 1 << FLAGS.index("english")
_WORD = re.compile(r"[^\W\d_]+")


def memberships() -> dict[str, int]:
    """Bits by folded word."""
    bits: dict[str, int] = {}

    def add(flag: str, phrases: Iterable[str]) -> None:
        bit = 1 << FLAGS.index(flag)
        for phrase in phrases:
            for word in _WORD.findall(folded(phrase)):
                bits[word] = bits.get(word, 0) | bit

    _add_names(add)
    add("english", (w for w in words_of("english_words") if len(w) < 16))
    add("everyday", words_of("everyday_words"))
    add("function", words_of("function_words"))
    add("drug", (w for w in words_of("drugs") if " " not in w))
    add("eponym", words_of("eponyms"))
    add("clinical", words_of("clinical_terms"))
    add("icd", diagnoses())
    words = vocabulary()
    for key in ("dx", "sx", "find", "img", "spec", "lab", "lesion", "body", "unit", "freq"):
        add("clinical", words[key])
    add("drug", words["brand"])
    add("eponym", words["eponym"])
    for key in ("sign", "device", "score", "organism", "proc"):
        add("sign_device", words[key])
    for flag, keys in _OWN.items():
        for key in keys:
            add(flag, words[key])
    add("region", words_of("kept_regions"))
    add("particle", words_of("name_particles"))
    add("site_word", (w for w in words_of("facility_generic")))
    return bits


_OWN = {
    "title": ("title",),
    "relation": ("rel",),
    "credential": ("cred",),
    "role": ("role",),
    "calendar": ("month", "mon", "weekday"),
    "state": ("state",),
    "state_code": ("st",),
    "street_type": ("street_type", "street_front", "street_tail"),
    "site_word": ("fac_end", "fac_short", "school", "land_end"),
    "place_word": ("word_place",),
    "nickname": ("nick",),
    "employer_word": ("emp_end",),
    "job": ("job",),
}


def _add_names(add: object) -> None:
    names = all_names()
    add("first_top", names.first[:1000])  # type: ignore[operator]
    add("first", names.first)  # type: ignore[operator]
    add("last_top", names.last[:3000])  # type: ignore[operator]
    add("last", names.last)  # type: ignore[operator]
    add("town_top", [t for t in names.towns[:1500] + names.world_towns[:2500] if t.isalpha()])  # type: ignore[operator]
    add("town_word", names.towns + names.world_towns)  # type: ignore[operator]
    add("county_word", names.counties)  # type: ignore[operator]
    for first, last in names.world.values():
        add("first_world", first)  # type: ignore[operator]
        add("last_world", last)  # type: ignore[operator]

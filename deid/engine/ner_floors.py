"""From which probability on an entity of a model counts, and what raises or lowers that floor."""

import re

from deid.engine import lexicon
from deid.engine.families.name_facts import NAME, Fact, facts, is_medical
from deid.engine.spans import AGE_OVER_89

#: Category and subtype of each class of a model.
LABELS = {
    "NAME": ("NAME", ""),
    "EMPLOYER": ("NAME", "EMPLOYER"),
    "LOCATION": ("LOCATION", ""),
    "FACILITY": ("LOCATION", "FACILITY"),
    "DATE": ("DATE_AGE", ""),
    "AGE90": ("DATE_AGE", AGE_OVER_89),
    "CONTACT": ("PHONE", ""),
    "ID": ("OTHER_ID", ""),
}
#: The probability of a class from which its score reaches the default threshold of a policy. A
#: missed name harms a patient, a hidden word only a reader: hence below one half. Numbers have
#: rules of their own, and the model only speaks where it is sure.
FLOORS = {
    "NAME": 0.4,
    "EMPLOYER": 0.4,
    "LOCATION": 0.4,
    "FACILITY": 0.4,
    "DATE": 0.9,
    "AGE90": 0.9,
    "CONTACT": 0.9,
    "ID": 0.9,
}
#: How the floor moves for a capitalised word that no dictionary has, and for dictionary words.
PROPER, _ORDINARY = 0.3, 1.5
#: The floor for drugs, eponyms and clinical words, which are sometimes a surname too.
CLINICAL = 0.98
#: Beyond any probability: drugs and clinical words that are nobody's name. A title has a rule.
_NEVER = 1.5
#: The floor for everyday words that are nobody's name.
COMMON = 0.9
_WORD = re.compile(r"[^\W\d_]+")


def lowest_floor() -> float:
    """The probability below which nothing counts, whatever its class and its words."""
    return min(FLOORS.values()) * PROPER


def floor_of(label: str, surface: str) -> float:
    """The probability from which a surface counts as one of this class."""
    floor = FLOORS[label]
    if LABELS[label][0] not in {"NAME", "LOCATION"}:
        return floor
    words = [w for w in _WORD.findall(surface) if len(w) > 2]
    joined = "-" in surface and not lexicon.words("eponyms").isdisjoint(surface.lower().split("-"))
    known = [w for w in words if w not in lexicon.words("function_words")]
    if lexicon.is_drug(surface) or (known and all(map(_is_only_medical, known))):
        return _NEVER
    if joined or (known and all(map(_is_of_medicine, known))):
        return CLINICAL
    if known and all(map(_is_everyday, known)):
        return COMMON
    strange = [w for w in words if not lexicon.is_ordinary(w)]
    if any(w[0].isupper() and not w.isupper() for w in strange):
        return floor * PROPER
    return floor if strange else floor * _ORDINARY


def _is_only_medical(word: str) -> bool:
    """Whether the word is listed as a drug or a clinical term, and as no name."""
    known = facts(word)
    return bool(known & (Fact.DRUG | Fact.CLINICAL)) and not known & NAME


def _is_everyday(word: str) -> bool:
    """Whether the word is an everyday one and no name, or is written small and no given name."""
    known = facts(word)
    name = Fact.GIVEN if word.islower() else NAME
    return bool(known & Fact.COMMON) and not known & name


def _is_of_medicine(word: str) -> bool:
    """Whether the word is listed as one, or is written small and ends as diseases do."""
    listed = lexicon.is_drug(word) or lexicon.is_clinical(word)
    return listed or (word.islower() and is_medical(word))


def score_of(chance: float, floor: float) -> float:
    """The score of an entity: 0.5 where its probability just reaches its floor."""
    if chance < floor:
        return 0.5 * chance / floor
    return 0.5 + 0.5 * (chance - floor) / (1 - floor)

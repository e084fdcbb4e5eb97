"""What the word lists know of one word, looked up once for each word."""

import re
from functools import lru_cache

from deid.engine import lexicon
from deid.engine.normalize import folded


class Fact:
    """Facts of one word as bits; a word can be a name and something else."""

    GIVEN = 1  #: a given name, of the census or of the world list
    FAMILY = 2  #: a surname
    COMMON = 4  #: an everyday English word
    WORD = 8  #: in any dictionary, itself or its stem
    DRUG = 16
    CLINICAL = 32  #: an eponym, an instrument, a heading or an abbreviation to keep
    FUNCTION = 64  #: a word of grammar
    STOP = 128  #: a word that ends a name in notes: headings, roles, months
    KEPT = 256  #: a state, a country or a larger region
    USUAL_GIVEN = 512  #: a given name whose other meaning is rare in notes


NAME = Fact.GIVEN | Fact.FAMILY
_CONTRACTION = re.compile(r"'(?:m|ll|d|ve|re|t)$")
_MEDICAL = Fact.DRUG | Fact.CLINICAL
_OTHER = Fact.COMMON | _MEDICAL | Fact.FUNCTION | Fact.KEPT
#: Endings of diseases, procedures and findings that no dictionary needs to list.
_MEDICAL_ENDINGS = (
    "itis", "osis", "emia", "aemia", "uria", "oma", "omas", "pathy", "algia", "ectomy", "otomy",
    "ostomy", "oscopy", "plasty", "graphy", "gram", "grams", "plegia", "paresis", "trophy", "genic",
    "itic", "otic", "emic", "therapy", "ologist", "ology", "iatric", "iatrics", "ative", "ase",
    "tion", "tions", "ness", "ical", "ical", "eous", "ious", "scope", "meter", "cytic", "cyte",
    "cytes", "penia", "pnea", "rrhea", "spasm", "stasis", "stenosis", "sclerosis", "tropin", "oid",
)  # fmt: skip


def _is_any(low: str, *lists: str) -> bool:
    return any(low in lexicon.words(name) for name in lists)


_GIVEN = ("first_names", "world_given_names")
_FAMILY = ("surnames", "world_surnames")


def _names(low: str) -> int:
    bare = low.replace("'", "")
    found = 0
    if _is_any(low, *_GIVEN) or _is_any(bare, *_GIVEN):
        found |= Fact.GIVEN
    if _is_any(low, *_FAMILY) or _is_any(bare, *_FAMILY):
        found |= Fact.FAMILY
    return found


def _compound(low: str) -> int:
    """Facts of ``Ann-Marie``, ``Adeyemi-Cole``, ``early-stage``: those that all parts share."""
    parts = [facts(part) if len(part) > 2 else _names(part) for part in low.split("-") if part]
    short = any(len(part) < 3 for part in low.split("-"))
    if short and any(known & (Fact.COMMON | Fact.FUNCTION) for known in parts):
        return Fact.WORD | Fact.COMMON
    if any(not known & NAME and known & (_OTHER | Fact.WORD) for known in parts):
        return Fact.COMMON | Fact.WORD
    if all(known & _OTHER for known in parts):
        return Fact.COMMON | Fact.WORD | (NAME if all(known & NAME for known in parts) else 0)
    if not all(known & NAME for known in parts):
        return Fact.WORD if any(known & _OTHER for known in parts) else 0
    given = all(known & Fact.GIVEN for known in parts)
    return NAME if given else Fact.FAMILY


@lru_cache(maxsize=lexicon.KEPT)
def facts(word: str) -> int:
    """Facts of a word as it is written, without a possessive ending."""
    low = folded(word).removesuffix("'s").strip("'-")
    if _CONTRACTION.search(low):
        return Fact.FUNCTION | Fact.WORD
    found = _names(low)
    if "-" in low and not found:
        found |= _compound(low)
    if low in lexicon.words("common_words"):
        found |= Fact.COMMON | Fact.WORD
    elif lexicon.is_english(low):
        found |= Fact.WORD
    if lexicon.is_drug(low):
        found |= Fact.DRUG
    if lexicon.is_clinical(low):
        found |= Fact.CLINICAL
    if low in lexicon.words("function_words"):
        found |= Fact.FUNCTION
    if low in lexicon.words("not_a_name"):
        found |= Fact.STOP
    if low in lexicon.words("spoken_words"):
        found |= Fact.STOP | Fact.FUNCTION
    if lexicon.keeps(low):
        found |= Fact.KEPT
    if low in lexicon.words("common_given_names"):
        found |= Fact.USUAL_GIVEN
    return found


@lru_cache(maxsize=lexicon.KEPT)
def is_only_name(word: str) -> bool:
    """Whether a list has the word as a name and no list has it as anything else."""
    known = facts(word)
    if known & Fact.USUAL_GIVEN:
        return True
    return bool(known & NAME) and not known & (_OTHER | Fact.STOP)


@lru_cache(maxsize=lexicon.KEPT)
def is_unknown(word: str) -> bool:
    """Whether no list knows the word and it has not the shape of a medical term."""
    low = folded(word).removesuffix("'s")
    return (
        len(low) > 2
        and not facts(word) & (Fact.WORD | _OTHER | Fact.STOP)
        and not low.endswith(_MEDICAL_ENDINGS)
        and any(c in "aeiouy" for c in low)
    )


@lru_cache(maxsize=lexicon.KEPT)
def could_be_name(word: str) -> bool:
    """Whether the word is a name and nothing else, or a word that nobody listed."""
    return is_only_name(word) or is_unknown(word)


#: Endings of surnames around the world that neither English words nor products share.
_SURNAME_SHAPE = re.compile(
    r"(?:(?<=s)son|ss[eo]n|dottir|dsen|gsen|ksen|nsen|rsen|tsen|ov|ova|ev|eva|ovich|evich|enko"
    r"|chuk|escu"
    r"|poulos|opoulou|idis|akis|wicz|ewicz|owicz|czyk|[czs]ki|[czs]ka|skaya|skyy?|nen|qvist|quist"
    r"|strom|stroem|berg|bergs|stein|mann|hoff|baum|feld|vic|yan|ian|dze|shvili|oglu|pour|zadeh"
    r"|swamy|murthy|nathan|ieri|etti|elli|ucci|acci|eira|eiro|aldo|inho|endez|indez|andez|iguez"
    r"|unde|wale|kemi|nkwo|chukwu|mwangi|gard|gaard|haug|dahl|vold|rud|eau|oux|ault|iere|ois)$"
)


@lru_cache(maxsize=lexicon.KEPT)
def has_surname_shape(word: str) -> bool:
    """Whether a word that no list knows ends as surnames do, or has letters English has not."""
    if not is_unknown(word):
        return False
    return not word.isascii() or (len(word) > 5 and bool(_SURNAME_SHAPE.search(folded(word))))


@lru_cache(maxsize=lexicon.KEPT)
def is_medical(word: str) -> bool:
    """Whether the word is a drug, an eponym, an instrument or has the shape of a disease."""
    low = folded(word).removesuffix("'s")
    return bool(facts(word) & _MEDICAL) or (
        low.endswith(_MEDICAL_ENDINGS) and not facts(word) & NAME
    )

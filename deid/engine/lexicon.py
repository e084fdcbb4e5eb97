"""Word lists behind the recognizers: versioned data files, read once a process."""

import gzip
import json
import re
from functools import lru_cache
from pathlib import Path

DATA = Path(__file__).parent / "data"
#: Words whose answer is kept, for each question: most words of a note, in a few megabytes.
KEPT = 16_384

#: Nouns that make the capitalised word before them an eponym: ``Chaddock reflex``.
MEASURE_NOUN = re.compile(
    r"(?:coma |pain |ankle |cognitive |risk |severity |activity |depression |quality |sleep )?"
    r"(?:disease|syndrome|sign|signs|reflex|score|scores|scale|index|criteria|criterion|palsy|test"
    r"|tests|testing|classification|staging|stage|grade|grading|system|rules?|protocol|brace|collar"
    r"|screen|inventory|questionnaire|maneuver|manoeuvre|phenomenon|catheter|drain|tube|lymphoma"
    r"|sarcoma|tumou?r|thyroiditis|esophagus|anemia|fracture|contracture|procedure|operation|repair"
    r"|histology"
    r"|fundoplication|stain|virus|bodies|cells?|nodes?|nodules?|triad|law|formula|equation|method"
    r"|position|incision|pouch|loop|bypass|technique|assessment|evaluation|study|trial)\b"
)

_SUFFIXES = ("s", "es", "ed", "d", "ing", "ly", "al", "ally", "er", "ers")


@lru_cache(maxsize=128)
def words(name: str) -> frozenset[str]:
    """The words of one data file. Raises ``FileNotFoundError`` if there is none."""
    packed = DATA / f"{name}.json.gz"
    raw = gzip.decompress(packed.read_bytes()) if packed.exists() else None
    data = json.loads(raw if raw is not None else (DATA / f"{name}.json").read_bytes())
    return frozenset(data["words"])


@lru_cache(maxsize=128)
def either(*names: str) -> frozenset[str]:
    """The words of several data files together, made one set once and not for each question."""
    return frozenset().union(*map(words, names))


def load_all() -> None:
    """Read every word list, so that no note waits for one."""
    for path in sorted(DATA.glob("*.json*")):
        packed = path.suffix == ".gz"
        raw = gzip.decompress(path.read_bytes()) if packed else path.read_bytes()
        if b'"words"' in raw:
            words(path.name.split(".")[0])


@lru_cache(maxsize=KEPT)
def is_first_name(word: str) -> bool:
    """Whether the word is a given name of the census list."""
    return word.lower() in words("first_names")


@lru_cache(maxsize=KEPT)
def is_surname(word: str) -> bool:
    """Whether the word, or each part of it around hyphens, is a surname of the census list."""
    low = word.lower().replace("'", "")
    return low in words("surnames") or (
        "-" in low and all(part in words("surnames") for part in low.split("-") if part)
    )


@lru_cache(maxsize=KEPT)
def is_english(word: str) -> bool:
    """Whether the word is in the English dictionary, whatever its case.

    So are its stem, its American spelling, and what stands behind a prefix of medicine.
    """
    low = word.lower()
    if _is_stem(low):
        return True
    if low in words("surnames") or low in words("first_names"):
        return False
    american = _american(low)
    if american != low and _is_stem(american):
        return True
    prefix = _PREFIX.match(low)
    return prefix is not None and _is_stem(low[prefix.end() :])


#: In front of a word of five letters and more: ``paraspinal``, ``nonsmoker``.
_PREFIX = re.compile(
    r"(?:anti|cardio|cerebro|cervico|chemo|electro|extra|gastro|hemo|haemo|hepato|hyper|hypo"
    r"|immuno|infra|inter|intra|lumbo|micro|multi|myo|nephro|neuro|non|osteo|para|peri|poly|post"
    r"|pre|radio|retro|semi|sub|supra|thoraco|trans|ultra)(?=[a-z]{5})"
)
#: What is spelt otherwise in British notes.
_BRITISH = (
    ("oea", "ea"), ("oed", "ed"), ("oes", "es"), ("aem", "em"), ("aes", "es"), ("aec", "ec"),
    ("aed", "ed"), ("our", "or"), ("ise", "ize"), ("isa", "iza"), ("isi", "izi"), ("lled", "led"),
    ("lling", "ling"), ("ogue", "og"), ("tre", "ter"),
)  # fmt: skip


def _american(low: str) -> str:
    for british, american in _BRITISH:
        if british in low:
            return low.replace(british, american)
    return low


def _is_stem(low: str) -> bool:
    dictionary = words("english_words")
    if low in dictionary:
        return True
    for suffix in _SUFFIXES:
        stem = low.removesuffix(suffix)
        if stem != low and len(stem) > 2:
            if stem in dictionary or stem + "e" in dictionary:
                return True
            if stem.endswith("i") and stem[:-1] + "y" in dictionary:
                return True
    return False


_DRUG_ENDINGS = (
    "pril", "sartan", "olol", "statin", "azole", "cillin", "mycin", "floxacin", "tidine",
    "prazole", "dipine", "zepam", "zolam", "setron", "triptan", "gliptin", "gliflozin",
    "glutide", "parin", "xaban", "mab", "tinib", "ciclib", "vir", "cycline", "thiazide",
    "semide", "sone", "solone", "caine", "barbital", "oxetine", "ipramine", "azine", "lukast",
    "terol", "tropium", "formin", "glitazone", "profen", "coxib", "dronate", "phylline",
)  # fmt: skip


@lru_cache(maxsize=KEPT)
def is_drug(word: str) -> bool:
    """Whether the word is a drug or a product by name, or a drug by the ending of its class."""
    low = word.lower().removesuffix("'s")
    if low in words("drugs") or low in words("product_names"):
        return True
    plural = low.removesuffix("s") in words("product_names")
    return plural or (len(low) > 6 and low.endswith(_DRUG_ENDINGS))


#: A word this short is no plural of an eponym.
_SHORT = 5


@lru_cache(maxsize=KEPT)
def is_clinical(word: str) -> bool:
    """Whether the word is an eponym, an instrument, a heading or an abbreviation to keep."""
    low = word.lower().removesuffix("'s").rstrip("'")
    if low in words("eponyms") or low in words("clinical_terms"):
        return True
    plural = len(low) > _SHORT and low.endswith("s") and low not in words("surnames")
    return plural and low[:-1] in words("eponyms")  # ``Apgars``, ``Parkinsons``


@lru_cache(maxsize=KEPT)
def is_ordinary(word: str) -> bool:
    """Whether the word has a meaning besides being somebody's name."""
    return is_english(word) or is_drug(word) or is_clinical(word)


@lru_cache(maxsize=KEPT)
def is_place(name: str) -> bool:
    """Whether the name is a town, a large city abroad or a county."""
    low = name.lower().replace("st. ", "saint ").replace("ft. ", "fort ")
    return (
        low in words("us_places")
        or name.lower() in words("us_places")
        or low in words("world_cities")
    )


@lru_cache(maxsize=KEPT)
def keeps(name: str) -> bool:
    """Whether the name is a state, a country or a larger region, which Safe Harbor keeps."""
    return name.lower().strip(" .") in words("kept_regions")

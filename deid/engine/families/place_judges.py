"""Judges of towns: is it a place, and which of the words belong to its name? (letter B)."""

import re

from deid.engine import gazetteer, lexicon

_STREET_WORDS = frozenset({
    "street", "st", "road", "rd", "avenue", "ave", "lane", "ln", "drive", "dr", "court", "ct",
    "boulevard", "blvd", "way", "place", "pl", "circle", "terrace", "parkway", "highway", "apt",
    "unit", "suite", "box",
})  # fmt: skip


def town(match: re.Match[str]) -> tuple[int, int] | None:
    """The town before a state, without ordinary words that happen to stand in front of it."""
    start, end = match.span("id")
    if _is_assent(match):
        return None
    while start < end:
        town = match.string[start:end]
        if is_place(town):
            return start, end
        head, _, rest = town.partition(" ")
        if not rest:
            break
        if not (lexicon.is_clinical(head) or head.lower() in lexicon.words("sentence_starts")):
            return start, end
        start += len(head) + 1
    town = match.string[start:end]
    unusable = lexicon.is_clinical(town) or lexicon.is_drug(town) or lexicon.keeps(town)
    return None if not town or unusable else (start, end)


_ASSENT = re.compile(r",\s*OK\b(?![ ,]+\d{5})")
#: What stands before a town: a preposition, or the street before it.
_BEFORE_TOWN = re.compile(r"(?:\b(?:in|from|of|to|near|at|outside)[ ]|\d[^,\n]{2,40},\s*)\Z")


def _is_assent(match: re.Match[str]) -> bool:
    """Whether ``OK`` is no state: ``Right, OK. So we go on``."""
    text, (start, end) = match.string, match.span("id")
    if _ASSENT.match(text, end) is None or _BEFORE_TOWN.search(text[max(0, start - 45) : start]):
        return False
    town = match.group("id")
    return not is_place(town) or lexicon.is_ordinary(town) or lexicon.is_first_name(town)


def is_place(name: str) -> bool:
    """Whether a gazetteer holds the name."""
    return lexicon.is_place(name) or gazetteer.is_town(name)


def place_after_preposition(match: re.Match[str]) -> tuple[int, int] | None:
    """The longest run of the captured words that a gazetteer knows."""
    start, end = match.span("id")
    while end > start:
        place = match.string[start:end]
        if lexicon.keeps(place):
            return None
        if is_place(place) and not (
            lexicon.is_clinical(place)
            or lexicon.is_drug(place)
            or _is_weak_place(match.string, start, end)
        ):
            return start, end
        cut = place.rfind(" ")
        if cut < 0:
            return None
        end = start + cut
    return None


def _is_weak_place(text: str, start: int, end: int) -> bool:
    """Whether an ordinary word could be meant (``in Hope``, ``to Normal``, ``Lyme disease``)."""
    place = text[start:end]
    follows = text[end : end + 20].lstrip(" '")
    if follows.startswith("s ") or lexicon.MEASURE_NOUN.match(follows):
        return True
    if place.isupper() and (len(place) < 5 or not gazetteer.is_unusual(place)):
        return " " not in place or all(lexicon.is_ordinary(w) for w in place.split(" "))
    if place.lower() in lexicon.words("major_cities"):
        return False
    return " " not in place and lexicon.is_english(place)


def _is_no_place(word: str) -> bool:
    return lexicon.is_clinical(word) or lexicon.is_drug(word)


_NOT_AFTER_RESIDENCE = frozenset({
    "assisted", "independent", "skilled", "nursing", "group", "senior", "apartment", "house",
    "home", "shelter", "clinic", "er", "ed", "icu", "hospital", "iv", "po", "im", "icd", "mri",
    "ct", "the", "a", "an", "his", "her", "my", "our", "monday", "tuesday", "wednesday",
    "thursday", "friday", "saturday", "sunday", "january", "february", "march", "april", "may",
    "june", "july", "august", "september", "october", "november", "december", "spanish",
    "english", "french", "dr", "mr", "mrs", "ms", "miss",
})  # fmt: skip


def resident(match: re.Match[str]) -> tuple[int, int] | None:
    """Words after ``lives in``: a town, whether or not a list knows it."""
    start, end = match.span("id")
    words = match.string[start:end].split(" ")
    if match.group("id").isupper():
        functional = lexicon.words("function_words")
        cut = next((n for n, w in enumerate(words) if n and w.lower() in functional), len(words))
        words = words[:cut]
        while len(words) > 1 and len(words[-1]) == 1:
            words.pop()
        if len(words) == 1 and _is_plain_word(words[0]):
            return None
        end = start + len(" ".join(words))
    while words and not is_place(" ".join(words)) and _is_no_place(words[-1]):
        end -= len(words.pop()) + 1
    if not words or words[0].lower().strip(".") in _NOT_AFTER_RESIDENCE:
        return None
    if len(words) == 1 and len(words[0]) == 1:  # ``moved here in O nine``
        return None
    place = match.string[start : max(start, end)]
    return None if lexicon.keeps(place) else (start, end)


def _is_plain_word(word: str) -> bool:
    """Whether a word in capitals is an everyday one: ``RETIRED FROM TEACHING``."""
    return word.lower() in lexicon.words("common_words") and not is_place(word)


def lower_case_town(match: re.Match[str]) -> tuple[int, int] | None:
    """``lives in saint cloud`` in dictation: words of a gazetteer, or no English word at all."""
    start, end = match.span("id")
    words = match.string[start:end].split(" ")
    led = len(words) > 1 and words[0].strip(".") in _LEADS
    if gazetteer.is_unusual(words[led]) and not lexicon.keeps(words[led]):
        while len(words) > 1 and not is_place(" ".join(words)) and lexicon.is_ordinary(words[-1]):
            words.pop()
        return start, start + len(" ".join(words))
    while end > start:
        place = match.string[start:end]
        if is_place(place) and " " in place and not _is_phrase(place):
            return start, end
        end = start + max(place.rfind(" "), 0)
    return None


#: Words before the proper part of a town's name.
_LEADS = frozenset({
    "north", "south", "east", "west", "new", "old", "upper", "lower", "fort", "ft", "port",
    "lake", "mount", "mt", "saint", "st", "san", "santa", "los", "las", "el", "la", "le",
})  # fmt: skip


def _is_phrase(place: str) -> bool:
    functional = lexicon.words("function_words")
    return all(w in functional or lexicon.is_clinical(w) for w in place.lower().split(" "))


def word_after_street(match: re.Match[str]) -> tuple[int, int] | None:
    """What follows ``12 Elm Street,`` is the town, unless it goes on with the sentence."""
    start, end = match.span("id")
    place = match.string[start:end]
    words = place.split(" ")
    going_on = lexicon.either("sentence_starts", "function_words")
    while len(words) > 1 and words[-1].lower() in going_on:
        end -= len(words.pop()) + 1
    if words[0].lower() in going_on or lexicon.keeps(" ".join(words)):
        return None
    if place.islower() and (len(words[0]) < 4 or words[0].endswith("ing")):
        return None
    return start, end


def town_before_state(match: re.Match[str]) -> tuple[int, int] | None:
    """``from varnish, pa`` in dictation: any word that is not a unit or a kind of place."""
    place = match.group("id")
    generic = ("facility_generic", "not_a_site", "function_words", "sentence_starts")
    vague = any(word in lexicon.words(n) for word in place.split(" ") for n in generic)
    return None if vague or lexicon.keeps(place) else match.span("id")


_WORDS_AT_END = re.compile(
    r"(?P<words>[a-z][a-z.'-]*(?: [a-z][a-z.'-]*){0,3})(?P<gap>,? )$", re.IGNORECASE
)


def words_before_zip(match: re.Match[str]) -> tuple[int, int] | None:
    """``12 fox road pinch creek, oh 00329``: the words of the town, back to any other word."""
    before = _WORDS_AT_END.search(match.string[max(0, match.start() - 70) : match.start()])
    if before is None:
        return None
    end = match.start() - len(before.group("gap"))
    words = before.group("words").split(" ")
    stops = lexicon.either("function_words", "sentence_starts") | _STREET_WORDS
    kept: list[str] = []
    for word in reversed(words):
        if word.lower().strip(".,") in stops and not is_place(" ".join([word, *kept])):
            break
        kept.insert(0, word)
    return (end - len(" ".join(kept)), end) if kept else None

"""Judges of named sites: is a capitalised run the name of a hospital, a school, an employer?"""

import re

from deid.engine import gazetteer, lexicon

TITLES = frozenset({
    "rn", "np", "pa", "md", "do", "lpn", "cna", "dr", "mr", "mrs", "ms", "miss", "drs", "prof",
    "doctor", "nurse", "pa-c", "crna",
})  # fmt: skip
#: What stands between a clinician and the hospital: ``Jon Miller, MD ATT Hospital``.
_CREDENTIALS = frozenset({"md", "do", "rn", "np", "pa", "pa-c", "lpn", "cna", "crna"})
#: Capitalised words that are units, times or tests wherever they stand.
_CALENDAR = frozenset({
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december", "monday", "tuesday", "wednesday", "thursday", "friday",
    "saturday", "sunday", "spring", "summer", "fall", "winter",
})  # fmt: skip
#: Words whose full stop ends no name.
_SHORTENED = frozenset({"St", "Mt", "Ft", "Dr", "Drs", "Med", "Univ", "Mem", "Gen", "Reg"})
#: Shops and services that are everywhere, so that their name tells nothing.
_CHAINS = frozenset({
    "walmart", "walgreens", "cvs", "costco", "target", "safeway", "kroger", "amazon", "google",
    "facebook", "youtube", "internet", "mychart", "zoom", "uber", "lyft", "netflix", "medicare",
    "medicaid", "atm", "tv",
})  # fmt: skip
#: Last words that make a name of a site even of generic words: ``the Heart Institute``.
_NAMING_NOUNS = frozenset({
    "institute", "pavilion", "tower", "building", "house", "hall", "campus",
})  # fmt: skip
_SITE_NOUNS = frozenset({
    "hospital", "hospitals", "hosp", "center", "centre", "clinic", "health", "medical",
    "infirmary", "general", "memorial",
})  # fmt: skip
#: Ordinary words that hospitals are often named with.
PIOUS = frozenset({
    "mercy", "providence", "grace", "hope", "st", "saint", "mount", "holy", "sacred", "good",
    "trinity", "unity", "baptist", "methodist", "lutheran", "presbyterian", "adventist",
    "deaconess", "sinai",
})  # fmt: skip


def bare_word(word: str) -> str:
    return word.lower().strip(".,&'").removesuffix("'s")


def facility(match: re.Match[str]) -> tuple[int, int] | None:
    """The facility's name without the ordinary words in front of it; ``None`` if none is left."""
    start, end = match.span("id")
    kept: list[str] = match.string[start:end].split(" ")
    generic = lexicon.words("facility_generic")
    lead = lexicon.words("sentence_starts") | _CREDENTIALS
    while len(kept) > 1 and kept[0].lower().strip(".,") in lead:
        start += len(kept.pop(0)) + 1
    start, kept = _without_lead(start, kept)
    proper = [w for w in kept if w.lower().strip(".,&") not in generic and w[:1].isalnum()]
    heads = lexicon.words("facility_heads")
    headed = len(kept) > 1 and kept[0].lower() in heads and not kept[0].isupper()
    naming = len(kept) > 1 and kept[-1].lower() in _NAMING_NOUNS and not kept[0].isupper()
    weak = bool(kept) and kept[-1].lower().rstrip(".") in lexicon.words("facility_weak_suffixes")
    if weak and not any(map(_is_proper, proper)):
        return None
    return (start, end) if kept and (proper or headed or naming) else None


_MEMBERS = frozenset({
    "member", "resident", "patient", "student", "graduate", "employee", "inmate", "parishioner",
    "pastor", "alumnus", "staff", "records", "transfer", "surgery", "care", "one", "chief",
})  # fmt: skip


def _without_lead(start: int, words: list[str]) -> tuple[int, list[str]]:
    """``Surgery at Alder Hospital`` without what was done there, or whose member one is."""
    for n, word in enumerate(words[:-1]):
        head = words[n - 1].lower() if n else ""
        if bare_word(word) in lexicon.words("facility_generic") - _MEMBERS and word[:1].isupper():
            return start, words
        if n and (word in {"at", "to", "from", "in"} or (word == "of" and head in _MEMBERS)):
            rest = words[n + 1 :]
            if rest and rest[0] == "the" and len(rest) > 1:
                rest = rest[1:]
            return start + len(" ".join(words)) - len(" ".join(rest)), rest
    return start, words


def _is_proper(word: str) -> bool:
    """Whether the word names something rather than says what it is."""
    bare = word.strip(".,'")
    if lexicon.is_clinical(bare) or lexicon.is_drug(bare):
        return False
    return not lexicon.is_english(bare.removesuffix("'s")) or lexicon.is_place(bare)


def _ends_a_site(words: list[str]) -> bool:
    """Whether the last word can end a site's name: ``Hospital`` can, ``MRI`` and ``the`` cannot."""
    last = words[-1]
    if last.islower():
        return False
    bare = last.lower().strip(".,'")
    if len(words) > 1 and bare in lexicon.words("facility_generic") and not last.isupper():
        return True
    return bare not in lexicon.either("not_a_site", "sentence_starts")


def plausible_site(match: re.Match[str]) -> tuple[int, int] | None:
    """A capitalised run after ``treated at`` is a site unless it is a unit, a month or a test."""
    start, end = match.span("id")
    kept = match.string[start:end].split(" ")
    if kept[0].lower().strip(".") in TITLES or _is_spelled_short(kept) or _is_month(kept):
        return None
    while kept and _ends_a_site(kept) is False:
        end -= len(kept.pop()) + 1
    for n, word in enumerate(kept[:-1]):
        if word.endswith(".") and len(word) > 2 and word.strip(".") not in _SHORTENED:
            end -= len(" ".join(kept[n + 1 :])) + 1
            kept = kept[: n + 1]
            break
    for n, word in enumerate(kept[:-1]):
        if n and word in {"for", "at", "on"} and kept[n + 1].isupper() and len(kept[n + 1]) < 6:
            end -= len(" ".join(kept[n:])) + 1
            kept = kept[:n]
            break
    if kept and match.group("id").isupper() and in_capitals(match.string, start, end):
        shown = without_sentence(kept)
        end -= len(" ".join(kept)) - len(" ".join(shown))
        kept = shown
    if not kept:
        return None
    if end - start > 3 and match.string[end - 1] == "." and not kept[-1].endswith(("Dr.", "St.")):
        end -= 1
    site = match.string[start:end]
    generic = lexicon.either("facility_generic", "not_a_site")
    headed = len(kept) > 1 and (
        (kept[0].lower() in lexicon.words("facility_heads") and bare_word(kept[-1]) in _SITE_NOUNS)
        or kept[-1].lower() in _NAMING_NOUNS
    )
    if "anonymous" in kept[-1].lower():
        return None
    if (all(w.lower().strip(".,'") in generic for w in kept) and not headed) or lexicon.keeps(site):
        return None
    if len(kept) == 1 and (lexicon.is_drug(site) or lexicon.is_clinical(site)):
        return None
    if site.isupper() and in_capitals(match.string, start, end) and not _stands_out(kept):
        return None
    return start, end


def _is_spelled_short(words: list[str]) -> bool:
    """``P T``, ``U S``: one or two letters spelled by speech; a company has more."""
    letters = [w for w in words if len(w.strip(".")) == 1]
    return len(letters) == len(words) and len(words) < 3


def _is_month(words: list[str]) -> bool:
    """``January O eight``: a month with the year as it is spoken."""
    small = all(len(w) == 1 or w.islower() for w in words[1:])
    return bare_word(words[0]) in _CALENDAR and small


def without_sentence(words: list[str]) -> list[str]:
    """``BOEING IN THE PAST`` without what the sentence goes on with, where all is in capitals."""
    starts = lexicon.words("function_words") | lexicon.words("sentence_starts")
    generic = lexicon.words("facility_generic")
    for n, word in enumerate(words):
        bare = bare_word(word)
        named = bare in generic or gazetteer.is_unusual(bare) or bare in PIOUS
        named |= gazetteer.is_town(bare) or lexicon.is_surname(bare)
        if n and (bare in starts - {"of", "for", "and"} or not named):
            return words[:n]
    return words


_AT = re.compile(r"\b(?:at|to|from|via|by|in|with|@)[ ]\Z", re.IGNORECASE)


def known_site(match: re.Match[str]) -> tuple[int, int] | None:
    """A hospital that everybody knows; ``Swedish`` is one behind a preposition only."""
    bounds = match.span("id")
    if match.group("id").lower() not in lexicon.words("said_alone"):
        return bounds
    return bounds if _AT.search(match.string[max(0, bounds[0] - 6) : bounds[0]]) else None


def in_capitals(text: str, start: int, end: int) -> bool:
    """Whether the words around are all in capitals, so that a capital says nothing."""
    around = text[max(0, start - 40) : start] + text[end : end + 40]
    return sum(map(str.islower, around)) < 0.3 * max(1, sum(map(str.isalpha, around)))


def _stands_out(words: list[str]) -> bool:
    """Whether words in capitals can be told from the capitals around them."""
    name = " ".join(words)
    if len(words) > 1 and gazetteer.is_town(name):
        return True
    return any(
        (gazetteer.is_unusual(w) or bare_word(w) in PIOUS) and len(w.strip(".,")) > 3 for w in words
    )


def local_site(match: re.Match[str]) -> tuple[int, int] | None:
    """``told the same at the Quarry``: a capital within a sentence that nothing else explains."""
    bounds = plausible_site(match)
    if bounds is None or in_capitals(match.string, *bounds):
        return None
    start, end = bounds
    words = match.string[start:end].split(" ")
    text = match.string
    if any(bare_word(w) in TITLES for w in words):
        return None
    if any(w.isupper() and len(w) > 2 and lexicon.is_ordinary(w) for w in words):
        return None
    if any(bare_word(w) in _CALENDAR or lexicon.is_drug(w) for w in words):
        return None
    judged = not words[-1].isdigit() and (len(words) == 1 or _of_medicine(words))
    if judged and any(map(lexicon.is_clinical, words)):
        return None
    if lexicon.MEASURE_NOUN.match(text[end : end + 20].lstrip(" '")):
        return None
    after = re.match(r"[ ]?([^\W\d_]*)", text[end:])
    if after and after.group(1)[:1].isupper():
        return None
    if len(words) == 1 and (words[0].isupper() or bare_word(words[0]) in _CHAINS):
        return None
    unusual = any(gazetteer.is_unusual(w) for w in words)
    return (
        bounds
        if unusual or (len([w for w in words if w[:1].isupper()]) < 3 and not words[0].isupper())
        else None
    )


def _of_medicine(words: list[str]) -> bool:
    """Whether the last of the words is a sign, a test or another clinical term."""
    last = words[-1].lower()
    return bool(lexicon.MEASURE_NOUN.match(last)) or lexicon.is_clinical(last)


def service_of_a_town(match: re.Match[str]) -> tuple[int, int] | None:
    """``Fairhaven FD``: the service of a town; ``Via EMS`` and ``Called Police`` are none."""
    if not match.group("id"):
        return match.span()
    start, end = match.span("id")
    words = match.group("id").split(" ")
    starts = lexicon.either("sentence_starts", "function_words")
    while len(words) > 1 and (words[0].lower() in starts or lexicon.is_clinical(words[0])):
        start += len(words.pop(0)) + 1
    heads = words[:-1]
    ordinary = all(lexicon.is_ordinary(w) and not gazetteer.is_town(w) for w in heads)
    capitals = all(w.isupper() for w in heads)
    return None if not heads or ordinary or capitals else (start, end)


def site_with_noun(match: re.Match[str]) -> tuple[int, int] | None:
    """``our Dallas clinic``: a proper word before the noun makes the pair a site."""
    kept = match.group("id").split()
    vague = lexicon.either("facility_generic", "not_a_site")
    head = kept[0].strip(".").lower()
    site = match.group("id")
    if site.isupper() and in_capitals(match.string, *match.span("id")) and not _stands_out(kept):
        return None
    if head in TITLES or all(w.lower().strip(".,'") in vague for w in kept[:-1]):
        return None
    return None if lexicon.is_clinical(head) or lexicon.is_drug(head) else match.span("id")

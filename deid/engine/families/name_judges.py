"""What in a match is the name, and whether it is one at all."""

import re

from deid.engine import lexicon


def trimmed(match: re.Match[str]) -> tuple[int, int] | None:
    """The name up to the first word that cannot be part of one, without a last full stop."""
    return _trim(match.string, *match.span("id"))


def _trim(text: str, start: int, end: int, *, anchored: bool = False) -> tuple[int, int] | None:
    """Words up to one that ends the name; an anchored name ends where the text says so."""
    keep, previous = start, ""
    stops = lexicon.words("not_a_name")
    for word in re.finditer(r"[^ ,]+", text[start:end]):
        bare = word.group().strip(".,'\"()")
        low = bare.lower().removesuffix("'s")
        initial = len(bare) == 1 and bare.isupper()
        surname = low in lexicon.words("wordy_surnames") and lexicon.is_first_name(previous)
        if (low in stops and not initial and not surname) or (
            keep > start and not _joins(bare, previous, anchored)
        ):
            break
        keep, previous = start + word.end(), bare
    while keep > start and text[keep - 1] in " ,'\"(":
        keep -= 1
    dotted_initial = re.search(r"(?:^|[ .])\w\.$", text[start:keep])
    if keep > start and text[keep - 1] == "." and not dotted_initial:
        keep -= 1
    if text[start:keep].endswith("'s"):
        keep -= 2
    return (start, keep) if keep > start else None


def _joins(word: str, previous: str, anchored: bool) -> bool:
    """Whether a word after ``previous`` carries the name on: ordinary words end it."""
    if anchored and lexicon.is_first_name(previous) and word[:1].isupper():
        return not (lexicon.is_drug(word) or lexicon.is_clinical(word))
    if lexicon.is_surname(word) and lexicon.is_first_name(previous):
        return not lexicon.is_drug(word)
    if lexicon.is_first_name(word) or (lexicon.is_surname(word) and not lexicon.is_drug(word)):
        return not (lexicon.is_clinical(word) and lexicon.is_english(word))
    if word.lower() in lexicon.words("name_particles") or (len(word) <= 2 and word.isupper()):
        return True
    return not lexicon.is_ordinary(word)


def plausible(match: re.Match[str]) -> tuple[int, int] | None:
    """A trimmed name whose first word is not an ordinary word, unless a name follows it."""
    return _judged(match.string, *match.span("id"))


def _judged(text: str, start: int, end: int, *, anchored: bool = False) -> tuple[int, int] | None:
    bounds = _trim(text, start, end, anchored=anchored)
    if bounds is None:
        return None
    parts = [p.strip(".,'\"()") for p in text[bounds[0] : bounds[1]].split(" ")]
    head = parts[0]
    given = lexicon.is_first_name(head)
    if lexicon.is_drug(head) or (lexicon.is_clinical(head) and not (given and len(parts) > 1)):
        return None
    if len(parts) == 1 and head.isupper() and len(head) < 6 and not given:
        return None
    stem_only = lexicon.is_surname(head) and head.lower() not in lexicon.words("english_words")
    if lexicon.is_first_name(head) or stem_only or not lexicon.is_english(head):
        return bounds
    if lexicon.is_surname(head) and len(parts) > 1:
        return bounds
    for word in list(re.finditer(r"[^ ]+", text[bounds[0] : bounds[1]]))[1:]:
        if lexicon.is_first_name(word.group().strip(".,'\"()")):
            return bounds[0] + word.start(), bounds[1]
    return None


def anchored_right(match: re.Match[str]) -> tuple[int, int] | None:
    """A plausible name that ends the match, whatever heading stands in front of it."""
    start, end = match.span("id")
    for word in re.finditer(r"[^ ]+", match.string[start:end]):
        bounds = _judged(match.string, start + word.start(), end, anchored=True)
        if bounds is not None:
            small = match.string[slice(*bounds)].lower() in lexicon.words("function_words")
            return None if small else bounds
    return None


_NO_PERSON = frozenset(["appointment", "appt", "appts", "name", "office", "signature", "visit"])
_PROPER_TITLE = re.compile(r"(?:mr|mrs|ms|miss|mx|dr|drs|prof)\.?$", re.IGNORECASE)


def titled(match: re.Match[str]) -> tuple[int, int] | None:
    """A name after a title, even an ordinary word; brands that borrow a title are no persons."""
    bounds = trimmed(match)
    if _PROPER_TITLE.match(match.group("title")):
        bounds = _at_least_one_word(match, bounds)
    if bounds is None:
        return None
    phrase = match.string[match.start("title") : bounds[1]].lower().replace(".", "")
    return None if phrase in lexicon.words("titled_brands") else bounds


def _at_least_one_word(
    match: re.Match[str], bounds: tuple[int, int] | None
) -> tuple[int, int] | None:
    """The name up to the end of its first capitalised word, whatever that word means."""
    text, (start, end) = match.string, match.span("id")
    first = re.search(r"(?<![^\W_])[^\W\d_a-z](?:[^\W\d_]|['-](?=[^\W\d_]{2}))+", text[start:end])
    if first is None or first.group().lower() in _NO_PERSON:
        return bounds
    least = start + first.end()
    if bounds is not None and bounds[1] >= least:
        return bounds
    rest = _trim(text, least + 1, end) if text[least : least + 1] == " " else None
    if rest is None:
        return start, least
    following = text[rest[0] : rest[1]].split(" ")[0].strip(".,")
    return (start, rest[1]) if _joins(following, first.group(), False) else (start, least)


def wordy_given_name(match: re.Match[str]) -> tuple[int, int] | None:
    """``brother Will``, ``aunt June Graves``: a given name that is also an ordinary word."""
    first, _, last = match.group("id").partition(" ")
    start = match.start("id")
    if first.isupper() or not lexicon.is_first_name(first) or lexicon.is_drug(first):
        return None
    if last and lexicon.is_surname(last) and last.lower() not in lexicon.words("not_a_name"):
        return match.span("id")
    return start, start + len(first)


def first_and_initial(match: re.Match[str]) -> tuple[int, int] | None:
    """``John D.``: a given name and one capital."""
    first = match.group("first")
    if lexicon.is_drug(first):
        return None
    parts = first.split("-")
    known = all(lexicon.is_first_name(p) for p in parts)
    if lexicon.is_clinical(first) and not (known and not first.isupper()):
        return None
    dotted = match.group("id").endswith(".")
    if not known:
        tail = match.string[match.end("id") : match.end("id") + 1]
        unknown = not lexicon.is_english(first) and len(first) > 2 and not first.isupper()
        return match.span("id") if unknown and dotted and tail in {",", ")", "?", " ", ""} else None
    if first.lower() in lexicon.words("not_a_name"):
        return None
    if match.group("initial") in "IA" and not dotted:
        return None
    return match.span("id")


def first_and_last(match: re.Match[str]) -> tuple[int, int] | None:
    """``John Smith`` by the census lists, also behind a heading."""
    start, end = match.span("id")
    for word in re.finditer(r"[^ ]+", match.string[start:end]):
        bounds = _listed_name(match.string, start + word.start(), end)
        if bounds is not None:
            return bounds
    return None


def _listed_name(text: str, start: int, end: int) -> tuple[int, int] | None:
    bounds = _trim(text, start, end)
    if bounds is None:
        return None
    parts = [p.strip(".,'\"()") for p in text[bounds[0] : bounds[1]].split(" ") if p]
    if len(parts) < 2 or not lexicon.is_first_name(parts[0]):
        return None
    last = parts[-1]
    ambiguous = parts[0].lower() in lexicon.words("ambiguous_first_names")
    if lexicon.is_drug(last) or (lexicon.is_clinical(parts[0]) and ambiguous):
        return None
    if lexicon.is_clinical(last) and not lexicon.is_surname(last):
        return None
    if ambiguous and (lexicon.is_english(last) or not lexicon.is_surname(last)):
        return None
    if len(last) == 1 or lexicon.is_surname(last) or not lexicon.is_english(last):
        return bounds
    return None


def unlisted_name(match: re.Match[str]) -> tuple[int, int] | None:
    """Two or three capitalised words that no list knows: names from elsewhere in the world."""
    words = [w.strip(".") for w in match.group("id").split(" ")]
    if any(len(w) > 1 and (w.isupper() or lexicon.is_ordinary(w)) for w in words):
        return None
    if lexicon.MEASURE_NOUN.match(match.string[match.end() : match.end() + 30].lstrip(" '")):
        return None
    place = lexicon.is_place(match.group("id")) or lexicon.keeps(match.group("id"))
    stops = lexicon.words("not_a_name")
    return None if place or any(w.lower() in stops for w in words) else match.span("id")


def lower_case_name(match: re.Match[str]) -> tuple[int, int] | None:
    """``patricia desrosiers`` in dictation."""
    first, last = match.group("first"), match.group("last")
    if first not in lexicon.words("common_given_names"):
        return None
    if not lexicon.is_surname(last) or lexicon.is_ordinary(last):
        return None
    return match.start("first"), match.end("last")


def lower_case_title(match: re.Match[str]) -> tuple[int, int] | None:
    name = match.group("id")
    usable = lexicon.is_surname(name) and name not in lexicon.words("not_a_name")
    spelt_out = len(match.group("title")) > 3
    return match.span("id") if usable and not (spelt_out and lexicon.is_english(name)) else None


def comma_name(match: re.Match[str]) -> tuple[int, int] | None:
    """``Okafor, Jane M.`` when the second part is a given name."""
    last, first = match.group("last"), match.group("first")
    if not lexicon.is_first_name(first) or first.lower() in lexicon.words("not_a_name"):
        return None
    if lexicon.is_clinical(last) or lexicon.is_drug(last) or lexicon.is_place(last):
        return None
    if first.lower() in lexicon.words("ambiguous_first_names") and not lexicon.is_surname(last):
        return None
    if lexicon.is_english(last) and not (
        last.isupper() and first.isupper() and lexicon.is_surname(last)
    ):
        return None
    return match.span("id") if lexicon.is_surname(last) or not lexicon.is_english(last) else None


def lone_first(match: re.Match[str]) -> tuple[int, int] | None:
    """One given name in the middle of a sentence, when it means nothing else."""
    name = match.group("id")
    common = name.lower() in lexicon.words("ambiguous_first_names") or lexicon.is_ordinary(name)
    if not lexicon.is_first_name(name) or lexicon.is_place(name) or lexicon.keeps(name):
        return None
    unmistakable = name.lower() in lexicon.words("common_given_names")
    return match.span("id") if unmistakable or not common else None


def initials_and_last(match: re.Match[str]) -> tuple[int, int] | None:
    """``J. R. Okonkwo``: initials before a surname that is no ordinary word."""
    last = re.split(r"[ .]", match.group("id"))[-1]
    return trimmed(match) if lexicon.is_surname(last) and not lexicon.is_english(last) else None

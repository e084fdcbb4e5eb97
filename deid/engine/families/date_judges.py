"""Judges of what may be a date and may be a score, a strength, a verb or a fall (letter C)."""

import re

from deid.engine.families.date_neighbours import dated_by_neighbours, without_row
from deid.engine.families.date_patterns import DAY, MONTH_NUMBER

#: Words before a slash value that make it a measurement whatever its parts.
_SCORE_BEFORE = re.compile(
    r"(?: \b(?: bp | blood\spressure | strength | pulses? | gcs | murmur | reflex(?:es)? | vision |"
    r"va | acuity | scor(?:e|ed|ing) | scale | rat(?:e|ed|es|ing) | grade | apgars? | tone | dtrs?"
    r"| stage | sem | sats? | ratio | out\sof | severity | intensity | phq(?:-?\d)? | gad(?:-?\d)?"
    r"| mmse | moca | epworth | nodes | lymph\snodes | positive | nihss | braden | pain ) \b"
    r"[^.;\n]{0,24} ) $",
    re.IGNORECASE | re.VERBOSE,
)
#: Words that make it one only when the second part is a usual denominator.
_MEASURE_BEFORE = re.compile(
    r"(?: \b(?: motor | power | level | about | quality | mood | biceps | triceps | deltoids? | "
    r"grip"
    r"| quad(?:riceps)? | extension | flexion | dorsiflexion | hip | knee | ankle | wrist | lumbar"
    r"| disc ) \b [^.;\n]{0,24} ) $",
    re.IGNORECASE | re.VERBOSE,
)
_NAMED = (
    r"on | since | from | until | till | thru | through | dated? | seen | admit(?:ted)?"
    r"| d/c(?:'?d)? | discharged? | visit(?:ed)? | before | after | started | begun | last | next"
    r"| due | scheduled | performed | done | drawn | surgery | f/u | follow[- ]?up | appt"
    r"| appointment | lmp | edd | edc | dos | doa | dod | dob | collected | resulted | hd | "
    r"week\sof | wk\sof | note"
    r"| cultures? | ct | cta | mri | mra | cxr | kub | pet | echo | tte | tee | ekg | ecg | eeg | "
    r"egd | cath"
    r"| pfts? | lhc | rhc"
    r"| colonoscopy | biopsy | bx | u/s | ultrasound | x-?ray | mammogram | pap | bcx | ucx | cx | "
    r"cabg"
    r"| pci | tkr | thr | chole | appy | i&d | labs | starting | beginning | effective | as\sof"
    r"| placed | removed | inserted | changed | received | given | born | died | expired | circa"
    r"| shot | vaccine | vaccinated | tdap | td | flu | ppd | booster | stopped | held | ended | "
    r"refilled | rescheduled | returns? | returned | back | around"
)
_DATE_BEFORE = re.compile(rf"(?: \b(?: {_NAMED} ) [\s:=(]* ) $", re.IGNORECASE | re.VERBOSE)
_WEAK_BEFORE = re.compile(
    r"(?: \b(?: to | and | by | of | between ) [\s:=(]* | [-:(=,;] \s* ) $",
    re.IGNORECASE | re.VERBOSE,
)
_UNIT_AFTER = re.compile(
    r"\s? (?: mg | mcg | ml | g\b | tabs? | tablets? | cup | % | hpf | mmhg | in\b | inch |"
    r"strength | pain | murmur | sem | systolic | bilateral | throughout | in\sall | of\s | puffs"
    r"| pills? | doses? | pack | ppd | motor | power | reflex | apgar | lymph | nodes | days | "
    r"weeks"
    r"| hours | months | years | a\sday | scale | intensity | severity | bottles? | sirs | "
    r"criteria | sets | quadrants"
    r"| extremit | cores | teeth | joints | visits | items | points | ports | upper | lower | "
    r"right | left | b/l | symmetric | pulses | positive | correct )",
    re.IGNORECASE | re.VERBOSE,
)
_EVENT_AFTER = re.compile(
    r"(?: \s* (?:@|at) \s* \d{1,2}:?\d{2} | \s \d{4} \b (?!\s?(?:mg|ml|units|cal)) | \s? (?: am | "
    r"pm | a\.m | p\.m ) \b"
    r"| \s (?: visit | appt | appointment | note | ct | cta | mri | mra | cxr | kub | echo | tte | "
    r"tee | ekg"
    r"| ecg | eeg | labs? | bcx | ucx | cx | blood\scx | urine\scx | cath | surgery | admission"
    r"| discharge | biopsy | bx | egd | colonoscopy | u/s | ultrasound | x-?ray | cbc | bmp | psa |"
    r"a1c | tsh | scan | evening | morning | night | afternoon | nursing | progress | consult ) \b "
    r")",
    re.IGNORECASE | re.VERBOSE,
)
_OTHER_DATE = re.compile(rf"(?<![\w./]) {MONTH_NUMBER} / {DAY} (?!\d)", re.VERBOSE)
#: Denominators of strengths, murmurs, pains and fractions.
_DENOMINATORS = frozenset({2, 3, 4, 5, 6, 8, 10})


def slash_date(match: re.Match[str]) -> tuple[int, int] | None:
    """Accept month/day where the words around it allow a date (``5/5`` strength does not)."""
    text = match.string
    before = text[max(0, match.start() - 40) : match.start()]
    if _UNIT_AFTER.match(text, match.end()):
        return None
    day = int(match.group("d"))
    if day in {7, 12} and _is_duration(text, match, before):
        return None
    first = without_row(before)
    if _DATE_BEFORE.search(first) and not re.search(r"(?:score|scale|pain)\s*\w*\s*$", before):
        return match.span()
    small = day in _DENOMINATORS or int(match.group("m")) == day
    if _SCORE_BEFORE.search(before) or (small and _MEASURE_BEFORE.search(before)):
        return None
    if match.group("d").startswith("0") or match.group("m").startswith("0"):
        return match.span()
    if (
        _EVENT_AFTER.match(text, match.end())
        or text[match.end() : match.end() + 1] == ":"
        or _heads_a_line(text, match)
    ):
        return match.span()
    if not small or dated_by_neighbours(match, first):
        return match.span()
    return match.span() if _among_dates(before, text[match.end() : match.end() + 12]) else None


_DURATION_AFTER = re.compile(r"\s*(?:ago|hx|history|course|previously|prior|of\b|-)", re.IGNORECASE)
_DURATION_BEFORE = re.compile(
    r"\b(?:for|past|last|over|day|days|dose|cycle|week)\s+(?:the\s)?$", re.IGNORECASE
)
_SEVENTHS = re.compile(r"\b\d{1,2}/(?:52|7\s(?:hx|ago|history)|12\s(?:hx|ago|history))\b")


def _is_duration(text: str, match: re.Match[str], before: str) -> bool:
    """``3/7`` and ``2/12`` are days and months in British notes."""
    return bool(
        _DURATION_AFTER.match(text, match.end())
        or _DURATION_BEFORE.search(before)
        or _SEVENTHS.search(text)
    )


def _heads_a_line(text: str, match: re.Match[str]) -> bool:
    line = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
    return line.strip(" \t*#>-(") == "" and text[match.end() : match.end() + 2].strip(" )")[:1] in {
        ":",
        "-",
    }


def _among_dates(before: str, after: str) -> bool:
    """Whether a clear date stands beside: ``3/12, 3/4 and 3/10``."""
    if not _WEAK_BEFORE.search(before) and not re.match(r"\s?(?:,|-|and|&|to|thru)\s?\d", after):
        return False
    for other in _OTHER_DATE.finditer(before[-14:] + " " + after):
        day = int(other.group(0).split("/")[1])
        if day not in _DENOMINATORS and day > 10:
            return True
    return False


_YEAR_BEFORE = re.compile(
    rf"(?: \b(?: in | {_NAMED} ) [\s:=(]* | [(] ) $", re.IGNORECASE | re.VERBOSE
)

_WORD_BEFORE = re.compile(r"(?:([A-Za-z]{2,})[,;):]?|/\d\d[,;])\s?\(?$")
#: What is written as two values around a slash.
_TWO_VALUES = frozenset({
    "vent", "settings", "ac", "simv", "ps", "psv", "peep", "cpap", "bipap", "flow", "hr", "rr",
    "map", "ratio", "cvp", "pa", "pap", "io", "uop", "out", "to", "of", "sat", "insulin",
    "humulin", "novolin", "mix", "novolog", "humalog", "pressure", "pressures", "systolic", "sbp",
    "co", "ci", "hh",
})  # fmt: skip


def month_and_short_year(match: re.Match[str]) -> tuple[int, int] | None:
    """``TKR 2/99``: a month and the end of a year after a procedure or a preposition."""
    before = match.string[max(0, match.start() - 24) : match.start()]
    if _SCORE_BEFORE.search(before) or match.group(0).endswith("/52"):
        return None
    if _YEAR_BEFORE.search(before):
        return match.span()
    last_century = int(match.group(0)[-2:]) >= 70 and not _UNIT_AFTER.match(
        match.string, match.end()
    )
    word = _WORD_BEFORE.search(before)
    measured = word is not None and (word.group(1) or "").lower() in _TWO_VALUES
    return match.span() if last_century and word and not measured else None


_LOOKALIKES = str.maketrans({"O": "0", "o": "0", "l": "1", "I": "1", "|": "1", "S": "5", "B": "8"})


def misread_date(match: re.Match[str]) -> tuple[int, int] | None:
    """``O3/l4/2024``: letters that a scanner reads for digits, in the shape of a date."""
    surface = match.group(0)
    read = surface.translate(_LOOKALIKES)
    parts = re.split(r"[-/.]", read)
    if (
        surface == read
        or not all(p.isdigit() for p in parts)
        or sum(c.isdigit() for c in surface) < 3
    ):
        return None
    first, second = int(parts[0]), int(parts[1])
    fits = 1 <= min(first, second) <= 12 and max(first, second) <= 31
    return match.span() if fits and len(parts[2]) in {2, 4} else None


_VERB_TAIL = re.compile(
    r"\s?(?:mg|ml|tab|puff|step|time|mile|x\b|days?|weeks?|hours?|percent|%|to\s\d|more|units?)",
    re.IGNORECASE,
)
_WORDLIKE_MONTHS = frozenset({"may", "march", "mar", "dec", "sep", "jan"})


def may_be_verb(match: re.Match[str]) -> tuple[int, int] | None:
    """Reject ``may 2 tablets`` and ``march 5 steps`` in lower case, and ``3 may have``."""
    month = match.group("month").rstrip(".")
    if month.lower() in _WORDLIKE_MONTHS and (month.islower() or month.lower() == "may"):
        if _VERB_TAIL.match(match.string, match.end()):
            return None
        day_first = match.start("month") > match.start()
        ordinal = re.search(r"\d(?:st|nd|rd|th)|of", match.group(0), re.IGNORECASE)
        year = re.search(r"\d{4}|'\d\d", match.group(0))
        if day_first and month.islower() and not (ordinal or year):
            return None
    return match.span()

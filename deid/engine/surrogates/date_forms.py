"""Written dates: reading one, and writing another in the same form.

Offsets within the surface are kept, so that blanks, commas, times and all else stay as they were.
"""

import re
from dataclasses import dataclass
from datetime import date

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_MON = (
    r"(?P<mon>January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\.?"
)
_WD = (
    r"(?P<wd>(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|Mon|Tues|Tue|Weds|Wed|Thurs|Thur|Thu|Fri"
    r"|Sat|Sun)\.?"
)
_TIME = (
    r"(?:(?:\s*,?\s*(?:at|@|T)?\s*)(?:\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:\s?[ap]\.?m\.?)?"
    r"(?:\s?(?:Z|[+-]\d\d:?\d\d))?|\d{1,2}\s?[ap]\.?m\.?|\d{4}\s*(?:hours|hrs|h)))?"
)
_LEAD = rf"(?:{_WD},?\s+(?:the\s)?)?"
_YEAR = r"(?P<y>(?:18|19|20|21)\d\d)"
_ANY_YEAR = rf"(?:{_YEAR}|'?(?P<yy>\d\d))"
_DAY = r"(?P<d>\d{1,2})(?:\s?(?P<o>st|nd|rd|th))?"
_SEP = r"\s?[-/.]\s?"

#: Forms in the order in which they are tried. ``a``/``b`` are a day and a month whose order the
#: patient's other dates tell.
_PATTERNS = [
    rf"{_YEAR}(?P<s>[-/.])(?P<m>\d{{1,2}})(?P=s)(?P<d>\d{{1,2}}){_TIME}",
    rf"{_LEAD}(?P<a>\d{{1,2}}){_SEP}(?P<b>\d{{1,2}}){_SEP}{_ANY_YEAR}{_TIME}",
    r"(?P<y>(?:19|20)\d\d)(?P<m>\d\d)(?P<d>\d\d)(?:T?\d{4}(?:\d\d)?)?",
    r"(?P<m>\d\d)(?P<d>\d\d)(?P<y>(?:19|20)\d\d)",
    r"(?P<m>\d\d)(?P<d>\d\d)(?P<yy>\d\d)",
    r"(?P<m>\d{1,2}) (?P<d>\d{1,2}) (?:(?P<y>(?:19|20)\d\d)|(?P<yy>\d\d))",
    rf"{_LEAD}{_MON}\s*(?:the\s)?{_DAY}(?:\s*,?\s*(?:of\s)?(?:{_YEAR}|'(?P<yy>\d\d)))?{_TIME}",
    rf"{_LEAD}(?:the\s)?{_DAY}\s?[-/ ,]?\s?(?:day\s)?(?:of\s)?{_MON}"
    rf"(?:[-/ ,'.]{{0,3}}(?:(?:of|in)\s)?{_ANY_YEAR})?{_TIME}",
    r"(?P<m>\d{1,2})\s?[/-]\s?(?P<y>(?:18|19|20|21)\d\d)",
    r"(?P<y>(?:18|19|20|21)\d\d)-(?P<m>\d\d)",
    rf"(?:(?:early|mid|late|end of|beginning of)[- ]?)?{_MON}(?:\s*,?\s*|\sof\s|-|/)"
    rf"(?:{_YEAR}|'(?P<yy>\d\d))",
    rf"{_LEAD}(?P<a>\d{{1,2}})\s?[/-]\s?(?P<b>\d{{1,2}}){_TIME}",
    rf"(?:(?:last|this|next|past|early|mid|late)[- ])?{_MON}",
    rf"(?:(?:last|this|next|past|on|every)\s)?{_WD}(?:'s|s)?{_TIME}"
    r"(?:\s(?:morning|afternoon|evening|night))?",
    _YEAR,
]
_FORMS = [re.compile(pattern, re.IGNORECASE) for pattern in _PATTERNS]
_TWO_DAYS = re.compile(
    rf"{_MON}\s*(?:the\s)?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s?(?:-|to|through|and|&)\s?"
    r"(?P<d2>\d{1,2})"
    rf"(?:st|nd|rd|th)?(?:\s*,?\s*{_YEAR})?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Written:
    """A date as it is written: what of it is stated, and where.

    ``places`` gives the bounds of each stated part in the surface; ``year``, ``month`` and ``day``
    are 0 where they are not stated, ``weekday`` is -1.
    """

    surface: str
    places: dict[str, tuple[int, int]]
    year: int = 0
    month: int = 0
    day: int = 0
    weekday: int = -1

    @property
    def is_weekday_only(self) -> bool:
        """Whether nothing but a weekday is stated."""
        return self.weekday >= 0 and not (self.year or self.month or self.day)

    def day_in(self, year: int) -> date | None:
        """The day itself; a month stands for its middle and a year for its first of July.

        ``year`` is taken where none is stated. ``None`` for a date that no calendar has.
        """
        month = self.month or (7 if self.year and not self.day else 0)
        day = self.day or (15 if self.month else 1)
        try:
            return date(self.year or year, month, day)
        except ValueError:
            pass
        try:  # 29 February without a year
            return None if self.year else date(2024, month, day)
        except ValueError:
            return None

    def rewritten(self, new: date, days: int) -> str:
        """The surface with the parts of another day, ``days`` later, in the same style."""
        out, shift = self.surface, 0
        for part, (start, end) in sorted(self.places.items(), key=lambda item: item[1]):
            text = self._part(part, self.surface[start:end], new, days)
            out = out[: start + shift] + text + out[end + shift :]
            shift += len(text) - (end - start)
        return out

    def _part(self, part: str, old: str, new: date, days: int) -> str:
        if part == "y":
            return f"{new.year:04}"
        if part == "yy":
            return f"{new.year % 100:02}"
        if part in ("m", "d"):
            value = new.month if part == "m" else new.day
            return f"{value:02}" if self._is_padded() else str(value)
        if part == "o":
            return _cased(_ordinal(new.day), old)
        if part == "mon":
            name = MONTHS[new.month - 1]
            return _cased(name if old.title() in MONTHS else name[:3], old)
        # Moved by itself: without a year nothing tells which weekday the day is.
        name = WEEKDAYS[(self.weekday + days) % 7]
        return _cased(name if old.lower().endswith("day") else name[:3], old)

    def _is_padded(self) -> bool:
        """Whether small numbers get a zero in front: as the date itself does, or as ISO does."""
        numbers = [self.surface[a:b] for p, (a, b) in self.places.items() if p in ("m", "d")]
        if any(n.startswith("0") for n in numbers):
            return True
        if any(len(n) == 1 for n in numbers):
            return False
        first = min(self.places, key=lambda p: self.places[p])
        return first == "y" or not re.search(r"[/. a-z]", self.surface, re.IGNORECASE)


def read(surface: str, *, day_first: bool, latest_year: int) -> Written | None:
    """The date that the whole surface is, or ``None``.

    ``day_first`` reads ``3/4`` as the third of April. Two digits of a year are taken in the
    hundred years up to ``latest_year``.
    """
    for form in _FORMS:
        match = form.fullmatch(surface)
        written = match and _written(match, day_first=day_first, latest_year=latest_year)
        if written:
            return written
    return None


def numeric_order(surface: str) -> int:
    """1 where the first number must be a day, -1 where the second must be one, else 0."""
    match = _FORMS[1].fullmatch(surface) or _FORMS[11].fullmatch(surface)
    if not match:
        return 0
    first, second = int(match["a"]), int(match["b"])
    return (first > 12 >= second) - (second > 12 >= first)


def read_days(surface: str) -> tuple[re.Match[str], int, int, int, int] | None:
    """``March 3-5, 2024`` as (match, year or 0, month, first day, last day)."""
    match = _TWO_DAYS.fullmatch(surface)
    if not match:
        return None
    year = int(match["y"]) if match["y"] else 0
    return match, year, _month(match["mon"]), int(match["d"]), int(match["d2"])


def _written(match: re.Match[str], *, day_first: bool, latest_year: int) -> Written | None:
    found = {k: v for k, v in match.groupdict().items() if v is not None and k != "s"}
    places = {k: match.span(k) for k in found}
    if "a" in found:
        a, b = int(found["a"]), int(found["b"])
        swap = a > 12 or (day_first and b <= 12)
        for old, new in (("a", "d" if swap else "m"), ("b", "m" if swap else "d")):
            found[new], places[new] = found.pop(old), places.pop(old)
    if any(int(found.get(part, 1)) == 0 for part in ("m", "d")):
        return None
    year = int(found.get("y", 0))
    if "yy" in found:
        century = latest_year - latest_year % 100
        year = century + int(found["yy"])
        year -= 100 if year > latest_year else 0
    month = _month(found["mon"]) if "mon" in found else int(found.get("m", 0))
    written = Written(
        match.string, places, year, month, int(found.get("d", 0)), _weekday(found.get("wd", ""))
    )
    valid = written.is_weekday_only or written.day_in(latest_year) is not None
    return written if valid else None


def _month(name: str) -> int:
    return next(n for n, m in enumerate(MONTHS, 1) if m.lower()[:3] == name.lower()[:3])


def _weekday(name: str) -> int:
    low = name.lower()[:3]
    return next((n for n, w in enumerate(WEEKDAYS) if w.lower()[:3] == low), -1)


def _ordinal(day: int) -> str:
    return "th" if day in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")


def _cased(text: str, old: str) -> str:
    if old.isupper():
        return text.upper()
    return text.lower() if old.islower() else text

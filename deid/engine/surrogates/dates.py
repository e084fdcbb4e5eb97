"""Dates of one patient, all moved by the same random number of days.

Moved dates keep the intervals between them. That is why they are useful, and why they are no Safe
Harbor: see ``data/output_profiles.json``.
"""

import re
from collections.abc import Iterable
from datetime import date, timedelta

from deid.engine.surrogates.date_forms import (
    MONTHS,
    Written,
    numeric_order,
    read,
    read_days,
)
from deid.engine.surrogates.stream import Stream

#: The offset is from 30 to 730 days, either way: never so little that the month stays, and more
#: than a year to either side, so that neither season nor year can be read back.
LEAST_DAYS, MOST_DAYS = 30, 730
#: A date that may show an age of 90 stays a tag.
OLDEST = 89
_CANDIDATES = 64
_TO = re.compile(r"\s?(?:[-\u2013&]|\b(?:to|through|thru|until|and)\b)\s?", re.IGNORECASE)

#: What of a date is stated: (year, month, day), 0 where it is not.
Stated = tuple[int, int, int]


class DateShift:
    """The offset of one patient, and the patient's dates under it.

    Args:
        key: the patient's key.
        surfaces: every date of the patient as written, known ones among them. The offset is drawn
            until none of them becomes another of them; what still would stays a tag.
        latest_year: no stated date may be 90 years before it, or a person's age could show.
    """

    def __init__(self, key: bytes, surfaces: Iterable[str], latest_year: int) -> None:
        found = dict.fromkeys(surfaces)
        self._day_first = sum(map(numeric_order, found)) > 0
        self._latest_year = latest_year
        dates = [d for s in found for d in self._read(s)]
        years = [d.year for d in dates if d.year]
        self._year = max([y for y in years if y <= latest_year], default=latest_year)
        self._oldest_year = max([*years, latest_year]) - OLDEST
        self._originals = {s for d in dates if (s := _stated(d, None))}
        self.days = self._draw(Stream(key, "date shift"), dates)

    def _draw(self, stream: Stream, dates: list[Written]) -> int:
        best, fewest = 0, len(dates) + 1
        for _ in range(_CANDIDATES):
            days = LEAST_DAYS + stream.below(MOST_DAYS - LEAST_DAYS + 1)
            days *= 1 if stream.below(2) else -1
            if days % 7 == 0:  # a weekday alone would stay what it is
                continue
            met = sum(self._meets(d, self._moved(d, days, self._year)) for d in dates)
            if met < fewest:
                best, fewest = days, met
            if not fewest:
                break
        return best or LEAST_DAYS + 1

    def write(self, surface: str) -> str | None:
        """The date in the same form, moved; ``None`` where it has to stay a tag."""
        written = self._one(surface)
        if written:
            return self._rewritten(written, self._year)
        return self._days_of_a_month(surface) or self._range(surface)

    def _rewritten(self, written: Written, year: int) -> str | None:
        new = self._moved(written, self.days, year)
        if new is None or self._meets(written, new) or not self._is_young(written, new):
            return None
        return written.rewritten(new, self.days)

    def _moved(self, written: Written, days: int, year: int) -> date | None:
        if written.is_weekday_only:  # any day of that name: the first of January 2024 is a Monday
            return date(2024, 1, 1 + written.weekday) + timedelta(days)
        old = written.day_in(year)
        try:
            return old and old + timedelta(days)
        except OverflowError:
            return None

    def _meets(self, written: Written, new: date | None) -> bool:
        """Whether the moved date is one of the patient's own."""
        if new is None or written.is_weekday_only or not written.month:
            return False
        if not (written.year or written.day):  # of twelve months every one may be another's
            return new.month == written.month
        return _stated(written, new) in self._originals

    def _is_young(self, written: Written, new: date) -> bool:
        return not written.year or min(written.year, new.year) >= self._oldest_year

    def _one(self, surface: str) -> Written | None:
        return read(surface, day_first=self._day_first, latest_year=self._latest_year)

    def _read(self, surface: str) -> list[Written]:
        """The dates of a surface: one, or both of a range."""
        one = self._one(surface)
        return [one] if one else [d for pair in self._halves(surface)[:1] for d in pair[:2]]

    def _halves(self, surface: str) -> list[tuple[Written, Written, str]]:
        found = []
        for sign in _TO.finditer(surface):
            left, right = self._one(surface[: sign.start()]), self._one(surface[sign.end() :])
            if left and right:
                found.append((left, right, sign.group()))
        return found

    def _range(self, surface: str) -> str | None:
        for left, right, sign in self._halves(surface)[:1]:
            first = self._rewritten(left, right.year or self._year)
            last = self._rewritten(right, left.year or self._year)
            if first and last:
                return first + sign + last
        return None

    def _days_of_a_month(self, surface: str) -> str | None:
        """``March 3-5, 2024``, while both days stay in one month."""
        found = read_days(surface)
        if not found:
            return None
        match, year, month, first, last = found
        try:
            old = date(year or self._year, month, first), date(year or self._year, month, last)
        except ValueError:
            return None
        new = [day + timedelta(self.days) for day in old]
        stated = {(year and d.year, d.month, d.day) for d in new}
        young = not year or min(year, new[0].year) >= self._oldest_year
        if new[0].month != new[1].month or stated & self._originals or not young:
            return None
        name = MONTHS[new[0].month - 1]
        if match["mon"].title() not in MONTHS:
            name = name[:3]
        parts = {"mon": name, "d": str(new[0].day), "d2": str(new[1].day)}
        if year:
            parts["y"] = str(new[0].year)
        out = surface
        for part in sorted(parts, key=match.start, reverse=True):
            out = out[: match.start(part)] + parts[part] + out[match.end(part) :]
        return out


def _stated(written: Written, new: date | None) -> Stated | None:
    """The stated parts, of the date itself or with those of another day in their place."""
    if written.is_weekday_only or not written.month:
        return None
    year, month, day = written.year, written.month, written.day
    if new is not None:
        year, month, day = year and new.year, month and new.month, day and new.day
    return year, month, day

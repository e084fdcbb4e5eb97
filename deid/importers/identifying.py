"""Which values of structured fields are worth looking for in notes.

A short number is no identifier: an order number of 12 would hide every dose of 12 mg. A bare year
may stay (45 CFR 164.514(b)(2)(i)(C)).
"""

from collections.abc import Iterable

Pair = tuple[str, str]

_SHORTEST = {"NAME": 2, "LOCATION": 3, "DATE_AGE": 6}
_SHORTEST_CODE = 4


def worth_finding(pairs: Iterable[Pair]) -> tuple[Pair, ...]:
    """Each pair once, without those that are too short to identify anybody."""
    return tuple(
        dict.fromkeys(
            (category, value)
            for category, value in pairs
            if sum(c.isalnum() for c in value) >= _SHORTEST.get(category, _SHORTEST_CODE)
        )
    )

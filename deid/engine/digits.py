"""Which runs of digits a pattern can begin with, told by their length and the next character.

A note has many numbers and most number rules fit few of them: ``120/80`` is no telephone number,
and that shows before any rule is tried. As with ``anchors``, more may be let in than can match.
"""

import importlib
import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from deid.engine.anchors import Rest, inner_folds, tree_of
from deid.engine.charsets import contents, holds

_code: Any = importlib.import_module("re._constants")
_REPEATS = (_code.MAX_REPEAT, _code.MIN_REPEAT, _code.POSSESSIVE_REPEAT)
#: Runs from this length on are not told apart.
LONGEST = 24
_STEPS = 20_000
#: The next character where nothing is known of it.
_ANY = None


@dataclass(frozen=True, slots=True)
class _At:
    """How many digits were taken, and whether no further digit may follow at once."""

    digits: int = 0
    complete: bool = False


class DigitShapes:
    """The runs of digits that one pattern can begin with."""

    def __init__(self, pattern: re.Pattern[str]) -> None:
        self._next: dict[int, list[tuple[Any, bool] | None]] = {}
        self._open_from = LONGEST
        self._left = _STEPS
        self._walk((tree_of(pattern), 0, bool(pattern.flags & re.IGNORECASE), None), _At())

    def fit(self, length: int, char: str) -> bool:
        """Whether a match can begin with a run of this length before this character.

        ``char`` is empty at the end of the text.
        """
        if length >= self._open_from:
            return True
        follows = self._next.get(length, ())
        if _ANY in follows:
            return True
        if char.isascii():
            return any(char in _ascii_of(tuple(f[0]), f[1]) for f in follows if f and char)
        return any(_in_set(f, char) for f in follows if f)

    def _walk(self, rest: Rest, at: _At) -> None:
        self._left -= 1
        if rest is None or self._left < 0:
            self._end(at)
            return
        items, index, folds, after = rest
        if index == len(items):
            self._walk(after, at)
            return
        op, value = items[index]
        more = (items, index + 1, folds, after)
        if op is _code.LITERAL:
            self._set([(_code.LITERAL, value)], more, at)
        elif op is _code.IN:
            self._set(value, more, at)
        elif op is _code.BRANCH:
            for choice in value[1]:
                self._walk((choice, 0, folds, more), at)
        elif op is _code.SUBPATTERN:
            self._walk((value[3], 0, inner_folds(value, folds), more), at)
        elif op in _REPEATS:
            self._repeat(op, value, more, at)
        elif op in (_code.AT, _code.ASSERT, _code.ASSERT_NOT):
            complete = at.complete or (at.digits > 0 and _forbids_digit(op, value))
            self._walk(more, replace(at, complete=complete))
        else:
            self._open(at)

    def _set(self, members: Any, rest: Any, at: _At) -> None:
        has = contents(members)
        if not has.is_digits and at.digits:
            self._next.setdefault(at.digits, []).append((members, rest[2]))
        if has.digits and not at.complete and at.digits < LONGEST:
            self._walk(rest, replace(at, digits=at.digits + 1))

    def _repeat(self, op: Any, value: Any, rest: Any, at: _At) -> None:
        least, most, inner = value
        if least == 0:
            self._walk(rest, at)
        if at.digits >= LONGEST:
            return
        left = most if most == _code.MAXREPEAT else most - 1
        again = ([(op, (max(least - 1, 0), left, inner))], 0, rest[2], rest)
        self._walk((inner, 0, rest[2], again if left else rest), at)

    def _end(self, at: _At) -> None:
        if at.complete and self._left >= 0:
            self._next.setdefault(at.digits, []).append(_ANY)
        else:
            self._open(at)

    def _open(self, at: _At) -> None:
        self._open_from = min(self._open_from, max(at.digits, 1))


@lru_cache(maxsize=1024)
def _ascii_of(members: tuple[Any, ...], folds: bool) -> frozenset[str]:
    """The ASCII characters of a set, since the same few sets are asked of every number."""
    return frozenset(c for c in map(chr, range(128)) if _in_set((members, folds), c))


def _in_set(follows: tuple[Any, bool], char: str) -> bool:
    members, folds = follows
    if not folds:
        return holds(members, char)
    return any(holds(members, c) for c in {char, char.lower(), char.upper()} if len(c) == 1)


def _forbids_digit(op: Any, value: Any) -> bool:
    """Whether an assertion behind a digit forbids another digit."""
    if op is _code.AT:
        return value in (_code.AT_BOUNDARY, _code.AT_END, _code.AT_END_STRING)
    ahead, inner = value
    if op is not _code.ASSERT_NOT or ahead < 0 or not len(inner):
        return False
    first = [inner] if inner[0][0] is not _code.BRANCH else inner[0][1][1]
    return any(
        len(items) == 1 and items[0][0] is _code.IN and holds(items[0][1], "5") for items in first
    )


@lru_cache(maxsize=1024)
def shapes_of(pattern: re.Pattern[str]) -> DigitShapes:
    """The shapes of a compiled pattern of strings."""
    return DigitShapes(pattern)

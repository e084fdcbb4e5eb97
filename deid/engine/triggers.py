"""What a match of a pattern must contain, where the pattern can begin with almost anything.

``needed_by`` looks behind the beginning of a pattern for a part that every match has and that is
rarer than what the pattern begins with: the credential behind a name, the ``@`` of an address.
"""

import importlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from deid.engine.anchors import Head, Heads, Path, Rest, Walker, heads_of, inner_folds
from deid.engine.charsets import contents

_parser: Any = importlib.import_module("re._parser")
_code: Any = importlib.import_module("re._constants")
_REPEATS = (_code.MAX_REPEAT, _code.MIN_REPEAT, _code.POSSESSIVE_REPEAT)

_STEPS = 3_000
_OPTIONAL = (*_REPEATS, _code.AT, _code.ASSERT, _code.ASSERT_NOT)
#: Taken as the width of a part without a limit, such as a word; and the limit of a reach.
_LONG_PART = 30
_FARTHEST = 400
#: What lies between beginning and trigger is usually this many times shorter than it can be.
_SHORTER = 4
#: A trigger is worth its place if it leaves less than this share of the beginnings.
_WORTH = 0.5
_COMMON_WORDS = frozenset({
    "a", "an", "and", "are", "as", "at", "be", "by", "for", "from", "had", "has", "he", "her",
    "his", "in", "is", "it", "no", "not", "of", "on", "or", "patient", "pt", "she", "that",
    "the", "their", "this", "to", "was", "which", "who", "with",
})  # fmt: skip
_MARK_SHARES = {".": 50, ",": 60, "-": 100, ":": 80, "/": 150, "(": 300, ")": 300, "'": 200}


@dataclass(frozen=True, slots=True)
class Needed:
    """One of ``heads`` stands at most ``reach`` characters after the start of each match.

    ``unbroken``: the text has so many characters in a row without white space.
    """

    heads: Heads
    reach: int
    unbroken: int = 0

    @property
    def left(self) -> float:
        """The share of the beginnings that are near one of the heads, roughly."""
        return min(1.0, _share(self.heads) * (1 + self.reach / _SHORTER))


@lru_cache(maxsize=1024)
def needed_by(pattern: re.Pattern[str]) -> Needed | None:
    """The best trigger of a pattern that can begin with a digit, with any word or anything."""
    own = heads_of(pattern)
    if not (own.anywhere or own.letter or own.capital or own.digit):
        return None
    tree = _parser.parse(pattern.pattern, pattern.flags)
    found = _best(list(_flat(tree, bool(pattern.flags & re.IGNORECASE))), [], inside=False)
    if found is None or found.left > _WORTH or found.reach > _FARTHEST:
        return None
    # A digit is near every beginning that is a digit itself.
    return None if own.digit and not own.capital and found.heads.digit else found


def _share(heads: Heads) -> float:
    """Roughly how often heads occur, for each character of clinical prose."""
    words = sum(_word_share(word) for word in heads.words)
    inner = sum(_inner_share(run) for run in heads.inner)
    marks = sum(1 / _MARK_SHARES.get(mark, 3_000) for mark in heads.marks)
    return words + inner + marks + heads.digit / 60


def _word_share(word: Head) -> float:
    if word.same_case and not word.run.islower():
        return 1 / 100_000
    return 1 / 150 if word.run.lower() in _COMMON_WORDS else 1 / 20_000


def _inner_share(run: str) -> float:
    if len(run) < 3 and run.isalpha():
        return 1 / 15 if len(run) == 1 else 1 / 150
    return 1 / _MARK_SHARES.get(run, 3_000)


@dataclass(frozen=True, slots=True)
class _Part:
    """One item on the way through a pattern."""

    op: Any
    value: Any
    folds: bool


def _flat(items: Any, folds: bool) -> Iterator[_Part]:
    """The items that every match passes, with groups and first repeats opened."""
    for op, value in items:
        if op is _code.SUBPATTERN:
            yield from _flat(value[3], inner_folds(value, folds))
        elif op in _REPEATS and value[0] > 0:
            yield from _flat(value[2], folds)
            if value[1] > 1:
                more = (0, value[1] - 1 if value[1] != _code.MAXREPEAT else value[1], value[2])
                yield _Part(op, more, folds)
        else:
            yield _Part(op, value, folds)


def _best(parts: Sequence[_Part], before: Sequence[_Part], *, inside: bool = True) -> Needed | None:
    """The part that leaves the fewest beginnings; if not ``inside``, not the beginning itself."""
    best: Needed | None = None
    width = 0
    for number, part in enumerate(parts):
        begins = not inside and width == 0
        found = _reading(parts[number:], [*before, *parts[:number]], begins=begins)
        if found is not None:
            found = Needed(found.heads, found.reach + width)
            if best is None or found.left < best.left:
                best = found
        width += _width(part.op, part.value)
    return best


def _reading(parts: Sequence[_Part], before: Sequence[_Part], *, begins: bool) -> Needed | None:
    """The first of the parts as a trigger, or one in each of its alternatives."""
    part = parts[0]
    if part.op not in (_code.LITERAL, _code.IN, _code.BRANCH):
        return None
    if not begins:
        walker = Walker(steps=_STEPS, inside=True)
        path = Path(after_letter=not _ends_without_letter(before), after_digit=True)
        walker.walk(_chain(parts), path)
        if not (walker.heads.anywhere or walker.heads.letter or walker.heads.capital):
            return Needed(walker.heads, 0)
    if part.op is not _code.BRANCH or any(p.op not in _OPTIONAL for p in parts[1:]):
        return None
    choices = [_best([*_flat(choice, part.folds)], before) for choice in part.value[1]]
    found = [choice for choice in choices if choice is not None]
    return _union(found) if len(found) == len(choices) else None


def _union(choices: Sequence[Needed]) -> Needed:
    heads = Heads()
    for choice in choices:
        heads.words |= choice.heads.words
        heads.inner |= choice.heads.inner
        heads.marks |= choice.heads.marks
        heads.digit |= choice.heads.digit
        heads.inner_digit |= choice.heads.inner_digit
    return Needed(heads, max(choice.reach for choice in choices))


def _chain(parts: Sequence[_Part]) -> Rest:
    rest: Rest = None
    for part in reversed(parts):
        rest = ([(part.op, part.value)], 0, part.folds, rest)
    return rest


def _width(op: Any, value: Any) -> int:
    """The most characters that an item takes, with ``_LONG_PART`` for those without a limit."""
    if op in (_code.AT, _code.ASSERT, _code.ASSERT_NOT):
        return 0
    if op is _code.BRANCH:
        return max(_widths(choice) for choice in value[1])
    if op is _code.SUBPATTERN:
        return _widths(value[3])
    if op in _REPEATS:
        times = value[1]
        return _LONG_PART if times == _code.MAXREPEAT else times * _widths(value[2])
    return _LONG_PART if op is _code.GROUPREF else 1


def _widths(items: Any) -> int:
    return sum(_width(op, value) for op, value in items)


def _ends_without_letter(before: Sequence[_Part]) -> bool:
    """Whether what was matched before cannot end with a letter."""
    for part in reversed(before):
        if part.op is _code.AT and part.value is _code.AT_BOUNDARY:
            return True
        if part.op in (_code.AT, _code.ASSERT, _code.ASSERT_NOT):
            continue
        ends, always = _last(part.op, part.value)
        if not ends:
            return False
        if always:
            return True
    return False


def _last(op: Any, value: Any) -> tuple[bool, bool]:
    """Whether an item never ends with a letter, and whether it takes a character at all."""
    if op is _code.LITERAL:
        return not chr(value).isalpha(), True
    if op is _code.IN:
        has = contents(value)
        return not (has.lower or has.upper), True
    if op is _code.SUBPATTERN:
        return _last_of(value[3])
    if op in _REPEATS:
        ends, always = _last_of(value[2])
        return ends, always and value[0] > 0
    if op is _code.BRANCH:
        choices = [_last_of(choice) for choice in value[1]]
        return all(c[0] for c in choices), all(c[1] for c in choices)
    return op in (_code.AT, _code.ASSERT, _code.ASSERT_NOT), False


def _last_of(items: Any) -> tuple[bool, bool]:
    for op, value in reversed(list(items)):
        ends, always = _last(op, value)
        if not ends or always:
            return ends, always
    return True, False

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

from deid.engine.anchors import Head, Heads, Path, Rest, Walker, heads_of, inner_folds, tree_of
from deid.engine.charsets import contents, forbidden_before

_code: Any = importlib.import_module("re._constants")
_REPEATS = (_code.MAX_REPEAT, _code.MIN_REPEAT, _code.POSSESSIVE_REPEAT)

_STEPS = 1_500
#: Taken as the width of a part without a limit, such as a word; and the limit of a reach.
_LONG_PART = 30
_SPARE = 30
_FARTHEST = 400
#: What lies between beginning and trigger is usually this many times shorter than it can be.
_SHORTER = 4
#: A trigger is worth its place if it leaves less than this share of the beginnings.
_WORTH = 0.5
#: What it costs to look for a string in a note, as a share of the tries that it saves.
_SCAN = 0.02
#: What begins with something rarer needs no trigger.
_RARE = 1 / 100
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
        return min(1.0, self.left_with(0))

    def left_with(self, spare: int) -> float:
        """The same where the reach grows, uncapped."""
        near = _share(self.heads) * (1 + (self.reach + spare) / _SHORTER)
        return near + _SCAN * len(self.heads.inner)


@lru_cache(maxsize=1024)
def needed_by(pattern: re.Pattern[str]) -> Needed | None:
    """The best trigger of a pattern that can begin with a digit, with any word or anything."""
    own = heads_of(pattern)
    broad = own.anywhere or own.letter or own.capital or own.digit or bool(own.behind)
    if not broad and _share(own) < _RARE:
        return None
    tree = tree_of(pattern)
    parts = list(_flat(tree, bool(pattern.flags & re.IGNORECASE)))
    found = _best(parts, [], inside=False, opens=broad)
    if found is not None and not broad:
        # The beginning of a rule is no trigger of it.
        itself = found.reach == 0 or _share(found.heads) * 3 > _share(own)
        found = None if itself else found
    if found is None or found.left > _WORTH or found.reach > _FARTHEST:
        return None
    # A digit is near every beginning that is a digit itself.
    only_digits = own.digit and not (own.capital or own.letter or own.anywhere)
    return None if only_digits and found.heads.digit else found


def _share(heads: Heads) -> float:
    """Roughly how often heads occur, for each character of clinical prose."""
    words = sum(_word_share(word) for word in heads.words)
    inner = sum(_inner_share(run) for run in heads.inner)
    marks = sum(1 / _MARK_SHARES.get(mark, 3_000) for mark in heads.marks)
    digits = 1 / 60 if heads.digit else 1 / (60 * heads.digit_run) if heads.digit_run else 0
    return words + inner + marks + digits


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
        elif op in _REPEATS and value[0] > 2 and _is_digits(value[2]):
            yield _Part(op, value, folds)
        elif op in _REPEATS and value[0] > 0:
            yield from _flat(value[2], folds)
            if value[1] > 1:
                more = (0, value[1] - 1 if value[1] != _code.MAXREPEAT else value[1], value[2])
                yield _Part(op, more, folds)
        else:
            yield _Part(op, value, folds)


def _is_digits(items: Any) -> bool:
    op, value = items[0]
    return len(items) == 1 and op is _code.IN and contents(value).is_digits


def _best(
    parts: Sequence[_Part], before: Sequence[_Part], *, inside: bool = True, opens: bool = True
) -> Needed | None:
    """The part that leaves the fewest beginnings.

    If not ``inside``, the beginning itself is none; ``opens``: but parts of its alternatives are.
    """
    best: Needed | None = None
    # One of several alternatives gets the longest reach of them all.
    spare = _SPARE if inside else 0
    width = 0
    for number, part in enumerate(parts):
        begins = not inside and width == 0
        passed = (begins and not opens) or (number > 0 and _is_letter(parts[number - 1]))
        found = (
            None if passed else _reading(parts[number:], [*before, *parts[:number]], begins=begins)
        )
        if found is not None:
            found = Needed(found.heads, found.reach + width)
            if best is None or found.left_with(spare) < best.left_with(spare):
                best = found
        width += _width(part.op, part.value)
    return best


def _reading(parts: Sequence[_Part], before: Sequence[_Part], *, begins: bool) -> Needed | None:
    """The first of the parts as a trigger, or one in each of its alternatives."""
    part = parts[0]
    if part.op in _REPEATS and part.value[0] > 0:
        return None if begins else Needed(Heads(digit_run=part.value[0]), 0)
    if part.op is _code.ASSERT and part.value[0] > 0:
        return _best([*_flat(part.value[1], part.folds)], before)
    if part.op not in (_code.LITERAL, _code.IN, _code.BRANCH):
        return None
    direct = None if begins else _direct(parts, before)
    if part.op is not _code.BRANCH:
        return direct
    choices = [_best([*_flat(choice, part.folds)], before) for choice in part.value[1]]
    found = [choice for choice in choices if choice is not None]
    within = _union(found) if len(found) == len(choices) else None
    both = [needed for needed in (direct, within) if needed is not None]
    return min(both, key=lambda needed: needed.left_with(_SPARE), default=None)


def _is_letter(part: _Part) -> bool:
    """Whether the part behind this one stands within a word, where no trigger begins."""
    return part.op is _code.LITERAL and chr(part.value).isalpha()


def _direct(parts: Sequence[_Part], before: Sequence[_Part]) -> Needed | None:
    """What the parts can begin with."""
    walker = Walker(steps=_STEPS, inside=True)
    path = Path(after_letter=not _ends_without_letter(before), after_digit=True)
    walker.walk(_chain(parts), path)
    heads = walker.heads
    usable = not (heads.anywhere or heads.letter or heads.capital or heads.behind)
    return Needed(heads, 0) if usable else None


def _union(choices: Sequence[Needed]) -> Needed:
    heads = Heads()
    for choice in choices:
        heads.words |= choice.heads.words
        heads.inner |= choice.heads.inner
        heads.marks |= choice.heads.marks
        heads.digit |= choice.heads.digit
        heads.inner_digit |= choice.heads.inner_digit
    runs = [choice.heads.digit_run for choice in choices if choice.heads.digit_run]
    if runs:
        heads.digit_run = 0 if heads.digit else min(runs)
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
        if part.op in (_code.AT, _code.ASSERT, _code.ASSERT_NOT):
            if "a" in forbidden_before(part.op, part.value):
                return True
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

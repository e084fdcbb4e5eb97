"""Where a pattern can begin, read off the pattern itself.

Python tries a regular expression at every character of a note. A rule is tried only where its
first word, digit or character stands. These heads are a superset of what the pattern can begin
with, so that a rule tried at its heads alone finds what it finds in the whole text; white space
that a pattern may begin with is passed over.

The parser behind ``re`` gives the tree (``re._parser``, not documented, the same in CPython 3.11
to 3.14). For what is not understood, ``anywhere`` is true and the rule looks at the whole text.
"""

import importlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from deid.engine.charsets import contents, forbidden_before, forbids_letters, literal_end

_parser: Any = importlib.import_module("re._parser")
_code: Any = importlib.import_module("re._constants")
_REPEATS = (_code.MAX_REPEAT, _code.MIN_REPEAT, _code.POSSESSIVE_REPEAT)
#: The end of one pass through a repeated part.
_PASSED = object()

#: What is still to be matched: items, index of the next, whether case is ignored, what follows.
Rest = tuple[Sequence[Any], int, bool, Any] | None

_STEPS = 60_000
_FOLDED = str.maketrans({"ı": "i", "İ": "i", "ſ": "s"})


@dataclass(frozen=True, slots=True)
class Head:
    """A run of letters at the beginning of a pattern.

    ``whole``: the word of the text ends with the run, or a letter that is not ASCII follows.
    ``same_case``: the run is not folded. ``before_capital``: the next word of the text begins
    with a capital.
    """

    run: str
    whole: bool
    same_case: bool
    before_capital: bool


@dataclass
class Heads:
    """What a pattern can begin with, or what a match needs.

    ``inner`` are folded runs that may begin inside a word and ``behind`` strings behind which it
    begins. ``letter`` stands for the beginning of any word, ``capital`` of any capitalised one.
    ``inner_digit``: the first digit may follow another. ``anywhere``: anything can begin it. As
    needs only: ``digit_run`` for so many digits together, ``digits_after`` for what precedes them.
    """

    words: set[Head] = field(default_factory=set)
    inner: set[str] = field(default_factory=set)
    marks: set[str] = field(default_factory=set)
    behind: set[str] = field(default_factory=set)
    capital: bool = False
    letter: bool = False
    digit: bool = False
    inner_digit: bool = False
    digit_run: int = 0
    digits_after: frozenset[str] = frozenset()
    anywhere: bool = False


@dataclass(frozen=True, slots=True)
class Path:
    """The letters read so far, and what may stand in front of the pattern."""

    run: str = ""
    same_case: bool = True
    after_letter: bool = True
    after_digit: bool = True
    optional: bool = False
    behind: bool = False


def fold(text: str) -> str:
    """Lower case with the letters that ``re.IGNORECASE`` takes for each other made one."""
    return text.lower() if text.isascii() else text.translate(_FOLDED).lower()


@lru_cache(maxsize=1024)
def tree_of(pattern: re.Pattern[str]) -> Any:
    """The parse tree of a compiled pattern."""
    return _parser.parse(pattern.pattern, pattern.flags)


@lru_cache(maxsize=1024)
def heads_of(pattern: re.Pattern[str]) -> Heads:
    """The heads of a compiled pattern of strings."""
    tree = tree_of(pattern)
    walker = Walker()
    walker.walk((tree, 0, bool(pattern.flags & re.IGNORECASE), None), Path())
    return walker.heads


class Walker:
    """Follows every way into a pattern up to the end of its first word.

    ``inside``: this is the beginning of a part inside a pattern. A mark and the letters behind it,
    such as ``.jpg``, make one inner run then, and no capital is looked for behind a word.
    """

    def __init__(self, *, steps: int = _STEPS, inside: bool = False) -> None:
        self.heads = Heads()
        self._left = steps
        self._inside = inside

    def walk(self, rest: Rest, path: Path) -> None:
        """Follow one way from here."""
        self._left -= 1
        if rest is None or self._left < 0:
            self._give_up(path)
            return
        items, index, folds, after = rest
        if index == len(items):
            self.walk(after, path)
        else:
            op, value = items[index]
            self._item(op, value, (items, index + 1, folds, after), path)

    def _item(self, op: Any, value: Any, rest: Any, path: Path) -> None:
        folds = rest[2]
        if op is _code.LITERAL:
            self._character(chr(value), rest, path)
        elif op is _code.IN:
            self._set(value, rest, path)
        elif op is _code.BRANCH:
            for choice in value[1]:
                self.walk((choice, 0, folds, rest), path)
        elif op is _code.SUBPATTERN:
            self.walk((value[3], 0, inner_folds(value, folds), rest), path)
        elif op in _REPEATS:
            self._repeat(value, rest, path)
        elif op in (_code.AT, _code.ASSERT, _code.ASSERT_NOT):
            self._assertion(op, value, rest, path)
        elif op is _PASSED and not path.run:
            self.walk(rest, path)
        else:
            self._give_up(path)

    def _repeat(self, value: Any, rest: Any, path: Path) -> None:
        least, most, inner = value
        if least == 0:
            self.walk(rest, path)
        after = rest if most == 1 else ([(_PASSED, None)], 0, rest[2], rest)
        optional = path.optional or least == 0
        inside = path if optional == path.optional else replace(path, optional=optional)
        self.walk((inner, 0, rest[2], after), inside)

    def _character(self, char: str, rest: Any, path: Path) -> None:
        if char.isalpha():
            same = path.same_case and not rest[2]
            run = path.run + char
            run = run if same else fold(run)
            ahead = Path(run, same, path.after_letter, path.after_digit, path.optional, path.behind)
            self.walk(rest, ahead)
        elif path.run and (path.run[0].isalpha() or char.isspace()):
            self._close(path, rest)
        elif char.isspace():
            self._space(char, path)
        elif char.isdigit():
            self._digit(path)
        elif self._inside:
            self.walk(rest, replace(path, run=path.run + char, same_case=False, after_letter=True))
        else:
            self.heads.marks.add(char)

    def _space(self, char: str, path: Path) -> None:
        """White space in front may be passed over, unless something is asked of what precedes."""
        if char == "\n":
            self.heads.marks.add(char)
        else:
            self.heads.anywhere |= not path.optional or path.behind

    def _set(self, value: Any, rest: Any, path: Path) -> None:
        has = contents(value)
        if has.few.isalpha():
            for char in has.few:
                self._character(char, rest, path)
            return
        if path.run:
            self._give_up(path) if has.lower or has.upper else self._close(path, rest)
            return
        if has.lower or has.upper:
            capital = not rest[2] and not has.lower
            self.heads.capital |= capital and not path.after_letter
            self.heads.letter |= not capital and not path.after_letter
            self.heads.anywhere |= path.after_letter
        if has.digits:
            self._digit(path)
        self.heads.anywhere |= has.others or (has.space and (path.behind or not path.optional))
        self.heads.marks.update(has.marks)

    def _digit(self, path: Path) -> None:
        self.heads.digit = True
        self.heads.inner_digit |= path.after_digit

    def _assertion(self, op: Any, value: Any, rest: Any, path: Path) -> None:
        if path.run:
            ends = value is _code.AT_BOUNDARY if op is _code.AT else forbids_letters(op, value)
            self._close(path, rest) if ends else self.walk(rest, path)
            return
        if op is _code.ASSERT and value[0] < 0:
            begin = literal_end(value[1])
            if begin.endswith("\n") or (len(begin) > 1 and not begin[0].isalpha()):
                self.heads.behind.add(begin)
                return
            path = replace(path, behind=True)
        kept_out = forbidden_before(op, value)
        letter = path.after_letter and "a" not in kept_out
        digit = path.after_digit and "5" not in kept_out
        self.walk(rest, replace(path, after_letter=letter, after_digit=digit))

    def _close(self, path: Path, rest: Any) -> None:
        """The word ends here: what is left tells whether a capital must follow."""
        if path.after_letter:
            self.heads.inner.add(fold(path.run))
        else:
            capital = not self._inside and _Next().is_capital(rest)
            self.heads.words.add(Head(path.run, True, path.same_case, capital))

    def _give_up(self, path: Path) -> None:
        """Nothing is known of what follows."""
        if not path.run:
            self.heads.anywhere = True
        elif path.after_letter:
            self.heads.inner.add(fold(path.run))
        else:
            self.heads.words.add(Head(path.run, False, path.same_case, False))


class _Next:
    """Whether the next letter that the rest of a pattern takes must be a capital."""

    def __init__(self) -> None:
        self._left = 400

    def is_capital(self, rest: Rest) -> bool:
        """True only if every way leads to a capital."""
        self._left -= 1
        if rest is None or self._left < 0:
            return False
        items, index, folds, after = rest
        if index == len(items):
            return self.is_capital(after)
        op, value = items[index]
        more = (items, index + 1, folds, after)
        if op is _code.LITERAL:
            char = chr(value)
            return not folds and char.isupper() if char.isalpha() else self.is_capital(more)
        if op is _code.IN:
            return self._set_is_capital(value, folds, more)
        if op is _code.BRANCH:
            return all(self.is_capital((choice, 0, folds, more)) for choice in value[1])
        if op is _code.SUBPATTERN:
            return self.is_capital((value[3], 0, inner_folds(value, folds), more))
        if op in _REPEATS:
            skipped = value[0] > 0 or self.is_capital(more)
            return skipped and self.is_capital((value[2], 0, folds, more))
        return op in (_code.AT, _code.ASSERT, _code.ASSERT_NOT) and self.is_capital(more)

    def _set_is_capital(self, value: Any, folds: bool, more: Rest) -> bool:
        has = contents(value)
        if has.lower or (has.upper and folds):
            return False
        others = has.space or has.digits or has.marks or has.others
        return not others or self.is_capital(more)


def inner_folds(group: Any, folds: bool) -> bool:
    """Whether case is ignored inside a group: ``(?i:...)`` and ``(?-i:...)`` change it."""
    return (folds or bool(group[1] & re.IGNORECASE)) and not group[2] & re.IGNORECASE

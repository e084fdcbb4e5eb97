"""Questions to the character sets in the parse tree of a regular expression."""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

_code: Any = importlib.import_module("re._constants")
_LETTERS = "abcdefghijklmnopqrstuvwxyzéABCDEFGHIJKLMNOPQRSTUVWXYZÉ"
_MARKS = [chr(c) for c in range(33, 127) if not chr(c).isalnum()]

_CATEGORIES: dict[Any, Callable[[str], bool]] = {
    _code.CATEGORY_DIGIT: str.isdecimal,
    _code.CATEGORY_SPACE: str.isspace,
    _code.CATEGORY_WORD: lambda c: c.isalnum() or c == "_",
    _code.CATEGORY_NOT_DIGIT: lambda c: not c.isdecimal(),
    _code.CATEGORY_NOT_SPACE: lambda c: not c.isspace(),
    _code.CATEGORY_NOT_WORD: lambda c: not (c.isalnum() or c == "_"),
}


@dataclass(frozen=True, slots=True)
class Contents:
    """What kinds of characters a set has; ``few`` are its members where it names up to six."""

    few: str
    lower: bool
    upper: bool
    digits: bool
    space: bool
    marks: tuple[str, ...]
    others: bool

    @property
    def is_digits(self) -> bool:
        """Whether the set has digits and nothing else."""
        beside = self.lower or self.upper or self.space or self.marks or self.others
        return self.digits and not beside


def contents(members: list[Any]) -> Contents:
    """The contents of a set; its letters are asked for in the case given."""
    return _contents(tuple(members))


@lru_cache(maxsize=1024)
def _contents(members: tuple[Any, ...]) -> Contents:
    letters = "".join(c for c in _LETTERS if holds(members, c))
    literals = [chr(value) for op, value in members if op is _code.LITERAL]
    return Contents(
        few="".join(literals) if len(literals) == len(members) <= 6 else "",
        lower=any(map(str.islower, letters)),
        upper=any(map(str.isupper, letters)),
        digits=any(holds(members, c) for c in "0123456789"),
        space=holds(members, " "),
        marks=(*(c for c in _MARKS if holds(members, c)), *_unusual(members, literals)),
        others=holds(members, "\u2603"),
    )


def _unusual(members: Any, literals: list[str]) -> list[str]:
    """Ends of lines and tabs of a set without the blank, and what lies beyond ASCII."""
    blanks = [] if holds(members, " ") else [c for c in "\n\t\r" if holds(members, c)]
    beyond = [c for c in literals if not (c.isascii() or c.isalpha() or c.isspace())]
    return blanks + [c for c in beyond if holds(members, c)]


def holds(members: Any, char: str) -> bool:
    """Whether a set has the character, in the case given."""
    negated = members[0][0] is _code.NEGATE
    return any(_has(op, value, char) for op, value in members[negated:]) is not negated


def _has(op: Any, value: Any, char: str) -> bool:
    if op is _code.LITERAL:
        return bool(value == ord(char))
    if op is _code.RANGE:
        return bool(value[0] <= ord(char) <= value[1])
    return _CATEGORIES[value](char)


def forbidden_before(op: Any, value: Any) -> str:
    """Of ``a`` (for all letters) and ``5`` (for all digits): what cannot stand before here.

    ``op`` and ``value`` are an assertion at the very beginning of a pattern.
    """
    if op is _code.AT:
        # A word boundary: the characters that are asked for are letters and digits.
        begins = (_code.AT_BOUNDARY, _code.AT_BEGINNING, _code.AT_BEGINNING_STRING)
        return "a5" if value in begins else ""
    direction, inner = value
    if direction > 0 or not len(inner):
        return ""
    kind, chars = inner[-1]
    if kind is _code.MAX_REPEAT and chars[0] > 0:
        kind, chars = chars[2][-1]
    # ``(?<![^x])`` says that only x stands before, as ``(?<=x)`` does.
    if (kind, op) in ((_code.LITERAL, _code.ASSERT), (_code.NOT_LITERAL, _code.ASSERT_NOT)):
        char = chr(chars)
        return ("" if char.isalpha() else "a") + ("" if char.isdecimal() else "5")
    if kind is not _code.IN or (op is _code.ASSERT_NOT and len(inner) > 1):
        return ""
    wanted = op is _code.ASSERT_NOT
    letters = all(holds(chars, c) is wanted for c in "abkxzABKXZéÉñß")
    return ("a" if letters else "") + ("5" if all(holds(chars, c) is wanted for c in "059") else "")


def literal_end(items: Any) -> str:
    """The string that whatever matches the items ends with; empty if there is no such string."""
    end = ""
    for op, value in reversed(list(items)):
        if op is not _code.LITERAL:
            break
        end = chr(value) + end
    return end


def forbids_letters(op: Any, value: Any) -> bool:
    """Whether a look-ahead forbids all letters, or all but accented ones."""
    ahead, inner = value
    if op is not _code.ASSERT_NOT or ahead < 0 or len(inner) != 1:
        return False
    kind, chars = inner[0]
    return kind is _code.IN and all(holds(chars, c) for c in _LETTERS if c.isascii())

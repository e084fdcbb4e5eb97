"""One rule: a pattern, what it reports, and what must be near for it to be tried."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from deid.engine.spans import Span

#: Narrows a match to the identifier in it, or gives ``None`` to reject it.
Refine = Callable[[re.Match[str]], tuple[int, int] | None]


@dataclass(frozen=True, slots=True)
class Trigger:
    """What each match of a rule has at most ``reach`` characters after its first character.

    ``words`` are whole words (runs of letters), in any case unless they are in capitals;
    ``marks`` any strings in any case; ``digits`` stands for any digit, ``digit_run`` for so many
    digits together, ``digits_after`` for digits right behind one of these strings. One of them is
    enough. With ``unbroken``, the text must also have so many characters in a row without white
    space; alone it suffices. The engine reads the trigger off the pattern where it can; one is
    declared where it cannot.
    """

    words: frozenset[str] = frozenset()
    marks: tuple[str, ...] = ()
    digits: bool = False
    reach: int = 120
    digit_run: int = 0
    digits_after: tuple[str, ...] = ()
    unbroken: int = 0


@dataclass(frozen=True, slots=True)
class Rule:
    """One pattern. The group ``id``, where there is one, holds the identifier.

    ``begins`` says of the letters that a match begins with whether they can begin one. It is asked
    once for each word, and not of a word that goes on behind a hyphen or an apostrophe.
    """

    id: str
    category: str
    pattern: re.Pattern[str]
    score: float
    subtype: str = ""
    certain: bool = False
    refine: Refine | None = None
    trigger: Trigger | None = None
    begins: Callable[[str], bool] | None = None

    def bounds(self, match: re.Match[str]) -> tuple[int, int] | None:
        """Where in a match of the pattern the identifier is, if it is one."""
        if self.refine is not None:
            return self.refine(match)
        return match.span(self.pattern.groupindex.get("id", 0))

    def span(self, recognizer: str, start: int, end: int) -> Span:
        """The span that this rule reports as part of a recognizer."""
        return Span(
            start,
            end,
            self.category,
            self.subtype,
            self.score,
            recognizer,
            self.id,
            self.certain,
        )

    def find(self, text: str) -> Iterator[tuple[int, int]]:
        """Offsets of the identifiers in the text, by a search from end to end."""
        for match in self.pattern.finditer(text):
            bounds = self.bounds(match)
            if bounds is not None and bounds[0] < bounds[1]:
                yield bounds


def compile_rule(pattern: str, *, ignore_case: bool = True) -> re.Pattern[str]:
    """Compile a verbose pattern; a blank that counts is written ``[ ]`` or ``\\s``."""
    return re.compile(pattern, re.VERBOSE | (re.IGNORECASE if ignore_case else 0))

"""Names known from structured fields, wherever and however a note writes them.

Two or more parts of a name side by side are always the name. A part alone is the name unless its
use is unmistakably another: ``Will call``, ``Graves disease``, lower-case ``will``.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from deid.engine import lexicon
from deid.engine.name_context import Context
from deid.engine.normalize import folded, plain
from deid.engine.phrases import FoldedNote, Phrase, Phrases
from deid.engine.words import places

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_TITLES = frozenset(["mr", "mrs", "ms", "miss", "mx", "dr", "prof", "rev", "sir", "madam"])
_SUFFIXES = frozenset(["jr", "sr", "ii", "iii", "iv", "esq"])
_CREDENTIALS = frozenset(
    [
        "md",
        "do",
        "rn",
        "np",
        "pa",
        "phd",
        "dds",
        "dmd",
        "dpm",
        "lpn",
        "cna",
        "msw",
        "lcsw",
        "pharmd",
    ]
)
#: What may stand between two parts of one name: blanks, a comma, initials, a nickname, particles.
_GAP = r"(?:[\s,^_/-]{1,3}|\.(?=\S))"
_PARTICLES = r"de|la|los|las|del|della|da|das|dos|di|du|le|van|von|den|der|ter|ten|bin|al|el|st"
_INNER = rf"(?:[a-z]\. ?|(?:[a-z]|[\"'(]{{1,2}}[^\W\d_]{{1,15}}[\"')]{{1,2}}|{_PARTICLES}){_GAP})"
_BETWEEN = re.compile(rf"[\"')]?{_GAP}{_INNER}{{0,3}}[\"'(]?")
_MIDDLE = re.compile(r" [^\W\d_]{2,15} ")


@dataclass(frozen=True, slots=True)
class _Hit:
    """One mention of one part, without a possessive ending."""

    start: int
    end: int
    part: str


@dataclass(frozen=True, slots=True)
class _Name:
    """The words of one structured name; ``given`` is the first of them, ``family`` the last."""

    given: str
    family: str
    words: tuple[str, ...]


def _parse(value: str) -> _Name | None:
    """Read ``Given M. "Nick" Family``, ``Family, Given`` or ``FAMILY^GIVEN``."""
    segments = [_WORD.findall(s) for s in re.split(r"[,^]+", folded(plain(value)))]
    segments = [s for s in segments if s and not set(s) <= _SUFFIXES]
    while len(segments) > 1 and set(segments[-1]) <= _CREDENTIALS and len(segments[0]) > 1:
        segments.pop()
    for segment in segments:
        while len(segment) > 1 and segment[0] in _TITLES:
            segment.pop(0)
        while len(segment) > 1 and segment[-1] in _SUFFIXES:
            segment.pop()
    if not segments:
        return None
    words = [*(w for s in segments[1:] for w in s), *segments[0]]
    long = [w for w in words if len(w) > 1] or words
    return _Name(long[0], long[-1], tuple(words))


class NameMatcher:
    """Finds the parts and forms of the names of one patient; offsets are those of the note."""

    def __init__(self, values: Iterable[str]) -> None:
        names = [name for name in map(_parse, values) if name is not None]
        self._parts = {w for n in names for w in n.words if len(w) > 1}
        whole = {w.replace("'", "") for w in self._parts if "'" in w}
        self._parts |= {w for w in whole if len(w) > 2}
        self._single_letters = {w for n in names for w in n.words if len(w) == 1}
        self._words = Phrases(Phrase((part,)) for part in self._parts)
        lone = {n.words[0] for n in names if len(n.words) == 1 and len(n.words[0]) == 1}
        joined = {form for name in names for form in _joined_forms(name)}
        self._others = Phrases(Phrase((form,)) for form in joined | lone)
        self._initials = [_Initials(name) for name in names if name.given != name.family]

    def find(self, note: FoldedNote) -> Iterator[tuple[int, int]]:
        """Bounds of every mention; they may overlap."""
        yield from self._runs(note)
        yield from self._others.find(note)
        for initials in self._initials:
            yield from initials.find(note)

    def _runs(self, note: FoldedNote) -> Iterator[tuple[int, int]]:
        text, low = note.text, note.low
        context = Context(text, low)
        run: list[_Hit] = []
        for start, end in self._words.find(note):
            hit = _Hit(start, end, low[start:end])
            again = any(hit.part == earlier.part for earlier in run)
            if run and (again or not self._adjacent(text, low, run[-1], hit)):
                yield from self._covered(context, run)
                run = []
            run.append(hit)
        yield from self._covered(context, run)

    def _adjacent(self, text: str, low: str, left: _Hit, right: _Hit) -> bool:
        between = low[left.end : right.start]
        if len(between) > 30:
            return False
        if _BETWEEN.fullmatch(between):
            return True
        middle = text[left.end : right.start]
        word = middle.strip()
        named = lexicon.is_first_name(word) or not lexicon.is_ordinary(word)
        return _MIDDLE.fullmatch(between) is not None and word[:1].isupper() and named

    def _covered(self, context: Context, run: list[_Hit]) -> Iterator[tuple[int, int]]:
        if len({hit.part for hit in run}) > 1 and _is_a_name(context, run):
            yield _with_initial(context.low, run[0].start, run[-1].end)
            return
        for hit in run:
            if context.is_name(hit.start, hit.end):
                yield hit.start, hit.end


def _is_a_name(context: Context, run: list[_Hit]) -> bool:
    """Whether neighbouring parts are the name: only small words in lower case can be chance."""
    if context.is_lower_case:
        return True
    grammar = lexicon.words("function_words")
    chance = [context.text[h.start].islower() and h.part in grammar for h in run]
    return not all(chance)


def _with_initial(low: str, start: int, end: int) -> tuple[int, int]:
    after = re.compile(r",? [a-z](?:\.|(?![^\W_]))(?!')").match(low, end)
    lone = after is not None and not re.match(r",? [ai] ", low[end : end + 4])
    return start, after.end() if after is not None and lone else end


def _joined_forms(name: _Name) -> Iterator[str]:
    """Login names: ``jokafor``, ``okaforj``, ``janeokafor``."""
    if name.given != name.family:
        given, family = name.given.replace("'", ""), name.family.replace("'", "")
        for form in (given[0] + family, family + given[0], given + family, family + given):
            if len(form) > 3 and not lexicon.is_ordinary(form):
                yield form


#: From the letter of a given name to the surname behind it.
_TO_SURNAME = re.compile(r"[a-z]?\.? ?(?:[a-z]\. ?)?")


class _Initials:
    """``J. Okafor``, ``J. M. Okafor`` and ``Jane O.``, looked for around the name in full."""

    def __init__(self, name: _Name) -> None:
        self._name = name

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        given, family = re.escape(self._name.given), re.escape(self._name.family)
        return re.compile(
            rf"(?<![^\W_])(?:{given[0]}(?P<second>[a-z])?(?P<dot>\.)? ?(?:[a-z]\. ?)?"
            rf"(?P<family>{family})"
            rf"|(?P<given>{given}) {family[0]}(?P<last>\.|(?![^\W_'])))(?![^\W_])"
        )

    @cached_property
    def _is_ordinary(self) -> bool:
        """Whether a part is an ordinary word."""
        parts = (self._name.given, self._name.family)
        return any(lexicon.is_ordinary(part) or len(part) < 4 for part in parts)

    def _may_be_in(self, around: str) -> bool:
        """Whether an initial stands beside a part: else no pattern needs to be compiled."""
        given, family = self._name.given, self._name.family
        for place in places(around, family):
            initials = (at for at in range(place) if around[at] == given[0])
            if any(_TO_SURNAME.fullmatch(around, at + 1, place) for at in initials):
                return True
        short = f"{given} {family[0]}"
        return any(
            not around[place + len(short) :][:1].isalnum() for place in places(around, short)
        )

    def find(self, note: FoldedNote) -> Iterator[tuple[int, int]]:
        """Bounds of the mentions; one that two parts lead to comes twice."""
        for part in {self._name.given, self._name.family}:
            for place in places(note.low, part):
                # A form is at most so much longer than the part, on either side.
                around = (max(0, place - 8), place + len(part) + 4)
                if not self._may_be_in(note.low[slice(*around)]):
                    continue
                for match in self._pattern.finditer(note.low, *around):
                    if _initial_is_meant(note.text, match, self._is_ordinary):
                        yield match.span()


def _initial_is_meant(text: str, match: re.Match[str], ordinary: bool) -> bool:
    """Rare words need no capital; ordinary ones need both capitals and a full stop or no ``I``."""
    if " " not in match.group() and "." not in match.group():
        return False
    if match["second"] and not text[match.start("second")].isupper():
        return False
    if not ordinary:
        return True
    start = match.start("family") if match["family"] else match.start("given")
    letter = match.start() if match["family"] else match.end("given") + 1
    dotted = bool(match["dot"] or match["last"])
    capital = text[start].isupper() and text[letter].isupper()
    return capital and (dotted or text[letter] not in "AI")

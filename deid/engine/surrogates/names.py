"""Fake names of one patient: a word of a name has one fake in every form of every name."""

from collections import Counter, defaultdict
from collections.abc import Callable

from deid.engine import lexicon
from deid.engine.normalize import folded
from deid.engine.surrogates.casing import cased, near_in_length
from deid.engine.surrogates.originals import Originals
from deid.engine.surrogates.people import Word, gender_of, name_lists, words_of
from deid.engine.surrogates.stream import Stream

_LETTERS = "ABCDEFGHJKLMNPRSTVW"
_LONGEST_INITIALS = 4
#: Names of about the right length to choose from.
_ENOUGH = 60


class NameSurrogates:
    """Learn all names of a patient first, then write each of them.

    The fakes hang on words and not on whole names: ``Jane Okafor``, ``OKAFOR^JANE``, ``Ms.
    Okafor`` and ``Jane's`` agree by themselves, and relatives keep sharing their surname.
    Initials follow the names that they stand for. No fake has a word or the initial of its
    original.
    """

    def __init__(self, key: bytes, originals: Originals) -> None:
        self._given, self._surnames = Stream(key, "given names"), Stream(key, "surnames")
        self._initials = Stream(key, "initials")
        self._originals = originals
        self._votes: dict[str, Counter[bool]] = defaultdict(Counter)
        self._beside: dict[str, set[str]] = defaultdict(set)
        self._gender: dict[str, str] = {}
        self._titled: dict[str, str] = {}
        self._of: dict[str, str] = {}
        self._used: set[str] = set()
        self._letter_of: dict[str, str] = {}

    def learn(self, surface: str, before: str = "") -> None:
        """Take in a written name; ``before`` is the text in front of it, for a title."""
        words = words_of(surface)
        long = [w for w in words if len(w.base) > 1]
        for word in long:
            if len(words) > 1:
                self._votes[word.base][word.is_surname] += 2
            else:
                self._votes[word.base][_looks_like_surname(word.base)] += 1
            self._beside[word.base] |= {w.base for w in long if w is not word}
            title = _title(before)
            if title and not word.is_surname and len(long) > 1:
                self._titled[word.base] = title

    def knows(self, base: str) -> bool:
        """Whether the word is part of a name of two words or more."""
        return bool(self._beside.get(base))

    def write(self, surface: str) -> str | None:
        """The fake name in the form of the surface; ``None`` where it has no word."""
        words = words_of(surface)
        if not words:
            return None
        out, at = [], 0
        for word in words:
            original = surface[word.start : word.end]
            out += [surface[at : word.start], self._written(word, original, words)]
            at = word.end
        return "".join([*out, surface[at:]])

    def _written(self, word: Word, original: str, words: list[Word]) -> str:
        if len(word.base) == 1:
            beside = {w.base for w in words if len(w.base) > 1}
            last = word is words[-1] and len(words) > 1 and not beside
            fake = self._initial(word.base, beside, surname=last)
            return fake if original.isupper() else fake.lower()
        if self._are_initials(word.base, original):
            letters = [
                self._initial(c, set(), surname=n == len(word.base) - 1)
                for n, c in enumerate(word.base)
            ]
            return cased("".join(letters), original)
        login = self._login(word.base, original)
        return login or cased(self.fake(word.base), original)

    def fake(self, base: str) -> str:
        """The fake of a word, in title case."""
        if base not in self._of:
            self._of[base] = self._draw(base)
        return self._of[base]

    def _draw(self, base: str) -> str:
        votes = self._votes[base]
        lists = name_lists()
        if votes[True] > votes[False]:
            return self._drawn(self._surnames, lists["surnames"], base)
        gender = gender_of(base) or self._titled.get(base, "")
        options = lists[gender] if gender else lists["female"] + lists["male"]
        return self._drawn(self._given, options, base)

    def _drawn(self, stream: Stream, options: list[str], base: str) -> str:
        fits: Callable[[str], bool] = lambda name: (  # noqa: E731
            name[0].lower() != base[0] and not self._originals.has_word(name)
        )
        fitting = [name for name in options if fits(name)]
        free = [name for name in fitting if name not in self._used]
        if not fitting:  # the notes name everybody of the list: letters that name nobody
            return "".join(stream.choice(_LETTERS) for _ in base).title()
        # A patient with more people than the list has names shares some of them.
        name = stream.choice(near_in_length(free or fitting, len(base), _ENOUGH))
        self._used.add(name)
        return name

    def _initial(self, letter: str, beside: set[str], *, surname: bool) -> str:
        """The first letter of the fake that the initial stands for, or a letter of its own."""
        bases = [b for b in self._beside if b[0] == letter]
        mates = [b for b in bases if self._beside[b] & beside]
        of_kind = [b for b in bases if (self._votes[b][True] > self._votes[b][False]) == surname]
        for found in (mates, of_kind):
            if found:
                return self.fake(found[0])[0]
        if letter not in self._letter_of:
            free = [c for c in _LETTERS if c.lower() != letter]
            self._letter_of[letter] = self._initials.choice(free)
        return self._letter_of[letter]

    def _are_initials(self, base: str, original: str) -> bool:
        if not (original.isupper() and len(base) <= _LONGEST_INITIALS) or self.knows(base):
            return False
        if any(b[0] == base[-1] for a in self._beside if a[0] == base[0] for b in self._beside[a]):
            return True
        return not (lexicon.is_first_name(base) or lexicon.is_surname(base))

    def _login(self, base: str, original: str) -> str:
        """``jokafor`` for a known Okafor: the initial with the surname behind it."""
        rest = base[1:]
        if not original.islower() or len(rest) < 3 or self.knows(base) or not self.knows(rest):
            return ""
        first = self._initial(base[0], {rest}, surname=False)
        return (first + self.fake(rest)).lower()


def _looks_like_surname(base: str) -> bool:
    return lexicon.is_surname(base) and not lexicon.is_first_name(base)


def _title(before: str) -> str:
    words = folded(before[-8:]).replace(".", " ").split()
    if not words:
        return ""
    return {"mr": "male", "mrs": "female", "ms": "female", "miss": "female"}.get(words[-1], "")

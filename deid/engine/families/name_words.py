"""The words of a text as names are read: their case, their full stops, their neighbours."""

import re
from typing import NamedTuple

from deid.engine import lexicon
from deid.engine.families.name_facts import Fact, facts
from deid.engine.families.name_vocabulary import CREDENTIAL_WORDS, ROLES
from deid.engine.families.patterns import LETTER

_WORD = re.compile(rf"{LETTER}(?:{LETTER}|['-](?={LETTER}))*")
_PREFIXED = re.compile(
    rf"(?:al|el|ad|an|as|ash|at|d|l|abd|bin|ibn|mac|mc|de|la|van)['-]?(?=[A-Z]{LETTER})"
)
_PLURAL_ABBREVIATION = re.compile(r"[A-Z]{2,5}s")
_AROUND = 100
_SENTENCE_ENDS = (". ", "? ", "! ", ": ", "; ", "| ", "\n", "\t", "  ")
_ABBREVIATED = ("dr", "mr", "ms", "mrs", "st", "jr", "vs")


class Word(NamedTuple):
    """One word of a text; ``dotted`` if a full stop touches its end."""

    start: int
    end: int
    text: str
    dotted: bool

    @property
    def low(self) -> str:
        """The word in lower case, without a possessive ending."""
        return self.text.lower().removesuffix("'s")

    @property
    def is_initial(self) -> bool:
        return len(self.text) == 1 and self.text.isupper()

    @property
    def is_capital(self) -> bool:
        return self.text[0].isupper() or bool(_PREFIXED.match(self.text))


def is_lower_case(text: str, position: int) -> bool:
    """Whether the sentence around a position begins without a capital, as in dictation."""
    floor, start = max(0, position - 2 * _AROUND), position
    while True:
        start = max(text.rfind(end, floor, start) for end in _SENTENCE_ENDS)
        # A full stop behind a title ends no sentence.
        if start < 0 or not text[floor:start].lower().endswith(_ABBREVIATED):
            break
    for char in text[max(start, floor) : position + 1]:
        if char.isalpha():
            return char.islower()
    return False


def is_upper_case(text: str, position: int) -> bool:
    """Whether the line around a position is written in capitals only."""
    start = max(text.rfind("\n", 0, position) + 1, position - _AROUND)
    if not text[position : position + 2].isupper():
        return False
    piece = text[start : position + _AROUND].split("\n")[0]
    return piece == piece.upper()


def word_at(text: str, position: int) -> Word | None:
    """The word that begins at this offset."""
    match = _WORD.match(text, position)
    return None if match is None else _word(text, match)


def words_in(text: str, start: int, end: int) -> list[Word]:
    """The words between two offsets."""
    return [_word(text, match) for match in _WORD.finditer(text, start, end)]


def _word(text: str, match: re.Match[str]) -> Word:
    start, end = match.span()
    return Word(start, end, match.group(), text[end : end + 1] == ".")


def is_stop(word: Word) -> bool:
    """Whether the word ends a name: a heading, a role, a credential, a word of grammar."""
    low = word.low
    if word.is_initial:
        return False
    return bool(facts(low) & (Fact.STOP | Fact.FUNCTION)) or low in ROLES or is_credential(word)


def is_credential(word: Word) -> bool:
    """``MD``, ``RN``: letters after a name."""
    return word.text in CREDENTIAL_WORDS


def is_unshouted(text: str, word: Word) -> bool:
    """Whether a word is no abbreviation: not short and in capitals inside a mixed line."""
    if _PLURAL_ABBREVIATION.fullmatch(word.text):
        return False
    return not word.text.isupper() or len(word.text) > 5 or is_upper_case(text, word.start)


#: Nouns for things that carry the name of whoever made or described them.
_THING = re.compile(
    r"(?:murmurs?|chairs?|splints?|technique|valves?|pumps?|pacemaker|beds?|monitor|wraps?|bath|pins?"
    r"|gait|tremor|hernia|cast|clamp|forceps|retractor|speculum|line|ring|needle|port|bag|cyst|boot"
    r"|tear|ulcer|nodes?|spots?|level|type|class|model|soap|diet|exercises?|levels|lift)\b"
)


def is_eponym(text: str, word: Word) -> bool:
    """Whether the word and what follows name a disease, a sign or an instrument."""
    return is_thing(text, word.end, things=False)


def is_thing(text: str, end: int, *, things: bool = True) -> bool:
    """Whether a noun follows that makes what ends here an eponym; ``things``: or a product."""
    after = text[end : end + 30].removeprefix("'s").lstrip(" -'").lower()
    found = lexicon.MEASURE_NOUN.match(after) is not None
    return found or (things and _THING.match(after) is not None)


_ANY_WORD = re.compile(r"[\w']+")


def is_eponym_phrase(text: str, start: int) -> bool:
    """Whether several words from here on are an eponym together: ``Austin Flint murmur``."""
    words = _ANY_WORD.findall(text[start : start + 40].lower())[:4]
    phrases = lexicon.words("eponym_phrases")
    return any(" ".join(words[:count]) in phrases for count in (2, 3, 4))

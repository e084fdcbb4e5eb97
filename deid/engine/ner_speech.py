"""What of an entity is mere speech: fillers, contractions, letters spelled one by one."""

import re

from deid.engine import lexicon

_TOKEN = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
#: What a contraction leaves behind its apostrophe: ``I'm``, ``can't``, ``we've``.
_TAILS = frozenset({"m", "s", "t", "ve", "ll", "re", "d"})
_CONTRACTED = re.compile(r"[a-z]+n?['’](?:m|ve|ll|re|d|t)")
#: Halves of ``gonna`` as some transcripts write it.
_HALVES = re.compile(r"\b(?:gon|wan|got|lem|gim)[ ](?:na|ta|me)\b", re.IGNORECASE)
#: A full stop that ends a sentence: the word before is no initial and no abbreviation.
_SENTENCE_END = re.compile(r"[^\W\d_]{3,}[.!?]\s+\Z")
_SHORTENED = ("mrs", "prof", "rev", "drs", "hon", "capt", "sgt", "ave", "blvd")
#: Letters from which spelled-out ones may be a name that somebody spells: ``H-A-L-E``.
_SPELLED_NAME = 4


def without_speech(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The bounds without words at the edges that no name holds; ``None`` if nothing is left."""
    halves = [m.span() for m in _HALVES.finditer(text, max(0, start - 4), end + 4)]
    tokens = list(_TOKEN.finditer(text, start, end))
    while tokens and _is_speech(text, tokens[0], halves):
        start = tokens[1].start() if len(tokens) > 1 else end
        tokens.pop(0)
    while tokens and _ends_in_speech(text, tokens[-1], start, halves):
        end = tokens[-2].end() if len(tokens) > 1 else start
        tokens.pop()
    return (start, end) if tokens and start < end else None


def without_tail(text: str, start: int, end: int) -> tuple[int, int]:
    """The bounds without everyday words written small behind capitals: ``Greek yogurt``."""
    tokens = list(_TOKEN.finditer(text, start, end))
    while len(tokens) > 1 and tokens[0].group()[0].isupper() and _is_everyday(tokens[-1].group()):
        tokens.pop()
    return (start, tokens[-1].end()) if tokens and tokens[-1].end() < end else (start, end)


def _is_everyday(word: str) -> bool:
    if not word.islower() or word in lexicon.words("name_particles"):
        return False
    return lexicon.is_english(word) and not lexicon.is_surname(word)


def _is_speech(text: str, token: re.Match[str], halves: list[tuple[int, int]]) -> bool:
    start, low = token.start(), token.group().lower()
    if any(a <= start < b for a, b in halves):
        return token.group().islower()
    tail = start > 1 and text[start - 1] in "'’" and text[start - 2].isalpha()
    if (tail and low in _TAILS) or _CONTRACTED.fullmatch(low):
        return True
    # One letter is an initial; ``I`` is one as well if a full stop stands behind it.
    if len(low) == 1:
        return False
    return low in lexicon.words("spoken_words") or low == "ok"


def _ends_in_speech(
    text: str, token: re.Match[str], start: int, halves: list[tuple[int, int]]
) -> bool:
    """Whether the last token is speech, or a small word that begins the next sentence."""
    if token.start() > start and _is_speech(text, token, halves):
        return True
    if token.start() > start and token.group().islower() and _is_small(token.group()):
        return True
    before = text[max(start, token.start() - 16) : token.start()]
    if not _SENTENCE_END.search(before) or before.rstrip(" .").lower().endswith(_SHORTENED):
        return False
    return token.group().lower() in lexicon.words("never_alone")


def _is_small(word: str) -> bool:
    """Whether a word in lower case is one of grammar and nobody's surname: ``anna a``."""
    surname = word in lexicon.words("wordy_surnames")
    return word in {"a", "i"} or (word in lexicon.words("never_alone") and not surname)


#: In front of the rest of a word: ``N-Myc``, ``44y/oRHF``.
_WITHIN_WORD = re.compile(r"(?:(?<![\w'-])[A-Za-z]-|\b\d{1,3}[ -]?y/)\Z")


def is_rest_of_word(text: str, start: int, end: int) -> bool:
    """Whether the words belong to a longer one, or to one that the speaker broke off."""
    if _WITHIN_WORD.search(text[max(0, start - 8) : start]):
        return True
    broken = text.startswith("-", end) and text[end + 1 : end + 2] in {"", " ", "\n"}
    return broken and text[start:end].islower()


def is_spelled_out(surface: str) -> bool:
    """Whether these are single letters: ``M R I``, ``E K G s``; a name so spelled is none."""
    tokens = [t.group() for t in _TOKEN.finditer(surface)]
    if not tokens or any(len(t) > 1 for t in tokens) or any(t.isdigit() for t in tokens):
        return False
    word = "".join(tokens)
    named = lexicon.is_first_name(word) or lexicon.is_surname(word)
    return not (len(word) >= _SPELLED_NAME and named)


def is_said_alone(surface: str) -> bool:
    """Whether the words are said of anything, so that only a title makes a name of them."""
    tokens = [t.group().lower() for t in _TOKEN.finditer(surface)]
    lists = ("said_alone", "spoken_words", "never_alone", "function_words")
    return bool(tokens) and all(any(t in lexicon.words(n) for n in lists) for t in tokens)

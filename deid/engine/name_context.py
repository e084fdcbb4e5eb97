"""Whether one word that is part of a known name is the name where it stands.

The rule leans to hiding. What it spares: small words in their grammatical use, and an eponym
right before the thing it names, since ``Graves disease`` is a diagnosis and not a person.
"""

import re
import string
from functools import cached_property

from deid.engine import lexicon
from deid.engine.families.name_vocabulary import CREDENTIAL, RELATION, TITLE

#: Below this share of capitals among the letters a note counts as dictated in lower case.
_FEW_CAPITALS = 0.01
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_LOWER, _UPPER = string.ascii_lowercase.encode(), string.ascii_uppercase.encode()
_TAG = re.compile(r"\[[A-Z0-9_+]+\]")
_BEFORE = re.compile(
    rf"(?:(?<![\w.]){TITLE}[ ]{{1,2}}|(?<![\w.]){RELATION}(?:[ ]|[,:][ ]|[ ](?:is|was|named)[ ])"
    rf"|\b(?:named?|called|dear|signed|aka|a\.k\.a\.|patient|pt|client|resident|attn)\b[ ]?:?[ ]"
    r"(?:is[ ])?[\"'(]?)$",
    re.IGNORECASE | re.VERBOSE,
)
_TITLE_BEFORE = re.compile(rf"(?<![\w.]){TITLE}[ ]{{1,2}}$", re.VERBOSE | re.IGNORECASE)
_CREDENTIAL_AFTER = re.compile(rf",?[ ]{{1,2}}{CREDENTIAL}", re.VERBOSE)
_AGE = r"\(?\d{1,3}[ -]?(?:years?|yrs?|y/?o|y\.o|[mf]\b)"
#: What a note says of a person and of nothing else.
_TOLD_OF = re.compile(
    r"(?:'(?:s\b|(?=[ ]))|[ ]and[ ](?:his|her|their)\b|,[ ](?:a|an)[ ](?:\d|[a-z]+[- ]year)"
    r"|,?[ ](?:who[ ])?(?:(?:is|was)[ ](?:a|an|the|our|this)[ ]|(?:is|was)[ ]\d"
    r"|(?:(?:also|now|then|still|again|otherwise|currently|further)[ ])?"
    r"(?:reports|reported|denies|denied|endorses|endorsed|presents|presented|complains|complained"
    r"|states|stated|says|said|describes|described|verbalizes|verbalized|admits|lives|works|smokes"
    r"|drinks|ambulates|ambulated|tolerated|tolerates|notes|noted|feels|felt|agrees|agreed|prefers"
    r"|wants|takes|underwent|arrived|returns|returned|called|recalls|remembers|appears|voices"
    r"|voiced|refuses|refused|declines|declined|understands|requests|requested|has|had|was|is"
    r"|came|went|fell|tells|told)\b))"
)
_AGE_BESIDE = re.compile(rf"(?P<apart>,)?[ ]{_AGE}")
_STRONGLY_TOLD_OF = re.compile(
    rf",?[ ](?:who[ ])?(?:(?:is|was)[ ](?:a|an)[ ]\d|(?:is|was)[ ](?:a|an)[ ][a-z]+[- ]year"
    r"|(?:reports|denies|endorses|complains|states|presents|presented|verbalizes|ambulated"
    rf"|tolerated|underwent)\b|(?:is[ ])?{_AGE})"
)
_VERB = re.compile(r"[ ](?:[a-z]{3,}ed)\b")
_MODALS = {"will", "may"}
_MONTHS = frozenset(
    [
        "april",
        "may",
        "june",
        "august",
        "january",
        "march",
        "july",
        "jan",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
    ]
)
_MONTH_BEFORE = re.compile(r"\b(?:in|since|until|till|early|late|mid-?|last|next|by|\d)[ ]?$")
_MONTH_AFTER = re.compile(r"[ ]?(?:\d|of\b)|,[ ]?\d{4}")
_QUANTITY_AFTER = re.compile(r"[ ]?(?::?[ ]?[<>]?\d|level|carbonate|tube\b|-?tube\b)")
_HEAD = re.compile(
    r"(?:s?[ ])?(?:type[ ]|grade[ ])?(?:ophthalmopathy|orbitopathy|dermopathy|rigidity|gait|tremor"
    r"|dementia|respirations?|hernia|abscess|amputation|forceps|retractors?|clamps?|cast|splint"
    r"|wires?|pins?|speculum|cystectomy|gland|ducts?|sinus(?:es)?|spot|line|lines|ring|arthropathy"
    r"|osteotomy|cannula|needle|port|bag|valve|granulomas?|nephropathy|encephalopathy|aphasia"
    r"|chorea|neuroma|thyrotoxicosis|anomaly|malformation|deformity|paralysis|purpura|duct)\b"
)
_SURE_HEAD = re.compile(r"(?:disease|syndrome|palsy|lymphoma|phenomenon|sarcoma)\b")
_SENTENCE_START = re.compile(r"(?:^|[.!?])[\s\d.()*#>\"'/-]*$|(?:^|\s)[-*\u2022]\s*$")
_ITEM_START = re.compile(rf"[:;]\s*$|{_SENTENCE_START.pattern}")


class Context:
    """One note, to ask of its words whether they are names."""

    def __init__(self, text: str, low: str) -> None:
        self.text, self.low = text, low

    @cached_property
    def is_lower_case(self) -> bool:
        """Whether the note was dictated without capitals."""
        bare = _TAG.sub("", self.text)
        beyond = _BEYOND_ASCII.findall(bare)
        ascii_letters = bare.encode("ascii", "ignore")
        lower = len(ascii_letters) - len(ascii_letters.translate(None, _LOWER))
        upper = len(ascii_letters) - len(ascii_letters.translate(None, _UPPER))
        letters = lower + upper + sum(map(str.isalpha, beyond))
        capitals = upper + sum(map(str.isupper, beyond))
        return letters > 0 and capitals <= _FEW_CAPITALS * letters

    def is_name(self, start: int, end: int) -> bool:
        """Whether the part of a known name at these offsets stands for the person."""
        word = self.low[start:end]
        if self._is_eponym(start, end, word):
            return False
        before = self.text[max(0, start - 40) : start]
        after = self.low[end : end + 40]
        if self._is_caseless(start) or _TITLE_BEFORE.search(before):
            return True
        if self._anchored(before, end):
            capital = self.text[start].isupper()
            return capital or word not in lexicon.words("function_words")
        if not self.text[start].isupper():
            return self._lower(start, word, after)
        return self._capitalised(start, end, word, after)

    def _is_caseless(self, start: int) -> bool:
        return not (self.text[start].isupper() or self.text[start].islower())

    def _anchored(self, before: str, end: int) -> bool:
        """Whether a title, a relation or a credential says that a person is meant."""
        if _BEFORE.search(before):
            return True
        return _CREDENTIAL_AFTER.match(self.text, end) is not None

    def _lower(self, start: int, word: str, after: str) -> bool:
        if _is_rare(word):
            return True
        # A sentence that begins in lower case was dictated, whatever the heading above it.
        dictated = self.is_lower_case or self._starts(start, item=False)
        if not dictated or (len(word) < 4 and word not in _MODALS):
            return False
        if word in _MODALS:
            return _TOLD_OF.match(after) is not None
        if word in lexicon.words("function_words"):
            return False
        return not _is_everyday(word) or _STRONGLY_TOLD_OF.match(after) is not None

    def _capitalised(self, start: int, end: int, word: str, after: str) -> bool:
        grammar = word in lexicon.words("function_words")
        told = _TOLD_OF.match(after) is not None or _is_aged(after, apart=grammar)
        if word in lexicon.words("never_alone"):
            return False
        if len(word) < 3:
            if self.text[start:end].isupper() and not told:
                return self._comma_name(start, end)
            if _QUANTITY_AFTER.match(after):
                return False
        if word in _MONTHS and self._is_month(start, after):
            return False
        if not _is_ordinary(word) or told or not self._starts(start, item=grammar):
            return True
        if self._alone_on_line(start, end) or _VERB.match(after):
            return True
        given = lexicon.is_first_name(word) and word not in lexicon.words("wordy_surnames")
        return not grammar and (given or not _is_everyday(word))

    def _comma_name(self, start: int, end: int) -> bool:
        beside = self.text[end : end + 3] + self.text[max(0, start - 3) : start]
        return re.search(r", ?[A-Z]|[A-Z],? ", beside) is not None

    def _is_month(self, start: int, after: str) -> bool:
        before = self.low[max(0, start - 12) : start]
        return bool(_MONTH_BEFORE.search(before) or _MONTH_AFTER.match(after))

    def _starts(self, start: int, *, item: bool) -> bool:
        """Whether the word begins a sentence or a line, or (``item``) follows a heading."""
        line = self.text.rfind("\n", 0, start) + 1
        before = _TAG.sub("", self.text[max(line, start - 60) : start])
        begins = _ITEM_START if item else _SENTENCE_START
        return not before.strip() or begins.search(before) is not None

    def _alone_on_line(self, start: int, end: int) -> bool:
        line = self.text.rfind("\n", 0, start) + 1
        rest = self.text[end : end + 40].split("\n")[0]
        return not self.text[line:start].strip(" -") and not rest.strip(" .,")

    def _is_eponym(self, start: int, end: int, word: str) -> bool:
        """Whether a disease, a sign or a tool named after somebody follows at once."""
        if self.low.startswith("-en-y", end):
            return True
        left = re.search(r"([^\W\d_]+)-$", self.low[max(0, start - 25) : start])
        right = re.match(r"-([^\W\d_]+)", self.low[end : end + 25])
        stop = end + right.end() if right else end
        head = re.match(r"('s|')?[ ]", self.low[stop : stop + 4])
        if head is None or _TITLE_BEFORE.search(self.text[max(0, start - 15) : start]):
            return False
        follows = self.low[stop + head.end() : stop + head.end() + 40]
        compound = any(m and lexicon.is_clinical(m[1]) for m in (left, right))
        if lexicon.is_clinical(word) or compound:
            return bool(lexicon.MEASURE_NOUN.match(follows) or _HEAD.match(follows))
        return head[1] is None and _SURE_HEAD.match(follows) is not None


def _is_aged(after: str, *, apart: bool) -> bool:
    """Whether an age follows, behind a comma if it must stand ``apart``: ``So 3 years later``."""
    match = _AGE_BESIDE.match(after)
    return match is not None and (bool(match["apart"]) or not apart)


def _is_ordinary(word: str) -> bool:
    return len(word) < 3 or lexicon.is_ordinary(word)


def _is_rare(word: str) -> bool:
    """A word that is nothing but somebody's name."""
    return len(word) > 2 and not lexicon.is_ordinary(word) and not _is_everyday(word)


def _is_everyday(word: str) -> bool:
    """Whether notes use the word, or the word it comes from, in its own meaning."""
    lists = ("everyday_words", "function_words", "not_a_name", "clinical_terms", "not_a_site")
    if lexicon.is_drug(word) or any(word in lexicon.words(name) for name in lists):
        return True
    return word in lexicon.words("ambiguous_first_names") and lexicon.is_english(word)

"""All surrogates of one patient, over all notes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from deid.engine.render import render
from deid.engine.spans import (
    AGE_OVER_89,
    AppliedSpan,
    DeidResult,
    KnownIdentifier,
    NoteText,
    Span,
)
from deid.engine.surrogates.codes import CodeSurrogates
from deid.engine.surrogates.contacts import ContactSurrogates
from deid.engine.surrogates.dates import DateShift
from deid.engine.surrogates.names import NameSurrogates
from deid.engine.surrogates.originals import Originals, squeezed
from deid.engine.surrogates.places import PlaceSurrogates

#: How often what still reads like an identifier of the patient is put back to tags, before the
#: whole note is.
_ROUNDS = 4


@dataclass(frozen=True, slots=True)
class Mention:
    """An identifier as a note writes it. ``before`` is the text in front of it."""

    span: Span
    surface: str
    before: str = ""

    def __repr__(self) -> str:
        return f"Mention({self.span.category!r}, <hidden>)"


class PatientSurrogates:
    """The surrogates of one patient under one key.

    Args:
        key: ``KEY_BYTES`` random bytes. With the same key and the same mentions in the same order
            every surrogate is the same; under another key all are others.
        mentions: every identifier of the patient, in the order of the notes.
        known: what structured fields say. No surrogate is ever one of these or of the mentions.
        latest_year: the year in which this is written; ``None`` leaves dates as tags.
    """

    def __init__(
        self,
        key: bytes,
        mentions: Sequence[Mention],
        known: Sequence[KnownIdentifier] = (),
        *,
        latest_year: int | None = None,
    ) -> None:
        self._originals = Originals()
        self._originals.add(m.surface for m in mentions)
        self._originals.add(k.value for k in known)
        self._names = NameSurrogates(key, self._originals)
        self._codes = CodeSurrogates(key, self._originals)
        self._contacts = ContactSurrogates(key, self._originals, self._codes)
        self._places = PlaceSurrogates(key, self._originals, self._codes, self._names)
        for mention in mentions:
            if mention.span.category == "NAME" and mention.span.subtype != "EMPLOYER":
                self._names.learn(mention.surface, mention.before)
        for identifier in known:
            if identifier.category == "NAME":
                self._names.learn(identifier.value)
        self._shift: DateShift | None = None
        if latest_year is not None:
            dates = [m.surface for m in mentions if m.span.category == "DATE_AGE"]
            dates += [k.value for k in known if k.category == "DATE_AGE"]
            self._shift = DateShift(key, dates, latest_year)

    def write(self, mention: Mention) -> str:
        """The surrogate of a mention; its tag where a fake makes no sense or none was found."""
        span, surface = mention.span, mention.surface
        if _is_doubtful(span, surface):
            return span.tag()
        fake = self._fake(span, surface)
        if not fake or ("\n" in fake and "\n" not in surface):
            return span.tag()
        same = squeezed(fake) == squeezed(surface)
        if same or (span.category != "DATE_AGE" and self._originals.has(fake)):
            return span.tag()
        return fake

    def _fake(self, span: Span, surface: str) -> str | None:
        match span.category:
            case "NAME" if span.subtype != "EMPLOYER":
                return self._names.write(surface)
            case "NAME" | "LOCATION":
                return self._places.write(surface, span.subtype)
            case "DATE_AGE":
                if self._shift is None or span.subtype == AGE_OVER_89:
                    return None
                return self._shift.write(surface)
            case "PHONE" | "FAX":
                return self._contacts.phone(surface)
            case "EMAIL":
                return self._contacts.email(surface)
            case "URL":
                return self._contacts.url(surface)
            case "IP":
                return self._contacts.ip(surface)
            case "BIOMETRIC" | "PHOTO":  # nothing stands for a recording or an image
                return None
            case "OTHER_ID" if not any(c.isdigit() for c in surface) and " " in surface.strip():
                return None  # a characteristic in words: another one would be a false statement
        return self._codes.write(surface, span.category)


def _is_doubtful(span: Span, surface: str) -> bool:
    """Whether a finding that nothing confirms has not the look of a name or place.

    It may be clinical (``BF``, ``del``, ``G2P2``): a fake would make another statement of it,
    where a tag shows that something is missing.
    """
    if span.certain or span.category not in ("NAME", "LOCATION"):
        return False
    short = len(surface) < 5 and " " not in surface and (surface.isupper() or surface.islower())
    return short or (span.category == "NAME" and any(c.isdigit() or c in "()[]/" for c in surface))


def with_surrogates(
    notes: Sequence[NoteText],
    results: Sequence[DeidResult],
    known: Sequence[KnownIdentifier],
    find_known: Callable[[str], list[Span]],
    *,
    key: bytes,
    latest_year: int | None,
) -> list[DeidResult]:
    """The results of one patient's notes with surrogates in the place of tags.

    ``find_known`` finds the patient's known identifiers in a text. Where a surrogate and what
    stands around it read like one of them together, the tag comes back; where others read so
    again and again, the whole note gets its tags.
    """
    mentions = [
        [_mention(note.text, span) for span in result.spans]
        for note, result in zip(notes, results, strict=True)
    ]
    surrogates = PatientSurrogates(
        key, [m for of_note in mentions for m in of_note], known, latest_year=latest_year
    )
    return [
        _rendered(note, [surrogates.write(m) for m in of_note], result, find_known)
        for note, result, of_note in zip(notes, results, mentions, strict=True)
    ]


def _mention(text: str, span: Span) -> Mention:
    before = text[max(0, span.start - 10) : span.start]
    return Mention(span, text[span.start : span.end], before)


def _rendered(
    note: NoteText,
    written: list[str],
    result: DeidResult,
    find_known: Callable[[str], list[Span]],
) -> DeidResult:
    for _ in range(_ROUNDS):
        text, applied = render(note.text, result.spans, written)
        met = _met(applied, find_known(text))
        if not met:
            return replace(result, text=text, spans=applied)
        written = [
            s.tag() if n in met else w
            for n, (s, w) in enumerate(zip(applied, written, strict=True))
        ]
    # Each tag that comes back may bring others together, but tags alone were swept already.
    text, applied = render(note.text, result.spans)
    return replace(result, text=text, spans=applied)


def _met(applied: Sequence[AppliedSpan], found: Sequence[Span]) -> set[int]:
    """The surrogates that a known identifier of the output lies in or reaches into."""
    return {
        number
        for number, span in enumerate(applied)
        if span.applied_tag != span.tag()
        and any(f.start < span.output_end and span.output_start < f.end for f in found)
    }

"""Values that the engine takes and gives.

Offsets are half-open ``[start, end)`` and count Unicode code points, as Python strings do.
"""

from dataclasses import dataclass, field

#: The 18 identifiers of 45 CFR 164.514(b)(2)(i), letters A to R, in the order of the law.
CATEGORIES = (
    "NAME",
    "LOCATION",
    "DATE_AGE",
    "PHONE",
    "FAX",
    "EMAIL",
    "SSN",
    "MRN",
    "HEALTH_PLAN",
    "ACCOUNT",
    "LICENSE",
    "VEHICLE",
    "DEVICE",
    "URL",
    "IP",
    "BIOMETRIC",
    "PHOTO",
    "OTHER_ID",
)

#: Subtypes whose tag differs from ``[CATEGORY]``.
AGE_OVER_89 = "AGE_90+"
DATE = "DATE"


@dataclass(frozen=True, slots=True)
class Span:
    """One identifier found in a note.

    ``score`` is between 0 and 1; ``recognizer`` and ``rule`` say who found it and why.
    A ``certain`` span rests on a label, a checksum or a structured field: allow-lists do not
    veto it, and it is looked for again in every note of the patient.
    """

    start: int
    end: int
    category: str
    subtype: str = ""
    score: float = 1.0
    recognizer: str = ""
    rule: str = ""
    certain: bool = False

    def tag(self) -> str:
        """The tag that says what stood here; the output has it, or a surrogate in its place."""
        if self.category == "DATE_AGE":
            return f"[{AGE_OVER_89}]" if self.subtype == AGE_OVER_89 else "[DATE]"
        return f"[{self.category}]"


@dataclass(frozen=True, slots=True)
class AppliedSpan(Span):
    """A span together with the place of its replacement in the output text.

    ``applied_tag`` is what was written there: the tag, or a surrogate.
    """

    output_start: int = 0
    output_end: int = 0
    applied_tag: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class KnownIdentifier:
    """An identifier of the patient that a structured field gives, or that a person confirmed.

    ``category`` is one of ``CATEGORIES``. A ``confirmed`` value was seen in a note and is hidden
    wherever it stands as written; a name from a field is judged by its context, since ``Will`` is
    also a word. Its ``repr`` hides the value: it is PHI.
    """

    category: str
    value: str
    confirmed: bool = False

    def __post_init__(self) -> None:
        if self.category not in CATEGORIES:
            raise ValueError(f"Unknown category {self.category!r}; use one of the 18 codes.")

    def __repr__(self) -> str:
        return f"KnownIdentifier({self.category!r}, <hidden>)"


@dataclass(frozen=True, slots=True, repr=False)
class NoteText:
    """One note to de-identify. Its ``repr`` shows the id only."""

    id: str
    text: str

    def __repr__(self) -> str:
        return f"NoteText({self.id!r})"


@dataclass(frozen=True, slots=True, repr=False)
class DeidResult:
    """A note's output text and the spans that were replaced, in order of their start."""

    note_id: str
    text: str
    spans: list[AppliedSpan] = field(default_factory=list)

    def __repr__(self) -> str:
        return f"DeidResult({self.note_id!r}, {len(self.spans)} spans)"

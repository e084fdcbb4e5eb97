"""What importers take and give. Nothing here shows content in its ``repr`` or its errors."""

from dataclasses import dataclass, field, fields
from typing import Any, Self

KINDS = ("txt", "csv", "jsonl", "zip", "fhir", "hl7")
#: Kinds whose standard says what stands where: they need no mapping of columns.
STRUCTURED = ("fhir", "hl7")

#: Columns of structured identifiers, by the category that they hold.
FIELDS = (
    "text", "external_id", "patient_key", "note_type", "specialty", "author", "note_date",
    "summary",
)  # fmt: skip


class ImportProblem(Exception):
    """The whole input cannot be read.

    ``code`` is for programs, ``message`` says what happened and ``advice`` what to do. None of
    them ever holds content of the input.
    """

    def __init__(self, code: str, message: str, advice: str) -> None:
        super().__init__(f"{message} {advice}")
        self.code = code
        self.message = message
        self.advice = advice


@dataclass(frozen=True, slots=True)
class Mapping:
    """Which column holds what. ``known`` maps a column to one of the 18 category codes."""

    text: str
    external_id: str | None = None
    patient_key: str | None = None
    note_type: str | None = None
    specialty: str | None = None
    author: str | None = None
    note_date: str | None = None
    summary: str | None = None
    known: dict[str, str] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {f.name: getattr(self, f.name) for f in fields(self)}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        """Read ``to_dict``'s form. Raises ``ValueError`` for an unknown field."""
        unknown = set(data) - {f.name for f in fields(cls)}
        if unknown:
            raise ValueError(f"Unknown mapping fields: {', '.join(sorted(unknown))}.")
        return cls(**data)


@dataclass(frozen=True, slots=True, repr=False)
class Record:
    """One note. ``known`` are pairs of category and value from its structured columns.

    ``warnings`` may hold ``no_id`` (``external_id`` is only the line then) and ``no_patient``
    (``patient_key`` stands for this record alone). ``replaces`` are the ids of notes whose place
    this one takes, also of notes of an earlier import.
    """

    line: int
    text: str
    external_id: str
    patient_key: str
    note_type: str = ""
    specialty: str = ""
    author: str = ""
    note_date: str = ""
    summary: str = ""
    known: tuple[tuple[str, str], ...] = ()
    warnings: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"Record(line={self.line})"


@dataclass(frozen=True, slots=True)
class Rejected:
    """One record that was left out, with the reason; the rest of the input was read.

    ``withdraws`` is its id when the source itself took it back: a note of an earlier import with
    this id counts no more.
    """

    line: int
    reason_code: str
    reason: str
    withdraws: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, repr=False)
class PatientFacts:
    """What a structured resource says identifies a patient, apart from any note."""

    line: int
    patient_key: str
    known: tuple[tuple[str, str], ...]

    def __repr__(self) -> str:
        return f"PatientFacts(line={self.line})"


@dataclass(frozen=True, slots=True, repr=False)
class Preview:
    """The columns, at most five rows of them, a suggestion and what to beware of.

    A structured kind has ``counts`` instead: pairs of what stands at the beginning of the file and
    how often; ``counted_all`` says whether that was the whole file.
    """

    columns: tuple[str, ...]
    rows: tuple[dict[str, str], ...]
    suggested_mapping: Mapping | None
    warnings: tuple[str, ...] = ()
    counts: tuple[tuple[str, int], ...] = ()
    counted_all: bool = True

    def __repr__(self) -> str:
        return f"Preview({len(self.columns)} columns, {len(self.rows)} rows)"

"""Notes of HL7 v2 files: MDM (T02, T04, T06, T08, T10, T11) and ORU^R01.

Read twice: once for which message is the last word on a document, once for the notes. A file is a
history: of the versions of one document the last counts, replaced and cancelled ones are listed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from deid.importers.documents import Unreadable
from deid.importers.hl7_known import authors, known_of, patient_key
from deid.importers.hl7_messages import Hl7Messages, Message, Segment
from deid.importers.hl7_text import joined
from deid.importers.model import PatientFacts, Record, Rejected
from deid.importers.note_types import HL7_0270, term
from deid.importers.restricted import REASONS, first_kept_back, restrictions
from deid.importers.scratch import Scratch

_WITH_CONTENT = ("T02", "T04", "T06", "T08", "T10")
_CANCELLED = ("CA", "OB")  # TXA-19, table 0273: deleted, obsolete

Item = Record | Rejected | PatientFacts


@dataclass(frozen=True, slots=True, repr=False)
class _Document:
    """One document of a message: an MDM has one, an ORU one for each OBR."""

    own_id: str
    body: list[Segment]
    head: Segment | None
    replaces: str = ""
    cancelled: bool = False


class Hl7Notes:
    """Records of an HL7 v2 upload, and what it says of patients."""

    def __init__(self, stream: BinaryIO, admitted: frozenset[str] = frozenset()) -> None:
        self._messages = Hl7Messages(stream)
        self._admitted = admitted
        self.warnings = self._messages.warnings

    def __iter__(self) -> Iterator[Item]:
        with Scratch() as history:
            for number, item in enumerate(self._messages):
                if isinstance(item, Message):
                    _learn(history, number, item)
            for number, item in enumerate(self._messages):
                if isinstance(item, Rejected):
                    yield item
                else:
                    yield from self._of(history, number, item)

    def _of(self, history: Scratch, number: int, message: Message) -> Iterator[Item]:
        pid = message.first("PID")
        patient = patient_key(pid) if pid is not None else ""
        if not patient:
            yield Rejected(message.line, "no_patient", "PID is missing or holds no patient id.")
            return
        documents = _documents(message)
        if documents is None:
            known = known_of(message)
            if _kind(message)[0] == "MDM":
                yield Rejected(message.line, "no_content", "A notification without its document.")
            elif known:
                yield PatientFacts(message.line, patient, known)
            return
        for position, document in enumerate(documents):
            yield self._document(history, (number, position), message, document, patient)

    def _document(
        self, history: Scratch, place: tuple[int, int], message: Message, document: _Document,
        patient: str,
    ) -> Item:  # fmt: skip
        line, own = message.line, document.own_id
        if own and history.get("last", own) != repr(place).encode():
            return Rejected(line, "superseded", "A later message of this file takes its place.")
        if document.cancelled:
            return Rejected(line, "cancelled", "The document was cancelled.", own)
        if own and history.has("replaced", own):
            return Rejected(line, "superseded", "Another document replaces it.", own)
        kept_back = self._restriction(message, document)
        if kept_back is not None:
            return Rejected(line, kept_back, REASONS[kept_back])
        try:
            text, is_prose = joined(document.body)
        except Unreadable as problem:
            return Rejected(line, problem.code, problem.reason)
        if not is_prose or not text.strip():
            return Rejected(line, "no_text", "The message holds no text, or coded results only.")
        kept_back = first_kept_back(restrictions((), (), text), self._admitted)
        if kept_back is not None:
            return Rejected(line, kept_back, REASONS[kept_back])
        people = authors(message)
        return Record(
            line=line,
            text=text,
            external_id=own or str(line),
            patient_key=patient,
            note_type=_type(document.head),
            author=people[0] if people else "",
            note_date=_date(document.head),
            known=known_of(message),
            warnings=() if own else ("no_id",),
            replaces=(document.replaces,) if document.replaces else (),
        )

    def _restriction(self, message: Message, document: _Document) -> str | None:
        codes, words = list[str](), list[str]()
        for segment in message.all("TXA", "PV1", "PV2", "ARV", "MSH"):
            for number in _RESTRICTING.get(segment.name, ()):
                for repetition in segment.repetitions(number):
                    found = segment.split(repetition)
                    codes.append(found[0])
                    words += found
        if document.head is not None and document.head.name == "OBR":
            codes.append(document.head.component(4, 1))
            words += document.head.components(4)
        return first_kept_back(restrictions(codes, words), self._admitted)


#: Document type and confidentiality; hospital service, ward and visit; access; security labels.
_RESTRICTING = {"TXA": (2, 18), "PV1": (3, 10, 16), "PV2": (8, 22), "ARV": (3, 4, 6), "MSH": (26,)}


def _kind(message: Message) -> tuple[str, str]:
    return message.header.component(9, 1), message.header.component(9, 2)


def _learn(history: Scratch, number: int, message: Message) -> None:
    for position, document in enumerate(_documents(message) or []):
        if document.own_id:
            history.put("last", document.own_id, repr((number, position)).encode())
        if document.replaces:
            history.add("replaced", document.replaces)


def _documents(message: Message) -> list[_Document] | None:
    """The documents of a message, or ``None`` for a kind that brings none."""
    code, event = _kind(message)
    if code == "MDM" and event in (*_WITH_CONTENT, "T11"):
        return [_mdm(message, event)]
    if code == "ORU":
        return _oru(message)
    return None


def _entity(segment: Segment, number: int) -> str:
    """An EI: the id with the authority that gave it."""
    parts = segment.components(number)
    return "|".join(part for part in (parts[1] if len(parts) > 1 else "", parts[0]) if part)


def _mdm(message: Message, event: str) -> _Document:
    txa = message.first("TXA")
    own = _entity(txa, 12) if txa is not None else ""
    parent = _entity(txa, 13) if txa is not None else ""
    availability = txa.component(19, 1) if txa is not None else ""
    return _Document(
        own_id=f"MDM|{own}" if own else "",
        body=message.all("OBX", "NTE"),
        head=txa,
        replaces=f"MDM|{parent}" if event == "T10" and parent and parent != own else "",
        cancelled=event == "T11" or availability in _CANCELLED,
    )


def _oru(message: Message) -> list[_Document]:
    groups: list[tuple[Segment | None, list[Segment]]] = []
    for segment in message.segments:
        if segment.name == "OBR":
            groups.append((segment, []))
        elif segment.name in ("OBX", "NTE") and (groups or segment.name == "OBX"):
            if not groups:
                groups.append((None, []))
            groups[-1][1].append(segment)
    return [_result(head, body) for head, body in groups] or [_Document("", [], None)]


def _result(head: Segment | None, body: list[Segment]) -> _Document:
    if head is None:
        return _Document("", body, None)
    order = _entity(head, 3) or _entity(head, 2)
    own = f"ORU|{order}|{head.component(4, 1)}" if order else ""
    return _Document(own, body, head, cancelled=head.component(25, 1) == "X")


def _type(head: Segment | None) -> str:
    if head is None:
        return ""
    number = 2 if head.name == "TXA" else 4
    code, shown = head.component(number, 1), head.component(number, 2)
    return HL7_0270.get(code, "") if head.name == "TXA" and code in HL7_0270 else term(code, shown)


def _date(head: Segment | None) -> str:
    if head is None:
        return ""
    return head.component(4, 1) if head.name == "TXA" else head.component(7, 1)

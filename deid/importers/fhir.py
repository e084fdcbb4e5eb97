"""Notes of FHIR R4 and R5 files: DocumentReference, DiagnosticReport and Composition.

The files are read twice: once for what notes need of other resources, once for the notes. Nothing
is ever fetched: content that lies at an address outside of the file is left out and listed.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from typing import Any, BinaryIO

from deid.importers import fhir_known
from deid.importers.documents import Unreadable
from deid.importers.fhir_index import (
    FhirIndex,
    label_codes,
    own_reference,
    replaced_by,
)
from deid.importers.fhir_json import FhirResources, Found
from deid.importers.fhir_text import FhirText
from deid.importers.fhir_values import (
    codings,
    dicts,
    human_name,
    local_reference,
    names_of,
    type_name,
    word,
)
from deid.importers.identifying import Pair, worth_finding
from deid.importers.model import PatientFacts, Record, Rejected
from deid.importers.restricted import REASONS, first_kept_back, restrictions

_ROLES = (
    "author", "authenticator", "performer", "resultsInterpreter", "custodian",
    "generalPractitioner",
)  # fmt: skip
_ROLES_WITHIN = (("attester", "party"), ("participant", "individual"), ("participant", "actor"))
NOTES = ("DocumentReference", "DiagnosticReport", "Composition")
_WITHDRAWN = {
    "entered-in-error": "The record was entered in error.",
    "superseded": "The record is superseded by another.",
    "cancelled": "The record was cancelled.",
}

Item = Record | Rejected | PatientFacts


class FhirNotes:
    """Records of a FHIR upload, and what it says of patients."""

    def __init__(self, stream: BinaryIO, admitted: frozenset[str] = frozenset()) -> None:
        self._resources = FhirResources(stream)
        self._admitted = admitted
        self.warnings = self._resources.warnings

    def __iter__(self) -> Iterator[Item]:
        index = FhirIndex()
        try:
            for item in self._resources:
                if isinstance(item, Found):
                    index.learn(item)
            reader = _Notes(index, self._admitted)
            for item in self._resources:
                if isinstance(item, Rejected):
                    yield item
                else:
                    yield from reader.of(item)
        finally:
            index.close()


class _Notes:
    """The second reading: one resource to at most one note."""

    def __init__(self, index: FhirIndex, admitted: frozenset[str]) -> None:
        self._index = index
        self._text = FhirText(index)
        self._admitted = admitted

    def of(self, found: Found) -> Iterator[Item]:
        if found.resource["resourceType"] not in NOTES:
            yield from self._facts(found)
            return
        try:
            yield self._note(found)
        except Unreadable as problem:
            yield Rejected(found.line, problem.code, problem.reason)

    def _facts(self, found: Found) -> Iterator[PatientFacts]:
        resource, kind = found.resource, found.resource["resourceType"]
        if kind == "Patient":
            key = own_reference(found)
            known = chain(fhir_known.patient(resource), self._people(resource))
        elif kind == "RelatedPerson":
            key, known = self._reference(resource, "patient"), chain(fhir_known.person(resource))
        elif kind == "Encounter":
            key = self._reference(resource, "subject")
            known = chain(fhir_known.identifiers(resource), self._people(resource))
        elif kind == "Account":
            key = self._reference(resource, "subject")
            known = chain(fhir_known.identifiers(resource, otherwise="ACCOUNT"))
        elif kind == "Coverage":
            key = self._reference(resource, "beneficiary")
            known = chain(_plan_numbers(resource))
        else:
            return
        pairs = worth_finding(known)
        if pairs and (patient := _patient_key(key)):
            yield PatientFacts(found.line, patient, pairs)

    def _reference(self, resource: dict[str, Any], name: str) -> str:
        return next(
            (self._index.resolve(r.get("reference")) for r in dicts(resource.get(name))), ""
        )

    def _note(self, found: Found) -> Item:
        resource, line = found.resource, found.line
        own = own_reference(found)
        for status in (word(resource.get("status")), word(resource.get("docStatus"))):
            if status in _WITHDRAWN:
                return Rejected(line, status.replace("-", "_"), _WITHDRAWN[status], own)
        if self._index.is_replaced(own):
            return Rejected(line, "superseded", "Another document of this file replaces it.", own)
        kept_back = self._restriction(resource)
        if kept_back is not None:
            return Rejected(line, kept_back, REASONS[kept_back])
        patient, told = self._patient(resource)
        if not patient:
            return Rejected(line, "no_patient", "The resource names no patient.")
        text, warnings = self._text.of(resource)
        if not text.strip():
            return Rejected(line, "no_text", "The resource holds no text.")
        kept_back = first_kept_back(restrictions((), (), text), self._admitted)
        if kept_back is not None:
            return Rejected(line, kept_back, REASONS[kept_back])
        if own and not self._index.first_use("note", own):
            return Rejected(line, "duplicate_id", "An earlier record has the same id.")
        record = self._record(found, own, patient, text, warnings)
        return replace(record, known=worth_finding((*told, *record.known)))

    def _record(
        self, found: Found, own: str, patient: str, text: str, warnings: tuple[str, ...]
    ) -> Record:
        resource = found.resource
        people = self._people(resource)
        author = next((name for category, name in people if category == "NAME"), "")
        return Record(
            line=found.line,
            text=text,
            external_id=own or str(found.line),
            patient_key=patient,
            note_type=type_name(resource.get("type") or resource.get("code")),
            author=author,
            note_date=_note_date(resource),
            known=tuple(pair for pair in people if pair != ("NAME", author)),
            warnings=warnings if own else (*warnings, "no_id"),
            replaces=tuple(self._index.resolve(target) for target in replaced_by(resource)),
        )

    def _patient(self, resource: dict[str, Any]) -> tuple[str, tuple[Pair, ...]]:
        """The key of the note's patient, and what a contained or displayed one says."""
        for subject in dicts(resource.get("subject")):
            shown = word(subject.get("display"))
            told: tuple[Pair, ...] = (("NAME", shown),) if shown else ()
            reference = self._index.resolve(subject.get("reference"))
            if (inner := _contained(resource, reference)) is not None:
                told += tuple(fhir_known.patient(inner))
                numbers = [word(i.get("value")) for i in dicts(inner.get("identifier"))]
                return next((n for n in numbers if n), ""), told
            if key := _patient_key(reference):
                return key, told
            for identifier in dicts(subject.get("identifier")):
                return word(identifier.get("value")), told
        return "", ()

    def _people(self, resource: dict[str, Any]) -> list[Pair]:
        """Who wrote, signed, performed or keeps it: names that may stand in the text."""
        references = [r for name in _ROLES for r in dicts(resource.get(name))]
        for outer, inner in _ROLES_WITHIN:
            references += [r for i in dicts(resource.get(outer)) for r in dicts(i.get(inner))]
        found = []
        for reference in references:
            own = self._index.resolve(reference.get("reference"))
            category = "LOCATION" if own.startswith("Organization/") else "NAME"
            found.append((category, self._person(resource, reference)))
        return [(category, name) for category, name in dict.fromkeys(found) if name]

    def _person(self, resource: dict[str, Any], reference: dict[str, Any]) -> str:
        inner = _contained(resource, word(reference.get("reference")))
        if inner is None:
            return self._index.person(reference)
        names = [human_name(n) for n in dicts(inner.get("name"))]
        return next((n for n in names if n), word(inner.get("name")))

    def _restriction(self, resource: dict[str, Any]) -> str | None:
        concepts = [
            resource.get(name)
            for name in ("type", "code", "category", "class")
        ]  # fmt: skip
        context = dicts(resource.get("context"))
        for item in context:
            concepts += [item.get("practiceSetting"), item.get("facilityType")]
        codes = [code for concept in concepts for code, _ in codings(concept)]
        shown = [name for concept in concepts for name in names_of(concept)]
        shown.append(word(resource.get("title")))
        found = restrictions([*codes, *label_codes(resource)], shown)
        # R4: context.encounter; R5: context is itself a list of references
        encounters = [*dicts(resource.get("encounter")), *context]
        encounters += [e for item in context for e in dicts(item.get("encounter"))]
        for encounter in encounters:
            found |= self._index.encounter_restrictions(encounter.get("reference"))
        return first_kept_back(found, self._admitted)


def _contained(resource: dict[str, Any], reference: str) -> dict[str, Any] | None:
    """The resource that stands within this one and is referred to as ``#id``."""
    if not reference.startswith("#"):
        return None
    return next((r for r in dicts(resource.get("contained")) if r.get("id") == reference[1:]), None)


def _patient_key(reference: str) -> str:
    """The id of a patient by a reference; only patients have notes here."""
    kind, _, own_id = local_reference(reference).partition("/")
    if reference.startswith("urn:"):
        return reference
    return own_id if kind == "Patient" else ""


def _plan_numbers(resource: dict[str, Any]) -> list[tuple[str, str]]:
    numbers = [word(resource.get("subscriberId"))]
    numbers += [word(i.get("value")) for i in dicts(resource.get("subscriberId"))]
    numbers += [word(i.get("value")) for i in dicts(resource.get("identifier"))]
    return [("HEALTH_PLAN", number) for number in numbers if number]


def _note_date(resource: dict[str, Any]) -> str:
    """When the care took place, else when the document was made."""
    periods = [p for c in dicts(resource.get("context")) for p in dicts(c.get("period"))]
    periods += [p for n in ("period", "effectivePeriod") for p in dicts(resource.get(n))]
    dates = [word(p.get("start")) for p in periods]
    dates += [word(resource.get(n)) for n in ("effectiveDateTime", "date", "issued")]
    return next((value for value in dates if value), "")

"""What FHIR resources say identifies a patient, as pairs of category and value."""

from collections.abc import Iterator
from typing import Any

from deid.importers.fhir_values import codings, dicts, human_name, word, words
from deid.importers.identifying import Pair

_IDENTIFIER_TYPES = {
    "MR": "MRN", "PI": "MRN", "PT": "MRN", "U": "MRN", "PE": "MRN",
    "SS": "SSN", "SB": "SSN",
    "DL": "LICENSE", "PPN": "LICENSE", "NPI": "LICENSE", "MD": "LICENSE", "DEA": "LICENSE",
    "MB": "HEALTH_PLAN", "MC": "HEALTH_PLAN", "MA": "HEALTH_PLAN", "HC": "HEALTH_PLAN",
    "SN": "HEALTH_PLAN", "AN": "ACCOUNT", "ANON": "OTHER_ID",
}  # fmt: skip
_SYSTEMS = (("us-ssn", "SSN"), ("us-npi", "LICENSE"), ("us-medicare", "HEALTH_PLAN"))
_TELECOM = {
    "phone": "PHONE", "sms": "PHONE", "pager": "PHONE", "fax": "FAX", "email": "EMAIL",
    "url": "URL",
}  # fmt: skip


def person(resource: dict[str, Any]) -> Iterator[Pair]:
    """Names, numbers and addresses of a Patient, a RelatedPerson or a Patient's contact."""
    for name in dicts(resource.get("name")):
        for shown in dict.fromkeys((human_name(name), word(name.get("text")))):
            if shown:
                yield "NAME", shown
    for contact_point in dicts(resource.get("telecom")):
        value = word(contact_point.get("value"))
        if value:
            yield _TELECOM.get(word(contact_point.get("system")), "OTHER_ID"), value
    for address in dicts(resource.get("address")):
        yield from _address(address)
    for key in ("birthDate", "deceasedDateTime"):
        if value := word(resource.get(key)):
            yield "DATE_AGE", value.partition("T")[0]
    yield from identifiers(resource)


def patient(resource: dict[str, Any]) -> Iterator[Pair]:
    """All that a Patient resource says."""
    yield from person(resource)
    for contact in dicts(resource.get("contact")):
        names = dicts(contact.get("name"))
        yield from person({**contact, "name": names})
        yield from _display(contact.get("organization"), "NAME")
    yield from _display(resource.get("managingOrganization"), "LOCATION")
    for extension in dicts(resource.get("extension")):
        for address in dicts(extension.get("valueAddress")):
            yield from _address(address)
        maiden = word(extension.get("url")).endswith("mothersMaidenName")
        if maiden and (value := word(extension.get("valueString"))):
            yield "NAME", value


def identifiers(resource: dict[str, Any], otherwise: str = "OTHER_ID") -> Iterator[Pair]:
    """Each identifier under the category of its type."""
    for identifier in dicts(resource.get("identifier")):
        value = word(identifier.get("value"))
        if not value:
            continue
        system = word(identifier.get("system")).lower()
        by_system = next((c for part, c in _SYSTEMS if part in system), otherwise)
        types = [_IDENTIFIER_TYPES.get(code) for code, _ in codings(identifier.get("type"))]
        yield next((t for t in types if t), by_system), value


def _address(address: dict[str, Any]) -> Iterator[Pair]:
    lines = ", ".join(words(address.get("line")))
    area = " ".join(words(address.get("state")) + words(address.get("postalCode")))
    parts = [lines, word(address.get("city")), word(address.get("district")), area]
    whole = ", ".join(part for part in parts if part)
    shown = word(address.get("text")).replace("\n", ", ")
    # A state alone may stay: it is no identifier.
    if whole and whole != word(address.get("state")):
        yield "LOCATION", whole
    if shown and shown != whole:
        yield "LOCATION", shown


def _display(references: object, category: str) -> Iterator[Pair]:
    for reference in dicts(references):
        if shown := word(reference.get("display")):
            yield category, shown

"""The first reading of FHIR files: what notes will need of resources that stand elsewhere."""

import json
from typing import Any

from deid.importers.fhir_json import Found
from deid.importers.fhir_values import (
    codings,
    dicts,
    human_name,
    local_reference,
    names_of,
    word,
)
from deid.importers.restricted import restrictions
from deid.importers.scratch import Scratch

_PEOPLE = ("Practitioner", "RelatedPerson", "Patient")


class FhirIndex:
    """People's names, Binaries, restricted encounters and what replaces what, in a scratch."""

    def __init__(self) -> None:
        self._held = Scratch()

    def close(self) -> None:
        self._held.close()

    def learn(self, found: Found) -> None:
        """Take from one resource what others will ask for."""
        resource = found.resource
        own = own_reference(found)
        if found.full_url and own != found.full_url:
            self._held.put("alias", found.full_url, own.encode())
        kind = resource["resourceType"]
        if kind in _PEOPLE:
            name = next((n for item in dicts(resource.get("name")) if (n := human_name(item))), "")
            self._held.put("person", own, name.encode())
        elif kind == "Organization":
            self._held.put("person", own, word(resource.get("name")).encode())
        elif kind == "PractitionerRole":
            practitioner = resource.get("practitioner")
            held = practitioner if isinstance(practitioner, dict) else {}
            self._held.put("role", own, json.dumps(held).encode())
        elif kind == "Binary":
            content = {k: word(resource.get(k)) for k in ("contentType", "data")}
            self._held.put("binary", own, json.dumps(content).encode())
        elif kind == "Encounter":
            if found_restrictions := _encounter_restrictions(resource):
                self._held.put("encounter", own, " ".join(found_restrictions).encode())
        elif kind in ("DocumentReference", "Composition"):
            for target in replaced_by(resource):
                self._held.add("replaced", self.resolve(target))

    def resolve(self, reference: object) -> str:
        """``Type/id`` of a reference, also when it is an address within a Bundle."""
        shown = word(reference)
        alias = self._held.get("alias", shown) if shown else None
        return alias.decode() if alias is not None else local_reference(shown)

    def person(self, reference: dict[str, Any]) -> str:
        """The name that a reference shows or leads to."""
        own, shown = self.resolve(reference.get("reference")), word(reference.get("display"))
        role = self._held.get("role", own)
        if role is not None:  # one step and no more: a role may refer to itself
            practitioner = json.loads(role)
            own = self.resolve(practitioner.get("reference"))
            shown = word(practitioner.get("display")) or shown
        name = self._held.get("person", own)
        return (name.decode() if name else "") or shown

    def binary(self, url: object) -> dict[str, str] | None:
        found = self._held.get("binary", self.resolve(url))
        return json.loads(found) if found is not None else None

    def encounter_restrictions(self, reference: object) -> set[str]:
        found = self._held.get("encounter", self.resolve(reference))
        return set(found.decode().split()) if found is not None else set()

    def is_replaced(self, own: str) -> bool:
        return self._held.has("replaced", own)

    def first_use(self, space: str, key: str) -> bool:
        """Whether nothing of this file took this document or id before."""
        return self._held.add(space, key)


def own_reference(found: Found) -> str:
    """How other resources refer to this one."""
    own_id = word(found.resource.get("id"))
    kind = found.resource["resourceType"]
    return f"{kind}/{own_id}" if own_id else local_reference(found.full_url)


def replaced_by(resource: dict[str, Any]) -> list[str]:
    """What this document takes the place of; an addendum stands beside what it appends to."""
    targets = []
    for relation in dicts(resource.get("relatesTo")):
        code = relation.get("code")
        codes = [code] if isinstance(code, str) else [c for c, _ in codings(code)]
        if {"replaces", "transforms"} & set(codes):
            target = relation.get("target") or relation.get("targetReference")
            targets += [word(t.get("reference")) for t in dicts(target)]
    return [target for target in targets if target]


def label_codes(resource: dict[str, Any]) -> list[str]:
    """Codes of all security labels of a resource."""
    meta = resource.get("meta")
    labels = [
        meta.get("security") if isinstance(meta, dict) else None,
        resource.get("securityLabel"),
    ]
    confidentiality = word(resource.get("confidentiality"))
    return [code for label in labels for code, _ in codings(label)] + [confidentiality]


def _encounter_restrictions(resource: dict[str, Any]) -> set[str]:
    concepts = [resource.get("type"), resource.get("serviceType"), resource.get("class")]
    # R5: serviceType is a list of CodeableReference
    concepts += [item.get("concept") for item in dicts(resource.get("serviceType"))]
    provider = resource.get("serviceProvider")
    shown = [word(provider.get("display"))] if isinstance(provider, dict) else []
    shown += [
        word(place["location"].get("display"))
        for place in dicts(resource.get("location"))
        if isinstance(place.get("location"), dict)
    ]
    codes = [code for concept in concepts for code, _ in codings(concept)]
    names = [name for concept in concepts for name in names_of(concept)]
    return restrictions([*label_codes(resource), *codes], [*names, *shown])

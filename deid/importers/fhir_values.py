"""Reading single values of FHIR resources, whatever stands where they should be."""

import base64
import binascii
import hashlib
from collections.abc import Iterator
from typing import Any

from deid.importers.documents import Unreadable
from deid.importers.note_types import LOINC, term


def dicts(value: object) -> list[dict[str, Any]]:
    """The objects of a list, or the object itself: R4 and R5 differ in what repeats."""
    items = value if isinstance(value, list) else [value]
    return [item for item in items if isinstance(item, dict)]


def word(value: object) -> str:
    """A string value without blanks around it and without what cannot be stored; else nothing."""
    if not isinstance(value, str):
        return ""
    return value.replace("\0", "").encode("utf-8", "replace").decode("utf-8").strip()


def words(value: object) -> list[str]:
    items = value if isinstance(value, list) else [value]
    return [shown for item in items if (shown := word(item))]


def codings(concept: object) -> Iterator[tuple[str, str]]:
    """(code, display) of CodeableConcepts or Codings."""
    for item in dicts(concept):
        for coding in dicts(item["coding"]) if "coding" in item else [item]:
            if code := word(coding.get("code")):
                yield code, word(coding.get("display"))


def names_of(concept: object) -> list[str]:
    """Displays and free text of CodeableConcepts: for judging, never for showing."""
    shown = [display for _, display in codings(concept) if display]
    return shown + [text for item in dicts(concept) if (text := word(item.get("text")))]


def type_name(concept: object) -> str:
    """The note type: LOINC's name when it is known, else the first coded term."""
    found = list(codings(concept))
    known = [code for code, _ in found if code in LOINC]
    return LOINC[known[0]] if known else next((t for c, d in found if (t := term(c, d))), "")


def human_name(name: dict[str, Any]) -> str:
    """A HumanName as given and family names, or its text."""
    parts = [*words(name.get("given")), *words(name.get("family"))]
    return " ".join(parts) or word(name.get("text"))


def local_reference(reference: object) -> str:
    """``Type/id`` of a reference, relative or absolute, without its version; a URN as it is."""
    shown = word(reference)
    if not shown or shown.startswith(("urn:", "#")):
        return shown
    pieces = shown.partition("/_history/")[0].rstrip("/").split("/")
    return "/".join(pieces[-2:])


def attachment_bytes(attachment: dict[str, Any], data: str) -> bytes:
    """The decoded content. Raises ``Unreadable`` for bad base64, a wrong hash or a part of it."""
    try:
        content = base64.b64decode("".join(data.split()), validate=True)
    except (binascii.Error, ValueError):
        raise Unreadable("bad_base64", "The document's base64 is damaged or cut off.") from None
    size = attachment.get("size")
    if str(size).isdigit() and len(content) < int(str(size)):
        raise Unreadable("truncated", "The document holds less than the size that it states.")
    if (stated := word(attachment.get("hash"))) and not _same_hash(content, stated):
        raise Unreadable("wrong_hash", "The document is not what its SHA-1 hash says.")
    return content


def _same_hash(content: bytes, stated: str) -> bool:
    """R4 states base64 of the SHA-1's bytes; some servers state its hexadecimal form."""
    digest = hashlib.sha1(content, usedforsecurity=False)
    return (
        stated
        in (
            base64.b64encode(digest.digest()).decode(),
            base64.b64encode(digest.hexdigest().encode()).decode(),
        )
        or stated.lower() == digest.hexdigest()
    )

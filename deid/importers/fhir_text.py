"""The text of a FHIR resource: an attachment in its best form, a narrative, or sections."""

from typing import Any

from deid.importers.documents import PREFERENCE, Unreadable, media_type, narrative_text, plain_text
from deid.importers.fhir_index import FhirIndex
from deid.importers.fhir_values import attachment_bytes, dicts, word

_MAX_SECTIONS = 20


class FhirText:
    """Reads texts, also those that stand in a Binary of the same files."""

    def __init__(self, index: FhirIndex) -> None:
        self._index = index

    def of(self, resource: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
        """(text, warnings) of a note. Raises ``Unreadable``."""
        kind = resource["resourceType"]
        if kind == "Composition":
            return _composition_text(resource), ()
        if kind == "DocumentReference":
            return self._attachment([c.get("attachment") for c in dicts(resource.get("content"))])
        forms = dicts(resource.get("presentedForm"))
        text, warnings = self._attachment(list(forms)) if forms else (_narrative(resource), ())
        conclusion = word(resource.get("conclusion"))
        if conclusion and conclusion not in text:
            text = f"{text}\n\n{conclusion}" if text.strip() else conclusion
        return text, warnings

    def _attachment(self, attachments: list[object]) -> tuple[str, tuple[str, ...]]:
        """The text of a document in the first readable of its forms."""
        problem = Unreadable("no_content", "The document has no content.")
        for attachment in sorted(dicts(attachments), key=_preference):
            try:
                return self._one_attachment(attachment)
            except Unreadable as found:
                problem = found if problem.code == "no_content" else problem
        raise problem

    def _one_attachment(self, attachment: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
        content_type, data = word(attachment.get("contentType")), attachment.get("data")
        if not isinstance(data, str) or not data:
            url = word(attachment.get("url"))
            if not url:
                raise Unreadable("no_content", "The document has no content.")
            held = self._index.binary(url)
            if held is None:
                raise Unreadable(
                    "content_elsewhere",
                    "The document's content lies outside of this file; nothing is fetched.",
                )
            if not self._index.first_use("content", self._index.resolve(url)):
                raise Unreadable(
                    "same_document", "An earlier record of this file holds the same document."
                )
            content_type, data = content_type or held["contentType"], held["data"]
        return plain_text(attachment_bytes(attachment, data), content_type)


def _preference(attachment: dict[str, Any]) -> int:
    kind, _ = media_type(word(attachment.get("contentType")))
    return PREFERENCE.index(kind) if kind in PREFERENCE else len(PREFERENCE)


def _narrative(resource: dict[str, Any]) -> str:
    text = resource.get("text")
    div = text.get("div") if isinstance(text, dict) else None
    return narrative_text(div) if isinstance(div, str) else ""


def _composition_text(resource: dict[str, Any]) -> str:
    """Title and sections in their order, each with its heading."""
    blocks = [word(resource.get("title"))]
    if not dicts(resource.get("section")):
        blocks.append(_narrative(resource))
    waiting = [(section, 1) for section in reversed(dicts(resource.get("section")))]
    while waiting:
        section, depth = waiting.pop()
        if depth > _MAX_SECTIONS:
            raise Unreadable("too_deep", "The document's sections are nested too deeply.")
        heading, body = word(section.get("title")), _narrative(section)
        blocks.append("\n".join(part for part in (heading, body) if part))
        waiting += [(inner, depth + 1) for inner in reversed(dicts(section.get("section")))]
    written = [block for block in blocks if block]
    return "\n\n".join(written) if len(written) > bool(blocks[0]) else ""

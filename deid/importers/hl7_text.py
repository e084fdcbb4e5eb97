"""The text of OBX and NTE segments: joined in order, unescaped, decoded."""

import base64
import binascii

from deid.importers.documents import Unreadable, html_text, plain_text
from deid.importers.hl7_messages import Segment

_TEXT_TYPES = ("TX", "FT", "ST")
#: OBX-11 of a result that was deleted, was posted wrongly, or could not be obtained.
_VOID = ("D", "W", "X")
_SUBTYPES = {
    "HTML": "text/html", "XHTML": "application/xhtml+xml", "RTF": "application/rtf",
    "PDF": "application/pdf", "XML": "application/xml", "PLAIN": "text/plain", "TXT": "text/plain",
    "X-HL7-CDA-LEVEL-ONE": "application/xml", "X-HL7-CDA-LEVEL-TWO": "application/xml",
}  # fmt: skip


def joined(segments: list[Segment]) -> tuple[str, bool]:
    """(text, whether any of it is prose) of the OBX and NTE segments of one document.

    Raises ``Unreadable`` for an embedded document that cannot be read.
    """
    parts, is_prose = [], False
    for segment in _in_order(segments):
        if segment.name == "NTE":
            parts += [segment.text(r) for r in segment.repetitions(3)]
        elif segment.component(11, 1) in _VOID:
            continue
        elif segment.component(2, 1) in _TEXT_TYPES:
            found = _lines(segment)
            is_prose = is_prose or bool(found.strip())
            parts.append(found)
        elif segment.component(2, 1) == "ED":
            parts.append(_embedded(segment))
            is_prose = True
        else:
            parts.append(_coded(segment))
    return "\n".join(part for part in parts if part.strip()), is_prose


def _in_order(segments: list[Segment]) -> list[Segment]:
    """By OBX-1 where every OBX has a number of its own; an NTE stays behind its OBX."""
    blocks: list[list[Segment]] = []
    for segment in segments:
        if segment.name == "OBX" or not blocks:
            blocks.append([])
        blocks[-1].append(segment)
    numbers = [b[0].component(1, 1) for b in blocks if b[0].name == "OBX"]
    if all(n.isdecimal() for n in numbers) and len({int(n) for n in numbers}) == len(numbers):
        blocks.sort(key=lambda b: int(b[0].component(1, 1)) if b[0].name == "OBX" else -1)
    return [segment for block in blocks for segment in block]


def _lines(segment: Segment) -> str:
    """TX, FT and ST: repetitions are lines. Components are no part of them: a caret stays."""
    return "\n".join(segment.text(r) for r in segment.field(5).split(segment.by.repetition))


def _coded(segment: Segment) -> str:
    """A measured or coded value with its name and unit."""
    name = segment.component(3, 2) or segment.component(3, 1)
    values = [s for r in segment.repetitions(5) if (s := " ".join(filter(None, segment.split(r))))]
    shown = " ".join(filter(None, [", ".join(values), segment.component(6, 1)]))
    return f"{name}: {shown}" if values else ""


def _embedded(segment: Segment) -> str:
    """ED: application ^ type ^ subtype ^ encoding ^ data."""
    parts = segment.field(5).split(segment.by.component)
    kind, subtype, encoding = [segment.text(p) for p in (*parts[1:4], "", "", "")][:3]
    data = parts[4] if len(parts) > 4 else ""
    if not data.strip():
        raise Unreadable("no_content", "The embedded document has no content.")
    content_type = _SUBTYPES.get(subtype.upper(), "")
    if encoding.upper() in ("A", ""):
        text = segment.text(data)
        return html_text(text) if content_type == "text/html" else text
    content = _decoded(encoding, "".join(data.split()))
    if not content_type and kind.upper() in ("IM", "IMAGE", "AU", "AUDIO", "VIDEO"):
        raise Unreadable("content_type", "The embedded document is a picture or a sound.")
    return plain_text(content, content_type)[0]


def _decoded(encoding: str, data: str) -> bytes:
    try:
        if encoding.upper() == "BASE64":
            return base64.b64decode(data, validate=True)
        if encoding.upper() == "HEX":
            return bytes.fromhex(data)
    except (binascii.Error, ValueError):
        raise Unreadable(
            "bad_base64", f"The embedded document's {encoding.upper()} is damaged or cut off."
        ) from None
    raise Unreadable("encoding", "The embedded document's encoding is unknown.")

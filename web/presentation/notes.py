"""Cut a note's text into marked and unmarked pieces, for the note view."""

from collections.abc import Iterable, Mapping
from typing import Any

# code -> (name for people, group that gives colour and shape)
CATEGORIES: dict[str, tuple[str, str]] = {
    "NAME": ("Name", "person"),
    "LOCATION": ("Place smaller than a state", "place"),
    "DATE_AGE": ("Date or age over 89", "time"),
    "PHONE": ("Telephone number", "contact"),
    "FAX": ("Fax number", "contact"),
    "EMAIL": ("E-mail address", "contact"),
    "SSN": ("Social security number", "number"),
    "MRN": ("Medical record number", "number"),
    "HEALTH_PLAN": ("Health plan number", "number"),
    "ACCOUNT": ("Account number", "number"),
    "LICENSE": ("Certificate or licence number", "number"),
    "VEHICLE": ("Vehicle identifier", "thing"),
    "DEVICE": ("Device identifier", "thing"),
    "URL": ("Web address", "contact"),
    "IP": ("IP address", "contact"),
    "BIOMETRIC": ("Biometric identifier", "person"),
    "PHOTO": ("Full-face photograph", "person"),
    "OTHER_ID": ("Other unique identifier", "number"),
}
GROUPS: dict[str, str] = {
    "person": "Person",
    "place": "Place",
    "time": "Date or age",
    "contact": "Contact",
    "number": "Number",
    "thing": "Vehicle or device",
}


def category_name(code: str) -> str:
    return CATEGORIES.get(code, (code.replace("_", " ").capitalize(), "number"))[0]


def category_group(code: str) -> str:
    return CATEGORIES.get(code, ("", "number"))[1]


def _get(span: Any, name: str, default: Any = None) -> Any:
    return span.get(name, default) if isinstance(span, Mapping) else getattr(span, name, default)


def segments(text: str, spans: Iterable[Any]) -> list[dict[str, Any]]:
    """Pieces that join to exactly `text`; a span that overlaps an earlier one is cut short.

    A span has `start` and `end` (characters of `text`, end excluded) and `category`; optional
    `recognizer`, `rule`, `score` and `kind` (`machine`, `leak` or `over`). With `surrogate`, the
    text is a fake and the mark says what stood there: the span's `tag`.
    """
    pieces: list[dict[str, Any]] = []
    position = 0
    for span in sorted(spans, key=lambda item: (_get(item, "start"), -_get(item, "end"))):
        start = max(_get(span, "start"), position)
        end = min(_get(span, "end"), len(text))
        if end <= start:
            continue
        if start > position:
            pieces.append({"text": text[position:start], "span": None})
        pieces.append({"text": text[start:end], "span": _describe(span)})
        position = end
    if position < len(text):
        pieces.append({"text": text[position:], "span": None})
    return pieces


def _describe(span: Any) -> dict[str, str]:
    code = str(_get(span, "category", "OTHER_ID"))
    kind = str(_get(span, "kind", "machine"))
    about = [category_name(code)]
    recognizer, rule, score = (_get(span, key) for key in ("recognizer", "rule", "score"))
    about += [str(part) for part in (recognizer, rule) if part]
    if score is not None:
        about.append(f"score {float(score):.2f}")
    return {
        "category": code,
        "group": category_group(code),
        "kind": kind,
        "about": ", ".join(about),
        "label": str(_get(span, "tag", "")).strip("[]") if _get(span, "surrogate") else "",
    }

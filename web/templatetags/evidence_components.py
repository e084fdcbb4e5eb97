"""The parts where people decide: figures, gates, history, digests, notes, signatures.

Loaded with `{% load components %}`, which takes these in.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from web.presentation import formatting, notes
from web.presentation.states import state_of
from web.presentation.strips import strip

register = template.Library()


@register.inclusion_tag("components/figure.html")
def figure(
    label: str,
    value: Any = None,
    unit: str = "",
    low: Any = None,
    high: Any = None,
    level: str = "95 %",
    n: Any = None,
    of: str = "",
    date: Any = None,
    limit: Any = None,
    direction: str = "at_least",
    state: Any = None,
    decimals: int | None = None,
    url: str = "",
    missing: str = "Not measured yet",
    interval_words: str = "",
) -> dict[str, Any]:
    """A number that can be trusted: unit, interval, sample (`n` `of` "notes"), date, limit."""
    known = state_of(state) if state else None
    drawn = strip(
        *(formatting.as_float(part) for part in (value, low, high, limit)),
        tone=known.tone if known else "idle",
    )
    return {
        "label": label,
        "value": value,
        "unit": unit,
        "low": low,
        "high": high,
        "level": level,
        "n": n,
        "of": of,
        "date": date,
        "limit": limit,
        "state": state,
        "decimals": decimals,
        "limit_words": "at least" if direction == "at_least" else "at most",
        "url": url,
        "missing": missing,
        "strip": drawn,
        "interval_words": interval_words,
    }


@register.inclusion_tag("components/gate_list.html")
def gate_list(gates: Iterable[Any], decimals: int | None = None) -> dict[str, Any]:
    """Gate rows in one frame; each is a dict or a `evidence.gates.GateResult`."""
    return {"gates": list(gates), "decimals": decimals}


@register.inclusion_tag("components/gate_row.html")
def gate_row(gate: Any, decimals: int | None = None) -> dict[str, Any]:
    """PASS, FAIL or MISSING with value, limit, interval, reason and override notice.

    Dict keys: label, status, value, unit, limit, direction, low, high, n, explanation, url?,
    decimals?, override? {by, reason, date, url?}.
    """
    view = gate_view(gate)
    known = state_of(view["status"])
    places = view.get("decimals", decimals)
    drawn = strip(
        *(formatting.as_float(view.get(key)) for key in ("value", "low", "high", "limit")),
        tone=known.tone,
    )
    return {"gate": view, "view": known, "strip": drawn, "decimals": places}


def gate_view(gate: Any) -> dict[str, Any]:
    """The flat dict that the row shows, from a dict or from a result object."""
    if isinstance(gate, Mapping):
        view = dict(gate)
        interval = view.pop("interval", None)
    else:
        rule, interval = gate.gate, gate.interval
        view = {
            "label": rule.label,
            "status": gate.status,
            "value": gate.value,
            "unit": rule.unit,
            "limit": rule.limit,
            "direction": rule.direction,
            "n": gate.n,
            "explanation": gate.explanation,
            "override": getattr(gate, "override", None),
        }
    low, high = interval or (None, None)
    view.setdefault("low", low)
    view.setdefault("high", high)
    view["status"] = str(getattr(view.get("status"), "value", view.get("status"))).lower()
    view["limit_words"] = "at most" if view.get("direction") == "at_most" else "at least"
    return view


@register.inclusion_tag("components/timeline.html")
def timeline(events: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Who did what: [{when, act, actor?, role?, detail?, state?, digest?, url?}]."""
    return {"events": [dict(event, view=state_of(event.get("state", "done"))) for event in events]}


@register.inclusion_tag("components/decision_bar.html", takes_context=True)
def decision_bar(context: template.Context, decision: Mapping[str, Any]) -> dict[str, Any]:
    """The bar that is always in sight, with the act of signing in it.

    {label?, url, digest, digest_label?, meaning, verb ("Approve and sign"), ready?: words,
    choices?: [{value, label, hint?, checked?}], missing?: [words], blocked?: reason why this
    person may not, stale?: {what, url}, reason_label?, reason_required?: True, reason?: words,
    errors?: {password, reason, choice}}.
    The form posts `digest`, `meaning`, `choice`, `reason`, `password`.
    """
    return {
        "decision": decision,
        "missing": list(decision.get("missing") or ()),
        "user": context.get("user"),
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("components/mark_legend.html")
def mark_legend() -> dict[str, Any]:
    """What the marks of the review screen mean: all groups, and what the reviewer marked."""
    return {"groups": notes.GROUPS.items()}


@register.inclusion_tag("components/note_view.html")
def note_view(text: str, spans: Iterable[Any] = (), legend: bool = True) -> dict[str, Any]:
    """A note with its spans marked by shape and colour, lines of at most 80 characters."""
    pieces = notes.segments(text, spans)
    used = {piece["span"]["group"] for piece in pieces if piece["span"]}
    groups = [(key, name) for key, name in notes.GROUPS.items() if key in used]
    return {"pieces": pieces, "groups": groups if legend else []}


@register.simple_tag
def mark(words: str, category: str) -> SafeString:
    """A replaced part outside of its note, marked as it is there."""
    group = notes.category_group(category)
    return format_html('<mark class="span span--{}">{}</mark>', group, words)


@register.inclusion_tag("components/digest.html")
def digest(value: str, kind: str = "", length: int = 12) -> dict[str, Any]:
    """A content hash: short, whole as title, with a button that copies the whole."""
    return {"value": value or "", "short": (value or "")[:length], "kind": kind}

"""What a policy's content says, and how two contents differ. No database, no engine.

A content is the JSON that a policy version keeps: `thresholds`, `terms`, `allow_terms` and whatever
else the engine reads. What is not known here is carried through unchanged.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from deid.categories import CATEGORIES, label
from deid.engine.output_basis import TAGS

Content = Mapping[str, Any]
Term = tuple[str, str]  # text and category
ENGINE_DEFAULT = 0.5  # what the engine takes where a policy states nothing
_LISTED = ("thresholds", "terms", "allow_terms")
# They name a version and say what follows from the other settings: no settings of their own.
_DERIVED = ("id", "version", "profile")
# What is written in place of identifiers, with the profile that follows from it: one setting, since
# not every mixture of two people's choices is an output that exists.
_OUTPUT = ("output", "date_shift", "profile")


def thresholds_of(content: Content) -> dict[str, float]:
    """The threshold that holds for each category."""
    stated = content.get("thresholds") or {}
    default = stated.get("default", ENGINE_DEFAULT)
    return {code: float(stated.get(code, default)) for code in CATEGORIES}


def terms_of(content: Content) -> list[Term]:
    return [(term["text"], term["category"]) for term in content.get("terms") or ()]


def allowed_of(content: Content) -> list[str]:
    return list(content.get("allow_terms") or ())


def tidy(text: str) -> str:
    return " ".join(text.split())


def key_of(text: str) -> str:
    """Two spellings that hide the same have one key."""
    return tidy(text).casefold()


def once(terms: Iterable[Term]) -> list[Term]:
    """Each term once, as it was first written."""
    found: dict[Term, Term] = {}
    for text, category in terms:
        found.setdefault((key_of(text), category), (text, category))
    return list(found.values())


def once_allowed(texts: Iterable[str]) -> list[str]:
    found: dict[str, str] = {}
    for text in texts:
        found.setdefault(key_of(text), text)
    return list(found.values())


def edited(
    content: Content,
    *,
    thresholds: Mapping[str, float],
    terms: Sequence[Term],
    allow_terms: Sequence[str],
) -> dict[str, Any]:
    """The content with these lists in place of its own; everything else is carried through."""
    return {
        **content,
        "thresholds": dict(thresholds),
        "terms": [{"text": text, "category": category} for text, category in once(terms)],
        "allow_terms": once_allowed(allow_terms),
    }


@dataclass(frozen=True)
class Difference:
    """What one content changes against another. Only the two lists of texts may hold names."""

    thresholds: tuple[tuple[str, float, float], ...]  # category, before, after
    terms_added: tuple[Term, ...]
    terms_removed: tuple[Term, ...]
    allow_added: tuple[str, ...]
    allow_removed: tuple[str, ...]
    settings: tuple[tuple[str, str, str], ...]  # name, before, after
    unhidden: int  # removed terms that no other term hides

    @property
    def empty(self) -> bool:
        return not (
            self.thresholds or self.terms_added or self.terms_removed or self.allow_added
            or self.allow_removed or self.settings
        )  # fmt: skip

    @property
    def raised(self) -> tuple[tuple[str, float, float], ...]:
        return tuple(row for row in self.thresholds if row[2] > row[1])

    @property
    def lowers(self) -> bool:
        """Whether less may be hidden than before."""
        return bool(self.raised or self.unhidden or self.allow_added)

    @property
    def needs_reason(self) -> bool:
        return self.lowers or bool(self.settings)

    def summary(self) -> dict[str, Any]:
        """The difference in counts and figures, without any text: for lists, trail and package."""
        return {
            "thresholds": [list(row) for row in self.thresholds],
            "terms_added": _by_category(self.terms_added),
            "terms_removed": _by_category(self.terms_removed),
            "allow_added": len(self.allow_added),
            "allow_removed": len(self.allow_removed),
            "settings": [list(row) for row in self.settings],
            "unhidden": self.unhidden,
        }


def difference(before: Content, after: Content) -> Difference:
    old, new = thresholds_of(before), thresholds_of(after)
    added, removed = _apart(terms_of(before), terms_of(after), lambda t: (key_of(t[0]), t[1]))
    allowed, disallowed = _apart(allowed_of(before), allowed_of(after), key_of)
    still = {key_of(text) for text, _ in terms_of(after)}
    return Difference(
        thresholds=tuple((c, old[c], new[c]) for c in CATEGORIES if old[c] != new[c]),
        terms_added=added,
        terms_removed=removed,
        allow_added=allowed,
        allow_removed=disallowed,
        settings=_settings(before, after),
        unhidden=sum(key_of(text) not in still for text, _ in removed),
    )


def _apart(before: Sequence[Any], after: Sequence[Any], key: Any) -> tuple[Any, Any]:
    """What is only in the second, and what is only in the first."""
    old, new = {key(item): item for item in before}, {key(item): item for item in after}
    return (
        tuple(item for k, item in new.items() if k not in old),
        tuple(item for k, item in old.items() if k not in new),
    )


def _settings(before: Content, after: Content) -> tuple[tuple[str, str, str], ...]:
    names = sorted({*before, *after} - {*_LISTED, *_DERIVED})
    return tuple(
        (name, _shown(before.get(name)), _shown(after.get(name)))
        for name in names
        if before.get(name) != after.get(name)
    )


def _shown(value: Any) -> str:
    """A setting's value in a word; anything longer could hold what nobody has looked at."""
    if value is None:
        return "not stated"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) if isinstance(value, int | float) or _is_code(value) else "changed"


def _is_code(value: Any) -> bool:
    return isinstance(value, str) and len(value) < 40 and value.replace("_", "").isalnum()


def _by_category(terms: Iterable[Term]) -> dict[str, int]:
    return dict(sorted(Counter(category for _, category in terms).items()))


def carried_over(base: Content, changed: Content, current: Content) -> dict[str, Any]:
    """What `changed` does to `base`, done to `current`: both people's changes are kept.

    Where both changed the same threshold or setting, `changed` wins.
    """
    change = difference(base, changed)
    gone = {(key_of(text), category) for text, category in change.terms_removed}
    readable = {key_of(text) for text in change.allow_removed}
    kept = [t for t in terms_of(current) if (key_of(t[0]), t[1]) not in gone]
    allowed = [text for text in allowed_of(current) if key_of(text) not in readable]
    others = {
        name: changed.get(name)
        for name in {*base, *changed} - {*_LISTED, *_DERIVED, *_OUTPUT}
        if base.get(name) != changed.get(name)
    }
    if _output_of(base) != _output_of(changed):
        others |= {name: changed.get(name) for name in _OUTPUT}
    merged = {**current, **others}
    merged = {name: value for name, value in merged.items() if value is not None}
    return edited(
        merged,
        thresholds=_merged_thresholds(base, changed, current),
        terms=[*kept, *change.terms_added],
        allow_terms=[*allowed, *change.allow_added],
    )


def _output_of(content: Content) -> tuple[Any, bool]:
    """The output without its profile, which says nothing of its own; absent fields are tags."""
    return content.get("output", TAGS), bool(content.get("date_shift", False))


def _merged_thresholds(base: Content, changed: Content, current: Content) -> dict[str, float]:
    old, mine, theirs = (dict(c.get("thresholds") or {}) for c in (base, changed, current))
    for name in {*old, *mine}:
        if old.get(name) != mine.get(name):
            if name in mine:
                theirs[name] = mine[name]
            else:
                theirs.pop(name, None)
    return theirs


def change_words(summary: Mapping[str, Any]) -> list[str]:
    """A summary as short phrases, what lowers protection first."""
    found: list[str] = []
    raised = [row for row in summary["thresholds"] if row[2] > row[1]]
    lowered = [row for row in summary["thresholds"] if row[2] < row[1]]
    if raised:
        found.append(f"threshold raised: {_rows(raised)}")
    found += _counted(sum(summary["terms_removed"].values()), "term removed", "terms removed")
    found += _counted(summary["allow_added"], "allow term added", "allow terms added")
    if lowered:
        found.append(f"threshold lowered: {_rows(lowered)}")
    found += _counted(sum(summary["terms_added"].values()), "term added", "terms added")
    found += _counted(summary["allow_removed"], "allow term removed", "allow terms removed")
    found += [f"{name.replace('_', ' ')}: {old} to {new}" for name, old, new in summary["settings"]]
    return found


def _rows(rows: Sequence[Sequence[Any]]) -> str:
    """Thresholds in words; categories that change alike stand together."""
    alike: dict[tuple[float, float], list[str]] = {}
    for code, before, after in rows:
        alike.setdefault((before, after), []).append(code)
    return "; ".join(
        f"{'all categories' if len(codes) == len(CATEGORIES) else ', '.join(map(label, codes))}, "
        f"from {before:g} to {after:g}"
        for (before, after), codes in alike.items()
    )


def _counted(count: int, one: str, many: str) -> list[str]:
    return [f"{count:,} {one if count == 1 else many}"] if count else []

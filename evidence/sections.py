"""Registry of the documentation package's sections.

Each application registers what it can show of a section; governance collects the sections
without importing the applications. What a section requires stands in
``data/documentation_sections.json``; what nobody can show becomes a ``Gap`` that says so.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from evidence.blocks import Block, Chart, Evidence, Figure, Gap, Table, Text

__all__ = [
    "Block", "Chart", "Evidence", "Field", "Figure", "Gap", "Provider", "Registry",
    "RequiredField", "Scope", "Section", "SectionSpec", "Table", "Text", "collect_section",
    "section_ids", "section_provider", "section_spec",
]  # fmt: skip

_DATA = Path(__file__).parent / "data" / "documentation_sections.json"
NO_EVIDENCE = "There is no evidence of this on record in this installation."


@dataclass(frozen=True)
class Scope:
    """What a documentation package is about.

    ``deid_run_id`` is the run that taught the version and ``evaluation_id`` the evaluation that
    the submission froze: later ones of the same project must not lend their facts to an older
    version's package.
    """

    project_id: str
    model_version_id: str
    submission_id: str | None = None
    deid_run_id: str | None = None
    evaluation_id: str | None = None


@dataclass(frozen=True)
class Field:
    """What a provider shows for one field.

    ``key`` names the required field; it may stay empty where the section requires only one
    field of that ``source``. A field that the section does not require (another source and no
    key) is shown after the required ones.
    """

    source: str
    label: str
    blocks: Sequence[Block]
    key: str = ""


@dataclass(frozen=True)
class RequiredField:
    key: str
    source: str
    label: str


@dataclass(frozen=True)
class SectionSpec:
    """A section as the guide requires it: number, id, title, legal basis and fields."""

    number: int
    id: str
    title: str
    basis: str
    fields: tuple[RequiredField, ...]

    def find(self, provided: Field) -> RequiredField | None:
        """The required field that this covers, or None if it is an addition.

        Raises ``ValueError`` for an unknown key, and where the source alone does not tell which
        of several required fields is meant: a guess would hide a gap.
        """
        if provided.key:
            for required in self.fields:
                if required.key == provided.key:
                    return required
            raise ValueError(f"Section {self.id} requires no field with the key {provided.key}.")
        candidates = [r for r in self.fields if r.source == provided.source]
        named = [r for r in candidates if r.label == provided.label]
        if named:
            return named[0]
        if len(candidates) > 1:
            keys = ", ".join(required.key for required in candidates)
            raise ValueError(
                f"Section {self.id} requires several fields of {provided.source}: name one of the "
                f"keys {keys}."
            )
        return candidates[0] if candidates else None


@dataclass(frozen=True)
class CollectedField:
    key: str
    source: str
    label: str
    required: bool
    blocks: tuple[Block, ...]

    def to_dict(self) -> dict[str, Any]:
        return {
            "key": self.key,
            "source": self.source,
            "label": self.label,
            "required": self.required,
            "blocks": [block.to_dict() for block in self.blocks],
        }


@dataclass(frozen=True)
class Section:
    """A section with everything that the providers could show, and its gaps."""

    number: int
    id: str
    title: str
    basis: str
    fields: tuple[CollectedField, ...]

    @property
    def gaps(self) -> tuple[Gap, ...]:
        blocks = (block for collected in self.fields for block in collected.blocks)
        return tuple(block for block in blocks if isinstance(block, Gap))

    @property
    def is_empty(self) -> bool:
        """True if no field shows anything but gaps."""
        blocks = (block for collected in self.fields for block in collected.blocks)
        return all(isinstance(block, Gap) for block in blocks)

    def to_dict(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "id": self.id,
            "title": self.title,
            "basis": self.basis,
            "fields": [collected.to_dict() for collected in self.fields],
        }


Provider = Callable[[Scope], Iterable[Field]]


@cache
def _specs() -> dict[str, SectionSpec]:
    sections = json.loads(_DATA.read_text(encoding="utf-8"))["sections"]
    return {
        section["id"]: SectionSpec(
            number=section["number"],
            id=section["id"],
            title=section["title"],
            basis=section["basis"],
            fields=tuple(RequiredField(**required) for required in section["fields"]),
        )
        for section in sections
    }


def section_ids() -> tuple[str, ...]:
    """The ids of the guide's seven sections, in its order."""
    return tuple(_specs())


def section_spec(section_id: str) -> SectionSpec:
    """What a section requires. Raises ``ValueError`` for an unknown id."""
    try:
        return _specs()[section_id]
    except KeyError:
        known = ", ".join(_specs())
        raise ValueError(f"There is no section {section_id}; there are {known}.") from None


@dataclass
class Registry:
    """Providers by section. Several may add to one section."""

    _providers: dict[str, list[Provider]] = field(default_factory=dict)

    def provider(self, section_id: str) -> Callable[[Provider], Provider]:
        """Decorator that registers ``collect(scope) -> fields`` for a section."""
        section_spec(section_id)

        def register(collect: Provider) -> Provider:
            providers = self._providers.setdefault(section_id, [])
            if collect not in providers:
                providers.append(collect)
            # Sorted by name, because the order of imports must not change a signed document.
            providers.sort(key=_name)
            return collect

        return register

    def collect(self, section_id: str, scope: Scope) -> Section:
        """Asks every provider. A provider's exception passes through: a fault is not a gap."""
        spec = section_spec(section_id)
        shown: dict[str, list[Block]] = {required.key: [] for required in spec.fields}
        additions: list[CollectedField] = []
        for provider in self._providers.get(section_id, []):
            for provided in provider(scope):
                required = spec.find(provided)
                if required is not None:
                    shown[required.key].extend(provided.blocks)
                elif provided.blocks:
                    blocks = tuple(provided.blocks)
                    additions.append(
                        CollectedField("", provided.source, provided.label, False, blocks)
                    )
        fields = [
            CollectedField(
                r.key, r.source, r.label, True, tuple(shown[r.key]) or (Gap(r.label, NO_EVIDENCE),)
            )
            for r in spec.fields
        ]
        return Section(spec.number, spec.id, spec.title, spec.basis, (*fields, *additions))


def _name(provider: Provider) -> str:
    return f"{provider.__module__}.{getattr(provider, '__qualname__', repr(type(provider)))}"


registry = Registry()


def section_provider(section_id: str) -> Callable[[Provider], Provider]:
    """Registers a function of a ``Scope`` as a provider of one section's fields."""
    return registry.provider(section_id)


def collect_section(section_id: str, scope: Scope) -> Section:
    """One section with every required field, whether covered or a gap."""
    return registry.collect(section_id, scope)

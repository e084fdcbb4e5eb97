"""Blocks of which documentation fields are built. Each turns into plain JSON by ``to_dict``."""

from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar


@dataclass(frozen=True)
class _Block:
    type: ClassVar[str]
    beside: ClassVar[tuple[str, ...]] = ()  # what travels with the block and is not printed

    def to_dict(self) -> dict[str, Any]:
        # Tuples become lists, so that a document equals what is read back from its JSON.
        values = {key: value for key, value in asdict(self).items() if key not in self.beside}
        return {"type": self.type} | {key: _listed(value) for key, value in values.items()}


@dataclass(frozen=True)
class Text(_Block):
    """A paragraph of plain text."""

    type: ClassVar[str] = "text"
    body: str


@dataclass(frozen=True)
class Figure(_Block):
    """A figure with its unit, confidence interval, sample size and the digest of its source.

    Without a digest it was read from the installation when the document was made.
    """

    type: ClassVar[str] = "figure"
    label: str
    value: float | int | str
    unit: str = ""
    interval: tuple[float, float] | None = None
    n: int | None = None
    digest: str | None = None


@dataclass(frozen=True)
class Table(_Block):
    """A table; every row has as many cells as the head. `digest` is that of the record from which
    it was taken; without one it was read from the installation when the document was made."""

    type: ClassVar[str] = "table"
    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str | int | float | None, ...], ...]
    digest: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "head", tuple(self.head))
        object.__setattr__(self, "rows", tuple(tuple(row) for row in self.rows))
        if any(len(row) != len(self.head) for row in self.rows):
            raise ValueError("Every row of a table needs as many cells as the head has.")


@dataclass(frozen=True)
class Chart(_Block):
    """A drawing as SVG, with the same figures as a table for whoever cannot see it."""

    type: ClassVar[str] = "chart"
    title: str
    svg: str
    table: Table


@dataclass(frozen=True)
class Evidence(_Block):
    """A record that backs the field: its kind and the digest of its manifest or file.

    `content` are the bytes with that digest, for a record that travels inside the package, and
    `seal` the installation's seal over them, where there is one.
    """

    type: ClassVar[str] = "evidence"
    beside: ClassVar[tuple[str, ...]] = ("content", "seal")
    label: str
    digest: str
    kind: str
    content: bytes | None = field(default=None, repr=False)
    seal: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Gap(_Block):
    """A field for which there is no evidence, and why: an honest "not done" beats a blank."""

    type: ClassVar[str] = "gap"
    field: str
    reason: str


Block = Text | Figure | Table | Chart | Evidence | Gap


def _listed(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return [_listed(item) for item in value]
    if isinstance(value, dict):
        return {key: _listed(item) for key, item in value.items()}
    return value

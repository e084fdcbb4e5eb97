"""From content to HTML: what the pages show and in which order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from cryptography import x509
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from evidence.blocks import Block, Evidence, Figure, Table
from evidence.digests import sha256_hex
from evidence.pki import verify_cms
from evidence.pki.certificates import fingerprint
from governance.package.content import Decision, PackageContent

_HERE = Path(__file__).parent
_MARGIN_TOP = 24
_NOTICE_HEIGHT = 9
_NUM = Markup(' class="num"')


@dataclass(frozen=True)
class _Group:
    kind: str
    blocks: Sequence[Block]


@dataclass(frozen=True)
class _Trace:
    section: int
    label: str
    digest: str


def to_html(content: PackageContent) -> str:
    """Return the whole document as HTML with its style sheet inside."""
    environment = Environment(
        loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    authority = x509.load_pem_x509_certificate(content.ca_certificate_pem)
    notices = len(content.overrides) + content.demonstration
    return environment.get_template("document.html.j2").render(
        c=content,
        css=Markup((_HERE / "document.css").read_text(encoding="utf-8")),  # noqa: S704 (our file)
        top=_MARGIN_TOP + _NOTICE_HEIGHT * max(0, notices - 1),
        generated=words_of_time(content.generated_at),
        status=_status(len(content.expected_signers)),
        gap_count=sum(len(section.gaps) for section in content.sections),
        authority=fingerprint(authority),
        decisions=[_decision_row(d, content.ca_certificate_pem) for d in content.decisions],
        traces=list(_traces(content)),
        grouped=_grouped,
        number=number,
        table=_table,
    )


def _status(signers: int) -> str:
    # The page cannot change once the first person has signed, so it tells the state when printed.
    if not signers:
        return "Nobody was asked to sign"
    noun = "signature" if signers == 1 else "signatures"
    return f"Printed to receive {signers} {noun}; the last page shows them"


def number(value: object) -> str:
    """Write a figure with a thousands separator and four significant digits."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:,.4g}" if abs(value) < 10_000 else f"{value:,.0f}"


def words_of_time(moment: datetime) -> str:
    """Write a time with its day and zone."""
    return f"{moment.astimezone(UTC):%d %B %Y, %H:%M:%S} UTC"


def _grouped(blocks: Iterable[Block]) -> list[_Group]:
    """Put neighbouring blocks of one kind together, so that figures share a table."""
    return [_Group(kind, list(group)) for kind, group in groupby(blocks, lambda b: b.type)]


_DIGEST = re.compile(r"[0-9a-f]{64}")


def _table(table: Table) -> Markup:
    figures = [_is_figures(row[column] for row in table.rows) for column in range(len(table.head))]
    head = Markup("").join(
        Markup('<th scope="col"{}>{}</th>').format(_NUM if numeric else "", cell)
        for cell, numeric in zip(table.head, figures, strict=True)
    )
    rows = Markup("").join(
        Markup("<tr>{}</tr>").format(
            Markup("").join(map(_cell, row, figures))  # one flag a column
        )
        for row in table.rows
    )
    return Markup(
        "<table><caption>{}</caption><thead><tr>{}</tr></thead><tbody>{}</tbody></table>"
    ).format(table.caption, head, rows)


def _is_figures(cells: Iterable[object]) -> bool:
    return all(isinstance(cell, int | float) or cell is None for cell in cells)


def _cell(value: object, numeric: bool) -> Markup:
    if isinstance(value, str) and _DIGEST.fullmatch(value):
        # In two lines: a whole digest is wider than what a table of several columns can spare.
        return Markup("<td><code>{}<br>{}</code></td>").format(value[:32], value[32:])
    text = "\N{EN DASH}" if value is None else number(value)
    return Markup("<td{}>{}</td>").format(_NUM if numeric else "", text)


def _decision_row(decision: Decision, ca_pem: bytes) -> dict[str, Any]:
    report = verify_cms(decision.manifest, decision.cms, ca_pem)
    if not report.valid:
        raise ValueError(
            f"The package was not made: the signature of “{decision.label}” does not hold "
            f"({' '.join(report.problems)})"
        )
    time = f"{report.signed_at:%Y-%m-%d %H:%M:%S}" if report.signed_at else ""
    return {
        "label": decision.label,
        "meaning": report.meaning,
        "name": report.signer_name,
        "role": report.signer_role.replace("_", " "),
        "time": time,
        "digest": sha256_hex(decision.manifest),
    }


def _traces(content: PackageContent) -> Iterable[_Trace]:
    for section in content.sections:
        seen: set[tuple[str, str]] = set()
        for field in section.fields:
            for block in field.blocks:
                if not isinstance(block, Figure | Evidence) or not block.digest:
                    continue
                if (block.label, block.digest) not in seen:
                    seen.add((block.label, block.digest))
                    yield _Trace(section.number, block.label, block.digest)

"""From content to HTML: what the pages show and in which order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from cryptography import x509
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from accounts.roles import role_words
from evidence.blocks import Block, Table
from evidence.dates import moment
from evidence.digests import sha256_hex
from evidence.pki import verify_cms
from evidence.pki.certificates import fingerprint
from governance.package.content import Decision, PackageContent
from governance.package.manifest import EmbeddedFile
from governance.package.records import traces

_HERE = Path(__file__).parent
_MARGIN_TOP = 24
_NOTICE_HEIGHT = 9
# The document that the sections, limits and settings of this application follow.
GUIDE = (
    "the set of requirements that this software ships as data: its sections "
    "(documentation_sections.json), limits (eval_thresholds.json) and training settings"
)
_NUM = Markup(' class="num"')


@dataclass(frozen=True)
class _Group:
    kind: str
    blocks: Sequence[Block]


def to_html(content: PackageContent, files: Sequence[EmbeddedFile]) -> str:
    """Return the whole document as HTML with its style sheet inside; `files` are listed in it."""
    environment = Environment(
        loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    authority = x509.load_pem_x509_certificate(content.ca_certificate_pem)
    notices = len(content.overrides) + content.demonstration
    return environment.get_template("document.html.j2").render(
        c=content,
        css=Markup((_HERE / "document.css").read_text(encoding="utf-8")),  # noqa: S704 (our file)
        top=_MARGIN_TOP + _NOTICE_HEIGHT * max(0, notices - 1),
        generated=moment(content.generated_at),
        status=_status(len(content.expected_signers)),
        gap_count=sum(len(section.gaps) for section in content.sections),
        fingerprint=_spaced(fingerprint(authority)),
        guide=GUIDE,
        decisions=[_decision_row(d, content.ca_certificate_pem) for d in content.decisions],
        traces=traces(content),
        files=[_file_row(item) for item in files],
        grouped=_grouped,
        source=source,
        number=number,
        table=_table,
    )


def _spaced(digest: str) -> str:
    """The fingerprint in the form that openssl prints it, so that the eye can compare."""
    return ":".join(digest[i : i + 2] for i in range(0, len(digest), 2)).upper()


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


def _grouped(blocks: Iterable[Block]) -> list[_Group]:
    """Put neighbouring blocks of one kind together, so that figures share a table."""
    return [_Group(kind, list(group)) for kind, group in groupby(blocks, lambda b: b.type)]


_DIGEST = re.compile(r"[0-9a-f]{64}")


def _table(table: Table, caption: str = "") -> Markup:
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
        '<table class="data"><caption>{}</caption><thead><tr>{}</tr></thead><tbody>{}</tbody>'
        '</table><p class="source">{}</p>'
    ).format(caption or table.caption, head, rows, source(table.digest))


def source(digest: str | None) -> Markup:
    """Where a figure or table was taken from: a sealed record, or the installation as it was."""
    if digest:
        return Markup('Record <code class="digest">{}</code>').format(digest[:12])
    return Markup("Read when this package was built")


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
    time = moment(report.signed_at) if report.signed_at else ""
    return {
        "label": decision.label,
        "meaning": report.meaning,
        "name": report.signer_name,
        "role": role_words(report.signer_role),
        "time": time,
        "digest": sha256_hex(decision.manifest),
    }


def _file_row(item: EmbeddedFile) -> dict[str, Any]:
    return {"name": item.name, "what": item.description, "digest": sha256_hex(item.data)}

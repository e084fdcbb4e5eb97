"""What the package names by a digest: which file inside holds it, or why none does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from evidence.blocks import Block, Chart, Evidence, Figure, Table
from evidence.digests import sha256_hex
from governance.package.content import PackageContent

GRAPH_NAME = "manifests.json"
CA_NAME = "ca.pem"

# What stays outside the file, by kind: a reader is told so beside the digest.
OUTSIDE = {
    "adapter": "The digest covers the tensors of the weights; every load compares it.",
    "answers": "De-identified text of the answers; it stays in the installation.",
    "artefact": "De-identified training text; it stays in the installation.",
    "base_model": "The digest covers weights, architecture and tokenizer; every load compares it.",
    "commitment": "A commitment over a secret salt: what it binds names people or places.",
    "constraints": "The list of exact library versions that came with the software.",
    "policy_version": "A commitment over a secret salt: what it binds names people or places.",
    "tokenizer": "The digest covers the tokenizer's files; every load compares it.",
    "upload": "A commitment over a secret salt to the notes as they came.",
}


@dataclass(frozen=True)
class Record:
    """A record that travels as a file of its own: its bytes, and the seal on them if it has one."""

    name: str
    label: str
    kind: str
    data: bytes
    seal: bytes | None

    @property
    def digest(self) -> str:
        return sha256_hex(self.data)

    @property
    def seal_name(self) -> str:
        return f"{self.name.rpartition('.')[0]}.p7s"


@dataclass(frozen=True)
class Trace:
    """A figure, table or record of a section that names a digest. `file` is the embedded file
    that holds what has it; empty, with the reason, where it stays outside."""

    section: int
    label: str
    digest: str
    file: str
    reason: str = ""


def records_of(content: PackageContent) -> list[Record]:
    """Every record that a section brings along, once, unless the graph of manifests holds it."""
    known = {manifest.digest for manifest in content.manifests}
    known |= {sha256_hex(decision.manifest) for decision in content.decisions}
    known.add(sha256_hex(content.ca_certificate_pem))
    found: list[Record] = []
    for _, block in _blocks(content):
        if not isinstance(block, Evidence) or block.content is None:
            continue
        if sha256_hex(block.content) != block.digest:
            raise ValueError(f"The package was not made: “{block.label}” is not what it names.")
        # A sealed record keeps its seal only as a file of its own.
        if block.digest in known and not block.seal:
            continue
        known.add(block.digest)
        stem = f"{block.kind.replace('_', '-')}-{len(found) + 1:02d}"
        form = "json" if block.content[:1] in (b"{", b"[") else "txt"
        name = f"{stem}.{form}"
        found.append(Record(name, block.label, block.kind, block.content, block.seal))
    return found


def files_by_digest(content: PackageContent) -> dict[str, str]:
    """{digest: name of the embedded file in which whatever has that digest is found}."""
    found = {manifest.digest: GRAPH_NAME for manifest in content.manifests}
    found |= {
        sha256_hex(decision.manifest): f"decision-{number:02d}.json"
        for number, decision in enumerate(content.decisions, start=1)
    }
    found |= {record.digest: record.name for record in records_of(content)}
    found[sha256_hex(content.ca_certificate_pem)] = CA_NAME
    return found


def traces(content: PackageContent) -> list[Trace]:
    """Every digest that a section names, with the file that holds it or why none does.

    Raises ValueError for one of which neither is known: a digest that leads nowhere proves
    nothing.
    """
    files, found = files_by_digest(content), []
    seen: set[tuple[int, str, str]] = set()
    for section, block in _blocks(content):
        label, digest = _named(block)
        if not digest or (section, label, digest) in seen:
            continue
        seen.add((section, label, digest))
        file = files.get(digest, "")
        reason = "" if file else _reason(label, digest, content.leaves)
        found.append(Trace(section, label, digest, file, reason))
    return found


def _reason(label: str, digest: str, leaves: Mapping[str, str]) -> str:
    kind = leaves.get(digest, "")
    if kind not in OUTSIDE:
        raise ValueError(f"The package was not made: nothing in it has the digest of “{label}”.")
    return OUTSIDE[kind]


def _named(block: Block) -> tuple[str, str]:
    """What a block is called and the digest that it names, if any."""
    if isinstance(block, Figure | Evidence):
        return block.label, block.digest or ""
    if isinstance(block, Table):
        return block.caption, block.digest or ""
    if isinstance(block, Chart):
        return block.title, block.table.digest or ""
    return "", ""


def _blocks(content: PackageContent) -> Iterator[tuple[int, Block]]:
    for section in content.sections:
        for field in section.fields:
            for block in field.blocks:
                yield section.number, block

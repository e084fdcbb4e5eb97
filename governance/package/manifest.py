"""The package manifest: the digest of every section and of every embedded file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cryptography import x509

from evidence.canonical import canonical_json
from evidence.digests import digest_of, sha256_hex
from evidence.pki.certificates import fingerprint
from governance.package.content import PackageContent
from governance.package.records import CA_NAME, GRAPH_NAME, records_of, traces

FORMAT = "countersign-package/1"
MANIFEST_NAME = "package-manifest.json"
SEAL_NAME = "package-manifest.p7s"
CHECKPOINT_NAME = "audit-checkpoint.json"


@dataclass(frozen=True)
class EmbeddedFile:
    """A file inside the PDF: its name, its bytes, what it is, and one line for readers."""

    name: str
    data: bytes
    kind: str
    description: str


def embedded_files(content: PackageContent) -> list[EmbeddedFile]:
    """Return every file that the package embeds, except the manifest and its seal."""
    files = []
    for number, decision in enumerate(content.decisions, start=1):
        stem = f"decision-{number:02d}"
        files.append(EmbeddedFile(f"{stem}.json", decision.manifest, "decision", decision.label))
        files.append(
            EmbeddedFile(
                f"{stem}.p7s", decision.cms, "decision-signature", f"Signature: {decision.label}"
            )
        )
    for record in records_of(content):
        files.append(EmbeddedFile(record.name, record.data, "record", record.label))
        if record.seal:
            words = f"The installation's seal: {record.label}"
            files.append(EmbeddedFile(record.seal_name, record.seal, "record-seal", words))
    graph = canonical_json([manifest.to_dict() for manifest in content.manifests])
    files.append(EmbeddedFile(GRAPH_NAME, graph, "manifests", "Manifests of the chain of records"))
    files.append(
        EmbeddedFile(
            CHECKPOINT_NAME, content.audit_checkpoint, "audit-checkpoint", "Audit trail checkpoint"
        )
    )
    files.append(
        EmbeddedFile(CA_NAME, content.ca_certificate_pem, "ca", "The installation's authority")
    )
    return files


def build_manifest(content: PackageContent, files: list[EmbeddedFile]) -> bytes:
    """Return the canonical JSON of the package manifest."""
    authority = x509.load_pem_x509_certificate(content.ca_certificate_pem)
    manifest: dict[str, Any] = {
        "format": FORMAT,
        "package": content.package_id,
        "title": content.title,
        "organisation": content.organisation,
        "project": content.project,
        "system_version": content.system_version,
        "generated_at": content.generated_at.isoformat(timespec="seconds"),
        "demonstration": content.demonstration,
        "model": {"version": content.model_version, "digests": dict(content.model_digests)},
        "overrides": list(content.overrides),
        "sections": [
            {
                "id": section.id,
                "title": section.title,
                "sha256": digest_of(section.to_dict()),
                "gaps": len(section.gaps),
            }
            for section in content.sections
        ],
        "attachments": [
            {
                "name": item.name,
                "kind": item.kind,
                "label": item.description,
                "size": len(item.data),
                "sha256": sha256_hex(item.data),
            }
            for item in files
        ],
        # Where what a figure, table or record names by its digest is found in this file.
        "sources": [
            {"label": t.label, "digest": t.digest, "file": t.file}
            for t in traces(content)
            if t.file
        ],
        "leaves": [{"digest": d, "kind": k} for d, k in sorted(content.leaves.items())],
        "expected_signers": [
            {"field": s.field_name, "role": s.role, "label": s.label, "name": s.name}
            for s in content.expected_signers
        ],
        "authority": fingerprint(authority),
    }
    return canonical_json(manifest)

"""Checking a package offline: every signature, every embedded file, every link of the chain."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from cryptography import x509

from evidence.canonical import canonical_json
from evidence.digests import sha256_hex
from evidence.manifests import Manifest
from evidence.pki import SignatureReport, inspect_seal, verify_cms
from evidence.pki.certificates import fingerprint
from evidence.pki.structure import StructureError, load_roots
from evidence.pki.verify import verify_signed_data
from governance.package.findings import Findings, SignedField
from governance.package.manifest import CHECKPOINT_NAME, FORMAT, MANIFEST_NAME, SEAL_NAME
from governance.package.pdf_file import PackageFile, PackageFileError, read_package
from governance.package.records import CA_NAME, GRAPH_NAME


def verify_package(
    data: bytes, trust_pem: bytes | None = None, at: datetime | None = None
) -> Findings:
    """Check a package's bytes. `trust_pem` pins the authority; `at` is the time of checking.

    Without `trust_pem` the authority embedded in the file is used for every check, so the
    findings vouch for integrity only. Never raises for bad input.
    """
    findings = Findings(pinned=trust_pem is not None)
    try:
        package = read_package(data)
        manifest = _read_manifest(package)
        roots = trust_pem or package.embedded[CA_NAME]
        findings.authority = fingerprint(load_roots(roots)[0])
        if trust_pem and (other := _other_authority(package, trust_pem)):
            # One sentence: under the wrong certificate every single signature would fail.
            findings.problems.append(other)
            return findings
        _Checker(findings, package, manifest, roots, at or datetime.now(UTC)).run()
    except (PackageFileError, StructureError) as error:
        findings.problems.append(str(error))
    except Exception:  # hostile input: whatever the altered JSON or ASN.1 led to
        findings.problems.append("The package was altered: its content cannot be read.")
    return findings


def _other_authority(package: PackageFile, trust_pem: bytes) -> str:
    """Why the pinned certificate cannot be this package's; empty where it is."""
    pinned = {fingerprint(root) for root in load_roots(trust_pem)}
    own = fingerprint(load_roots(package.embedded[CA_NAME])[0])
    if own in pinned:
        return ""
    return (
        "The package was made and signed under another authority than the trusted one: its own "
        f"certificate has the SHA-256 fingerprint {own}. Either the certificate given with "
        "--trust is not this installation's, or the package is a forgery."
    )


def _read_manifest(package: PackageFile) -> dict[str, Any]:
    raw = package.embedded.get(MANIFEST_NAME)
    if raw is None or CA_NAME not in package.embedded:
        raise PackageFileError("This PDF is not a Countersign package: it has no manifest.")
    manifest = json.loads(raw)
    if manifest.get("format") != FORMAT or canonical_json(manifest) != raw:
        raise PackageFileError("The package manifest is not in the expected form.")
    return dict(manifest)


class _Checker:
    def __init__(
        self,
        findings: Findings,
        package: PackageFile,
        manifest: dict[str, Any],
        roots: bytes,
        at: datetime,
    ) -> None:
        self.findings = findings
        self.package = package
        self.manifest = manifest
        self.roots = roots
        self.at = at
        self.problems = findings.problems

    def run(self) -> None:
        self._describe()
        self._check_manifest_seal()
        self._check_attachments()
        self._check_decisions()
        self._check_records()
        self._check_sources()
        self._check_graph()
        self._check_checkpoint()
        self._check_signatures()
        self._check_signers()

    def _describe(self) -> None:
        self.findings.package = self.manifest["package"]
        self.findings.title = self.manifest["title"]
        self.findings.demonstration = self.manifest["demonstration"]
        self.findings.overrides = list(self.manifest["overrides"])

    def _check_manifest_seal(self) -> None:
        seal = self.package.embedded.get(SEAL_NAME, b"")
        raw = self.package.embedded[MANIFEST_NAME]
        self._add("The seal on the package manifest", inspect_seal(raw, seal, self.roots, self.at))
        embedded = x509.load_pem_x509_certificate(self.package.embedded[CA_NAME])
        if fingerprint(embedded) != self.manifest["authority"]:
            self.problems.append("The embedded authority is not the one the manifest names.")

    def _check_attachments(self) -> None:
        listed = {item["name"]: item["sha256"] for item in self.manifest["attachments"]}
        present = set(self.package.embedded) - {MANIFEST_NAME, SEAL_NAME}
        for name in sorted(set(listed) - present):
            self.problems.append(f"The embedded file {name} is missing.")
        for name in sorted(present - set(listed)):
            self.problems.append(f"The embedded file {name} is not in the package manifest.")
        for name in sorted(present & set(listed)):
            if sha256_hex(self.package.embedded[name]) != listed[name]:
                self.problems.append(f"The embedded file {name} was changed.")

    def _check_decisions(self) -> None:
        for item in self.manifest["attachments"]:
            if item["kind"] != "decision":
                continue
            name = item["name"]
            signature = self.package.embedded.get(name.replace(".json", ".p7s"), b"")
            data = self.package.embedded.get(name, b"")
            report = verify_cms(data, signature, self.roots, self.at)
            self.findings.decisions.append(SignedField(item["label"], report))
            self._add(f"The signed record “{item['label']}”", report)

    def _check_records(self) -> None:
        """The installation's seal on each sealed record, a receipt of a deployment for instance."""
        for item in self.manifest["attachments"]:
            if item["kind"] != "record-seal":
                continue
            sealed = _sealed_by(item["name"], self.package.embedded)
            report = inspect_seal(sealed, self.package.embedded[item["name"]], self.roots, self.at)
            self._add(f"“{item['label']}”", report)

    def _check_sources(self) -> None:
        """What a figure names by a digest must be in the file that the manifest says."""
        graph = json.loads(self.package.embedded[GRAPH_NAME])
        inside = {sha256_hex(canonical_json(manifest)) for manifest in graph}
        for source in self.manifest["sources"]:
            data = self.package.embedded.get(source["file"], b"")
            found = inside if source["file"] == GRAPH_NAME else {sha256_hex(data)}
            if source["digest"] not in found:
                self.problems.append(f"The record of “{source['label']}” is not in the package.")

    def _check_graph(self) -> None:
        manifests = [
            Manifest.from_dict(item) for item in json.loads(self.package.embedded[GRAPH_NAME])
        ]
        known = {manifest.digest for manifest in manifests}
        known |= {leaf["digest"] for leaf in self.manifest["leaves"]}
        for item in self.manifest["attachments"]:
            if item["kind"] == "decision":
                decision = json.loads(self.package.embedded[item["name"]])
                manifests.append(Manifest.from_dict(decision))
        for manifest in manifests:
            for parent in manifest.parents:
                if parent.digest not in known:
                    self.problems.append(
                        f"The {parent.kind.replace('_', ' ')} that the "
                        f"{manifest.kind.replace('_', ' ')} {manifest.subject} was made from "
                        "is not in the package."
                    )

    def _check_checkpoint(self) -> None:
        checkpoint = json.loads(self.package.embedded[CHECKPOINT_NAME])
        statement = canonical_json(checkpoint["statement"])
        seal = bytes.fromhex(checkpoint["seal"])
        report = inspect_seal(statement, seal, self.roots, self.at)
        self._add("The seal on the audit checkpoint", report)

    def _check_signatures(self) -> None:
        for item in self.package.signatures:
            report = verify_signed_data(item.signed, item.digest, self.roots, self.at)
            self.findings.signatures.append(SignedField(item.field_name, report))
            for problem in item.problems:
                self.problems.append(f"The signature in {item.field_name}: {problem}")
            self._add(f"The signature in {item.field_name}", report)

    def _check_signers(self) -> None:
        found = {item.where: item.report for item in self.findings.signatures}
        expected = {item["field"]: item for item in self.manifest["expected_signers"]}
        for name in sorted((self.package.fields | set(found)) - set(expected)):
            self.problems.append(f"The field {name} is not one that the package asked for.")
        for name, signer in expected.items():
            report = found.get(name)
            who = f"{signer['label']}" + (f" ({signer['name']})" if signer["name"] else "")
            if name not in self.package.fields:
                self.problems.append(f"The signature field for the {who} is missing.")
            elif report is None:
                self.findings.waiting_for.append(who)
            elif report.signer_role != signer["role"]:
                self.problems.append(
                    f"The field of the {who} was signed in the role {report.signer_role}."
                )
            elif signer["name"] and report.signer_name != signer["name"]:
                self.problems.append(f"The field of the {who} was signed by somebody else.")

    def _add(self, what: str, report: SignatureReport) -> None:
        for problem in report.problems:
            self.problems.append(f"{what}: {problem}")


def _sealed_by(seal_name: str, embedded: dict[str, bytes]) -> bytes:
    stem = seal_name.rpartition(".")[0]
    return next((embedded[n] for n in (f"{stem}.json", f"{stem}.txt") if n in embedded), b"")

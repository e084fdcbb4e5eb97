"""What goes into a documentation package: sections, chain, signatures, checkpoint, notices."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings

from accounts.errors import ServiceError
from accounts.models import Signature
from accounts.roles import ROLE_LABELS, Role
from audit.seals import checkpoint
from evidence.canonical import canonical_json
from evidence.dates import day
from evidence.gates import Gate
from evidence.manifests import Manifest, Parent
from evidence.sections import Evidence, Section
from governance.lineage import Link, chain_of, frozen_overrides, holes_of
from governance.models import Decision, Override, Package, PackageSignature, Submission
from governance.package.content import Decision as SignedRecord
from governance.package.content import ExpectedSigner, PackageContent
from vault.keys import authority

# What is known by its digest alone: tensors, configurations, and commitments to what must not
# leave the database.
LEAF_KINDS = frozenset({"base_model", "policy_version", "training_config"})
# The seat of a decision -> (field of the PDF, words). Each decider signs the finished file.
FIELDS = {
    Decision.Seat.CLINICAL: "clinician",
    Decision.Seat.COMPLIANCE: "compliance-officer",
}


def content_of(package: Package, sections: Sequence[Section], at: datetime) -> PackageContent:
    """Everything that is printed and embedded, as it stands at this moment."""
    submission = package.submission
    version = submission.model_version
    links = chain_of(submission)
    return PackageContent(
        package_id=str(package.pk),
        title=f"Documentation package {package.number}",
        organisation=settings.ORGANISATION,
        project=package.project.name,
        generated_at=at,
        demonstration=settings.DEMO,
        model_version=f"version {version.number}",
        model_digests={
            "version": version.digest,
            "adapter": version.adapter_digest,
            "base model": version.base_digest,
            "tokenizer": version.tokenizer_digest,
            "dataset": version.training_run.dataset.digest,
            "configuration": version.training_run.config_digest,
        },
        sections=sections,
        decisions=[_signed_record(link.signature) for link in links if link.signature],
        manifests=[Manifest.from_dict(link.manifest) for link in links if link.manifest],
        leaves=leaves_of(links, sections),
        audit_checkpoint=canonical_json(checkpoint()),
        expected_signers=[
            ExpectedSigner(slot.field, slot.role, slot.expected.full_name, _role_label(slot.role))
            for slot in expected_slots(package)
        ],
        ca_certificate_pem=authority().ca_certificate_pem,
        overrides=override_notices(submission),
        system_version=settings.VERSION,
    )


def leaves_of(links: Sequence[Link], sections: Sequence[Section]) -> dict[str, str]:
    """{digest: kind} of everything that is named in the package and has no manifest in it.

    Raises when a parent is missing that must have one: a chain with a hole proves nothing.
    """
    leaves = {link.digest: link.kind for link in links if not link.manifest}
    for label, kind, digest in holes_of(links):
        if kind not in LEAF_KINDS:
            raise ServiceError(
                f"The chain has a hole: {label} was made from a record of the kind {kind} that is "
                "not on file. Nothing was built.",
                code="chain-hole",
            )
        leaves[digest] = kind
    known = {link.digest for link in links if link.manifest}
    # What a section brings along travels as a file of its own.
    for section in sections:
        for block in (block for field in section.fields for block in field.blocks):
            if isinstance(block, Evidence) and not block.content and block.digest not in known:
                leaves.setdefault(block.digest, block.kind)
    return leaves


def expected_slots(package: Package) -> list[PackageSignature]:
    """Who signs the finished file: the clinician and the compliance officer who decided."""
    decisions = package.submission.decisions.select_related("decided_by", "signature")
    return [
        PackageSignature(
            package=package,
            field=FIELDS[Decision.Seat(decision.seat)],
            role=decision.signature.signer_role,
            expected=decision.decided_by,
        )
        for decision in sorted(decisions, key=lambda decision: decision.seat)
    ]


def override_notices(submission: Submission) -> list[str]:
    """The sentences that stand on every page of the version's package."""
    overrides = frozen_overrides(submission)
    gates = {gate["gate"]["id"]: gate for gate in submission.evaluation.gates}
    return [_notice(override, gates[override.gate_id]) for override in overrides]


def _notice(override: Override, result: dict[str, Any]) -> str:
    gate = Gate(**result["gate"])
    value = "not measured" if result["value"] is None else f"{result['value']:.4g} {gate.unit}"
    signature = override.signature
    return (
        f"The gate {gate.label} reads {result['status'].upper()} ({value.strip()}, limit: "
        f"{gate.limit_words}) and was overridden by {signature.signer_name}, "
        f"{_role_label(signature.signer_role).lower()}, on {day(signature.signed_at)}: "
        f"{override.reason}"
    )


def _signed_record(signature: Signature) -> SignedRecord:
    label = f"{_record_words(signature)}, {signature.signer_name}"
    return SignedRecord(label, bytes(signature.manifest), bytes(signature.cms))


def _record_words(signature: Signature) -> str:
    """What was signed, told apart from its like: which gate, which round, which decision."""
    body = json.loads(bytes(signature.manifest))["body"]
    if signature.kind == "gate_override":
        return f"Override of the gate {body['gate']['gate']['label']}"
    if signature.kind == "qa_sample":
        return f"Sign-off of review round {body['round']}"
    if signature.kind == "expert_determination":
        return f"Expert Determination {body['number']} of {body['expert']}, kept"
    if signature.kind == "attestation":
        return f"Attestation of no actual knowledge for run {body['run']}"
    return f"Decision on the version: {signature.meaning.lower()}"


def _role_label(role: str) -> str:
    return ROLE_LABELS[Role(role)]


def package_manifest(package: Package, content: PackageContent, file_digest: str) -> Manifest:
    """The package's own place in the chain: what the file says, and what is not in it."""
    submission = package.submission
    signatures = submission.decisions.values_list("signature__manifest_digest", flat=True)
    return Manifest(
        kind="documentation_package",
        subject=str(package.pk),
        created_at=content.generated_at.isoformat(),
        body={
            "number": package.number,
            "file": file_digest,
            "demonstration": content.demonstration,
            "deployed": is_deployed(content.sections),
            "overrides": list(content.overrides),
            "sections": [_section_summary(section) for section in content.sections],
            "signers": [s.field_name for s in content.expected_signers],
            "signed_records": len(content.decisions),
            "manifests": len(content.manifests),
        },
        parents=(
            Parent("submission", submission.digest),
            Parent("model_version", submission.model_version.digest),
            *(Parent("decision", digest) for digest in signatures),
        ),
    )


def is_deployed(sections: Sequence[Section]) -> bool:
    """Whether any section shows a receipt of the version's deployment."""
    blocks = (block for section in sections for f in section.fields for block in f.blocks)
    return any(isinstance(b, Evidence) and b.kind.startswith("deployment") for b in blocks)


def _section_summary(section: Section) -> dict[str, Any]:
    return {
        "id": section.id,
        "number": section.number,
        "title": section.title,
        "fields": len(section.fields),
        "gaps": [{"field": gap.field, "reason": gap.reason} for gap in section.gaps],
    }

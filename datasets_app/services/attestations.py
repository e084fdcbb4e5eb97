"""The compliance officer's statement of no actual knowledge, 45 CFR 164.514(b)(2)(ii).

A run with surrogates and shifted dates is released under an Expert Determination, (b)(1), instead;
the same statement is then made over that determination too.
"""

from __future__ import annotations

from django.db import transaction

from accounts.errors import WrongState
from accounts.models import User
from accounts.roles import Permission
from accounts.signing import sign_manifest
from audit.services import record
from datasets_app.models import Attestation
from datasets_app.services.parents import expert_parents
from deid.engine.output_basis import basis_of as output_of
from deid.models import Run, Sample
from deid.selectors.bound import bound_scope
from deid.selectors.release import flag_counts
from deid.services.duties import require_not_operator
from deid.services.release import require_release
from evidence.manifests import Manifest, Parent
from projects.permissions import require

NO_ACTUAL_KNOWLEDGE = "45 CFR 164.514(b)(2)(ii)"
STATEMENT = (
    "I have no actual knowledge that what remains in these notes could be used, by itself or "
    "together with other information, to identify a person whom the notes are about."
)


def basis_of(run: Run) -> str:
    """The part of the law on which the run's release rests."""
    basis = output_of(run.policy.content)
    return basis.citation if basis.needs_expert else NO_ACTUAL_KNOWLEDGE


def signed_sample(run: Run) -> Sample:
    """The signed-off round of a run. Raises WrongState where there is none."""
    sample = (
        run.samples.filter(state=Sample.State.SIGNED_OFF).select_related("run", "signature").first()
    )
    if sample is None or run.state != Run.State.SIGNED_OFF:
        raise WrongState(
            "This run has no signed-off review, so nothing can be attested or taught from it. "
            "Nothing was changed; finish its review first."
        )
    return sample


def attestation_manifest(run: Run) -> Manifest:
    """What the officer signs: the statement, over the digests of the run and of its review."""
    sample = signed_sample(run)
    # Both are there by the sample's state; the database holds it to the signature.
    assert sample.signature is not None
    assert sample.result is not None
    return Manifest(
        kind="attestation",
        subject=str(run.pk),
        created_at=sample.signature.signed_at.isoformat(),
        body={
            "statement": STATEMENT,
            "basis": basis_of(run),
            "run": run.number,
            "notes": run.note_count,
            "patients": run.patient_count,
            "round": sample.round,
            "upper": sample.result["upper"],
            "limit": sample.limit,
            "confidence": sample.confidence,
            **bound_scope(sample).to_dict(),
            "passages": flag_counts(run).to_dict(),
        },
        parents=(
            Parent("deid_run", run.digest),
            Parent("qa_sample", sample.digest),
            *expert_parents(run),
        ),
    )


@transaction.atomic
def attest(*, run: Run, actor: User, password: str, shown_digest: str) -> Attestation:
    """Sign the statement for one signed-off run."""
    role = require(actor, run.project, Permission.ATTEST)
    require_not_operator(actor, run, act="attest it")
    # Locked before it is judged: a run is attested once.
    run = (
        Run.objects.select_for_update(of=("self",))
        .select_related("project", "policy")
        .get(pk=run.pk)
    )
    sample = signed_sample(run)
    if Attestation.objects.filter(run=run).exists():
        raise WrongState("This run is attested already. Nothing was signed again.")
    require_release(run, kept="Nothing was signed.")
    signature = sign_manifest(
        actor=actor,
        project_id=run.project_id,
        password=password,
        role=role,
        meaning=f"Attested: no actual knowledge ({basis_of(run)})",
        manifest=attestation_manifest(run),
        shown_digest=shown_digest,
    )
    attestation = Attestation.objects.create(
        run=run, sample=sample, signature=signature, attested_by=actor
    )
    record(
        "dataset.attest",
        actor=actor,
        action="C",
        project_id=run.project_id,
        subject=attestation,
        details={"run": str(run.pk), "digest": signature.manifest_digest},
    )
    return attestation

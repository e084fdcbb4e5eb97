"""The chain behind a submission: a walk over the parents of manifests, back to the import."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from accounts.models import Signature
from datasets_app.models import DatasetVersion, GoldSet
from deid.models import ImportBatch, PolicyVersion, Run, Sample
from deid.services.results import sign_off_manifest
from governance.models import Override, Submission
from projects.models import Project
from training.models import BaseModel, Evaluation, ModelVersion, TrainingRun


@dataclass(frozen=True)
class Link:
    """One artefact of the chain. `manifest` is None for what is known by its digest alone:
    commitments, configurations and tensors. `signature` is of whoever signed it."""

    kind: str
    label: str
    digest: str
    manifest: dict[str, Any] | None = None
    signature: Signature | None = None


Find = Callable[[Project, list[str]], Iterable[Link]]


def chain_of(submission: Submission) -> list[Link]:
    """Every artefact from the imports to the decisions, each once, in the order of the chain.

    Review rounds that failed, or whose run was never taught, are no parents of anything; they are
    in the chain all the same.
    A parent that is not on file is left out here: see `holes_of`.
    """
    found: dict[str, Link] = {}
    waiting = [
        _submission(submission),
        *(_signed("decision", d.signature) for d in _decisions(submission)),
    ]
    while waiting:
        found.update({link.digest: link for link in waiting})
        waiting = list(_parents(submission.project, waiting, found))
        if not waiting:
            waiting = [r for r in _other_rounds(found.values()) if r.digest not in found]
    return sorted(found.values(), key=lambda link: ORDER.index(link.kind))


def holes_of(links: Iterable[Link]) -> list[tuple[str, str, str]]:
    """(label of the child, kind, digest) of each parent that is named and not among the links."""
    links = list(links)
    known = {link.digest for link in links}
    return [
        (link.label, parent["kind"], parent["digest"])
        for link in links
        for parent in (link.manifest or {}).get("parents", ())
        if parent["digest"] not in known
    ]


def _parents(project: Project, links: Iterable[Link], found: dict[str, Link]) -> Iterator[Link]:
    wanted: dict[str, list[str]] = {}
    for link in links:
        for parent in (link.manifest or {}).get("parents", ()):
            if parent["digest"] not in found:
                wanted.setdefault(parent["kind"], []).append(parent["digest"])
    for kind, digests in wanted.items():
        if kind in FINDERS:
            yield from FINDERS[kind](project, digests)


def _decisions(submission: Submission) -> Any:
    return submission.decisions.select_related("signature")


def _submission(submission: Submission) -> Link:
    return Link(
        "submission", f"Submission {submission.number}", submission.digest, submission.manifest
    )


_SIGNED_WORDS = {
    "attestation": "Attestation of no actual knowledge",
    "decision": "Decision",
    "expert_determination": "Expert Determination",
    "gate_override": "Override of a failed gate",
}


def _signed(kind: str, signature: Signature) -> Link:
    return Link(
        kind,
        f"{_SIGNED_WORDS[kind]}, {signature.signer_name}",
        signature.manifest_digest,
        json.loads(bytes(signature.manifest)),
        signature,
    )


def _signed_of(kind: str) -> Find:
    def find(project: Project, digests: list[str]) -> Iterable[Link]:
        signatures = Signature.objects.filter(kind=kind, manifest_digest__in=digests)
        return [_signed(kind, signature) for signature in signatures]

    return find


def _submissions(project: Project, digests: list[str]) -> Iterable[Link]:
    found = Submission.objects.filter(project=project, digest__in=digests)
    return [_submission(submission) for submission in found]


def _evaluations(project: Project, digests: list[str]) -> Iterable[Link]:
    for made in Evaluation.objects.filter(project=project, digest__in=digests):
        yield Link("evaluation", f"Evaluation {made.number}", made.digest, made.manifest)


def _versions(project: Project, digests: list[str]) -> Iterable[Link]:
    for made in ModelVersion.objects.filter(project=project, digest__in=digests):
        yield Link("model_version", f"Model version {made.number}", made.digest, made.manifest)


def _bases(project: Project, digests: list[str]) -> Iterable[Link]:
    for base in BaseModel.objects.filter(tensor_digest__in=digests):
        yield Link("base_model", f"Base model {base.name}", base.tensor_digest)


def _configurations(project: Project, digests: list[str]) -> Iterable[Link]:
    for run in TrainingRun.objects.filter(project=project, config_digest__in=digests):
        label = f"Configuration of training run {run.number}"
        yield Link("training_config", label, run.config_digest)


def _datasets(project: Project, digests: list[str]) -> Iterable[Link]:
    for made in DatasetVersion.objects.filter(project=project, digest__in=digests):
        yield Link("dataset", f"Dataset {made.number}", made.digest, made.manifest)


def _gold_sets(project: Project, digests: list[str]) -> Iterable[Link]:
    for made in GoldSet.objects.filter(project=project, digest__in=digests):
        yield Link("gold_set", f"Gold set {made.number}", made.digest, made.manifest)


def _samples(project: Project, digests: list[str]) -> Iterable[Link]:
    rounds = Sample.objects.filter(run__project=project, digest__in=digests)
    return [_round(sample) for sample in rounds.select_related("run", "signature")]


def _round(sample: Sample) -> Link:
    manifest = sign_off_manifest(sample)
    label = f"Review round {sample.round}: {sample.get_state_display().replace('_', ' ').lower()}"
    if sample.signature:
        # The bytes that were signed, and not what the tables would say today.
        signed = json.loads(bytes(sample.signature.manifest))
        return Link("qa_sample", label, sample.digest, signed, sample.signature)
    return Link("qa_sample", label, manifest.digest, manifest.to_dict())


def _runs(project: Project, digests: list[str]) -> Iterable[Link]:
    for run in Run.objects.filter(project=project, digest__in=digests):
        yield Link("deid_run", f"De-identification run {run.number}", run.digest, run.manifest)


def _policies(project: Project, digests: list[str]) -> Iterable[Link]:
    for policy in PolicyVersion.objects.filter(project=project, commitment__in=digests):
        yield Link("policy_version", f"Policy {policy.number}", policy.commitment)


def _imports(project: Project, digests: list[str]) -> Iterable[Link]:
    for batch in ImportBatch.objects.filter(project=project, digest__in=digests):
        yield Link("import_batch", f"Import {batch.number}", batch.digest, batch.manifest)


def _other_rounds(links: Iterable[Link]) -> Iterator[Link]:
    """Decided rounds up to the newest run of the chain that are no parents of anything in it."""
    runs = Run.objects.filter(digest__in=[link.digest for link in links if link.kind == "deid_run"])
    newest = runs.order_by("-number").first()
    if newest is None:
        return
    rounds = Sample.objects.filter(
        run__project=newest.project_id,
        run__number__lte=newest.number,
        decided_at__isnull=False,
    )
    for sample in rounds.select_related("run", "signature").order_by("round"):
        yield _round(sample)


FINDERS: dict[str, Find] = {
    "attestation": _signed_of("attestation"),
    "base_model": _bases,
    "dataset": _datasets,
    "dataset_version": _datasets,
    "decision": _signed_of("decision"),
    "deid_run": _runs,
    "evaluation": _evaluations,
    "expert_determination": _signed_of("expert_determination"),
    "gate_override": _signed_of("gate_override"),
    "gold_set": _gold_sets,
    "import_batch": _imports,
    "model_version": _versions,
    "policy_version": _policies,
    "qa_sample": _samples,
    "submission": _submissions,
    "training_config": _configurations,
}
ORDER = (
    "import_batch", "policy_version", "deid_run", "qa_sample", "expert_determination",
    "attestation", "gold_set", "dataset", "base_model", "training_config", "model_version",
    "evaluation", "gate_override", "submission", "decision",
)  # fmt: skip


def signatures_of(submission: Submission) -> list[Signature]:
    """Everything that people signed on the way, in order of time."""
    signatures = [link.signature for link in chain_of(submission) if link.signature]
    return sorted(signatures, key=lambda signature: signature.signed_at)


def frozen_overrides(submission: Submission) -> list[Override]:
    """The overrides that the submission was frozen over, whatever was overridden later."""
    frozen = {p["digest"] for p in submission.manifest["parents"] if p["kind"] == "gate_override"}
    found = submission.evaluation.overrides.select_related("signature", "signed_by")
    return [o for o in found if o.signature.manifest_digest in frozen]

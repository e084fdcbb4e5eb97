"""A whole chain up to an evaluated version. What people sign is signed by the real services;
what needs a worker (training, evaluation) is written as rows of the same shape."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from datasets_app.models import DatasetVersion, GoldSet
from datasets_app.services import attest, attestation_manifest, freeze_dataset, freeze_gold_set
from datasets_app.services.gold_sets import pick_gold_notes
from deid.models import PolicyVersion, Run
from deid.services.import_manifest import seal_batch
from deid.services.results import sign_off_manifest
from deid.services.samples import draw_sample, sign_off
from evidence.digests import digest_of, new_salt, sha256_hex
from evidence.gates import Gate, judge
from evidence.manifests import Manifest, Parent
from governance.models import Submission
from governance.services import decide, mark_viewed, override_gate, submit
from governance.services.submissions import SECTIONS
from projects.models import Project
from tests.factories.people import PASSWORD, make_member
from tests.factories.reviews import People, make_notes, make_people, make_run, read_all
from training.models import BaseModel, Evaluation, LossPoint, ModelVersion, TrainingRun
from vault import artefacts

REASON = "Demonstration on a small model; it is not used for patients."


@dataclass
class Chain:
    """Everybody and everything up to an evaluation. `people.ml_admin` trained and evaluated."""

    people: People
    auditor: User
    committee: User
    evaluation: Evaluation

    @property
    def project(self) -> Project:
        return self.people.project

    @property
    def version(self) -> ModelVersion:
        return self.evaluation.model_version


def make_chain(
    *, failed_round: bool = True, rouge: float = 0.2, limit: float | None = 0.4
) -> Chain:
    """Import, (a failed round,) a signed-off run, attestation, gold set, dataset, version 1.

    Its evaluation fails both gates: a small dataset, and ROUGE-L below `limit`; without a limit the
    second one is missing.
    """
    people = make_people(leak_limit=0.5, confidence=0.6)
    project = people.project
    make_notes(project, people.operator, 24)
    for batch in project.imports.all():
        seal_batch(batch, complete=True)
    PolicyVersion.objects.create(
        project=project,
        number=1,
        content={"profile": "safe_harbor_strict", "terms": []},
        salt=new_salt(),
        commitment=sha256_hex(str(project.pk).encode()),
        created_by=people.operator,
    )
    if failed_round:
        sample = draw_sample(run=_sealed_run(people), actor=people.operator, seed=1)
        read_all(sample, people.reviewer, leaks_in=sample.size)
    run = _signed_run(people)
    gold_set, dataset = _frozen(people, run)
    version = make_version(people, dataset)
    return Chain(
        people=people,
        auditor=make_member(project, Role.AUDITOR),
        committee=make_member(project, Role.COMMITTEE),
        evaluation=make_evaluation(people, version, gold_set, rouge=rouge, limit=limit),
    )


def _sealed_run(people: People) -> Run:
    """A finished run with the parents that a real one names."""
    run = make_run(people)
    detectors = {"NAME": {"ner": run.note_count}}
    run.counts = {"NAME": run.note_count}
    manifest = Manifest(
        kind="deid_run",
        subject=str(run.pk),
        created_at=run.finished_at.isoformat(),
        body={
            "number": run.number,
            "notes": run.note_count,
            "operator": str(run.operator_id),
            "counts": run.counts,
            "detectors": detectors,
        },
        parents=(
            *(Parent("import_batch", batch.digest) for batch in people.project.imports.all()),
            Parent("policy_version", run.policy.commitment),
        ),
    )
    run.manifest, run.digest = manifest.to_dict(), manifest.digest
    run.save()
    return run


def _signed_run(people: People) -> Run:
    run = _sealed_run(people)
    sample = read_all(draw_sample(run=run, actor=people.operator, seed=2), people.reviewer)
    sign_off(
        sample=sample,
        actor=people.reviewer,
        password=PASSWORD,
        shown_digest=sign_off_manifest(sample).digest,
    )
    run.refresh_from_db()
    attest(
        run=run,
        actor=people.compliance,
        password=PASSWORD,
        shown_digest=attestation_manifest(run).digest,
    )
    return run


def _frozen(people: People, run: Run) -> tuple[GoldSet, DatasetVersion]:
    project, engineer = people.project, people.operator
    notes = pick_gold_notes(project=project, patients=3, seed=5)
    gold_set = freeze_gold_set(project=project, actor=engineer, note_ids=notes)
    return gold_set, freeze_dataset(project=project, actor=engineer, run=run, seed=7)


def make_base() -> BaseModel:
    base, _ = BaseModel.objects.get_or_create(
        name="Tiny-135M",
        source="test",
        licence="Apache-2.0",
        tensor_digest=sha256_hex(b"base"),
        tokenizer_digest=sha256_hex(b"tokenizer"),
    )
    return base


def make_version(
    people: People,
    dataset: DatasetVersion,
    *,
    continues: ModelVersion | None = None,
    base: BaseModel | None = None,
    adapter_folder: Path | None = None,
    adapter_digest: str = "",
) -> ModelVersion:
    """A registered version with a training run and its loss curve.

    `base`, `adapter_folder` and `adapter_digest` name a real base and adapter, where one is needed.
    """
    project, base = people.project, base or make_base()
    number = project.training_runs.count() + 1
    config = {"rank": 32, "alpha": 64, "learning_rate": 1e-4, "max_steps": 12, "seed": number}
    run = TrainingRun.objects.create(
        project=project,
        number=number,
        dataset=dataset,
        base=base,
        continues=continues,
        config=config,
        config_digest=digest_of(config),
        state="done",
        started_by=people.ml_admin,
        finished_at=timezone.now(),
        seconds=41.5,
        environment={"device": "cpu", "dtype": "float32", "libraries": {"torch": "2.9.1"}},
        result={"steps": 12, "tokens": 6144},
    )
    for step in range(1, 13):
        LossPoint.objects.create(run=run, split="train", step=step, loss=3.0 - 0.08 * step)
    adapter = (
        artefacts.put_folder(adapter_folder) if adapter_folder else _adapter(f"adapter of {run.pk}")
    )
    digest = adapter_digest or adapter
    parents = [
        Parent("dataset", dataset.digest),
        Parent("base_model", base.tensor_digest),
        Parent("training_config", run.config_digest),
        *([Parent("model_version", continues.digest)] if continues else []),
    ]
    manifest = Manifest(
        kind="model_version",
        subject=str(run.pk),
        created_at=timezone.now().isoformat(),
        body={"adapter_digest": digest, "parameters": config, "steps": 12},
        parents=tuple(parents),
    )
    return ModelVersion.objects.create(
        project=project,
        number=project.model_versions.count() + 1,
        training_run=run,
        adapter_artefact=adapter,
        adapter_digest=digest,
        base_digest=base.tensor_digest,
        tokenizer_digest=base.tokenizer_digest,
        manifest=manifest.to_dict(),
        digest=manifest.digest,
    )


def _adapter(content: str) -> str:
    """A folder in the artefact store, as an adapter is; nothing that could be loaded."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "adapter_model.safetensors").write_text(content)
        return artefacts.put_folder(Path(folder))


def make_evaluation(
    people: People,
    version: ModelVersion,
    gold_set: GoldSet,
    *,
    rouge: float = 0.2,
    limit: float | None = 0.4,
    last_item: float | None = None,
    outputs: str = "",
) -> Evaluation:
    """A finished evaluation in the shape that the worker writes; `outputs` may be real answers."""
    items = [
        json.loads(line) for line in artefacts.read_bytes(gold_set.artefact).decode().splitlines()
    ]
    results = _results(items, rouge)
    if last_item is not None:
        results["items"][-1]["rouge_l"] = last_item
    gate = Gate("rouge_l", "ROUGE-L F1 on the gold set", "at_least", limit, "", "the guide")
    figure = results["rouge_l"]
    judged = judge(gate, figure["value"], tuple(figure["interval"]), figure["n"])
    gates = [version.training_run.dataset.gate, judged.to_dict()]
    evaluation = Evaluation(
        project=people.project,
        number=people.project.evaluations.count() + 1,
        model_version=version,
        gold_set=gold_set,
        state="done",
        started_by=people.ml_admin,
        finished_at=timezone.now(),
        results=results,
        gates=gates,
        outputs_artefact=outputs or _answers(items, "candidate"),
        base_outputs_artefact=_answers(items, "base"),
    )
    manifest = Manifest(
        kind="evaluation",
        subject=str(evaluation.pk),
        created_at=timezone.now().isoformat(),
        body={"results": results, "gates": gates},
        parents=(Parent("model_version", version.digest), Parent("gold_set", gold_set.digest)),
    )
    evaluation.manifest, evaluation.digest = manifest.to_dict(), manifest.digest
    evaluation.save()
    return evaluation


def _figure(value: float, n: int) -> dict[str, Any]:
    return {
        "value": value,
        "interval": [value - 0.04, value + 0.04],
        "n": n,
        "patients": n // 2,
        "confidence": 0.95,
        "method": "percentile bootstrap over patients",
    }


def _results(items: list[dict[str, Any]], rouge: float) -> dict[str, Any]:
    n = len(items)
    return {
        "rouge_l": _figure(rouge, n),
        "base_rouge_l": _figure(0.1, n),
        "difference": _figure(rouge - 0.1, n),
        "truncated_prompts": 0,
        "unfinished_answers": 0,
        "items": [
            {"id": item["id"], "rouge_l": round(rouge + 0.01 * place, 4), "base_rouge_l": 0.1}
            for place, item in enumerate(items)
        ],
    }


def _answers(items: list[dict[str, Any]], who: str) -> str:
    rows = [{"id": item["id"], "cluster": item["cluster"], "answer": who} for item in items]
    return artefacts.put_bytes("".join(json.dumps(row) + "\n" for row in rows).encode())


def override_all(chain: Chain, evaluation: Evaluation | None = None) -> None:
    """A compliance officer overrides every gate that did not pass."""
    evaluation = evaluation or chain.evaluation
    for gate in evaluation.gates:
        if gate["status"] != "pass":
            override_gate(
                evaluation=evaluation,
                gate_id=gate["gate"]["id"],
                actor=chain.people.compliance,
                reason=REASON,
                password=PASSWORD,
                shown_digest=evaluation.digest,
            )


def submitted(chain: Chain, evaluation: Evaluation | None = None) -> Submission:
    """Overridden and put before its approvers."""
    evaluation = evaluation or chain.evaluation
    override_all(chain, evaluation)
    return submit(
        project=chain.project,
        actor=chain.people.ml_admin,
        evaluation=evaluation,
        statement="Better than the base model on every gold item.",
    )


def view_all(submission: Submission, actor: User) -> None:
    for section in SECTIONS:
        mark_viewed(submission=submission, actor=actor, section=section)


def decided(
    submission: Submission, actor: User, verdict: str = "approve", reason: str = ""
) -> None:
    view_all(submission, actor)
    decide(
        submission=submission,
        actor=actor,
        verdict=verdict,
        reason=reason,
        password=PASSWORD,
        shown_digest=submission.digest,
    )


def approved(chain: Chain, evaluation: Evaluation | None = None) -> Submission:
    """Approved by a clinician and a compliance officer, each with a signature."""
    submission = submitted(chain, evaluation)
    decided(submission, chain.people.reviewer)
    decided(submission, chain.people.compliance)
    submission.refresh_from_db()
    return submission

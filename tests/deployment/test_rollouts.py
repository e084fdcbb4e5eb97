"""Promote, promote, fail, roll back: real model server, real gateway, real adapters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from django.conf import settings

from audit.models import Entry
from deployment.gateway.snapshot import Snapshot, read_snapshot
from deployment.models import Deployment, Target
from deployment.selectors import seal_holds, served_now
from deployment.services import deploy, issue_key, revoke_key, roll_back
from governance.models import Submission
from jobs import services as job_services
from jobs.models import Job
from jobs.services import run_job
from tests.deployment.conftest import Installation
from tests.deployment.processes import gateway, model_server, short_socket, wait_until
from tests.factories.chain import Chain, approved, make_chain, make_evaluation, make_version
from tests.factories.rollouts import make_target
from tests.training import runs
from tests.training.tiny import write_tiny_base
from training.engine.config import EvaluationConfig
from training.engine.evaluation import evaluate
from training.models import BaseModel
from training.services.bases import ensure_base, folder_of
from vault import artefacts
from vault.keys import authority


@dataclass
class Site:
    """A project with a target, and the processes that serve it."""

    chain: Chain
    installation: Installation
    base: BaseModel
    target: Target
    client: httpx.Client
    key: str

    def version(self, adapter: int, *, answers_of: int = 0, claims: str = "") -> Submission:
        """An approved version with adapter 1 or 2.

        `answers_of`: the adapter whose answers the evaluation keeps. `claims`: a digest that is
        not its adapter's.
        """
        chain, right = self.chain, (self.installation.first, self.installation.second)
        made = make_version(
            chain.people,
            chain.version.training_run.dataset,
            base=self.base,
            adapter_folder=self.installation.adapter(adapter),
            adapter_digest=claims or right[adapter - 1],
        )
        outputs = self._answers(answers_of or adapter)
        gold_set = chain.evaluation.gold_set
        return approved(chain, make_evaluation(chain.people, made, gold_set, outputs=outputs))

    def _answers(self, adapter: int) -> str:
        output = Path(settings.DATA) / f"answers-of-{adapter}.jsonl"
        config = EvaluationConfig(
            base=str(folder_of(self.base)),
            items=str(artefacts.path_of(self.chain.evaluation.gold_set.artefact)),
            output=str(output),
            adapter=str(self.installation.adapter(adapter)),
        )
        runs.last(runs.collect(evaluate, config), "done")
        lines = output.read_text().splitlines(keepends=True)
        return artefacts.put_bytes("".join(lines[1:]).encode())

    def deploy(self, submission: Submission) -> Deployment:
        return self.finish(
            deploy(
                target=self.target,
                model_version=submission.model_version,
                actor=self.chain.people.ml_admin,
            )
        )

    def finish(self, deployment: Deployment) -> Deployment:
        run_job(Job.objects.get(subject_id=deployment.pk).pk)
        deployment.refresh_from_db()
        return deployment

    def answering(self) -> str:
        """Id of the version that answers at the target, as a hospital system sees it."""
        answer = self.client.post(
            "/v1/chat/completions",
            json={
                "model": self.target.alias,
                "messages": [{"role": "user", "content": "patient reports cough"}],
                "max_tokens": 4,
            },
            headers={"Authorization": f"Bearer {self.key}"},
        )
        return answer.headers.get("X-Countersign-Model-Version", str(answer.status_code))

    def snapshot(self) -> Snapshot:
        return read_snapshot(Path(settings.DATA) / "gateway", authority().ca_certificate_pem)


@pytest.fixture
def site(
    fresh_database: str, installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Site]:
    # The rollout is run here, in the code of the worker: nobody waits at the queue.
    monkeypatch.setattr(job_services, "_send", lambda job: None)
    chain = make_chain(failed_round=False)
    base = ensure_base()
    if not folder_of(base).exists():
        write_tiny_base(folder_of(base))
    base.tensor_digest = installation.base_digest
    base.save()
    here = Installation(
        data=Path(settings.DATA),
        authority=authority(),
        certificate=settings.KEYS / "authority" / "authority.pem",
        base_digest=installation.base_digest,
        first=installation.first,
        second=installation.second,
    )
    with short_socket() as path, model_server(here, path), gateway(here, path) as client:
        monkeypatch.setattr(settings, "MODEL_SOCKET", str(path))
        monkeypatch.setattr(settings, "GATEWAY_URL", str(client.base_url))
        target = make_target(chain)
        _, key = issue_key(project=chain.project, actor=chain.people.ml_admin, name="EHR")
        yield Site(chain, installation, base, target, client, key)


def test_promotions_a_failure_and_a_roll_back_through_the_front_door(site: Site) -> None:
    one = site.version(1)
    first = site.deploy(one)
    assert first.state == Deployment.State.LIVE, Job.objects.latest("created_at").error_message
    assert first.receipt is not None
    body = first.receipt["body"]
    assert body["held"]["adapter"] == site.installation.first
    assert [step["step"] for step in body["steps"]] == [
        "load",
        "probe",
        "replay",
        "swap",
        "confirm",
    ]
    assert body["replay"]["prompts"] == 3
    assert seal_holds(first)
    assert site.answering() == str(first.model_version_id)
    assert served_now(first).state == "valid"

    second = site.deploy(site.version(2))
    first.refresh_from_db()
    assert (first.state, second.state) == ("replaced", "live")
    wait_until(lambda: site.answering() == str(second.model_version_id))
    assert [key.integration_id for key in site.snapshot().keys] != ["rollout"]
    assert list(site.snapshot().aliases) == [site.target.alias]

    _refuse_what_answers_otherwise(site, second)

    rollback = site.finish(
        roll_back(
            target=site.target,
            actor=site.chain.people.ml_admin,
            reason="Answers got worse.",
            typed_number=str(one.model_version.number),
        )
    )
    second.refresh_from_db()
    assert (rollback.state, second.state) == ("live", "rolled_back")
    assert rollback.receipt is not None
    assert rollback.receipt["body"]["reason"] == "Answers got worse."
    assert seal_holds(rollback)
    wait_until(lambda: site.answering() == str(one.model_version_id))
    assert Entry.objects.filter(event="model.rollback").exclude(reason="start").count() == 1

    integration = site.chain.project.integrations.get()
    revoke_key(integration=integration, actor=site.chain.people.ml_admin)
    wait_until(lambda: site.answering() == "401")


def _refuse_what_answers_otherwise(site: Site, live: Deployment) -> None:
    """A failed replay and changed weights: the old version goes on, its route unchanged."""
    before = dict(site.snapshot().aliases)
    wrong = (
        (site.version(1, answers_of=2), "replay", "resemble the evaluated ones"),
        (site.version(1, claims=site.installation.second[::-1]), "load", "was not changed."),
    )
    for submission, step, words in wrong:
        failed = site.deploy(submission)
        assert failed.state == Deployment.State.FAILED
        assert failed.receipt is None
        job = Job.objects.get(subject_id=failed.pk)
        assert words in job.error_message
        assert job.phase == step  # before the route was touched
        assert dict(site.snapshot().aliases) == before
        assert site.answering() == str(live.model_version_id)
    reverted = Entry.objects.filter(event="model.deploy", details__reverted=True)
    assert reverted.count() == len(wrong)

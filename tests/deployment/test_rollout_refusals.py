"""What a rollout must notice although everything answers: wrong weights, a wrong version, a swap
that did not arrive, and that it was given up. The gateway is real, the back-end is a record."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from starlette.testclient import TestClient

from deployment.gateway.app import create_app
from deployment.gateway.snapshot import read_snapshot
from deployment.models import Deployment
from deployment.services import deploy, rollout_job, routing
from deployment.services import replay as front_door
from governance.models import Submission
from jobs import services as job_services
from jobs.models import Job
from jobs.services import run_job
from tests.deployment.recorded import RecordedBackend, held
from tests.factories.chain import Chain, approved, make_chain, make_evaluation, make_version
from tests.factories.rollouts import make_live
from vault import artefacts
from vault.keys import authority

pytestmark = pytest.mark.django_db(databases=["default", "trail"])
ANSWER = "Rest and fluids, and a visit in two weeks."


@dataclass
class Site:
    """Version 1 is live; version 2 is approved and says word for word what it was judged by."""

    live: Deployment
    candidate: Submission
    backend: RecordedBackend
    commits: Callable[..., Any]

    def deploy(self) -> Deployment:
        started = deploy(
            target=self.live.target,
            model_version=self.candidate.model_version,
            actor=self.live.started_by,
        )
        with self.commits(execute=True):
            run_job(Job.objects.get(subject_id=started.pk).pk)
        started.refresh_from_db()
        return started

    def routes(self) -> dict[str, str]:
        """Which version the gateway's snapshot names for each alias."""
        folder = Path(settings.DATA) / "gateway"
        snapshot = read_snapshot(folder, authority().ca_certificate_pem)
        return {alias: route.model_version_id for alias, route in snapshot.aliases.items()}

    def assert_unchanged(self) -> None:
        self.live.refresh_from_db()
        assert self.live.state == Deployment.State.LIVE
        assert self.routes() == {self.live.target.alias: str(self.live.model_version_id)}


def answers_of(chain: Chain) -> str:
    items = artefacts.read_bytes(chain.evaluation.gold_set.artefact).decode().splitlines()
    rows = [
        {"id": item["id"], "cluster": item["cluster"], "answer": ANSWER, "truncated": False}
        for item in map(json.loads, items)
    ]
    return artefacts.put_bytes("".join(json.dumps(row) + "\n" for row in rows).encode())


@pytest.fixture
def site(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Callable[..., Any]
) -> Site:
    monkeypatch.setattr(job_services, "_send", lambda job: None)
    chain = make_chain(failed_round=False)
    live = make_live(chain, approved(chain))
    version = make_version(chain.people, chain.version.training_run.dataset)
    gold_set = chain.evaluation.gold_set
    evaluation = make_evaluation(chain.people, version, gold_set, outputs=answers_of(chain))
    adapters = {found.name: found for found in (held(live.model_version), held(version))}
    backend = RecordedBackend(adapters, ANSWER)
    monkeypatch.setattr(rollout_job, "backend_named", lambda name, socket: backend)
    routing.publish()
    app = create_app(
        data=Path(settings.DATA),
        certificate=settings.KEYS / "authority" / "authority.pem",
        backends=lambda name: backend,
    )
    monkeypatch.setattr(front_door, "_client", lambda: TestClient(app))
    return Site(live, approved(chain, evaluation), backend, django_capture_on_commit_callbacks)


def failure_of(deployment: Deployment) -> str:
    assert deployment.state == Deployment.State.FAILED
    assert deployment.receipt is None
    return Job.objects.get(subject_id=deployment.pk).error_message


def test_what_answers_as_it_should_goes_live(site: Site) -> None:
    rolled_out = site.deploy()
    assert rolled_out.state == Deployment.State.LIVE, failure_of(rolled_out)
    assert site.routes() == {site.live.target.alias: str(rolled_out.model_version_id)}


@pytest.mark.parametrize("wrong", ["adapter_digest", "base_digest"])
def test_other_weights_than_the_approved_ones_are_never_asked(site: Site, wrong: str) -> None:
    right = held(site.candidate.model_version)
    site.backend.stated = replace(right, **{wrong: "0" * 64})
    assert "holds other weights" in failure_of(site.deploy())
    assert site.backend.asked == []
    site.assert_unchanged()


def test_the_right_words_of_another_version_do_not_pass(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def mixed_up(*, candidate: Any = None, replay_key: Any = None) -> object:
        routes = dict.fromkeys(candidate or {}, site.live)
        return routing.publish(candidate=routes, replay_key=replay_key)

    monkeypatch.setattr(rollout_job, "publish", mixed_up)
    failed = site.deploy()
    assert "Another version answered" in failure_of(failed)
    assert Job.objects.get(subject_id=failed.pk).phase == "replay"  # before the route was touched
    site.assert_unchanged()


def test_a_swap_that_did_not_reach_the_gateway_is_no_success(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(*, candidate: Any = None, replay_key: Any = None) -> object:
        if site.live.target.alias in (candidate or {}):
            return None
        return routing.publish(candidate=candidate, replay_key=replay_key)

    monkeypatch.setattr(rollout_job, "publish", lost)
    assert "Another version answers under the alias" in failure_of(site.deploy())
    site.assert_unchanged()


def test_a_rollout_that_was_given_up_does_not_go_live_after_all(site: Site) -> None:
    site.backend.at_digest = lambda: Deployment.objects.filter(
        state=Deployment.State.ROLLING
    ).update(state=Deployment.State.FAILED)
    given_up = site.deploy()
    assert (given_up.state, given_up.receipt) == (Deployment.State.FAILED, None)
    site.assert_unchanged()

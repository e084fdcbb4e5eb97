"""The programs' door: the same services, the same refusals."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from governance.models import Package, Submission
from governance.services.packages import KIND
from governance.services.submissions import SECTIONS
from jobs import services
from jobs.models import Job
from tests.factories.chain import REASON, Chain, make_chain
from tests.factories.people import PASSWORD

pytestmark = pytest.mark.django_db(databases=["default", "trail"])


@pytest.fixture(autouse=True)
def _no_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "_send", lambda job: None)


@pytest.fixture
def chain() -> Chain:
    return make_chain(failed_round=False)


class Program:
    """A logged-in client at one project's endpoints."""

    def __init__(self, chain: Chain, user: User) -> None:
        self.base = f"/api/v1/projects/{chain.project.slug}/"
        self.client = APIClient()
        self.client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")

    def get(self, path: str) -> Any:
        return self.client.get(self.base + path)

    def post(self, path: str, expected: int, **body: str) -> Any:
        response = self.client.post(self.base + path, body, format="json")
        assert response.status_code == expected, response.content
        return response.json() if response.content else None


def override(program: Program, chain: Chain, gate: str, expected: int = 201, **more: str) -> Any:
    body = {
        "gate_id": gate,
        "reason": REASON,
        "digest": chain.evaluation.digest,
        "password": PASSWORD,
        **more,
    }
    return program.post(f"evaluations/{chain.evaluation.pk}/overrides/", expected, **body)


def test_the_whole_way_from_the_override_to_the_signed_package(chain: Chain) -> None:
    officer = Program(chain, chain.people.compliance)
    trainer = Program(chain, chain.people.ml_admin)
    clinician = Program(chain, chain.people.reviewer)
    for gate in ("dataset_size", "rouge_l"):
        assert override(officer, chain, gate)["signed_by"] == "Compliance"
    assert officer.get(f"evaluations/{chain.evaluation.pk}/overrides/").json()["count"] == 2
    made = trainer.post("submissions/", 201, evaluation=str(chain.evaluation.pk))
    one = f"submissions/{made['id']}/"
    for program, seat in ((clinician, "clinical"), (officer, "compliance")):
        for section in SECTIONS:
            program.post(f"{one}viewed/", 204, section=section)
        decision = program.post(
            f"{one}decisions/", 201, verdict="approve", digest=made["digest"], password=PASSWORD
        )
        assert (decision["seat"], decision["meaning"]) == (seat, "Approved")
    assert trainer.get(one).json()["state"] == "approved"
    assert trainer.get("submissions/").json()["results"][0]["id"] == made["id"]

    built = officer.post("packages/", 201, submission=made["id"])
    assert built["state"] == "building"
    services.run_job(Job.objects.get(kind=KIND, subject_id=built["id"]).pk)
    package = f"packages/{built['id']}/"
    for program in (officer, clinician):
        digest = program.get(package).json()["artefact"]
        signed = program.post(f"{package}signatures/", 200, digest=digest, password=PASSWORD)
    assert signed["state"] == "complete"
    assert [s["meaning"] for s in signed["signatures"]] == ["Signed the documentation package"] * 2
    assert clinician.get(f"{package}verification/").json()["verdict"] == "valid"
    assert clinician.get(f"{package}file.pdf").content.startswith(b"%PDF")
    assert b"BEGIN CERTIFICATE" in clinician.get("authority.pem").content


def test_refusals_carry_a_code_and_the_same_sentence_as_the_page(chain: Chain) -> None:
    officer = Program(chain, chain.people.compliance)
    trainer = Program(chain, chain.people.ml_admin)
    refused = override(trainer, chain, "rouge_l", 403)
    assert refused["code"] == "not-allowed"
    wrong = override(officer, chain, "rouge_l", 403, password="not the password")
    assert wrong["code"] == "wrong-password"
    assert "not the password" not in str(wrong)
    stale = override(officer, chain, "rouge_l", 409, digest="0" * 64)
    assert stale["code"] == "stale"
    early = trainer.post("submissions/", 409, evaluation=str(chain.evaluation.pk))
    assert "did not pass" in early["detail"]
    assert not Submission.objects.exists()
    assert not Package.objects.exists()


def test_nobody_outside_reaches_an_endpoint(chain: Chain) -> None:
    base = f"/api/v1/projects/{chain.project.slug}/"
    for path in ("submissions/", "packages/", "authority.pem"):
        assert APIClient().get(base + path).status_code == 403
    other = make_chain(failed_round=False)
    member = Program(other, other.people.compliance)
    answer = member.client.get(f"{member.base}evaluations/{chain.evaluation.pk}/overrides/")
    assert answer.status_code == 404
    assert member.client.get(base + "submissions/").status_code == 403

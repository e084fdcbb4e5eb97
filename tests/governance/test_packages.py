"""The package: built by the real job, verified by the real verifier, signed by real people."""

from __future__ import annotations

import json
import re
import subprocess
import uuid
from io import BytesIO
from pathlib import Path

import pytest
from django.utils import timezone
from pyhanko.pdf_utils.reader import PdfFileReader
from pypdf import PdfReader

from accounts.errors import NotAllowed, StaleContent, WrongPassword, WrongState
from accounts.models import User
from audit.models import Entry
from deid.services.samples import draw_sample
from deployment.models import Deployment, Target
from evidence.canonical import canonical_json
from evidence.digests import sha256_hex
from evidence.manifests import Manifest, Parent
from governance import lineage
from governance.lineage import chain_of, holes_of
from governance.models import Package, Submission
from governance.package.records import OUTSIDE
from governance.services import build_package, download_package, retry_package, sign_package
from governance.services.package_content import leaves_of, override_notices
from governance.services.packages import KIND, stored_file
from governance.services.verification import verify_package
from jobs import services
from jobs.models import Job
from tests.factories.chain import (
    REASON,
    Chain,
    approved,
    make_chain,
    make_evaluation,
    submitted,
)
from tests.factories.people import PASSWORD
from tests.factories.reviews import make_run
from vault import artefacts
from vault.keys import authority

pytestmark = pytest.mark.django_db(databases=["default", "trail"])


@pytest.fixture(autouse=True)
def _no_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "_send", lambda job: None)


@pytest.fixture
def chain() -> Chain:
    return make_chain()


@pytest.fixture
def submission(chain: Chain) -> Submission:
    return approved(chain)


def build(chain: Chain, submission: Submission) -> Package:
    """Queue the package and do the job here, in the code of the worker."""
    package = build_package(
        project=chain.project, actor=chain.people.compliance, submission=submission
    )
    services.run_job(Job.objects.get(kind=KIND, subject_id=package.pk).pk)
    package.refresh_from_db()
    job = Job.objects.get(kind=KIND, subject_id=package.pk)
    assert job.state == Job.State.DONE, job.error_message
    return package


def sign(package: Package, actor: User, **changes: str) -> None:
    package.refresh_from_db()
    values = {"password": PASSWORD, "shown_digest": package.artefact, **changes}
    sign_package(package=package, actor=actor, **values)
    package.refresh_from_db()


def test_the_chain_reaches_from_the_decisions_back_to_the_import(
    chain: Chain, submission: Submission
) -> None:
    links = chain_of(submission)
    assert [link.kind for link in links] == [
        "import_batch", "policy_version", "deid_run", "deid_run", "qa_sample", "qa_sample",
        "attestation", "gold_set", "dataset", "base_model", "training_config", "model_version",
        "evaluation", "gate_override", "gate_override", "submission", "decision", "decision",
    ]  # fmt: skip
    assert holes_of(links) == []
    for link in links:
        if link.manifest:
            assert Manifest.from_dict(link.manifest).digest == link.digest
    assert any("failed" in link.label for link in links if link.kind == "qa_sample")


def test_a_chain_with_a_hole_is_not_packed(chain: Chain, submission: Submission) -> None:
    links = [link for link in chain_of(submission) if link.kind != "dataset"]
    with pytest.raises(Exception, match="The chain has a hole"):
        leaves_of(links, [])


def test_it_is_built_signed_by_both_and_verifies(chain: Chain, submission: Submission) -> None:
    package = build(chain, submission)
    assert package.state == Package.State.SIGNING
    assert package.page_count > 5
    waiting = list(package.signatures.values_list("field", "expected", "role"))
    assert waiting == [
        ("clinician", chain.people.reviewer.pk, "reviewer"),
        ("compliance-officer", chain.people.compliance.pk, "compliance"),
    ]
    findings = verify_package(package)
    assert findings.verdict == "incomplete"
    assert len(findings.waiting_for) == 2

    sign(package, chain.people.compliance)
    assert package.state == Package.State.SIGNING
    sign(package, chain.people.reviewer)
    assert package.state == Package.State.COMPLETE
    assert package.artefact != package.built_artefact
    findings = verify_package(package)
    assert findings.verdict == "valid", findings.problems
    assert findings.pinned
    assert len(findings.decisions) == 6  # sign-off, attestation, two overrides, two decisions

    final = stored_file(package)
    assert final.startswith(artefacts.read_bytes(package.built_artefact))
    fields = PdfFileReader(BytesIO(final)).embedded_signatures
    assert [signature.field_name for signature in fields] == ["compliance-officer", "clinician"]

    changed = bytearray(final)
    changed[len(changed) // 2] ^= 1
    artefacts.path_of(package.artefact).write_bytes(bytes(changed))
    with pytest.raises(WrongState, match="not the one that was built"):
        stored_file(package)
    findings = verify_package(package)
    assert findings.verdict == "invalid"
    assert findings.problems


def test_sections_without_evidence_say_so_and_the_failed_gates_stay_failed(
    chain: Chain, submission: Submission
) -> None:
    package = build(chain, submission)
    sections = {section["id"]: section for section in package.manifest["body"]["sections"]}
    assert list(sections) == ["deid", "model", "arch", "access", "audit", "incident", "approval"]
    assert sections["incident"]["gaps"]
    assert "procedure version" in sections["incident"]["gaps"][0]["field"].lower()
    assert package.manifest["body"]["deployed"] is False
    for notice in package.manifest["body"]["overrides"]:
        assert "reads FAIL" in notice
        assert REASON in notice
    assert len(package.manifest["body"]["overrides"]) == 2
    assert package.manifest["body"]["overrides"] == override_notices(submission)
    known = {gap["field"] for gap in (*sections["audit"]["gaps"], *sections["access"]["gaps"])}
    assert {"Result of a redaction test", "Second factor"} <= known
    assert not any("matrix" in field.lower() for field in known)


def test_a_third_person_cannot_sign_and_nobody_signs_twice(
    chain: Chain, submission: Submission
) -> None:
    package = build(chain, submission)
    with pytest.raises(NotAllowed, match="it waits for Reviewer One and Compliance"):
        sign(package, chain.people.other_reviewer)
    with pytest.raises(NotAllowed):
        sign(package, chain.people.ml_admin)
    sign(package, chain.people.reviewer)
    with pytest.raises(WrongState, match="already"):
        sign(package, chain.people.reviewer)
    failures = Entry.objects.using("trail").filter(event="sign.fail", reason="not-expected")
    assert failures.filter(actor_id=chain.people.other_reviewer.pk).exists()


def test_a_wrong_password_or_a_file_signed_in_between_is_not_signed(
    chain: Chain, submission: Submission
) -> None:
    package = build(chain, submission)
    seen = package.artefact
    with pytest.raises(WrongPassword):
        sign(package, chain.people.reviewer, password="not the password at all")
    sign(package, chain.people.compliance)
    with pytest.raises(StaleContent, match="somebody signed it"):
        sign(package, chain.people.reviewer, shown_digest=seen)
    assert package.signatures.filter(signed_at=None).get().expected == chain.people.reviewer


def test_only_an_approved_version_is_packed(chain: Chain) -> None:
    submission = submitted(chain)
    with pytest.raises(WrongState, match="Only an approved version"):
        build(chain, submission)
    with pytest.raises(NotAllowed):
        build_package(project=chain.project, actor=chain.auditor, submission=submission)


def test_a_failed_build_can_be_built_again_and_a_repeated_job_changes_nothing(
    chain: Chain, submission: Submission
) -> None:
    package = build_package(
        project=chain.project, actor=chain.people.ml_admin, submission=submission
    )
    with pytest.raises(WrongState, match="being built already"):
        build_package(project=chain.project, actor=chain.people.ml_admin, submission=submission)
    dataset = chain.version.training_run.dataset
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(lineage.FINDERS, "dataset", lambda project, digests: [])
        services.run_job(Job.objects.get(kind=KIND, subject_id=package.pk).pk)
    package.refresh_from_db()
    assert package.state == Package.State.FAILED
    job = Job.objects.get(kind=KIND, subject_id=package.pk)
    assert job.error_code == "chain-hole"
    assert str(dataset.pk) not in job.error_message
    retry_package(package=package, actor=chain.people.ml_admin)
    again = Job.objects.get(kind=KIND, subject_id=package.pk, state=Job.State.QUEUED)
    services.run_job(again.pk)
    package.refresh_from_db()
    assert package.state == Package.State.SIGNING
    Job.objects.filter(pk=again.pk).update(state=Job.State.QUEUED)
    services.run_job(again.pk)
    built = package.artefact
    package.refresh_from_db()
    assert package.artefact == built
    assert package.signatures.count() == 2


def test_a_download_is_on_record_as_documentation(chain: Chain, submission: Submission) -> None:
    package = Package.objects.create(
        project=chain.project,
        number=1,
        submission=submission,
        created_by=chain.people.compliance,
        artefact=artefacts.put_bytes(b"%PDF of a package"),
    )
    assert download_package(package=package, actor=chain.auditor) == b"%PDF of a package"
    entry = Entry.objects.filter(event="phi.export").latest("occurred_at")
    assert entry.actor_id == chain.auditor.pk
    assert entry.details == {"data_class": "documentation", "file": package.artefact}


def embedded(package: Package) -> dict[str, bytes]:
    reader = PdfReader(BytesIO(artefacts.read_bytes(package.built_artefact)))
    return {name: files[0] for name, files in reader.attachments.items()}


def test_every_digest_that_is_listed_is_inside_and_everything_inside_is_listed(
    chain: Chain, submission: Submission
) -> None:
    deployed(chain, submission)
    package = build(chain, submission)
    files = embedded(package)
    manifest = json.loads(files["package-manifest.json"])
    graph = json.loads(files["manifests.json"])
    inside = {sha256_hex(data): name for name, data in files.items()}
    inside |= {sha256_hex(canonical_json(entry)): "manifests.json" for entry in graph}
    for source in manifest["sources"]:
        held = source["file"] == "manifests.json" or sha256_hex(files[source["file"]])
        assert source["digest"] in (inside if held is True else {held}), source["label"]
    # What the sections name is either inside or among the leaves, which say their kind.
    named = named_digests(package)
    outside = {leaf["digest"]: leaf["kind"] for leaf in manifest["leaves"]}
    assert named <= set(inside) | set(outside)
    assert {outside[digest] for digest in named - set(inside)} <= set(OUTSIDE)
    # And the other way: every file is in the manifest, every manifest of the graph in the text.
    listed = {item["name"] for item in manifest["attachments"]}
    assert set(files) - listed == {"package-manifest.json", "package-manifest.p7s"}
    kinds = {item["kind"] for item in manifest["attachments"]}
    assert {"record", "record-seal", "decision", "manifests", "audit-checkpoint", "ca"} <= kinds
    text = "".join(text_of(package).split())
    assert [name for name in files if name not in text] == []


def test_a_receipt_with_a_broken_seal_is_found_by_the_verifier(
    chain: Chain, submission: Submission
) -> None:
    rolled_out = deployed(chain, submission)
    assert verify_package(build(chain, submission)).verdict == "incomplete"
    rolled_out.receipt_seal = authority().seal(b"another receipt")
    rolled_out.save()
    findings = verify_package(build(chain, submission))
    assert findings.verdict == "invalid"
    assert any("seal" in problem for problem in findings.problems)


def test_a_later_evaluation_and_its_overrides_are_not_in_the_package(chain: Chain) -> None:
    first = approved(chain)
    later = make_evaluation(chain.people, chain.version, chain.evaluation.gold_set, rouge=0.637)
    package = build(chain, first)
    text = text_of(package)
    assert later.digest not in text
    assert "0.637" not in text
    assert "after it was decided on" in text
    graph = json.loads(embedded(package)["manifests.json"])
    evaluations = [entry for entry in graph if entry["kind"] == "evaluation"]
    assert [sha256_hex(canonical_json(entry)) for entry in evaluations] == [chain.evaluation.digest]
    assert len(package.manifest["body"]["overrides"]) == 2


def test_what_a_later_run_and_round_found_is_not_in_the_package(
    chain: Chain, submission: Submission
) -> None:
    run = make_run(chain.people)
    sample = draw_sample(run=run, actor=chain.people.operator, seed=9)
    text = text_of(build(chain, submission))
    assert f"Round {sample.round}" not in text
    assert f"Run {run.number}:" not in text


def test_the_certificates_fingerprint_is_what_openssl_prints(
    chain: Chain, submission: Submission, tmp_path: Path
) -> None:
    text = text_of(build(chain, submission))
    (tmp_path / "ca.pem").write_bytes(authority().ca_certificate_pem)
    command = ["openssl", "x509", "-noout", "-fingerprint", "-sha256", "-in", "ca.pem"]
    printed = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert printed.stdout.strip().rpartition("=")[2] in text.replace("\n", "")


def text_of(package: Package) -> str:
    reader = PdfReader(BytesIO(artefacts.read_bytes(package.built_artefact)))
    return "\n".join(page.extract_text() for page in reader.pages)


def named_digests(package: Package) -> set[str]:
    """Every digest that stands in the text with all its digits."""
    return set(re.findall(r"\b[0-9a-f]{64}\b", text_of(package)))


def deployed(chain: Chain, submission: Submission) -> Deployment:
    """A live rollout with a sealed receipt in the shape that the job writes."""
    version = submission.model_version
    target = Target.objects.create(project=chain.project, alias="summaries")
    receipt = Manifest(
        kind="deployment_receipt",
        subject=str(uuid.uuid4()),
        created_at=timezone.now().isoformat(),
        body={
            "approved": {"adapter": version.adapter_digest, "base": version.base_digest},
            "held": {"adapter": version.adapter_digest, "base": version.base_digest},
            "replay": {"prompts": 3, "similarity": 0.99},
        },
        parents=(Parent("model_version", version.digest), Parent("submission", submission.digest)),
    )
    return Deployment.objects.create(
        target=target,
        number=1,
        kind="promote",
        model_version=version,
        submission=submission,
        state="live",
        started_by=chain.people.ml_admin,
        finished_at=timezone.now(),
        receipt=receipt.to_dict(),
        receipt_digest=receipt.digest,
        receipt_seal=authority().seal(receipt.canonical()),
    )

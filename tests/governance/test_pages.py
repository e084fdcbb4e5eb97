"""The pages of Approve and Package, as the people who use them see them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from governance.models import Package, Submission
from governance.services.packages import KIND
from governance.services.submissions import SECTIONS
from jobs import services
from jobs.models import Job
from projects.services import add_member
from tests.factories.chain import (
    REASON,
    Chain,
    approved,
    decided,
    make_chain,
    make_evaluation,
    make_version,
    submitted,
    view_all,
)
from tests.factories.people import PASSWORD, make_user

pytestmark = pytest.mark.django_db(databases=["default", "trail"])


@pytest.fixture(autouse=True)
def _no_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "_send", lambda job: None)


@pytest.fixture
def chain() -> Chain:
    return make_chain(failed_round=False)


def at(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def url(chain: Chain, name: str, *args: Any) -> str:
    return reverse(f"governance:{name}", args=[chain.project.slug, *args])


def text_of(response: Any) -> str:
    """The page's words without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def post_bar(client: Client, page: Any, **fields: str) -> Any:
    """Fill in the decision bar as a browser would: its own address and its own digest."""
    html = page.content.decode()
    form = html[html.index('class="sign-form"') :]
    action = re.search(r'action="([^"]+)"', form)
    digest = re.search(r'name="digest" value="([0-9a-f]{64})"', form)
    assert action
    assert digest
    return client.post(
        action.group(1).replace("&amp;", "&"),
        {"digest": digest.group(1), "password": PASSWORD, **fields},
    )


def test_a_compliance_officer_overrides_the_ml_administrator_submits(chain: Chain) -> None:
    officer, trainer = at(chain.people.compliance), at(chain.people.ml_admin)
    index = text_of(trainer.get(url(chain, "index")))
    assert "A gate did not pass and nobody has overridden it." in index
    address = url(chain, "override", chain.evaluation.pk)
    for gate in ("dataset_size", "rouge_l"):
        page = officer.get(address)
        assert post_bar(officer, page, choice=gate, reason=REASON).status_code == 302
    page = officer.get(address)
    assert "No gate is open" in text_of(page)
    assert REASON in text_of(page)
    assert text_of(page).count("FAIL") >= 2

    form = {"evaluation": str(chain.evaluation.pk), "statement": "Please look."}
    response = trainer.post(url(chain, "submit"), form)
    submission = Submission.objects.get()
    assert response.headers["Location"] == url(chain, "submission", submission.pk)
    assert "Please look." in text_of(trainer.get(response.headers["Location"]))


def test_an_override_without_a_reason_or_password_says_so_beside_the_field(chain: Chain) -> None:
    officer = at(chain.people.compliance)
    page = officer.get(url(chain, "override", chain.evaluation.pk))
    answer = post_bar(officer, page, choice="rouge_l", reason="short")
    assert answer.status_code == 400
    assert "Say in at least 20 characters" in text_of(answer)
    answer = post_bar(officer, page, choice="rouge_l", reason=REASON, password="wrong password")
    assert answer.status_code == 403
    assert "The password is not right" in text_of(answer)
    assert REASON in answer.content.decode()
    assert not chain.evaluation.overrides.exists()


def test_both_decide_on_the_page_after_ticking_every_part(chain: Chain) -> None:
    submission = submitted(chain)
    for person in (chain.people.reviewer, chain.people.compliance):
        client = at(person)
        page = client.get(url(chain, "submission", submission.pk))
        assert "Still to view: what changes, gates, evidence, who did what" in text_of(page)
        for section in SECTIONS:
            answer = client.post(
                url(chain, "viewed", submission.pk), {"section": section}, HTTP_HX_REQUEST="true"
            )
            assert f'id="tick-{section}" hx-swap-oob="true"' in answer.content.decode()
        assert "Ready for your signature" in text_of(answer)
        page = client.get(url(chain, "submission", submission.pk))
        assert submission.digest in page.content.decode()
        assert post_bar(client, page, choice="approve").status_code == 302
    submission.refresh_from_db()
    assert submission.state == Submission.State.APPROVED
    page = text_of(client.get(url(chain, "submission", submission.pk)))
    assert "Ready for your signature" not in page


def test_a_page_says_fail_on_a_version_whose_gates_were_overridden(chain: Chain) -> None:
    submission = submitted(chain)
    page = text_of(at(chain.people.reviewer).get(url(chain, "submission", submission.pk)))
    assert "This version stands on overridden gates" in page
    assert page.count("FAIL") >= 2
    assert REASON in page
    for heading in ("What changes", "Gates", "Evidence", "Who did what"):
        assert heading in page
    assert page.index("What changes") < page.index("Attested no actual knowledge")


def test_who_took_part_is_told_so(chain: Chain) -> None:
    submission = submitted(chain)
    trainer = chain.people.ml_admin
    add_member(
        project=chain.project, user=trainer, role=Role.REVIEWER, actor=chain.project.created_by
    )
    page = at(trainer).get(url(chain, "submission", submission.pk))
    assert "You trained this model and evaluated it, so you cannot approve it." in text_of(page)
    assert 'class="sign-form"' not in page.content.decode()


def test_a_decision_in_between_makes_the_page_stale(chain: Chain) -> None:
    submission = submitted(chain)
    view_all(submission, chain.people.reviewer)
    client = at(chain.people.reviewer)
    page = client.get(url(chain, "submission", submission.pk))
    pulse = re.search(r'hx-get="([^"]+pulse[^"]+)"', page.content.decode())
    assert pulse
    assert client.get(pulse.group(1)).status_code == 204
    decided(submission, chain.people.compliance)
    beat = client.get(pulse.group(1))
    assert "This changed since you opened it" in text_of(beat)
    answer = post_bar(client, page, choice="approve")
    assert answer.status_code == 409
    assert "Compliance decided: approve." in text_of(answer)
    assert submission.decisions.count() == 1
    assert (
        post_bar(
            client, client.get(url(chain, "submission", submission.pk)), choice="approve"
        ).status_code
        == 302
    )


def test_a_wrong_password_keeps_what_was_typed(chain: Chain) -> None:
    submission = submitted(chain)
    view_all(submission, chain.people.reviewer)
    client = at(chain.people.reviewer)
    page = client.get(url(chain, "submission", submission.pk))
    answer = post_bar(client, page, choice="changes", reason="Shorter plans", password="not it")
    assert answer.status_code == 400
    assert "The password is not right" in text_of(answer)
    assert "Shorter plans" in answer.content.decode()
    assert "not it" not in answer.content.decode()


def test_the_second_version_is_compared_with_the_approved_one(chain: Chain) -> None:
    approved(chain)
    dataset = chain.version.training_run.dataset
    version = make_version(chain.people, dataset, continues=chain.version)
    worse = make_evaluation(chain.people, version, chain.evaluation.gold_set, rouge=0.15)
    submission = submitted(chain, worse)
    page = text_of(at(chain.people.reviewer).get(url(chain, "submission", submission.pk)))
    assert "Against version 1" in page
    assert "Regression" in page
    assert page.index("ROUGE-L F1") < page.index("Continues")


def test_a_package_is_built_signed_checked_and_handed_out_on_its_pages(chain: Chain) -> None:
    submission = approved(chain)
    officer, clinician = at(chain.people.compliance), at(chain.people.reviewer)
    answer = officer.post(url(chain, "packages"), {"submission": str(submission.pk)})
    package = Package.objects.get()
    assert answer.headers["Location"] == url(chain, "package", package.pk)
    assert "every 2s" in officer.get(answer.headers["Location"]).content.decode()
    services.run_job(Job.objects.get(kind=KIND, subject_id=package.pk).pk)
    beat = officer.get(url(chain, "package-progress", package.pk))
    assert beat.headers["HX-Refresh"] == "true"

    page = officer.get(url(chain, "package", package.pk))
    assert "fields have no evidence yet" in text_of(page)
    assert "Procedure version, owner, approval, next review" in text_of(page)
    assert "reads FAIL" in text_of(page)
    trainer = at(chain.people.ml_admin).get(url(chain, "package", package.pk))
    assert "it waits for Reviewer One and Compliance" in text_of(trainer).replace("\n", " ")
    wrong = post_bar(officer, page, password="not the password")
    assert wrong.status_code == 403
    assert post_bar(officer, page).status_code == 302
    stale = post_bar(clinician, page)
    assert stale.status_code == 409
    fresh = clinician.get(url(chain, "package", package.pk))
    assert post_bar(clinician, fresh).status_code == 302

    checked = text_of(clinician.get(url(chain, "verify", package.pk)))
    assert "The package is valid and complete" in checked
    file = clinician.get(url(chain, "download", package.pk))
    assert file.headers["Content-Type"] == "application/pdf"
    assert file.content.startswith(b"%PDF")
    certificate = clinician.get(url(chain, "ca"))
    assert certificate.content.startswith(b"-----BEGIN CERTIFICATE-----")


def test_strangers_and_other_projects_ids_find_nothing(chain: Chain) -> None:
    submission = submitted(chain)
    stranger = make_user("Stranger")
    assert at(stranger).get(url(chain, "submission", submission.pk)).status_code == 403
    other = make_chain(failed_round=False)
    member = at(other.people.reviewer)
    for name, pk in (("submission", submission.pk), ("override", chain.evaluation.pk)):
        assert member.get(url(other, name, pk)).status_code == 404
    assert Client().get(url(chain, "index")).status_code == 302

"""Pages of targets, versions, rollouts and keys: what each role sees and may do."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from deployment.models import Deployment, Integration
from deployment.services import roll_back
from governance.models import Submission
from tests.factories.chain import Chain, approved, make_chain, make_evaluation, make_version
from tests.factories.people import make_member, make_user, signed_in
from tests.factories.rollouts import make_live, make_target

pytestmark = pytest.mark.django_db(databases=["default", "trail"])


@pytest.fixture
def chain(db: None) -> Chain:
    return make_chain(failed_round=False)


def url(chain: Chain, name: str, *args: object) -> str:
    return reverse(f"deployment:{name}", args=[chain.project.slug, *args])


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content.decode()[:2000]
    return answer.content.decode()


def second(chain: Chain) -> Submission:
    """Version 2, evaluated, overridden and approved."""
    version = make_version(
        chain.people, chain.version.training_run.dataset, continues=chain.version
    )
    return approved(chain, make_evaluation(chain.people, version, chain.evaluation.gold_set))


def two_live(chain: Chain) -> tuple[Deployment, Deployment]:
    first = make_live(chain, approved(chain))
    return first, make_live(chain, second(chain), first.target)


def test_an_empty_stage_names_the_next_action(chain: Chain) -> None:
    shown = read(signed_in(chain.people.ml_admin), url(chain, "index"))
    assert "Make the first target below" in shown
    assert "Nothing was rolled out yet" in shown


def test_a_target_is_made_once(chain: Chain) -> None:
    client = signed_in(chain.people.ml_admin)
    other = client.post(url(chain, "target-create"), {"alias": "Note Summary"})
    assert "such as note-summary" in other.content.decode()
    client.post(url(chain, "target-create"), {"alias": "note-summary"})
    assert "note-summary" in read(client, url(chain, "index"))
    again = client.post(url(chain, "target-create"), {"alias": "note-summary"})
    assert again.status_code == 400
    assert "is taken" in again.content.decode()


def test_an_unapproved_version_has_a_button_that_says_why_not(chain: Chain) -> None:
    make_target(chain)
    shown = read(signed_in(chain.people.ml_admin), url(chain, "index"))
    assert "This version is not approved." in shown
    assert "Not submitted" in shown


def test_an_approved_version_is_deployed_from_its_row(chain: Chain) -> None:
    approved(chain)
    target = make_target(chain)
    client = signed_in(chain.people.ml_admin)
    shown = read(client, url(chain, "index"))
    assert "Deploy version 1" in shown
    assert f"{target.alias}, serves nothing now" in shown
    answer = client.post(url(chain, "deploy", chain.version.pk), {"target": target.pk})
    deployment = Deployment.objects.get()
    assert answer.headers["Location"] == url(chain, "deployment", deployment.pk)
    shown = read(client, answer.headers["Location"])
    assert "every 2s" in shown
    assert "Replay" in shown
    assert "Watch the rollout" in read(client, url(chain, "index"))


def test_a_version_has_one_action_however_many_targets_there_are(chain: Chain) -> None:
    approved(chain)
    targets = [make_target(chain, f"ward-{number}") for number in range(4)]
    shown = read(signed_in(chain.people.ml_admin), url(chain, "index"))
    assert shown.count('data-open-dialog="deploy-') == 1
    for target in targets:
        assert f'<option value="{target.pk}">' in shown


def test_a_target_goes_while_nothing_was_rolled_out_to_it(chain: Chain) -> None:
    live, empty = make_live(chain, approved(chain)), make_target(chain, "spare")
    client = signed_in(chain.people.ml_admin)
    assert "Retire the target" in read(client, url(chain, "index"))
    assert client.post(url(chain, "target-retire", live.target.pk)).status_code == 409
    client.post(url(chain, "target-retire", empty.pk))
    assert "spare" not in read(client, url(chain, "index")).replace("The target spare is", "")
    assert live.target.alias in read(client, url(chain, "index"))


def test_versions_stand_as_live_previous_and_candidate(chain: Chain) -> None:
    two_live(chain)
    make_version(chain.people, chain.version.training_run.dataset)
    shown = read(signed_in(chain.auditor), url(chain, "index"))
    for words in ("Candidate", "Live", "Previous", "As approved", "Not submitted"):
        assert words in shown


def test_a_served_digest_that_differs_from_the_approved_one_is_told(chain: Chain) -> None:
    live = make_live(chain, approved(chain))
    assert live.receipt is not None
    live.receipt["body"]["held"]["adapter"] = "0" * 64
    live.save()
    assert "Differs" in read(signed_in(chain.auditor), url(chain, "index"))
    page = read(signed_in(chain.auditor), url(chain, "deployment", live.pk))
    assert "The seal does not hold" in page
    assert "Does not match" in page


def test_the_receipt_is_shown_with_its_seal(chain: Chain) -> None:
    live = make_live(chain, approved(chain))
    shown = read(signed_in(chain.auditor), url(chain, "deployment", live.pk))
    assert "Sealed by this installation" in shown
    assert live.receipt_digest in shown


def test_a_roll_back_needs_the_typed_number_and_a_reason(chain: Chain) -> None:
    _, live = two_live(chain)
    client = signed_in(chain.people.ml_admin)
    shown = read(client, url(chain, "index"))
    assert "From version 2 to version 1, about 2 seconds" in shown
    page = url(chain, "roll-back", live.target.pk)
    assert "Type the number" in client.post(page, {"typed": "2", "reason": "x"}).content.decode()
    assert "needs a reason" in client.post(page, {"typed": "1", "reason": " "}).content.decode()
    assert Deployment.objects.count() == 2
    client.post(page, {"typed": "1", "reason": "Answers got worse."})
    rollback = Deployment.objects.get(number=3)
    assert (rollback.kind, rollback.model_version) == ("rollback", chain.version)
    assert "Answers got worse." in read(client, url(chain, "deployment", rollback.pk))


def test_what_was_rolled_back_is_not_gone_back_to(chain: Chain) -> None:
    first, live = two_live(chain)
    make_live(chain, first.submission, live.target, reason="Answers got worse.")
    shown = read(signed_in(chain.people.ml_admin), url(chain, "index"))
    assert "No earlier version served on this target." in shown
    with pytest.raises(Exception, match="no way back"):
        roll_back(target=live.target, actor=chain.people.ml_admin, reason="x", typed_number="2")


def test_other_roles_may_not_deploy_roll_back_or_make_keys(chain: Chain) -> None:
    _, live = two_live(chain)
    for person in (chain.auditor, chain.people.compliance, chain.people.operator):
        client = signed_in(person)
        posts = (
            (url(chain, "target-create"), {"alias": "x"}),
            (url(chain, "deploy", chain.version.pk), {"target": live.target.pk}),
            (url(chain, "roll-back", live.target.pk), {"typed": "1", "reason": "x"}),
            (url(chain, "issue-key"), {"name": "EHR"}),
        )
        for address, body in posts:
            assert client.post(address, body).status_code == 403
    assert Deployment.objects.count() == 2
    assert not Integration.objects.exists()


def test_a_stranger_and_another_project_find_nothing(chain: Chain) -> None:
    live = make_live(chain, approved(chain))
    stranger = signed_in(make_user())
    for page in (url(chain, "index"), url(chain, "integrations")):
        assert stranger.get(page).status_code == 403
    other = make_chain(failed_round=False)
    client = signed_in(other.people.ml_admin)
    assert client.get(url(other, "deployment", live.pk)).status_code == 404
    assert client.get(url(other, "served", live.target.pk)).status_code == 404
    address = url(other, "deploy", chain.version.pk)
    answer = client.post(address, {"target": live.target.pk})
    assert "Choose a target of this project" in answer.content.decode()
    assert Deployment.objects.count() == 1


def test_the_served_digest_says_when_the_server_is_away(chain: Chain) -> None:
    live = make_live(chain, approved(chain))
    shown = read(signed_in(chain.auditor), url(chain, "served", live.target.pk))
    assert "The model server is not running." in shown


def test_a_key_is_shown_once_and_kept_as_a_digest_only(chain: Chain) -> None:
    client = signed_in(chain.people.ml_admin)
    sent = client.post(url(chain, "issue-key"), {"name": "EHR"})
    assert sent.headers["Location"] == url(chain, "integrations")
    answer = read(client, url(chain, "integrations"))
    made = Integration.objects.get()
    key = answer.split('data-copy="')[1].split('"')[0]
    assert key.startswith("cs_")
    assert made.key_digest == sha256(key.encode()).hexdigest()
    assert key not in str(Integration.objects.values().get())
    assert key not in read(client, url(chain, "integrations"))
    assert key[-4:] == made.key_hint


def test_a_form_that_is_sent_again_makes_no_second_key(chain: Chain) -> None:
    client = signed_in(chain.people.ml_admin)
    for _ in range(2):
        answer = client.post(url(chain, "issue-key"), {"name": "EHR"})
    assert "has a live key already" in answer.content.decode()
    assert Integration.objects.count() == 1


def test_a_revoked_key_reads_revoked_and_cannot_be_revoked_again(chain: Chain) -> None:
    client = signed_in(chain.people.ml_admin)
    client.post(url(chain, "issue-key"), {"name": "EHR"})
    page = url(chain, "revoke-key", Integration.objects.get().pk)
    client.post(page)
    assert "Revoked" in read(client, url(chain, "integrations"))
    assert client.post(page).status_code == 409


def test_the_curl_example_names_the_gateway_and_a_target(chain: Chain) -> None:
    target = make_target(chain)
    shown = read(signed_in(chain.auditor), url(chain, "integrations"))
    assert f"{settings.GATEWAY_URL}/v1/chat/completions" in shown
    assert target.alias in shown
    assert "$COUNTERSIGN_API_KEY" in shown
    assert "Chief Complaint" in shown


def test_whoever_approved_reads_why_they_cannot_deploy(chain: Chain) -> None:
    make_target(chain)
    approver = make_member(chain.project, Role.ML_ADMIN)
    chain.project.memberships.create(user=chain.people.reviewer, role=Role.ML_ADMIN)
    approved(chain)
    shown = read(signed_in(chain.people.reviewer), url(chain, "index"))
    assert "You approved this version, so you cannot deploy it." in shown
    assert "You approved" not in read(signed_in(approver), url(chain, "index"))


def test_no_snapshot_is_written_before_the_commit(chain: Chain) -> None:
    snapshot = Path(settings.DATA) / "gateway" / "snapshot.json"
    before = snapshot.read_bytes() if snapshot.exists() else None
    signed_in(chain.people.ml_admin).post(url(chain, "issue-key"), {"name": "EHR"})
    assert (snapshot.read_bytes() if snapshot.exists() else None) == before

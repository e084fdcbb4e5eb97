"""A gate that could not be judged holds a version back as a failed one does."""

from __future__ import annotations

import pytest

from accounts.errors import WrongState
from governance.services import override_gate, submit
from governance.services.package_content import override_notices
from tests.factories.chain import REASON, Chain, make_chain
from tests.factories.people import PASSWORD, signed_in
from web.inbox import tasks_for
from web.rail import stages

pytestmark = pytest.mark.django_db(databases=["default", "trail"])


@pytest.fixture
def chain() -> Chain:
    """A version whose answers could not be judged; its other gate failed and was overridden."""
    made = make_chain(failed_round=False, limit=None)
    size, rouge = made.evaluation.gates
    assert (size["status"], rouge["status"]) == ("fail", "missing")
    override(made, size["gate"]["id"])
    return made


def override(chain: Chain, gate_id: str) -> None:
    override_gate(
        evaluation=chain.evaluation,
        gate_id=gate_id,
        actor=chain.people.compliance,
        reason=REASON,
        password=PASSWORD,
        shown_digest=chain.evaluation.digest,
    )


def evaluate_stage(chain: Chain) -> tuple[object, object]:
    rail = {stage["key"]: stage for stage in stages(chain.project)}
    return rail["evaluate"]["state"], rail["evaluate"]["detail"]


def test_it_is_not_submitted(chain: Chain) -> None:
    with pytest.raises(WrongState, match=r"did not pass: ROUGE-L F1 on the gold set\."):
        submit(project=chain.project, actor=chain.people.ml_admin, evaluation=chain.evaluation)
    shown = signed_in(chain.people.ml_admin).get(f"/p/{chain.project.slug}/approve/")
    assert "MISSING" in shown.content.decode()


def test_it_waits_in_the_inbox_of_the_compliance_officer(chain: Chain) -> None:
    waiting = [str(task["why"]) for task in tasks_for(chain.people.compliance)]
    assert any("ROUGE-L F1 on the gold set" in why for why in waiting)
    assert not any("examples" in why for why in waiting)


def test_the_rail_reads_missing_until_it_is_overridden_and_after(chain: Chain) -> None:
    assert evaluate_stage(chain) == ("failed", "1 FAIL, 1 MISSING, 1 overridden")
    override(chain, "rouge_l")
    assert evaluate_stage(chain) == ("overridden", "1 FAIL, 1 MISSING, overridden")


def test_an_override_of_it_says_missing_on_the_page_and_in_the_package(chain: Chain) -> None:
    override(chain, "rouge_l")
    actor, evaluation = chain.people.ml_admin, chain.evaluation
    submission = submit(project=chain.project, actor=actor, evaluation=evaluation)
    notices = [notice for notice in override_notices(submission) if "reads MISSING" in notice]
    assert len(notices) == 1
    assert "limit: none set" in notices[0]
    page = signed_in(chain.people.reviewer).get(f"/p/{chain.project.slug}/approve/{submission.pk}/")
    shown = page.content.decode()
    assert "no limit is set" in shown
    assert "This gate reads MISSING and was overridden" in shown

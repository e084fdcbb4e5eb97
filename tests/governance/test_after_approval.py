"""What is approved stays as it was decided: pages and services say so alike."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.errors import WrongState
from governance.services import override_gate
from tests.factories import chain as factory
from tests.factories.chain import (
    REASON,
    Chain,
    approved,
    make_chain,
    make_evaluation,
    submitted,
)
from tests.factories.people import PASSWORD, signed_in
from web.inbox import tasks_for
from web.rail import stages

pytestmark = pytest.mark.django_db(databases=["default", "trail"])


@pytest.fixture
def chain() -> Chain:
    return make_chain()


def test_a_gate_of_an_approved_version_is_overridden_by_nobody(chain: Chain) -> None:
    approved(chain)
    later = make_evaluation(chain.people, chain.version, chain.evaluation.gold_set)
    with pytest.raises(WrongState, match="approved already"):
        override_gate(
            evaluation=later, gate_id=later.gates[0]["gate"]["id"],
            actor=chain.people.compliance, reason=REASON, password=PASSWORD,
            shown_digest=later.digest,
        )  # fmt: skip
    assert "A gate failed" not in [task["title"] for task in tasks_for(chain.people.compliance)]
    url = f"/p/{chain.project.slug}/approve/gates/{later.pk}/"
    page = signed_in(chain.people.compliance).get(url).content.decode()
    assert "Nothing can be overridden any more" in page
    assert "Acknowledge" not in page


def test_the_rail_counts_failed_gates_and_how_many_are_overridden(chain: Chain) -> None:
    def evaluate() -> str:
        return next(str(s["detail"]) for s in stages(chain.project) if s["key"] == "evaluate")

    assert evaluate() == "2 FAIL"
    gate = chain.evaluation.gates[0]["gate"]["id"]
    override_gate(
        evaluation=chain.evaluation, gate_id=gate, actor=chain.people.compliance,
        reason=REASON, password=PASSWORD, shown_digest=chain.evaluation.digest,
    )  # fmt: skip
    assert evaluate() == "2 FAIL, 1 overridden"


def test_the_footer_names_the_software_and_not_the_version_on_the_page(chain: Chain) -> None:
    url = f"/p/{chain.project.slug}/approve/gates/{chain.evaluation.pk}/"
    page = signed_in(chain.people.compliance).get(url).content.decode()
    assert "Countersign version" not in page
    assert "<span>Countersign 0." in page


def test_answers_that_did_not_end_stand_on_the_decision_page(
    chain: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = factory._results

    def cut(items: list[dict[str, Any]], rouge: float) -> dict[str, Any]:
        return made(items, rouge) | {"unfinished_answers": 2}

    monkeypatch.setattr(factory, "_results", cut)
    evaluation = make_evaluation(chain.people, chain.version, chain.evaluation.gold_set)
    submission = submitted(chain, evaluation)
    url = f"/p/{chain.project.slug}/approve/{submission.pk}/"
    page = signed_in(chain.people.compliance).get(url).content.decode()
    assert "answers did not end: the model was still writing" in page

"""A failed training stands in the inbox of the person who started it."""

from __future__ import annotations

import pytest

from tests.factories.chain import make_chain
from web.inbox import tasks_for

pytestmark = pytest.mark.django_db(databases=["default", "trail"])


def test_a_failed_training_waits_for_whoever_started_it() -> None:
    chain = make_chain(failed_round=False)
    run = chain.version.training_run
    run.state = "failed"
    run.save()
    titles = [task["title"] for task in tasks_for(run.started_by)]
    assert f"Training run {run.number} failed" in titles
    others = [task["title"] for task in tasks_for(chain.auditor)]
    assert not [title for title in others if "failed" in str(title)]

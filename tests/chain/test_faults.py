"""What is killed in the middle of its work goes on, once and completely."""

from __future__ import annotations

import httpx
import pytest

from demo.chain import Chain
from demo.client import RefusedError
from tests.chain.faults import (
    LOSSES,
    STEPS,
    Interrupted,
    finished_run,
    kill_whole,
    query,
    runs_again,
    start_run,
    wait_until,
)
from tests.chain.installation import Installation

pytestmark = pytest.mark.chain

ATTEMPTS = "SELECT max(attempts) FROM jobs_job WHERE group_id = %s"
NOTES = "SELECT count(*), count(DISTINCT note_id) FROM deid_runnote WHERE run_id = %s"


def test_a_training_whose_process_and_then_its_worker_are_killed_goes_on_from_its_checkpoints(
    installation: Installation, interrupted: Interrupted
) -> None:
    run, noted = interrupted.training.run, interrupted.training.noted
    assert run["state"] == "done"
    assert run["result"]["steps"] == STEPS
    losses = query(installation, LOSSES, run["id"])
    assert [step for step, *_ in losses] == list(range(1, STEPS + 1))
    # A step that is trained again has another speed: those before each kill were trained once.
    assert len(noted) > 1
    assert losses[: len(noted)] == noted
    assert query(installation, ATTEMPTS, run["id"])[0][0] > 1


def test_a_killed_worker_of_deidentification_costs_no_note(
    installation: Installation, interrupted: Interrupted, second_project: Chain
) -> None:
    run = interrupted.run
    assert run["state"] == "done"
    assert query(installation, ATTEMPTS, run["id"])[0][0] > 1
    count = len(second_project.notes)
    assert query(installation, NOTES, run["id"]) == [(count, count)]


def test_a_cancelled_run_stops_and_a_resumed_one_is_complete(
    installation: Installation, second_project: Chain, interrupted: Interrupted
) -> None:
    engineer = second_project.cast["engineer"]
    run = start_run(installation, second_project)
    path = f"{second_project.base}runs/{run['id']}/"
    engineer.post(f"{path}cancel/")
    assert engineer.get(path)["state"] == "cancelled"

    def resumed() -> bool:
        try:
            engineer.post(f"{path}resume/")
        except RefusedError as problem:
            if "still at work" not in str(problem):
                raise
            return False
        return True

    wait_until(resumed, "the cancelled worker has let go")
    assert finished_run(second_project, run)["state"] == "done"
    count = len(second_project.notes)
    assert query(installation, NOTES, run["id"]) == [(count, count)]


def test_killed_servers_start_again_and_the_same_version_answers(
    installation: Installation,
) -> None:
    runs_again(installation, "models", lambda: kill_whole(installation, "deployment.server"))
    runs_again(installation, "gateway", lambda: kill_whole(installation, "deployment.gateway"))
    key = installation.cast["mladmin"].post(
        f"{installation.chain.base}integrations/", {"name": "After a fall"}
    )["key"]
    answers: list[httpx.Response] = []

    def answered() -> bool:
        try:
            answers.append(_ask(installation, key))
        except httpx.TransportError:
            return False
        return answers[-1].status_code == httpx.codes.OK

    wait_until(answered, "the gateway answers")
    assert answers[-1].headers["X-Countersign-Model-Version"] == installation.first["id"]


def _ask(installation: Installation, key: str) -> httpx.Response:
    return httpx.post(
        f"{installation.runtime.gateway_url}/v1/chat/completions",
        json={
            "model": installation.slug,
            "messages": [{"role": "user", "content": "Summarise: cough for three days."}],
            "max_tokens": 4,
        },
        headers={"Authorization": f"Bearer {key}"},
        timeout=120,
    )

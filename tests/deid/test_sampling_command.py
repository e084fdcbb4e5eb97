import json
import subprocess
import sys

import pytest

from deid.sampling.__main__ import main

PLAN = ["plan", "--population", "400", "--limit", "0.05", "--confidence", "0.95"]
BOUND = ["bound", "--n", "300", "--leaks", "0", "--confidence", "0.95"]


def test_plan_prints_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*PLAN, "--min-fraction", "0.1", "--json"]) == 0
    plan = json.loads(capsys.readouterr().out)
    assert (plan["n"], plan["acceptance_number"], len(plan["what_if"])) == (55, 0, 3)
    assert plan["fewest_seeds"] is None  # 55 notes cannot prove 5 % with half of the error


def test_bound_prints_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*BOUND, "--json"]) == 0
    bound = json.loads(capsys.readouterr().out)
    assert (bound["estimate"], round(bound["upper"], 6)) == (0.0, 0.009936)


def test_bound_uses_the_population_when_it_is_given(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*BOUND, "--population", "500", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["upper"] == 0.006


SEEDED = ["seeded", "--population", "5000", "--n", "500", "--leaks", "0", "--seeds", "20"]


def test_seeded_corrects_for_what_reviewers_overlook(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*SEEDED, "--found", "20", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["upper"] == 0.0088
    assert main([*SEEDED, "--found", "18"]) == 0
    assert "found 18 of 20 seeds" in capsys.readouterr().out
    assert main([*SEEDED, "--found", "21"]) == 2


def test_without_json_it_speaks_in_sentences(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(PLAN) == main(BOUND) == 0
    plan, bound = capsys.readouterr().out.splitlines()
    assert plan.startswith("Read 55 of 400 notes")
    assert "passes only if no note with a leak is found" in plan
    assert "0 found: passes" in plan
    assert "1 found: fails" in plan
    assert "Among an endless stream of notes the rate is at most 0.994%" in bound
    assert bound.startswith("0 of 300 notes read have a leak (0%)")


@pytest.mark.parametrize(
    "arguments",
    [
        ["plan", "--population", "0", "--limit", "0.05"],
        ["plan", "--population", "400", "--limit", "5"],
        ["plan", "--population", "many", "--limit", "0.05"],
        ["plan", "--population", "400"],
        ["bound", "--n", "3", "--leaks", "4"],
        ["bound", "--n", "30", "--leaks", "0", "--population", "20"],
        ["bound", "--n", "30", "--leaks", "0", "--confidence", "nan"],
        [],
    ],
)
def test_impossible_figures_are_one_line_and_status_2(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        status: object = main(arguments)
    except SystemExit as exit_:
        status = exit_.code
    captured = capsys.readouterr()
    assert status == 2
    assert captured.out == ""
    assert len(captured.err.splitlines()) == 1


def test_it_runs_as_a_module_without_django() -> None:
    code = (
        "import sys, runpy; sys.argv = ['deid.sampling'] + sys.argv[1:]\n"
        "try:\n    runpy.run_module('deid.sampling', run_name='__main__')\n"
        "finally:\n    assert 'django' not in sys.modules"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *PLAN, "--json"], capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout)["n"] == 55

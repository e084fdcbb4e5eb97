"""What waits for people, on top of a finished demonstration: real work, asked for over HTTP.

A second project with an open review, and in the first project a third version before its
approvers. Nothing is made twice.
"""

from __future__ import annotations

import os
from typing import Any

from config.runtime.layout import Layout
from demo import data_stages, model_stages
from demo.chain import Chain
from demo.console import Console
from demo.people import assemble, start_project
from demo.sample import load

NAME = "Discharge letters"
PURPOSE = "Drafts discharge letters for the clinician who treated the patient. Advisory only."
LIMIT, CONFIDENCE = 0.05, 0.95
STEPS = 4


def make_waiting(url: str, layout: Layout, slug: str) -> str:
    """Make both where they are not there; returns the second project's slug."""
    cast = assemble(url, layout.data / "demo", dict(os.environ))
    console = Console()
    _open_submission(Chain(cast, console, slug, load(), LIMIT, CONFIDENCE))
    known = {p["name"]: p["slug"] for p in cast["sysadmin"].pages("projects/")}
    second = known.get(NAME) or start_project(
        cast, NAME, PURPOSE, leak_limit=LIMIT, confidence=CONFIDENCE, sample_fraction=LIMIT
    )
    _open_review(Chain(cast, console, second, load(), LIMIT, CONFIDENCE))
    return str(second)


def _open_review(chain: Chain) -> None:
    clinician = chain.cast["reviewer"]
    if any(found["state"] == "open" for found in clinician.pages(f"{chain.base}samples/")):
        return
    engineer = chain.cast["engineer"]
    if not list(engineer.pages(f"{chain.base}imports/")):
        data_stages.run_import(chain)
    # A run that an earlier attempt started goes on by itself.
    run = next(engineer.pages(f"{chain.base}runs/"), None) or data_stages.run_deid(chain, 1)
    engineer.wait(f"{chain.base}runs/{run['id']}/progress/", lambda _: None)
    clinician.post(f"{chain.base}samples/", {"run": run["id"]})


def _open_submission(chain: Chain) -> None:
    admin = chain.cast["mladmin"]
    if any(found["state"] == "open" for found in admin.pages(f"{chain.base}submissions/")):
        return
    dataset = next(admin.pages(f"{chain.base}datasets/"))
    chain.data |= {"dataset": dataset, "gold": next(admin.pages(f"{chain.base}gold-sets/"))}
    versions = list(admin.pages(f"{chain.base}model-versions/"))
    version = _train(chain, max(versions, key=lambda found: found["number"]))
    evaluation = model_stages.run_evaluation(chain, version)
    model_stages.run_override(chain, evaluation)
    admin.post(
        f"{chain.base}submissions/",
        {"evaluation": evaluation["id"], "statement": "Four more steps on the same dataset."},
    )


def _train(chain: Chain, last: dict[str, Any]) -> dict[str, Any]:
    admin = chain.cast["mladmin"]
    with chain.console.stage("Train a version to decide on") as stage:
        run = admin.post(
            f"{chain.base}training-runs/",
            {
                "dataset": chain.data["dataset"]["id"],
                "parameters": {**model_stages.SCALED_DOWN, "max_steps": STEPS},
                "continues": last["id"],
            },
        )
        path = f"{chain.base}training-runs/{run['id']}/"
        chain.follow(stage, admin, f"{path}progress/")
        run = admin.get(path)
        stage.words = f"{STEPS} steps"
        version: dict[str, Any] = admin.get(f"{chain.base}model-versions/{run['model_version']}/")
    return version

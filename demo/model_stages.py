"""From a dataset to a signed package: who does what, in the order of the hospital's work."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from demo.chain import Chain, FailedError
from demo.client import POLL_SECONDS, Person
from demo.console import Stage

# A CPU's share of the guide's training: shown beside the guide's values on the run's page.
SCALED_DOWN = {"tokens_per_step": 512, "checkpoint_every": 4, "validation_tokens": 1024}
OVERRIDE = (
    "Demonstration on sample data: the gate stays FAIL and the version is never used for care. "
    "It goes on only to show the rest of the chain."
)


def run_training(chain: Chain, number: int, continues: str | None) -> dict[str, Any]:
    admin = chain.cast["mladmin"]
    with chain.console.stage(f"Train version {number}") as stage:
        parameters = {**SCALED_DOWN, "max_steps": chain.steps[number - 1]}
        run = admin.post(
            f"{chain.base}training-runs/",
            {
                "dataset": chain.data["dataset"]["id"],
                "parameters": parameters,
                "continues": continues,
            },
        )
        path = f"{chain.base}training-runs/{run['id']}/"
        chain.follow(stage, admin, f"{path}progress/")
        run = admin.get(path)
        version = admin.get(f"{chain.base}model-versions/{run['model_version']}/")
        losses = admin.get(f"{path}losses/")["validation"]
        stage.figures = {
            "steps": run["result"]["steps"],
            "validation_loss": losses,
            "digest": version["digest"],
        }
        loss = f", validation loss {losses[0][1]:.2f} to {losses[-1][1]:.2f}" if losses else ""
        stage.words = f"LoRA rank 32, {run['result']['steps']} steps{loss}"
    return dict(version)


def run_evaluation(chain: Chain, version: dict[str, Any]) -> dict[str, Any]:
    admin = chain.cast["mladmin"]
    with chain.console.stage(f"Evaluate version {version['number']}") as stage:
        found = admin.post(
            f"{chain.base}evaluations/",
            {"model_version": version["id"], "gold_set": chain.data["gold"]["id"]},
        )
        path = f"{chain.base}evaluations/{found['id']}/"
        chain.follow(stage, admin, f"{path}progress/")
        found = admin.get(path)
        rouge, base = found["results"]["rouge_l"], found["results"]["base_rouge_l"]
        failed = [g["gate"]["id"] for g in found["gates"] if g["status"] != "pass"]
        stage.figures = {
            "rouge_l": rouge,
            "base": base,
            "failed": failed,
            "digest": found["digest"],
        }
        low, high = rouge["interval"]
        stage.words = (
            f"ROUGE-L {rouge['value']:.3f} ({low:.3f} to {high:.3f}), base {base['value']:.3f}; "
            f"FAIL: {', '.join(failed) or 'none'}"
        )
    return dict(found)


def run_override(chain: Chain, evaluation: dict[str, Any]) -> None:
    officer = chain.cast["compliance"]
    failed = [g["gate"]["id"] for g in evaluation["gates"] if g["status"] != "pass"]
    with chain.console.stage("Override of the failed gates") as stage:
        for gate in failed:
            officer.post(
                f"{chain.base}evaluations/{evaluation['id']}/overrides/",
                {
                    "gate_id": gate,
                    "reason": OVERRIDE,
                    "digest": evaluation["digest"],
                    "password": officer.password,
                },
            )
        stage.figures = {"gates": failed}
        stage.words = f"{len(failed)} signed by {officer.name}; they still read FAIL"


def run_approval(chain: Chain, evaluation: dict[str, Any]) -> dict[str, Any]:
    admin = chain.cast["mladmin"]
    with chain.console.stage("Approval") as stage:
        submission = admin.post(
            f"{chain.base}submissions/",
            {"evaluation": evaluation["id"], "statement": "Demonstration of the chain."},
        )
        path = f"{chain.base}submissions/{submission['id']}/"
        for key in ("committee", "compliance"):
            _approve(chain.cast[key], path)
        submission = admin.get(path)
        if submission["state"] != "approved":
            raise FailedError(f"The submission is {submission['state']} and not approved.")
        stage.figures = {"digest": submission["digest"]}
        names = " and ".join(chain.cast[key].name for key in ("committee", "compliance"))
        stage.words = f"signed by {names} over {submission['digest'][:12]}"
    return dict(submission)


def _approve(person: Person, path: str) -> None:
    shown = person.get(path)
    for section in ("change", "gates", "evidence", "people"):
        person.post(f"{path}viewed/", {"section": section})
    person.post(
        f"{path}decisions/",
        {
            "verdict": "approve",
            "reason": "",
            "digest": shown["digest"],
            "password": person.password,
        },
    )


def run_deployment(chain: Chain, version: dict[str, Any]) -> dict[str, Any]:
    admin = chain.cast["mladmin"]
    with chain.console.stage(f"Deploy version {version['number']}") as stage:
        if "target" not in chain.data:
            chain.data["target"] = admin.post(f"{chain.base}targets/", {"alias": chain.slug})
        target = chain.data["target"]
        started = admin.post(
            f"{chain.base}deployments/",
            {"target": target["id"], "model_version": version["id"]},
        )
        return _rolled_out(chain, stage, admin, started)


def run_roll_back(chain: Chain, version: dict[str, Any]) -> dict[str, Any]:
    admin = chain.cast["mladmin"]
    with chain.console.stage(f"Roll back to version {version['number']}") as stage:
        started = admin.post(
            f"{chain.base}targets/{chain.data['target']['id']}/roll-back/",
            {
                "version_number": str(version["number"]),
                "reason": "Demonstration of the way back.",
            },
        )
        return _rolled_out(chain, stage, admin, started)


def _rolled_out(
    chain: Chain, stage: Stage, admin: Person, started: dict[str, Any]
) -> dict[str, Any]:
    path = f"{chain.base}deployments/{started['id']}/"
    chain.follow(stage, admin, f"{path}progress/")
    found: dict[str, Any] = admin.get(path)
    body = found["receipt"]["body"]
    same = body["held"]["adapter"] == body["approved"]["adapter"]
    stage.figures = {"receipt": found["receipt_digest"], "replay": body["replay"]}
    stage.words = (
        f"live; serving process holds {'the approved' if same else 'OTHER'} tensors, "
        f"{body['replay']['prompts']} gold prompts replayed"
    )
    return found


def run_package(chain: Chain, submission: dict[str, Any], folder: Path) -> Path:
    officer = chain.cast["compliance"]
    with chain.console.stage("Documentation package") as stage:
        package = officer.post(f"{chain.base}packages/", {"submission": submission["id"]})
        path = f"{chain.base}packages/{package['id']}/"
        package = _built(chain, stage, officer, path)
        stage.figures = {"digest": package["digest"], "pages": package["page_count"]}
        stage.words = f"{package['page_count']} pages, tagged PDF/A"
    with chain.console.stage("Signatures on the package") as stage:
        for key in ("committee", "compliance"):
            person = chain.cast[key]
            shown = person.get(path)
            person.post(
                f"{path}signatures/", {"digest": shown["artefact"], "password": person.password}
            )
        target = folder / "package.pdf"
        target.write_bytes(officer.download(f"{path}file.pdf"))
        (folder / "ca.pem").write_bytes(officer.download(f"{chain.base}authority.pem"))
        package = officer.get(path)
        stage.figures = {"state": package["state"], "sha256": package["artefact"]}
        stage.words = f"2 PAdES signatures with timestamps, {package['state']}"
    return target


def _built(chain: Chain, stage: Stage, person: Person, path: str) -> dict[str, Any]:
    """Follow the building of a package to its end."""
    while True:
        package: dict[str, Any] = person.get(path)
        if package["state"] == "failed":
            raise FailedError(f"The package was not built: {package['phase']}")
        if package["state"] != "building":
            return package
        chain.console.progress(
            stage, {"done": 0, "total": 0, "unit": "", "phase": package["phase"]}
        )
        time.sleep(POLL_SECONDS)

"""From notes to a signed package, through the real servers, workers and models."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from demo.client import RefusedError
from tests.chain.installation import Installation

pytestmark = pytest.mark.chain


def verify(package: Path, trust: Path | None = None, *more: str) -> tuple[int, dict[str, Any]]:
    command: list[str | Path] = [Path(sys.executable).with_name("countersign-verify"), package]
    if trust:
        command += ["--trust", trust]
    finished = subprocess.run([*command, "--json", *more], capture_output=True, text=True)
    return finished.returncode, json.loads(finished.stdout)


def test_the_package_is_accepted_offline_and_two_years_from_now(
    installation: Installation,
) -> None:
    trust = installation.folder / "ca.pem"
    assert verify(installation.package, trust)[0] == 0
    assert verify(installation.package, trust, "--at", "2028-11-25T00:00:00+00:00")[0] == 0


def test_one_changed_byte_is_refused(installation: Installation, tmp_path: Path) -> None:
    content = bytearray(installation.package.read_bytes())
    content[len(content) // 3] ^= 1
    forged = tmp_path / "forged.pdf"
    forged.write_bytes(content)
    assert verify(forged, installation.folder / "ca.pem")[0] == 1


def test_pdfsig_calls_every_signature_valid(installation: Installation) -> None:
    shown = subprocess.run(
        ["pdfsig", installation.package], capture_output=True, text=True, check=False
    )
    assert shown.stdout.count("Signature Validation: Signature is Valid") == 2


def test_the_rolled_back_version_answers_the_gateway(installation: Installation) -> None:
    admin = installation.cast["mladmin"]
    key = admin.post(f"{installation.chain.base}integrations/", {"name": "EHR"})["key"]
    answer = httpx.post(
        f"{installation.runtime.gateway_url}/v1/chat/completions",
        json={
            "model": installation.slug,
            "messages": [{"role": "user", "content": "Summarise: cough for three days."}],
            "max_tokens": 8,
        },
        headers={"Authorization": f"Bearer {key}"},
        timeout=120,
    )
    assert answer.status_code == 200
    assert answer.headers["X-Countersign-Model-Version"] == installation.first["id"]
    assert "clinician" in answer.headers["X-Countersign-Advisory"]


def test_the_gateway_asks_for_a_key(installation: Installation) -> None:
    answer = httpx.get(f"{installation.runtime.gateway_url}/v1/models")
    assert answer.status_code == 401


def test_every_rollout_left_a_receipt_of_what_really_answered(installation: Installation) -> None:
    rows = list(installation.cast["mladmin"].pages(f"{installation.chain.base}deployments/"))
    assert sorted((row["kind"], row["state"]) for row in rows) == [
        ("promote", "replaced"),
        ("promote", "rolled_back"),
        ("rollback", "live"),
    ]
    for row in rows:
        body = row["receipt"]["body"]
        assert body["held"]["adapter"] == body["approved"]["adapter"]
        assert body["replay"]["passed"]


def test_failed_gates_stay_failed(installation: Installation) -> None:
    rows = installation.cast["auditor"].pages(f"{installation.chain.base}evaluations/")
    for row in rows:
        states = {gate["gate"]["id"]: gate["status"] for gate in row["gates"]}
        assert states["rouge_l"] == "fail"
        assert "fail" in {s for name, s in states.items() if name != "rouge_l"}


def test_the_trail_is_whole_and_names_every_act(installation: Installation) -> None:
    shown = installation.cast["auditor"]._http.get(
        f"/p/{installation.slug}/trail/", params={"verify": 1}
    )
    assert "The chain is whole" in shown.text


def test_importing_the_same_file_again_changes_nothing(installation: Installation) -> None:
    engineer, base = installation.cast["engineer"], installation.chain.base
    batch = engineer.upload(f"{base}imports/", installation.chain.file, kind="csv")
    path = f"{base}imports/{batch['id']}/"
    engineer.post(f"{path}start/", engineer.get(f"{path}preview/")["suggested_mapping"])
    engineer.wait(f"{path}progress/", lambda done: None)
    batch = engineer.get(path)
    assert (batch["added"], batch["updated"]) == (0, 0)
    assert batch["unchanged"] == len(installation.chain.notes)


@pytest.mark.parametrize(
    ("who", "path", "body"),
    [
        ("mladmin", "imports/", None),
        ("mladmin", "runs/", {}),
        ("auditor", "runs/", {}),
        ("engineer", "training-runs/", {"dataset": "{dataset}"}),
        ("compliance", "targets/", {"alias": "mine"}),
        ("auditor", "integrations/", {"name": "mine"}),
        ("reviewer", "packages/", {"submission": "{submission}"}),
    ],
)
def test_a_role_that_may_not_is_refused_by_the_api(
    installation: Installation, who: str, path: str, body: dict[str, str] | None
) -> None:
    person, base = installation.cast[who], f"{installation.chain.base}{path}"
    known = {
        "dataset": installation.chain.data["dataset"]["id"],
        "submission": next(iter(person.pages(f"{installation.chain.base}submissions/")))["id"],
    }
    with pytest.raises(RefusedError, match="Only a"):
        if body is None:
            person.upload(base, installation.chain.file, kind="csv")
        else:
            person.post(base, {key: value.format(**known) for key, value in body.items()})

"""Hospital system -> gateway -> model server -> adapter, all real, and a server that dies."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from deployment.backends.transformers import TransformersBackend
from deployment.gateway.snapshot import (
    ApiKey,
    Route,
    Snapshot,
    digest_api_key,
    new_api_key,
    write_snapshot,
)
from tests.deployment.conftest import Installation
from tests.deployment.processes import gateway, model_server, short_socket, wait_until

LABEL = "Advisory only: a clinician decides"
IMAGE = [{"role": "user", "content": [{"type": "image_url"}]}]
BODY = {"model": "summary", "messages": [{"role": "user", "content": "patient reports cough"}]}


def _user(text: str) -> list[dict[str, str]]:
    return [{"role": "user", "content": text}]


@dataclass(frozen=True)
class Site:
    """A running site."""

    installation: Installation
    socket: Path
    server: subprocess.Popen[str]
    client: httpx.Client
    key: str

    def deploy(self, number: int, version: int) -> None:
        """Make a model version the active one, as a rollout does."""
        digest = self.installation.first if number == 1 else self.installation.second
        backend = TransformersBackend(self.socket)
        backend.load(f"v{number}", self.installation.adapter(number), digest)
        backend.close()
        self.publish(number, digest, version)

    def publish(self, number: int, digest: str, version: int) -> None:
        """Write the routing table only."""
        route = Route(
            model_version_id=f"version-{number}",
            adapter_name=f"v{number}",
            adapter_digest=digest,
            adapter_path=f"artefacts/v{number}",
            base_digest=self.installation.base_digest,
            label=LABEL,
            max_tokens=6,
        )
        keys = (ApiKey("ehr", digest_api_key(self.key), True, ("summary",)),)
        write_snapshot(
            self.installation.data / "gateway",
            Snapshot(version, {"summary": route, "other": route}, keys),
            self.installation.authority.seal,
        )

    def ask(self, **changes: Any) -> httpx.Response:
        """One question with the integration's key."""
        return self.client.post(
            "/v1/chat/completions",
            json=BODY | changes,
            headers={"Authorization": f"Bearer {self.key}"},
        )


@pytest.fixture(scope="module")
def site(installation: Installation) -> Iterator[Site]:
    with (
        short_socket() as path,
        model_server(installation, path) as server,
        gateway(installation, path) as client,
    ):
        yield Site(installation, path, server, client, new_api_key()[0])


def _log(site: Site) -> list[dict[str, Any]]:
    path = site.installation.data / "log" / "gateway.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_the_whole_life_of_a_deployment(site: Site) -> None:
    early = site.ask()
    assert (early.status_code, early.json()["error"]["code"]) == (503, "not_configured")

    site.deploy(1, version=1)
    answer = site.ask()
    assert answer.status_code == 200
    body = answer.json()
    assert body["choices"][0]["message"]["content"].startswith("rest fluids")
    assert body["countersign"]["advisory"] == LABEL
    assert body["countersign"]["adapter_digest"] == site.installation.first
    assert answer.headers["x-countersign-advisory"] == LABEL
    assert answer.headers["cache-control"] == "no-store"

    headers = {"Authorization": f"Bearer {site.key}"}
    assert site.client.get("/v1/models/summary", headers=headers).json()["id"] == "summary"
    assert site.client.get("/v1/models/other", headers=headers).status_code == 404

    site.deploy(2, version=2)
    assert site.ask().json()["countersign"]["model_version_id"] == "version-2"
    site.deploy(1, version=3)
    assert site.ask().json()["countersign"]["adapter_digest"] == site.installation.first

    written = json.dumps(_log(site))
    assert "cough" not in written
    assert "rest" not in written
    assert site.key not in written
    last = _log(site)[-1]
    assert (last["integration_id"], last["alias"], last["status"]) == ("ehr", "summary", 200)
    assert last["completion_tokens"] > 0
    assert last["latency_ms"] > 0


def test_the_openai_api_is_spoken(site: Site) -> None:
    site.deploy(1, version=10)
    listed = site.client.get("/v1/models", headers={"Authorization": f"Bearer {site.key}"})
    assert [model["id"] for model in listed.json()["data"]] == ["summary"]

    streamed = site.ask(stream=True)
    assert streamed.headers["content-type"].startswith("text/event-stream")
    events = [line[6:] for line in streamed.text.splitlines() if line.startswith("data: ")]
    assert events[-1] == "[DONE]"
    chunks = [json.loads(event) for event in events[:-1]]
    text = "".join(chunk["choices"][0]["delta"].get("content", "") for chunk in chunks)
    assert text == site.ask().json()["choices"][0]["message"]["content"]
    assert chunks[-1]["countersign"]["advisory"] == LABEL

    parts = [{"role": "user", "content": [{"type": "text", "text": "patient reports cough"}]}]
    assert site.ask(messages=parts).json()["choices"] == site.ask().json()["choices"]
    assert site.ask(max_tokens=2).json()["choices"][0]["finish_reason"] == "length"


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"model": "unknown"}, 404, "model_not_found"),
        ({"model": "other"}, 404, "model_not_found"),  # deployed, but not for this key
        ({"model": None}, 400, "invalid_request"),
        ({"messages": []}, 400, "invalid_request"),
        ({"messages": [{"role": "tool", "content": "x"}]}, 400, "invalid_request"),
        (
            {"messages": [{"role": "user", "content": [{"type": "image_url"}]}]},
            400,
            "invalid_request",
        ),
        ({"n": 2}, 400, "invalid_request"),
        ({"tools": [{}]}, 400, "invalid_request"),
        ({"max_tokens": 0}, 400, "invalid_request"),
        ({"messages": _user("x" * 300_000)}, 413, "request_too_large"),
        (
            {"messages": [{"role": "user", "content": "fever " * 600}]},
            400,
            "context_length_exceeded",
        ),
    ],
)
def test_a_bad_request_gets_a_clear_error(
    site: Site, changes: dict[str, Any], status: int, code: str
) -> None:
    site.deploy(1, version=20)
    answer = site.ask(**changes)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


@pytest.mark.parametrize("header", [None, "Bearer wrong", "Basic x", "Bearer"])
def test_a_wrong_key_is_refused(site: Site, header: str | None) -> None:
    site.deploy(1, version=20)
    headers = {"Authorization": header} if header else {}
    for answer in (
        site.client.post("/v1/chat/completions", json=BODY, headers=headers),
        site.client.get("/v1/models", headers=headers),
    ):
        assert (answer.status_code, answer.json()["error"]["code"]) == (401, "invalid_api_key")


def test_an_unsealed_or_older_table_is_refused_and_the_last_good_one_stays(site: Site) -> None:
    site.deploy(1, version=30)
    assert site.ask().status_code == 200
    path = site.installation.data / "gateway" / "snapshot.json"
    sealed = path.read_text()
    path.write_text(sealed.replace('"version-1"', '"version-9"'))
    assert site.ask().json()["countersign"]["model_version_id"] == "version-1"
    health = site.client.get("/health").json()
    assert (health["status"], health["snapshot_version"]) == ("degraded", 30)
    site.publish(2, site.installation.second, version=29)
    assert site.ask().json()["countersign"]["model_version_id"] == "version-1"
    site.deploy(1, version=31)
    assert site.client.get("/health").json()["status"] == "ok"


def test_an_answer_of_another_model_is_withheld(site: Site) -> None:
    site.deploy(1, version=40)
    # The table names what was approved; another process put something else under that name.
    site.publish(1, "0" * 64, version=41)
    answer = site.ask()
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "wrong_model")
    assert "rest" not in answer.text
    site.deploy(1, version=42)
    assert site.ask().status_code == 200


def test_a_server_that_died_serves_again_by_itself(site: Site) -> None:
    site.deploy(1, version=50)
    assert site.ask().status_code == 200
    site.server.kill()
    site.server.wait()
    gone = site.ask()
    assert (gone.status_code, gone.json()["error"]["code"]) == (503, "server_unavailable")
    with model_server(site.installation, site.socket):
        wait_until(lambda: site.ask().status_code == 200)
        assert site.ask().json()["countersign"]["adapter_digest"] == site.installation.first

"""The gateway's log: who came without a key, floods of them, and its rotation."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path
from typing import Any

import httpx
import pytest

from deployment.backends.base import BackendError, ChatAnswer
from deployment.gateway.app import create_app
from deployment.gateway.log import REFUSED_A_MINUTE, LogEntry, RequestLog
from deployment.gateway.openai import ChatCall, stream_events
from deployment.gateway.snapshot import Route

ROUTE = Route(
    model_version_id="v1",
    adapter_name="a",
    adapter_digest="1",
    adapter_path="artefacts/a",
    base_digest="2",
    label="Advisory",
    max_tokens=6,
)


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def refused() -> LogEntry:
    return LogEntry(status=401, code="invalid_api_key")


def test_a_list_that_is_asked_without_a_key_leaves_a_line(tmp_path: Path) -> None:
    def nothing(name: str) -> Any:
        raise BackendError("away", "Away.", 503)

    app = create_app(data=tmp_path, certificate=tmp_path / "none.pem", backends=nothing)

    async def ask() -> None:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as client:
            await client.get("/v1/models", headers={"Authorization": "Bearer cs_secret"})

    asyncio.run(ask())
    written = (tmp_path / "log" / "gateway.jsonl").read_text()
    assert json.loads(written)["status"] == 503
    assert "cs_secret" not in written


def test_a_flood_without_keys_becomes_a_count(tmp_path: Path) -> None:
    now = 0.0
    log = RequestLog(tmp_path / "g.jsonl", clock=lambda: now)
    for _ in range(REFUSED_A_MINUTE + 40):
        log.write(refused())
    log.write(LogEntry(integration_id="ehr", status=200))
    assert len(lines(tmp_path / "g.jsonl")) == REFUSED_A_MINUTE + 1
    now = 61.0
    log.write(refused())
    assert [line["left_out"] for line in lines(tmp_path / "g.jsonl")[-2:]] == [40, 0]


def test_a_large_file_is_set_aside_and_the_oldest_goes(tmp_path: Path) -> None:
    path = tmp_path / "g.jsonl"
    log = RequestLog(path, largest=10)
    for number in range(6):
        log.write(LogEntry(integration_id=str(number), status=200))
    assert sorted(found.name for found in tmp_path.iterdir()) == [
        "g.jsonl", "g.jsonl.1", "g.jsonl.2", "g.jsonl.3",
    ]  # fmt: skip
    assert [line["integration_id"] for line in lines(path)] == ["5"]
    assert os.stat(path).st_mode & 0o777 == 0o600


@pytest.mark.parametrize("asked", [True, False])
def test_a_stream_says_its_tokens_only_where_asked(asked: bool) -> None:
    answer = ChatAnswer("text", 3, 2, "stop", "1", "2")
    call = ChatCall("summary", [], None, True, stream_usage=asked)
    events = [event.decode() for event in stream_events(call, ROUTE, answer)]
    assert ('"total_tokens": 5' in events[-2]) is asked
    assert ('"usage": null' in events[0]) is asked

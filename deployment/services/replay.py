"""Replay: gold prompts through the gateway, compared with the answers that were evaluated."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import httpx
from django.conf import settings

from deployment.models import Deployment
from training.metrics.rouge import rouge_l
from vault import artefacts

# Greedy decoding repeats itself but for rounding between batch sizes; another model does not.
SIMILAR = 0.8
MAX_TOKENS = 64  # as in the evaluation
TIMEOUT = httpx.Timeout(180.0, connect=5.0)
REFRESH_SECONDS = 10.0  # the gateway notices a new snapshot within a moment


@dataclass(frozen=True)
class Answer:
    item: str
    answered_by: str
    similarity: float
    seconds: float


@dataclass(frozen=True)
class Replay:
    """What the front door answered; `passed` when the right version said what it said before."""

    expected: str
    answers: tuple[Answer, ...]
    problem: str = ""

    @property
    def similarity(self) -> float | None:
        values = [answer.similarity for answer in self.answers]
        return sum(values) / len(values) if values else None

    @property
    def by_the_right_version(self) -> bool:
        return all(answer.answered_by == self.expected for answer in self.answers)

    @property
    def passed(self) -> bool:
        alike = (self.similarity or 0.0) >= SIMILAR
        return not self.problem and self.by_the_right_version and alike

    @property
    def explanation(self) -> str:
        if self.problem:
            return self.problem
        if not self.answers:
            return "No gold prompt could be replayed."
        if not self.by_the_right_version:
            return "Another version answered the replay."
        return f"The replayed answers resemble the evaluated ones by {self.similarity:.2f} only."

    def to_dict(self) -> dict[str, Any]:
        return {
            "prompts": len(self.answers),
            "similarity": round(self.similarity or 0.0, 4),
            "limit": SIMILAR,
            "passed": self.passed,
            "answers": [
                {
                    "item": a.item,
                    "answered_by": a.answered_by,
                    "similarity": round(a.similarity, 4),
                    "seconds": round(a.seconds, 3),
                }
                for a in self.answers
            ],
        }


def replay(deployment: Deployment, *, alias: str, key: str, count: int) -> Replay:
    """Ask `count` gold prompts through the gateway under `alias`, all at once: the serving
    process answers what waits together."""
    expected = str(deployment.model_version_id)
    items = _items(deployment, count)
    with _client() as client, ThreadPoolExecutor(max(1, len(items))) as threads:
        found = list(threads.map(lambda item: _answer(client, alias, key, item), items))
    answers = tuple(answer for answer in found if isinstance(answer, Answer))
    problems = [answer for answer in found if isinstance(answer, str)]
    return Replay(expected, answers, problems[0] if problems else "")


def confirm(deployment: Deployment, *, alias: str, key: str) -> str:
    """Ask under the real alias which version answers there; a sentence if it is another one."""
    with _client() as client:
        prompt = _items(deployment, 1)[0]["prompt"]
        response = _ask(client, alias, key, prompt, max_tokens=1)
    if isinstance(response, str):
        return response
    if _answered_by(response) != str(deployment.model_version_id):
        return "Another version answers under the alias after the swap."
    return ""


def _client() -> httpx.Client:
    return httpx.Client(base_url=settings.GATEWAY_URL, timeout=TIMEOUT)


def _answered_by(response: httpx.Response) -> str:
    return str(response.headers.get("X-Countersign-Model-Version", ""))


def _answer(client: httpx.Client, alias: str, key: str, item: dict[str, Any]) -> Answer | str:
    started = time.monotonic()
    response = _ask(client, alias, key, item["prompt"], max_tokens=MAX_TOKENS)
    if isinstance(response, str):
        return response
    text = response.json()["choices"][0]["message"]["content"]
    return Answer(
        item=item["id"],
        answered_by=_answered_by(response),
        similarity=rouge_l(text, item["answer"]).f1 if item["answer"] else 0.0,
        seconds=time.monotonic() - started,
    )


def _ask(
    client: httpx.Client, alias: str, key: str, prompt: str, *, max_tokens: int
) -> httpx.Response | str:
    """The gateway's answer, or a sentence that says why there is none."""
    body = {
        "model": alias,
        "messages": [{"role": "user", "content": prompt}],
        "max_tokens": max_tokens,
    }
    deadline = time.monotonic() + REFRESH_SECONDS
    while True:
        try:
            response = client.post(
                "/v1/chat/completions", json=body, headers={"Authorization": f"Bearer {key}"}
            )
        except httpx.HTTPError:
            return "The gateway did not answer."
        if response.is_success:
            return response
        if time.monotonic() > deadline:
            return f"The gateway refused the replay (status {response.status_code})."
        time.sleep(0.5)


def _items(deployment: Deployment, count: int) -> list[dict[str, Any]]:
    """The shortest gold prompts that the evaluation did not cut, with the answers given then."""
    evaluation = deployment.submission.evaluation
    prompts = {row["id"]: row["prompt"] for row in _rows(evaluation.gold_set.artefact)}
    evaluated = [row for row in _rows(evaluation.outputs_artefact) if not row["truncated"]]
    evaluated.sort(key=lambda row: (len(prompts[row["id"]]), row["id"]))
    return [
        {"id": row["id"], "prompt": prompts[row["id"]], "answer": row["answer"]}
        for row in evaluated[:count]
    ]


def _rows(artefact: str) -> list[dict[str, Any]]:
    lines = artefacts.read_bytes(artefact).decode().splitlines()
    return [json.loads(line) for line in lines]

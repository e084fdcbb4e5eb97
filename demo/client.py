"""One person at the browser: signs in over HTTP and uses the API with that session."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx

POLL_SECONDS = 0.4
STALLED_SECONDS = 300.0  # a job that reports nothing new for so long is taken for dead


class RefusedError(Exception):
    """The application said no; the message is its own sentence."""


class Person:
    """A signed-in account. `name` and `password` are its own; each request carries its session."""

    def __init__(self, base_url: str, *, email: str, password: str, name: str) -> None:
        self.email, self.password, self.name = email, password, name
        self._http = httpx.Client(base_url=base_url, timeout=120.0)
        self._sign_in()

    def _sign_in(self) -> None:
        self._http.get("/sign-in/")
        answer = self._http.post(
            "/sign-in/",
            data={"username": self.email, "password": self.password},
            headers=self._headers(),
        )
        if answer.status_code != httpx.codes.FOUND:
            raise RefusedError(f"{self.email} could not sign in ({answer.status_code}).")

    def choose_password(self, new: str) -> None:
        """Replace the first password, which somebody else has seen and which signs nothing."""
        self._http.get("/password/")
        answer = self._http.post(
            "/password/", data={"old": self.password, "new": new}, headers=self._headers()
        )
        if answer.status_code != httpx.codes.FOUND:
            raise RefusedError(f"{self.email} could not change the first password.")
        self.password = new

    def _headers(self) -> dict[str, str]:
        return {
            "X-CSRFToken": self._http.cookies.get("csrftoken") or "",
            "Referer": str(self._http.base_url),
        }

    def get(self, path: str, **query: Any) -> Any:
        return _checked(self._http.get(f"/api/v1/{path}", params=query)).json()

    def download(self, path: str) -> bytes:
        return _checked(self._http.get(f"/api/v1/{path}")).content

    def post(self, path: str, body: dict[str, Any] | None = None) -> Any:
        answer = self._http.post(f"/api/v1/{path}", json=body or {}, headers=self._headers())
        # An act that has nothing to tell answers 204, without a body.
        return _checked(answer).json() if answer.content else None

    def upload(self, path: str, file: Path, **fields: str) -> Any:
        with file.open("rb") as stream:
            answer = self._http.post(
                f"/api/v1/{path}",
                data=fields,
                files={"file": (file.name, stream)},
                headers=self._headers(),
            )
        return _checked(answer).json()

    def pages(self, path: str) -> Iterator[dict[str, Any]]:
        """Every row of a paged list."""
        number = 1
        while True:
            found = self.get(path, page=number)
            yield from found["results"]
            if not found["next"]:
                return
            number += 1

    def wait(self, path: str, show: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
        """Follow a job's progress to its end, or to where it stands still."""
        last, moved = None, time.monotonic()
        while True:
            progress: dict[str, Any] = self.get(path)
            show(progress)
            if progress["state"] not in ("queued", "running"):
                if progress["state"] != "done":
                    raise RefusedError(progress["error"] or f"The job is {progress['state']}.")
                return progress
            here = (progress["state"], progress["phase"], progress["done"])
            if here != last:
                last, moved = here, time.monotonic()
            elif time.monotonic() - moved > STALLED_SECONDS:
                raise RefusedError(
                    f"The job stood still for {STALLED_SECONDS:.0f} s in {progress['phase']}; "
                    "serve.log in the demo's folder says more."
                )
            time.sleep(POLL_SECONDS)


def _checked(answer: httpx.Response) -> httpx.Response:
    if answer.is_success:
        return answer
    try:
        body = answer.json()
        sentence = body.get("detail") or str(body)
    except ValueError:
        sentence = f"{answer.request.method} {answer.request.url.path}: {answer.status_code}"
    raise RefusedError(str(sentence))

"""The clinician's and the data engineer's part in a round of review, played from the gold."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from demo.client import Person
from demo.sample import SampleNote, judge, patients_per_surface


@dataclass
class Round:
    """A finished round: the sample as decided, and the surfaces that leaked by position."""

    sample: dict[str, Any]
    leaked: dict[tuple[int, int], str] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        return bool(self.sample["state"] == "passed")


def review_round(
    *,
    clinician: Person,
    base: str,
    run_id: str,
    notes: list[SampleNote],
    show: Callable[[dict[str, Any]], None],
) -> Round:
    """Draw the sample and read every note of it."""
    sample = clinician.post(f"{base}samples/", {"run": run_id})
    path, done = f"{base}samples/{sample['id']}/", Round(sample)
    while True:
        answer = clinician.get(f"{path}next/")
        show(answer["progress"])
        # The notes that come ahead are read too: they are leased to this clinician already.
        waiting = [note for note in (answer["note"], *answer["prefetch"]) if note]
        if not waiting:
            break
        for shown in waiting:
            _decide(clinician, path, shown, notes, done)
    done.sample = clinician.get(path)
    return done


def _decide(
    clinician: Person, path: str, shown: dict[str, Any], notes: list[SampleNote], done: Round
) -> None:
    started = time.monotonic()
    _, leaks, destroyed = judge(shown, notes)
    body: dict[str, Any] = {
        "note_id": shown["id"],
        "verdict": "flag" if leaks or destroyed else "accept",
        "leaks": [{"start": x.start, "end": x.end, "category": x.category} for x in leaks],
        "over_redactions": [{"start": x.start, "end": x.end} for x in destroyed],
        "comment": "",
        "seconds": round(time.monotonic() - started, 3),
        # A program reads faster than anybody can; the record says that it kept its decisions.
        "warned": True,
    }
    clinician.post(f"{path}decide/", body)
    for leak in leaks:
        done.leaked[(shown["position"], leak.start)] = leak.surface


def remedy(*, engineer: Person, base: str, found: Round, notes: list[SampleNote]) -> dict[str, int]:
    """Mend as a hospital would: what many patients share becomes a term of the organisation's
    policy, what belongs to one patient becomes a known identifier of that patient."""
    shared = patients_per_surface(notes)
    path = f"{base}samples/{found.sample['id']}/leaks/"
    chosen: dict[str, list[str]] = {"term": [], "known": []}
    for leak in list(engineer.pages(path)):
        surface = found.leaked[(leak["position"], leak["start"])]
        kind = "term" if shared[surface.casefold()] > 1 else "known"
        chosen[kind].append(leak["id"])
    for kind, leaks in chosen.items():
        if leaks:
            engineer.post(path, {"leaks": leaks, "remedy": kind})
    return {kind: len(leaks) for kind, leaks in chosen.items()}


def sign_off(*, clinician: Person, base: str, found: Round) -> dict[str, Any]:
    """The clinician looks at the statement and signs its digest."""
    path = f"{base}samples/{found.sample['id']}/sign-off/"
    shown = clinician.get(path)
    signed: dict[str, Any] = clinician.post(
        path, {"digest": shown["digest"], "password": clinician.password}
    )
    return signed

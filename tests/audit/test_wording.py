"""The trail speaks in words that tell acts apart."""

from __future__ import annotations

from audit.catalogue import events
from audit.models import Entry
from audit.wording import EVENT_WORDS, what_happened, why


def test_every_event_has_words_and_no_two_are_alike() -> None:
    assert set(EVENT_WORDS) == set(events())
    assert len(set(EVENT_WORDS.values())) == len(EVENT_WORDS)


def test_approval_rejection_and_withdrawal_read_differently() -> None:
    def words(event: str, reason: str = "", **details: object) -> str:
        return what_happened(Entry(event=event, outcome="success", reason=reason, details=details))

    read = [
        words("model.approve", verdict="approve"),
        words("model.approve", verdict="conditions"),
        words("model.approve", verdict="changes"),
        words("model.approve", verdict="reject"),
        words("model.submit"),
        words("model.submit", reason="withdrawn"),
        words("qa.decision", passed=False),
        words("qa.decision", signed_off=True),
    ]
    assert len(set(read)) == len(read)
    assert read[3] == "Version rejected"
    assert read[5] == "Submission withdrawn"


def test_a_refusal_says_why_in_words() -> None:
    assert why(Entry(event="auth.reauth", outcome="failure", reason="wrong-password")) == (
        "wrong password"
    )
    assert why(Entry(event="train.fail", outcome="failure", reason="out-of-memory")) == (
        "out of memory"
    )

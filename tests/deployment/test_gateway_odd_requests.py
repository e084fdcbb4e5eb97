"""Odd requests get an answer and a line in the log, and no trace of their content."""

from __future__ import annotations

import pytest

from deployment.gateway.openai import RefusalError, parse_chat

HALF = b'{"model": "m", "messages": [{"role": "user", "content": "Okafor \\ud83d"}]}'


@pytest.mark.parametrize("body", [b"[" * 200_000, HALF, b"\xff\xfe", b"{}"])
def test_a_body_that_cannot_be_read_is_refused_in_words(body: bytes) -> None:
    with pytest.raises(RefusalError) as refused:
        parse_chat(body)
    assert refused.value.status == 400
    assert "Okafor" not in str(refused.value)

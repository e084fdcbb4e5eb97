"""Words, numbers and marks of a text, each with the blanks before it."""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

#: Every character belongs to exactly one token, so that lengths alone give the offsets. A line
#: break is a token of its own; a run of letters longer than any word is cut.
_TOKEN = re.compile(r"[^\S\n]*(?:[^\W\d_]{1,40}|\d{1,20}|\n|[\W_])")


def tokenize(text: str) -> list[str]:
    """The tokens in order; joined they are the text."""
    return _TOKEN.findall(text)


def ends_of(tokens: Sequence[str]) -> NDArray[np.int64]:
    """The offsets in characters at which the tokens end, shape ``(n,)``."""
    return np.cumsum(np.fromiter(map(len, tokens), np.int64, len(tokens)))


def core_of(token: str) -> str:
    """The token without the blanks before it; of blanks alone, the last."""
    return token.lstrip() or token[-1:]

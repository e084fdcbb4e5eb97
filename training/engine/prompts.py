"""Turn chat messages into tokens: the same way in training, evaluation and serving.

The text of a message is tokenised apart from the template around it, with special tokens
switched off. A note that contains `<|im_start|>` therefore stays text and cannot pose as a turn
of the conversation, and a note can be cut without cutting the template.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypedDict

from training.engine.events import EngineError


class Message(TypedDict):
    """One turn, as in the OpenAI API. `role` is system, user or assistant."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class EncodedPrompt:
    """Token ids up to the place where the answer starts."""

    ids: list[int]
    truncated: bool


def encode_prompt(
    tokenizer: Any, messages: Sequence[Message], limit: int | None = None
) -> EncodedPrompt:
    """Token ids of the messages and the opening of the assistant's turn.

    Args:
        tokenizer: a transformers tokenizer with a chat template.
        messages: at least one; the last one is cut at its end where `limit` demands it.
        limit: most tokens of the whole prompt.

    Raises:
        EngineError: `unsupported_template`, or `prompt_too_long` where even an empty last
            message passes the limit.
    """
    pieces = _template_pieces(tokenizer, messages)
    contents = [text_ids(tokenizer, message["content"]) for message in messages]
    frame = [tokenizer.encode(piece, add_special_tokens=False) for piece in pieces]
    total = sum(map(len, frame)) + sum(map(len, contents))
    over = 0 if limit is None else max(0, total - limit)
    if over >= len(contents[-1]) and over:
        raise EngineError(
            "prompt_too_long", "The prompt does not fit. Shorten it or raise the limit."
        )
    if over:
        contents[-1] = contents[-1][:-over]
    ids = list(frame[0])
    for content, piece in zip(contents, frame[1:], strict=True):
        ids += content + piece
    return EncodedPrompt(ids=ids, truncated=over > 0)


def encode_answer(tokenizer: Any, answer: str) -> list[int]:
    """Token ids of an answer with the token that ends the turn."""
    return [*text_ids(tokenizer, answer), int(tokenizer.eos_token_id)]


def text_ids(tokenizer: Any, text: str) -> list[int]:
    """Token ids of plain text; spelled-out special tokens stay text."""
    return list(tokenizer.encode(text, add_special_tokens=False, split_special_tokens=True))


def _template_pieces(tokenizer: Any, messages: Sequence[Message]) -> list[str]:
    """The template's own text before, between and after the contents of the messages."""
    # Private-use characters: no template contains them, and contents are not rendered at all.
    marks = [f"\ue000{index}\ue001" for index in range(len(messages))]
    stand_ins = [
        {"role": message["role"], "content": mark}
        for message, mark in zip(messages, marks, strict=True)
    ]
    rendered = tokenizer.apply_chat_template(stand_ins, tokenize=False, add_generation_prompt=True)
    pieces = []
    for mark in marks:
        before, found, rendered = rendered.partition(mark)
        if not found:
            raise EngineError(
                "unsupported_template",
                "The model's chat template does not show every message as it is.",
            )
        pieces.append(before)
    return [*pieces, rendered]

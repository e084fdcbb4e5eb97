"""A two-layer Llama with a tokenizer of its own: real parts, small enough for a test."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from training.engine.base_model import BaseRecord, write_base

TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n"
    "{{ message['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
WORDS = (
    "patient reports cough fever for two days chest clear no wheeze plan rest fluids review "
    "assessment viral illness chief complaint history of present summarise the note into user "
    "assistant system stable discharged follow up in one week blood pressure normal"
)


def tiny_tokenizer() -> PreTrainedTokenizerFast:
    """Byte-level BPE trained on a few words, with SmolLM2's three special tokens."""
    inner = Tokenizer(models.BPE())
    inner.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    inner.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=400,
        special_tokens=["<|endoftext|>", "<|im_start|>", "<|im_end|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    inner.train_from_iterator([WORDS] * 4, trainer)
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=inner,
        unk_token="<|endoftext|>",
        bos_token="<|im_start|>",
        eos_token="<|im_end|>",
        pad_token="<|im_end|>",
    )
    tokenizer.chat_template = TEMPLATE
    return tokenizer


def write_tiny_base(folder: Path, seed: int = 0, dtype: torch.dtype = torch.float32) -> BaseRecord:
    """A random base model on disk, prepared as a real one is."""
    tokenizer = tiny_tokenizer()
    torch.manual_seed(seed)
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=48,
        intermediate_size=96,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=512,
        tie_word_embeddings=True,
        bos_token_id=1,
        eos_token_id=2,
        pad_token_id=2,
    )
    folder.mkdir(parents=True, exist_ok=True)
    return write_base(
        folder,
        model=LlamaForCausalLM(config).to(dtype),
        tokenizer=tokenizer,
        name="tiny",
        source="made by a test",
        licence="none",
    )


def write_examples(path: Path, count: int = 24, answer: str | None = None) -> Path:
    """Made-up examples of different lengths, all with one answer if it is given."""
    words = WORDS.split()
    rows = [
        {
            "instruction": " ".join(words[index % 7 : index % 7 + 6 + index % 5]),
            "response": answer or " ".join(words[index % 11 : index % 11 + 5]),
        }
        for index in range(count)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path

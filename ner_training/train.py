"""Train the tagger on invented notes and write its weights.

nice -n 10 python -m ner_training.train OUT.npz [--notes N] [--epochs N] [--seed N]
"""

import argparse
import json
import random
import time
from collections import Counter
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from deid.engine.normalize import folded
from deid.engine.tagger import features as f
from deid.engine.tagger.model import CLASSES, packed
from deid.engine.tagger.network import DILATIONS, REACH
from ner_training.documents import documents
from ner_training.encode import IGNORED, Types, encode
from ner_training.gazetteer import PLAIN_BIT, memberships

WIDTH = 64
#: Words of a batch: windows of one long row of notes.
_WINDOW, _WINDOWS = 256, 24
#: How often a word's own row, or its list memberships, are hidden: unseen words have neither.
_WORD_DROPOUT, _LIST_DROPOUT = 0.35, 0.15
#: How often a number of a word's vector, or of a layer, is hidden.
_VECTOR_DROPOUT, _LAYER_DROPOUT = 0.25, 0.15
_RATE = 2e-3


class Net(nn.Module):
    """The trainable twin of ``deid.engine.tagger.network``."""

    def __init__(self, rows: int) -> None:
        super().__init__()
        self.table = nn.EmbeddingBag(rows, WIDTH, mode="sum", padding_idx=0)
        nn.init.normal_(self.table.weight, std=0.08)
        with torch.no_grad():
            self.table.weight[0] = 0
        self.convs = nn.ModuleList(
            nn.Conv1d(WIDTH, WIDTH, 3, padding=step, dilation=step) for step in DILATIONS
        )
        self.out = nn.Linear(WIDTH, len(CLASSES))
        self.hide = nn.Dropout(_VECTOR_DROPOUT)
        self.drop = nn.Dropout(_LAYER_DROPOUT)

    def forward(self, rows: torch.Tensor, places: torch.Tensor) -> torch.Tensor:
        """Logits ``(batch, window, classes)`` of words by their place in ``rows``."""
        vectors = self.table(rows)
        hidden = self.hide(vectors[places]).transpose(1, 2)
        for number, conv in enumerate(self.convs):
            new = torch.relu(conv(hidden))
            hidden = self.drop(new) + hidden if number else new
        return self.out(hidden.transpose(1, 2))


def make_words(numbers: NDArray[np.int32], classes: NDArray[np.int16], types: Types) -> list[str]:
    """Words with a row of their own: those that mostly do not identify. Names have none."""
    seen: Counter[str] = Counter()
    plain: Counter[str] = Counter()
    surfaces = list(types.numbers)
    pairs, counts = np.unique(numbers.astype(np.int64) * 2 + (classes == 0), return_counts=True)
    for pair, count in zip(pairs.tolist(), counts.tolist(), strict=True):
        word = folded(surfaces[pair // 2].lstrip(" \t\r"))
        seen[word] += count
        plain[word] += count if pair % 2 else 0
    return sorted(w for w, n in seen.items() if w.strip() and n >= 8 and plain[w] >= 0.5 * n)


def rows_of(types: Types, features: f.FeatureMap) -> NDArray[np.int32]:
    """The rows of every type, ``(types, WIDTH)``."""
    rows = np.zeros((len(types.numbers), f.WIDTH), np.int32)
    for number, surface in enumerate(types.numbers):
        if surface:
            values = features.rows(surface)
            rows[number, : len(values)] = values
    return rows


def _batches(count: int, rng: np.random.Generator) -> list[NDArray[np.int64]]:
    starts = np.arange(int(rng.integers(_WINDOW)), count - _WINDOW, _WINDOW)
    rng.shuffle(starts)
    return [starts[i : i + _WINDOWS] for i in range(0, len(starts) - _WINDOWS, _WINDOWS)]


def _dropped(rows: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    chance = torch.rand(len(rows), 2, generator=generator)
    rows = rows.clone()
    # Words that are a given name as well must be judged by what stands around them.
    ambiguous = ((rows >= f.FLAGS) & (rows < f.FLAGS + 2)).any(dim=1)
    limit = torch.where(ambiguous, 2 * _WORD_DROPOUT, _WORD_DROPOUT)
    hide = (chance[:, 0] < limit) & (rows[:, 0] >= f.WORDS)
    rows[hide, 0] = f.UNKNOWN
    listed = (rows >= f.FLAGS) & (rows < f.PARTS)
    rows[listed & (chance[:, 1:] < _LIST_DROPOUT)] = 0
    return rows


def fit(
    net: Net,
    rows: torch.Tensor,
    data: tuple[NDArray[np.int32], NDArray[np.int16]],
    held: tuple[NDArray[np.int32], NDArray[np.int16]],
    epochs: int,
    seed: int,
) -> dict[str, float]:
    """Train with early stopping on the held-out row. Returns the figures of the best epoch."""
    rng, generator = np.random.default_rng(seed), torch.Generator().manual_seed(seed)
    optimizer = torch.optim.AdamW(net.parameters(), lr=_RATE, weight_decay=0.01)
    steps = epochs * (len(data[0]) // (_WINDOW * _WINDOWS))
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, _RATE, total_steps=steps + epochs + 1)
    best: dict[str, float] = {"loss": 1e9}
    state = {}
    for epoch in range(epochs):
        net.train()
        begun, total, batches = time.time(), 0.0, _batches(len(data[0]), rng)
        for starts in batches:
            index = starts[:, None] + np.arange(_WINDOW)
            kinds, places = np.unique(data[0][index], return_inverse=True)
            logits = net(
                _dropped(rows[torch.from_numpy(kinds.astype(np.int64))], generator),
                torch.from_numpy(places.reshape(index.shape)),
            )
            target = torch.from_numpy(data[1][index].astype(np.int64))
            loss = nn.functional.cross_entropy(
                logits.reshape(-1, len(CLASSES)), target.reshape(-1), ignore_index=IGNORED
            )
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 5.0)
            optimizer.step()
            schedule.step()
            with torch.no_grad():
                net.table.weight[0] = 0
            total += loss.item()
        figures = evaluate(net, rows, held)
        print(
            epoch,
            f"{total / len(batches):.4f}",
            figures,
            f"{time.time() - begun:.0f} s",
            flush=True,
        )
        if figures["loss"] < best["loss"]:
            best, state = figures, {k: v.clone() for k, v in net.state_dict().items()}
    net.load_state_dict(state)
    return best


@torch.no_grad()
def evaluate(
    net: Net, rows: torch.Tensor, held: tuple[NDArray[np.int32], NDArray[np.int16]]
) -> dict[str, float]:
    """Loss, and word recall and precision of what identifies, on the held-out row."""
    net.eval()
    usable = len(held[0]) // _WINDOW * _WINDOW
    numbers, target = held[0][:usable].reshape(-1, _WINDOW), held[1][:usable].reshape(-1, _WINDOW)
    kinds, places = np.unique(numbers, return_inverse=True)
    logits = net(
        rows[torch.from_numpy(kinds.astype(np.int64))],
        torch.from_numpy(places.reshape(numbers.shape)),
    )
    goal = torch.from_numpy(target.astype(np.int64))
    loss = nn.functional.cross_entropy(
        logits.reshape(-1, len(CLASSES)), goal.reshape(-1), ignore_index=IGNORED
    )
    hit, true = logits.argmax(-1) > 0, goal > 0
    valid = goal != IGNORED
    both = float((hit & true & valid).sum())
    return {
        "loss": round(float(loss), 4),
        "recall": round(both / max(1.0, float((true & valid).sum())), 4),
        "precision": round(both / max(1.0, float((hit & valid).sum())), 4),
    }


def export(
    net: Net, words: list[str], lists: dict[str, int], path: Path, facts: dict[str, object]
) -> None:
    """Write the weights as half-precision numbers, with words, lists and facts."""
    listed = sorted(lists)
    arrays = {
        "facts": packed(json.dumps(facts, sort_keys=True)),
        "words": packed("\n".join(words)),
        "listed": packed("\n".join(listed)),
        "bits": np.array([lists[w] for w in listed], np.uint32),
        "table": net.table.weight.detach().numpy().astype(np.float16),
        "output": net.out.weight.detach().numpy().T.astype(np.float16),
        "output_bias": net.out.bias.detach().numpy(),
    }
    for number, conv in enumerate(net.convs):
        arrays[f"weights{number}"] = (
            conv.weight.detach().numpy().transpose(2, 1, 0).astype(np.float16)
        )
        arrays[f"bias{number}"] = conv.bias.detach().numpy()
    np.savez_compressed(path, **arrays)


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--notes", type=int, default=30_000)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--seed", type=int, default=20261125)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    random.seed(options.seed)
    types = Types()
    begun = time.time()
    data = encode(documents(options.seed, "train", options.notes), types)
    print(len(data[0]), "words", f"{time.time() - begun:.0f} s", flush=True)
    words = make_words(*data, types)
    held = encode(documents(options.seed + 1, "heldout", 1500), types)
    lists = memberships()
    features = f.FeatureMap({w: i for i, w in enumerate(words)}, lists, PLAIN_BIT)
    rows = torch.from_numpy(rows_of(types, features))
    print(len(words), "words of their own;", len(lists), "listed;", len(types.numbers), "types",
          f"{time.time() - begun:.0f} s", flush=True)  # fmt: skip
    net = Net(features.size)
    figures = fit(net, rows, data, held, options.epochs, options.seed)
    facts = {
        "classes": CLASSES, "layers": len(DILATIONS), "reach": REACH, "plain_bit": PLAIN_BIT,
        "seed": options.seed, "notes": options.notes, "epochs": options.epochs, "heldout": figures,
    }  # fmt: skip
    export(net, words, lists, options.out, facts)
    print(options.out, options.out.stat().st_size, figures, f"{time.time() - begun:.0f} s")


if __name__ == "__main__":
    main()

"""The tagger: texts in, entities with probabilities out."""

import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from deid.engine.lexicon import DATA
from deid.engine.tagger.features import WIDTH, FeatureMap
from deid.engine.tagger.network import REACH, Array, Layer, Network
from deid.engine.tagger.tokens import core_of, ends_of, tokenize
from evidence.digests import digest_file

WEIGHTS = DATA / "tagger.npz"
#: ``O`` stays; every other class identifies.
CLASSES = ("O", "NAME", "LOCATION", "FACILITY", "EMPLOYER", "DATE", "AGE90", "ID", "CONTACT")
#: Surfaces that are remembered: so few that 10,000 notes fill it, and no further note adds memory.
_CACHE = 30_000
#: Texts are joined up to about this many characters for one pass through the network.
_BATCH = 200_000


@dataclass(frozen=True, slots=True)
class Entity:
    """What the tagger holds for an identifier: offsets in characters, class and probability."""

    start: int
    end: int
    label: str
    score: float


class Tagger:
    """A trained tagger. Safe to use again and again; not for two threads at once."""

    def __init__(self, features: FeatureMap, table: Array, network: Network) -> None:
        """``table`` has the shape ``(features.size, width)``."""
        self._features, self._table, self._network = features, table, network
        self._numbers: dict[str, int] = {"": 0}
        self._vectors = np.zeros((1024, table.shape[1]), np.float32)

    def tag(self, texts: Sequence[str], floor: float = 0.3) -> list[list[Entity]]:
        """Entities of each text whose probability reaches ``floor`` somewhere, in order."""
        found: list[list[Entity]] = []
        for batch in _batches(texts):
            tokens = [tokenize(text) for text in batch]
            chances = self._chances(tokens)
            for row, chance in zip(tokens, chances, strict=True):
                found.append(_entities(row, chance, floor))
        return found

    def _chances(self, rows: Sequence[Sequence[str]]) -> Iterator[Array]:
        """Class probabilities of the tokens of each text; texts are kept apart by empty words."""
        joined = [""] * REACH
        for row in rows:
            joined += row
            joined += [""] * REACH
        chances = self._network.probabilities(self._look_up(joined), self._vectors)
        start = 0
        for row in rows:
            yield chances[start : start + len(row)]
            start += len(row) + REACH

    def _look_up(self, tokens: Sequence[str]) -> NDArray[np.int64]:
        if len(self._numbers) > _CACHE:
            self._numbers = {"": 0}
        try:
            return np.fromiter(map(self._numbers.__getitem__, tokens), np.int64, len(tokens))
        except KeyError:
            self._learn([t for t in dict.fromkeys(tokens) if t not in self._numbers])
        return np.fromiter(map(self._numbers.__getitem__, tokens), np.int64, len(tokens))

    def _learn(self, surfaces: Sequence[str]) -> None:
        rows = np.zeros((len(surfaces), WIDTH), np.int64)
        first = len(self._numbers)
        for place, surface in enumerate(surfaces):
            values = self._features.rows(surface)
            rows[place, : len(values)] = values
            self._numbers[surface] = first + place
        need = first + len(surfaces)
        if need > len(self._vectors):
            grown = np.zeros((max(need, 2 * len(self._vectors)), self._table.shape[1]), np.float32)
            grown[:first] = self._vectors[:first]
            self._vectors = grown
        for start in range(0, len(rows), 512):
            piece = self._table[rows[start : start + 512]].sum(axis=1)
            self._vectors[first + start : first + start + len(piece)] = piece


def _batches(texts: Sequence[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    size = 0
    for text in texts:
        if batch and size + len(text) > _BATCH:
            yield batch
            batch, size = [], 0
        batch.append(text)
        size += len(text)
    if batch:
        yield batch


def _entities(tokens: Sequence[str], chances: Array, floor: float) -> list[Entity]:
    """Runs of tokens that are rather not ``O``: cut at line ends, where the class changes."""
    risks = 1.0 - chances[:, 0]
    sure = np.flatnonzero(risks >= floor)
    if not len(sure):
        return []
    labels = chances[sure, 1:].argmax(axis=1)
    ends = ends_of(tokens)
    found: list[Entity] = []
    run: list[_Token] = []
    for place, label, risk in zip(
        sure.tolist(), labels.tolist(), risks[sure].tolist(), strict=True
    ):
        if run and (place != run[-1].place + 1 or label != run[-1].label):
            _close(run, tokens, ends, found)
            run = []
        run.append(_Token(place, label, risk))
    _close(run, tokens, ends, found)
    return found


class _Token(NamedTuple):
    """A token that is rather not ``O``; ``label`` counts the other classes from 0."""

    place: int
    label: int
    risk: float


def _close(
    run: list[_Token], tokens: Sequence[str], ends: NDArray[np.int64], found: list[Entity]
) -> None:
    first, last = 0, len(run)
    while first < last and not tokens[run[first].place][-1].isalnum():
        first += 1
    while last > first and not tokens[run[last - 1].place][-1].isalnum():
        last -= 1
    if first < last:
        run = run[first:last]
        begin, end = run[0].place, run[-1].place
        start = int(ends[begin]) - len(core_of(tokens[begin]))
        score = max(token.risk for token in run)
        found.append(Entity(start, int(ends[end]), CLASSES[1 + run[0].label], score))


def read_tagger(path: Path) -> Tagger:
    """A tagger from a file that ``ner_training`` wrote. Raises ``ValueError`` if it is none."""
    with np.load(path, allow_pickle=False) as stored:
        try:
            facts = json.loads(bytes(stored["facts"]).decode())
            words = bytes(stored["words"]).decode().split("\n")
            listed = bytes(stored["listed"]).decode().split("\n")
            lists = dict(zip(listed, stored["bits"].tolist(), strict=True))
            layers = [
                Layer(
                    stored[f"weights{i}"].astype(np.float32), stored[f"bias{i}"].astype(np.float32)
                )
                for i in range(facts["layers"])
            ]
            output = stored["output"].astype(np.float32)
            output_bias = stored["output_bias"].astype(np.float32)
            table = stored["table"].astype(np.float32)
        except KeyError as problem:
            raise ValueError(f"{path.name} lacks the tagger's part {problem}.") from problem
    if tuple(facts["classes"]) != CLASSES:
        raise ValueError(f"{path.name} was trained for other classes.")
    features = FeatureMap({w: i for i, w in enumerate(words)}, lists, facts["plain_bit"])
    return Tagger(features, table, Network(layers, output, output_bias))


@lru_cache(maxsize=1)
def load_tagger() -> Tagger:
    """The tagger that ships with the engine, loaded once a process."""
    return read_tagger(WEIGHTS)


@lru_cache(maxsize=1)
def weights_digest() -> str:
    """SHA-256 of the file of weights."""
    return digest_file(WEIGHTS)


def packed(values: str) -> NDArray[np.uint8]:
    """Text as the array of bytes in which the file holds it."""
    return np.frombuffer(io.BytesIO(values.encode()).getvalue(), np.uint8)

"""Vocabularies and templates of this folder, and English words by their ending."""

import random
import re
from functools import lru_cache
from pathlib import Path

from ner_training.lists import words_of

_HERE = Path(__file__).parent


@lru_cache(maxsize=1)
def vocabulary() -> dict[str, tuple[str, ...]]:
    """Phrases by key, from ``vocabulary/*.txt``."""
    found: dict[str, list[str]] = {}
    for path in sorted((_HERE / "vocabulary").glob("*.txt")):
        for line in path.read_text("utf-8").splitlines():
            if line.strip() and not line.startswith("#"):
                key, _, phrases = line.partition(": ")
                found.setdefault(key, []).extend(p.strip() for p in phrases.split(" | "))
    return {key: tuple(p for p in phrases if p) for key, phrases in found.items()}


@lru_cache(maxsize=1)
def templates() -> dict[str, tuple[str, ...]]:
    """Templates by pool, from ``templates/*.txt``: ``free-visit.txt`` belongs to ``free``."""
    found: dict[str, tuple[str, ...]] = {}
    for path in sorted((_HERE / "templates").glob("*.txt")):
        lines = path.read_text("utf-8").splitlines()
        pool = path.stem.partition("-")[0]
        new = tuple(t.replace("\\n", "\n") for t in lines if t and t[0] != "#")
        found[pool] = found.get(pool, ()) + new
    return found


@lru_cache(maxsize=1)
def common() -> tuple[str, ...]:
    """Frequent English words, and the words that templates hold between their slots."""
    from faker.providers.lorem.en_US import Provider

    found = {w.lower() for w in Provider.word_list if w.isalpha()}
    for pool in templates().values():
        for template in pool:
            found.update(re.findall(r"(?<![{\w])[a-z]{3,}(?![}\w])", template))
    return tuple(sorted(found))


def salad(rng: random.Random) -> str:
    """Some frequent and some rare words without sense: what they have in common is prose."""
    small, plain = tuple(words_of("function_words")), common()
    found = []
    for _ in range(rng.randint(3, 14)):
        roll = rng.random()
        pool = small if roll < 0.42 else plain if roll < 0.86 else english()["eng"]
        found.append(rng.choice(pool) + ("," if rng.random() < 0.06 else ""))
    return " ".join(found).strip(",")


def abbreviation(rng: random.Random) -> str:
    """Two to five letters, mostly capitals, as any service makes them up."""
    letters = rng.choices("ABCDEFGHILMNOPRSTUVWX", k=rng.choice((2, 2, 3, 3, 3, 4, 5)))
    word = "".join(letters)
    roll = rng.random()
    return (
        word if roll < 0.75 else word.lower() if roll < 0.85 else f"{word[:-1]}{word[-1].lower()}"
    )


@lru_cache(maxsize=1)
def english() -> dict[str, tuple[str, ...]]:
    """Dictionary words by their likely part of speech. Words that are a name as well stay out."""
    names = set(words_of("first_names")) | set(words_of("surnames")[:12000])
    towns = set(words_of("us_places"))
    plain = [
        w
        for w in sorted(words_of("english_words"))
        if re.fullmatch("[a-z]{3,14}", w) and w not in names and w not in towns
    ]
    everyday = [w for w in words_of("everyday_words") if w.isalpha()]
    return {
        "engv": tuple(w for w in plain if w.endswith("ed")),
        "engverb": tuple(w for w in plain if w.endswith(("ize", "ate", "ify"))),
        "engadv": tuple(w for w in plain if w.endswith("ly")),
        "engadj": tuple(w for w in plain if w.endswith(("al", "ous", "ic", "ive", "able", "ant"))),
        "eng": (*plain, *everyday * 8),
        "drug": tuple(w for w in words_of("drugs") if w.isalpha() and 4 < len(w) < 18),
    }

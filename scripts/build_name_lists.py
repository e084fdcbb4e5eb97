"""Build the word and name lists of the engine from two packages.

    python scripts/build_name_lists.py SCOWL_FOLDER

``SCOWL_FOLDER`` is the folder of the Debian package ``scowl`` (``usr/share/dict/scowl``); names
come from the person providers of the Python package ``faker``. Neither is needed to run the
product: the lists are kept in ``deid/engine/data``.
"""

import gzip
import importlib
import json
import pkgutil
import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

DATA = Path(__file__).resolve().parent.parent / "deid" / "engine" / "data"
#: SCOWL sizes: up to 35 is what everybody writes, up to 50 what an educated writer writes.
COMMON_SIZE, KNOWN_SIZE = 35, 50
_VARIANTS = {"english", "american", "british", "british_z"}
_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae", "þ": "th", "ð": "d", "ı": "i", "’": "'"}
)


def scowl_words(folder: Path, largest: int) -> set[str]:
    """Lower-case words of SCOWL up to a size, without its proper names and abbreviations."""
    found: set[str] = set()
    for path in folder.glob("*-words.*"):
        variant, size = path.name.split("-")[0], int(path.suffix[1:])
        if variant in _VARIANTS and size <= largest:
            lines = path.read_text("latin-1").splitlines()
            found.update(w for w in lines if w.isalpha() and w.islower() and w.isascii())
    return found


def folded_parts(name: str) -> Iterator[str]:
    """The parts of a name in Latin letters, in lower case and without accents."""
    plain = unicodedata.normalize("NFKD", name.lower().translate(_LETTERS))
    bare = "".join(c for c in plain if not unicodedata.combining(c))
    for part in re.split(r"[ \-]", bare):
        if re.fullmatch(r"[a-z]+(?:'[a-z]+)?", part) and len(part) > 1:
            yield part


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list | tuple | set):
        for item in value:
            yield from _strings(item)


def faker_names(prefix: str) -> set[str]:
    """Parts of all names that faker's locales list under attributes with this prefix."""
    import faker.providers.person as persons  # only this script needs the package

    found: set[str] = set()
    for module in pkgutil.iter_modules(persons.__path__):
        provider = importlib.import_module(f"{persons.__name__}.{module.name}").Provider
        for attribute in dir(provider):
            if attribute.startswith(prefix):
                names = _strings(getattr(provider, attribute))
                found.update(part for name in names for part in folded_parts(name))
    return found


def write(name: str, source: str, words: Iterable[str]) -> None:
    """Write one packed list; the same words give the same bytes."""
    body = {
        "id": name,
        "version": datetime.now(UTC).date().isoformat(),
        "source": source,
        "checked_on": datetime.now(UTC).date().isoformat(),
        "words": sorted(words),
    }
    raw = json.dumps(body, ensure_ascii=False, indent=0).encode()
    (DATA / f"{name}.json.gz").write_bytes(gzip.compress(raw, 9, mtime=0))


def _shipped(name: str) -> set[str]:
    return set(json.loads((DATA / f"{name}.json").read_text("utf-8"))["words"])


def main() -> int:
    """Run the command."""
    folder = Path(sys.argv[1])
    common = scowl_words(folder, COMMON_SIZE)
    write(
        "common_words",
        "SCOWL 2020.12.07 (Kevin Atkinson), English words up to size 35, lower case only",
        common,
    )
    not_names = scowl_words(folder, KNOWN_SIZE) | _shipped("drugs") | _shipped("clinical_terms")
    source = "faker 40.54.0 (MIT licence), person providers of all locales, Latin script, folded"
    for name, prefix, census in (
        ("world_given_names", "first_", "first_names"),
        ("world_surnames", "last_", "surnames"),
    ):
        write(name, source, faker_names(prefix) - not_names - _shipped(census))
    return 0


if __name__ == "__main__":
    sys.exit(main())

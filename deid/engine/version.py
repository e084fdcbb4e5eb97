"""What exactly ran: the digest of the engine's own files and the versions below it."""

from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from deid.engine.ner import model_version
from evidence.digests import digest_file, digest_of

_ROOT = Path(__file__).parent


@lru_cache(maxsize=1)
def engine_version() -> dict[str, str]:
    """``engine``: SHA-256 over the package's sources and data; then the parts' versions."""
    files = sorted(
        path
        for path in _ROOT.rglob("*")
        if path.is_file() and path.suffix in {".py", ".json", ".gz"}
    )
    listing = {path.relative_to(_ROOT).as_posix(): digest_file(path) for path in files}
    return {
        "engine": digest_of(listing),
        "presidio": version("presidio-analyzer"),
        "spacy": version("spacy"),
        "model": model_version(),
    }

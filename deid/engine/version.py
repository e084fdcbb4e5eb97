"""What exactly ran: the digest of the engine's own files and the versions below it."""

from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from deid.engine.ner import NerModel, TaggerNer
from evidence.digests import digest_file, digest_of

_ROOT = Path(__file__).parent


def engine_version(ner: NerModel | None = None) -> dict[str, str]:
    """``engine``: SHA-256 over the package's sources and data; then the parts' versions.

    ``model`` states the weights that ran: those of ``ner``, or of the tagger that ships.
    """
    return {
        "engine": _sources(),
        "presidio": version("presidio-analyzer"),
        "model": (ner or TaggerNer()).version,
    }


@lru_cache(maxsize=1)
def _sources() -> str:
    files = sorted(
        path
        for path in _ROOT.rglob("*")
        if path.is_file() and path.suffix in {".py", ".json", ".gz", ".npz"}
    )
    listing = {path.relative_to(_ROOT).as_posix(): digest_file(path) for path in files}
    return digest_of(listing)

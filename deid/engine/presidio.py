"""The one door to Presidio and spaCy.

thinc takes torch when it can import it, which costs seconds and a gigabyte and hangs in a forked
worker. Its import is blocked for as long as Presidio and spaCy load, and free again afterwards.
"""

import importlib
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

_HEAVY = ("torch", "transformers", "stanza", "gliner", "tensorflow", "cupy")


@contextmanager
def _without_heavy_imports() -> Iterator[None]:
    blocked = [name for name in _HEAVY if name not in sys.modules]
    for name in blocked:
        sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        for name in blocked:
            del sys.modules[name]


if TYPE_CHECKING:
    from presidio_analyzer import EntityRecognizer, RecognizerRegistry, RecognizerResult
    from presidio_analyzer.nlp_engine import NlpArtifacts
else:
    with _without_heavy_imports():
        _presidio = importlib.import_module("presidio_analyzer")
        NlpArtifacts = importlib.import_module("presidio_analyzer.nlp_engine").NlpArtifacts
    EntityRecognizer = _presidio.EntityRecognizer
    RecognizerRegistry = _presidio.RecognizerRegistry
    RecognizerResult = _presidio.RecognizerResult

# Presidio logs each decision with the text that it was made on.
for _name in ("decision_process", "presidio-analyzer"):
    _logger = logging.getLogger(_name)
    _logger.handlers = [logging.NullHandler()]
    _logger.propagate = False
    _logger.disabled = True

__all__ = ["EntityRecognizer", "NlpArtifacts", "RecognizerRegistry", "RecognizerResult"]

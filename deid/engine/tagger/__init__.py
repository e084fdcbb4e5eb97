"""The trained clinical tagger: persons, places, sites and employers that rules cannot see.

Pure numpy at run time. The weights are made by ``ner_training`` at the root of the repository.
"""

from deid.engine.tagger.model import CLASSES, Entity, Tagger, load_tagger, weights_digest

__all__ = ["CLASSES", "Entity", "Tagger", "load_tagger", "weights_digest"]

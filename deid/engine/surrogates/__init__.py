"""Surrogates: plausible fakes in the place of identifiers, the same for the same thing.

All of it is drawn from a stream that a random key of the patient starts. The key is made by the
operating system and derived from nothing; a surrogate depends on the key and on how many of its
kind came before it. Of the original only what makes it plausible counts: its kind, length, case,
punctuation and, for a given name, its usual gender.
"""

from deid.engine.surrogates.patient import PatientSurrogates, with_surrogates
from deid.engine.surrogates.stream import KEY_BYTES, new_key

__all__ = ["KEY_BYTES", "PatientSurrogates", "new_key", "with_surrogates"]

"""Invented notes with rare forms of identifiers, for whoever has no corpus.

Templates, shapes and names are its own: none of them is used to train the engine's tagger, and no
figure measured on them is a recall.
"""

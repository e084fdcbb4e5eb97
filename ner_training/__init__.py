"""Training of the clinical tagger. Not installed with the product: see ``README.md`` here."""

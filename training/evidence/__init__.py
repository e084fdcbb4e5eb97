"""Section 2 of the package, the model card: what was trained, how, and how it was judged."""

from training.evidence import judgement, making

__all__ = ["judgement", "making"]

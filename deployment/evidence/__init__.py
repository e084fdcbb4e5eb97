"""Section 3 of the package: what runs where in this installation, and what was deployed."""

from deployment.evidence import architecture, receipts

__all__ = ["architecture", "receipts"]

"""From `nothing found` to the answer 404, for pages and endpoints alike."""

from __future__ import annotations

from typing import TypeVar

from django.http import Http404

Found = TypeVar("Found")


def or_404(found: Found | None) -> Found:
    """What was found; an id of another project answers as any unknown id does."""
    if found is None:
        raise Http404
    return found

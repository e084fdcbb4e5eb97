"""Marks are taken out with exact offsets whatever stands around them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sample_data.generator.markup import LABELS, keep, outside, phi, plain, render

_TEXT = st.text(st.characters(blacklist_categories=("Co", "Cs")), max_size=20)
_PIECES = st.lists(st.tuples(st.sampled_from(("plain", "phi", "keep")), _TEXT), max_size=12)


@given(_PIECES)
def test_every_surface_is_found_where_its_mark_says(pieces: list[tuple[str, str]]) -> None:
    wrap = {"plain": lambda text: text, "phi": lambda text: phi("NAME", text)}
    wrap["keep"] = lambda text: keep("dose", text)
    marked = "".join(wrap[kind](text) for kind, text in pieces)
    rendered = render(marked)
    assert rendered.text == plain(marked) == "".join(text for _, text in pieces)
    found = [rendered.text[mark.start : mark.end] for mark in rendered.spans]
    assert found == [text for kind, text in pieces if kind == "phi"]
    kept = [rendered.text[mark.start : mark.end] for mark in rendered.keep]
    assert kept == [text for kind, text in pieces if kind == "keep"]


def test_a_change_outside_leaves_the_marked_surface_alone() -> None:
    marked = outside(f"SEEN BY {phi('NAME', 'RAMAN')} TODAY", str.lower)
    assert plain(marked) == "seen by RAMAN today"


def test_it_refuses_a_label_that_is_no_category() -> None:
    assert len(set(LABELS)) == 18
    with pytest.raises(ValueError, match="18 category codes"):
        phi("PERSON", "Raman")

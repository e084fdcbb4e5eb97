"""Notes broken at a fixed width are read as their sentences."""

import re
import textwrap
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deid.engine import Deidentifier, NoteText
from deid.engine.ner import Entity
from deid.engine.spans import Span
from deid.engine.wrapping import Unwrapped

_WIDTHS = pytest.mark.parametrize("width", range(58, 100, 3))
_ENDS = pytest.mark.parametrize("end", ["\n", " \n", "\n "])
_SENTENCE = (
    "The patient is a 68-year-old man, well known to Dr. Amity Tillinghast, who came to the "
    "Stowe County Hospital on March 12, 2003 with melena and was seen there by Prudence Okonjo "
    "and by his wife, Geraldine, who lives in New Bedford with him and their son, Rex."
)


class _Blind:
    """A model that finds nothing, so that the rules are alone."""

    name = "blind"
    version = "1"

    def load(self) -> None:
        """Nothing to load."""

    def entities(self, texts: Sequence[str]) -> list[list[Entity]]:
        """No entities in any text."""
        return [[] for _ in texts]


_ENGINE = Deidentifier(ner=_Blind())


def _hidden(text: str) -> str:
    """The letters and digits that the rules hide."""
    spans = _ENGINE.process_patient([NoteText("n", text)])[0].spans
    return "".join(c for s in spans for c in text[s.start : s.end] if c.isalnum())


@_WIDTHS
@_ENDS
def test_a_line_break_anywhere_in_a_sentence_hides_nothing_from_the_rules(width, end):
    text = end.join(textwrap.wrap(_SENTENCE, width, break_on_hyphens=False))
    assert _hidden(text) == _hidden(_SENTENCE)


@_WIDTHS
@_ENDS
def test_full_lines_give_the_sentence_again(width, end):
    text = end.join(textwrap.wrap(_SENTENCE, width, break_on_hyphens=False))
    assert Unwrapped(text).text == _SENTENCE


@pytest.mark.parametrize(
    "text",
    [
        "He was seen again by the covering physician and sent home.\n\nDr. Amity was told.",
        "Please send the results to the office in town, 4966 Bond St\nSuite 413\nWarwick\nMaine",
        "The patient went home with his medicines and with these notes:\nLisinopril 10 mg",
        "Lisinopril 10 mg daily, metoprolol 25 mg twice daily, aspirin\n2. Low salt diet and rest.",
        "The patient was discharged in good condition to the care of\nPLAN:\nfollow up.",
        "Short lines\nof a list\nstay apart.",
    ],
)
def test_paragraphs_items_and_addresses_are_not_joined(text):
    assert Unwrapped(text).text == text


@given(st.lists(st.text(st.sampled_from("abcDE1.,:- \t"), max_size=90), max_size=8))
def test_every_word_keeps_its_place(lines):
    text = "\n".join(lines)
    joined = Unwrapped(text)
    for word in re.finditer(r"\S+", joined.text):
        span = Span(word.start(), word.end(), "NAME", "", 1.0, "test", "test")
        placed = joined.placed([span])[0]
        assert text[placed.start : placed.end] == word.group()

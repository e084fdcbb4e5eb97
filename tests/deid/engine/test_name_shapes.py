"""Checks that spare a pattern its work refuse nothing that the pattern takes."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deid.engine import lexicon
from deid.engine.families.name_fields import _NAME_SHAPE
from deid.engine.families.patterns import LETTER
from deid.engine.known_names import _Initials, _Name
from deid.engine.phrases import FoldedNote

#: The same shape written plainly: right, but slow where words end without a name.
PLAIN_SHAPE = re.compile(
    rf"[\"'(]?{LETTER}+(?:['.-]?[ ,\"'()^]{{0,3}}{LETTER}+)*[.\"')]{{0,2}}", re.IGNORECASE
)


@settings(deadline=None)
@given(st.text(alphabet="aB\u00e97'.- ,()^\"", max_size=10))
def test_a_field_has_the_shape_of_a_name_as_written_plainly(surface: str) -> None:
    assert bool(_NAME_SHAPE.fullmatch(surface)) == bool(PLAIN_SHAPE.fullmatch(surface))


@pytest.mark.parametrize("tail", ["7", "??", "-"])
def test_a_long_field_without_the_shape_is_refused_at_once(tail: str) -> None:
    assert not _NAME_SHAPE.fullmatch("Orlateverson" * 5_000 + tail)


PIECES = ["orla", "teverson", "o", "t", "j", " ", ".", "'", ",", "_", "x", "otis", "\u00e9"]


@pytest.mark.parametrize(
    ("given_name", "family"), [("orla", "teverson"), ("o", "t"), ("jo", "otis")]
)
@settings(deadline=None)
@given(pieces=st.lists(st.sampled_from(PIECES), max_size=9))
def test_no_initial_that_the_pattern_takes_is_passed_over(
    given_name: str, family: str, pieces: list[str]
) -> None:
    text = "".join(pieces)
    initials = _Initials(_Name(given_name, family, (given_name, family)))
    if initials._pattern.search(text):
        assert initials._may_be_in(text)


def test_an_initial_before_an_apostrophe_is_still_looked_at() -> None:
    initials = _Initials(_Name("orla", "teverson", ("orla", "teverson")))
    assert initials._may_be_in("orla t's chart")
    assert list(initials.find(FoldedNote("Orla T. walks"))) == [(0, 7)]


def test_joined_lists_hold_the_words_of_each() -> None:
    joined = lexicon.either("function_words", "sentence_starts")
    assert joined == lexicon.words("function_words") | lexicon.words("sentence_starts")
    assert lexicon.either("function_words", "sentence_starts") is joined

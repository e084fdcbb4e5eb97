"""What counts as found, and what a character counts for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.deid.corpora import Document, Gold
from bench.deid.score import Tally, interval

TEXT = "Mr. Hale-Osei, seen 3/4."
NAME, DATE = Gold(4, 13, "NAME"), Gold(20, 23, "DATE")


def tally(spans: list[Gold], predicted: list[tuple[int, int]], text: str = TEXT) -> Tally:
    counted = Tally()
    counted.add(Document("1", text, tuple(spans)), [(s, e, "by") for s, e in predicted])
    return counted


@pytest.mark.parametrize(
    ("predicted", "found"),
    [
        ([(4, 13)], True),  # exactly
        ([(0, 24)], True),  # and more
        ([(4, 8), (9, 13)], True),  # the hyphen between two spans is no letter
        ([(9, 13), (4, 8), (4, 6)], True),  # in any order, overlapping
        ([(4, 12)], False),  # one letter short
        ([(5, 13)], False),
        ([(4, 8)], False),
        ([], False),
        ([(4, 4)], False),  # an empty span covers nothing
        ([(-9, 99)], True),  # beyond the text
    ],
)
def test_a_span_is_found_when_every_letter_and_digit_is_covered(
    predicted: list[tuple[int, int]], found: bool
) -> None:
    counted = tally([NAME], predicted)
    assert (counted.spans, counted.spans_found) == (1, int(found))
    assert counted.documents_without_leak == int(found)
    assert dict(counted.by_label) == {"NAME": [1, int(found)]}


def test_characters_are_letters_and_digits() -> None:
    counted = tally([NAME, DATE], [(0, 13)])
    assert (counted.gold_characters, counted.gold_found) == (8 + 2, 8)
    assert (counted.predicted_characters, counted.predicted_true) == (2 + 8, 8)


def test_an_ignored_span_is_neither_required_nor_punished() -> None:
    ignored = Gold(4, 13, "IGNORE")
    missed, hidden = tally([ignored], []), tally([ignored], [(4, 13)])
    for counted in (missed, hidden):
        assert counted.spans == 0
        assert counted.predicted_characters == 0
        assert (counted.free_documents, counted.free_touched) == (1, 0)
        assert counted.documents_without_leak == 1


@pytest.mark.parametrize("order", [1, -1])
def test_what_is_both_required_and_ignored_is_required(order: int) -> None:
    counted = tally([NAME, Gold(0, 24, "IGNORE")][::order], [(4, 13)])
    assert (counted.gold_characters, counted.gold_found) == (8, 8)
    assert (counted.predicted_characters, counted.predicted_true) == (8, 8)


def test_a_document_without_identifiers_is_touched_by_a_span_on_nothing() -> None:
    touched = tally([Gold(20, 23, "IGNORE")], [(4, 8)])
    assert (touched.free_documents, touched.free_touched) == (1, 1)
    assert len(touched.false) == 1
    required = tally([DATE], [(4, 8), (20, 23)])
    assert (required.free_documents, len(required.false)) == (0, 1)


def test_stored_figures_hold_no_text_and_no_rate_of_nothing() -> None:
    figures = tally([NAME], []).figures()
    assert "Hale" not in repr(figures)
    assert figures["span_recall"] == 0
    assert figures["character_precision"] is None
    assert Tally().figures()["span_recall_interval"] is None


@pytest.mark.parametrize(
    ("found", "of", "low", "high"),
    [
        (38, 38, 0.9075, 1.0),  # both tails: 0.025 ** (1 / 38)
        (0, 10, 0.0, 0.3085),
        (9, 10, 0.5550, 0.9975),  # Clopper and Pearson 1934, as tabulated
    ],
)
def test_the_interval_is_the_exact_one(found: int, of: int, low: float, high: float) -> None:
    assert interval(found, of) == pytest.approx([low, high], abs=1e-4)


@st.composite
def documents(draw: st.DrawFn) -> tuple[Document, list[tuple[int, int, str]]]:
    text = draw(st.text("aZ9é -.\n", min_size=1, max_size=40))
    places = st.integers(0, len(text) - 1).flatmap(
        lambda start: st.tuples(st.just(start), st.integers(start + 1, len(text)))
    )
    gold = st.builds(lambda p, label: Gold(*p, label), places, st.sampled_from(("NAME", "IGNORE")))
    spans = draw(st.lists(gold, max_size=6))
    predicted = draw(st.lists(places.map(lambda p: (*p, "x")), max_size=6))
    return Document("d", text, tuple(spans)), predicted


@given(documents())
def test_counts_agree_with_a_count_by_sets(
    case: tuple[Document, list[tuple[int, int, str]]],
) -> None:
    document, predicted = case
    counted = Tally()
    counted.add(document, predicted)
    solid = {i for i, c in enumerate(document.text) if c.isalnum()}
    covered = solid & {i for s, e, _ in predicted for i in range(s, e)}
    gold = solid & {i for s in document.required for i in range(s.start, s.end)}
    anything = {i for s in document.spans for i in range(s.start, s.end)}
    neutral = solid & anything - gold
    found = [solid & set(range(s.start, s.end)) <= covered for s in document.required]
    assert (counted.spans, counted.spans_found) == (len(found), sum(found))
    assert (counted.gold_characters, counted.gold_found) == (len(gold), len(gold & covered))
    assert counted.predicted_characters == len(covered - neutral)
    assert counted.predicted_true == len(covered & gold)
    touching = any(not anything & set(range(s, e)) for s, e, _ in predicted)
    assert counted.free_touched == int(touching and not document.required)


@given(documents())
def test_predicting_the_gold_finds_all_and_punishes_nothing(
    case: tuple[Document, list[tuple[int, int, str]]],
) -> None:
    document, _ = case
    counted = Tally()
    counted.add(document, [(s.start, s.end, "gold") for s in document.spans])
    assert counted.spans_found == counted.spans
    assert counted.predicted_true == counted.predicted_characters
    assert counted.free_touched == 0


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_the_rate(counts: tuple[int, int]) -> None:
    found, of = counts
    low, high = interval(found, of) or (1, 0)
    assert 0 <= low <= found / of <= high <= 1

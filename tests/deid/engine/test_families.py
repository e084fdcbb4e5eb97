"""What holds for every rule of every family, whatever the text."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deid.engine.families import build_families
from deid.engine.spans import CATEGORIES
from tests.deid.engine.marked import read, shown

RULES = [rule for family in build_families() for rule in family.rules]
PIECES = [
    "12", "Alder", "tern", "Street", "st", "Apt 4", "\n", ", ", " ", "IL", "oh", "62704", "3/14",
    "2024", "-", ":", "at ", "from ", "lives in ", "works at ", "Mon", "May", "May 5", "x",
    "O3/l4/2024", "Dr. ", "(", ")", "SSN", "MRN", "#", "555", "@", ".com", "rue ", "PO Box ",
    "WWII", "İ", "’s", "é", "the corner of ", " and ", "ward ", "room ", "lat ", "\u00a0",
]  # fmt: skip


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_every_rule_reports_letters_or_digits_inside_the_text(text):
    for rule in RULES:
        for start, end in rule.find(text):
            assert 0 <= start < end <= len(text), rule.id
            assert text[start:end].strip(), rule.id


def test_rules_have_names_of_their_own_and_known_categories():
    names = [rule.id for rule in RULES]
    assert len(names) == len(set(names))
    assert {rule.category for rule in RULES} <= set(CATEGORIES)
    assert all(0 < rule.score <= 1 for rule in RULES)


@pytest.mark.parametrize("row", ["«Ab» c", "a «b, c» d", "«1-2»", "none", "«all»", "x («y») z."])
def test_a_marked_row_reads_back_as_it_was_written(row):
    assert shown(*read(row)) == row

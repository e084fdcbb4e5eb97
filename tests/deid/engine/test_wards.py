"""Wards named after somebody."""

import pytest

from tests.deid.engine.marked import check


@pytest.mark.parametrize(
    "row",
    [
        "Transferred to «Stoneman 5» overnight.",
        "Overnight on «Bigelow 9 East» he was afebrile.",
        "LOC: «BIGELOW 11»",
        "Moved from «Blake 12» yesterday.",
        "Follow-up in Gastroenterology, «Cox 4».",
        "He went to «7 Reisman» in the evening.",
    ],
)
def test_a_ward_named_after_somebody_goes(row: str) -> None:
    check(row)


@pytest.mark.parametrize(
    "row",
    [
        "Advance to Stage 2, on Cycle 3, in Group 4.",
        "on Norvasc 5, Toprol 50 and Lasix 40",
        "in Trendelenburg 10 degrees, on BiPAP 12",
        "Down to Step 2 of the protocol, on Day 4.",
        "Switched to Coreg 6.25 and to Dilaudid 2.",
        "On 2 Hickman lines.",
    ],
)
def test_doses_settings_and_counts_stay(row: str) -> None:
    check(row)

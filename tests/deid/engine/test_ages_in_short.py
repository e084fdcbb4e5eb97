"""Ages over 89 in the short forms of notes, and readings that look like them."""

import pytest

from tests.deid.engine.marked import check


@pytest.mark.parametrize(
    "row",
    [
        "He says that at «101» she is the oldest of the village.",
        "Age/Sex: «92»/F",
        "M/«94» with falls",
        "Seen («93» F) today.",
        "A «91» male with CHF.",
        "She is almost «92».",
        "Ages «91 and 94».",
        "His sister, «93», is well. Mother died at «90» of MI.",
        "FH: father d. «95», mother alive «91».",
        "Now «90-something».",
        "b. «1915»",
        "«91»y, frail",
    ],
)
def test_an_age_over_89_in_short_goes(row: str) -> None:
    check(row)


@pytest.mark.parametrize(
    "row",
    [
        "Age/Sex: 89/F",
        "HR 92, O2 93%, 92 kg, EF 93, GA 92 days.",
        "BP 120/92 and 91/60.",
        "His sister had 90 days of treatment, father 95 kg.",
        "It is about 95% healed and is about 92 cm.",
        "Wife is at 90% of goal.",
    ],
)
def test_readings_and_ages_up_to_89_stay(row: str) -> None:
    check(row)

"""Letter C: ages over 89 and what shows one."""

import pytest

from tests.deid.engine.marked import category_of, check


@pytest.mark.parametrize(
    "row",
    [
        "He is a «93 y/o» man.",
        "He is a «93-year-old» man.",
        "A «93yo» man. A «91 yr old» woman.",
        "A «ninety-one year old» woman.",
        "A «one hundred and two year old» woman.",
        "Age: «104».",
        "Aged «90» now.",
        "«94F» with chest pain.",
        "Her mother died at «96».",
        "Mother alive «91» with dementia.",
        "Father d. «93» of MI.",
        "His grandmother is «97 years old».",
        "A «nonagenarian» with falls.",
        "A «centenarian» with falls.",
        "He is «in his nineties».",
        "Celebrated her «100th birthday» here.",
        "Celebrated his «ninetieth birthday» here.",
        "Seen in 2024; born «1931».",
        "A «WWII veteran» with cough.",
        "A «World War II vet» with cough.",
        "Served in «WWII» as a cook.",
        "They have been «married 72 years».",
        "She is «over 90 years of age».",
    ],
)
def test_an_age_over_89_goes(row):
    check(row)


@pytest.mark.parametrize(
    "row",
    [
        "Aged 89 years. A 70-year-old man. A 6-week-old infant.",
        "He is 89 and 11/12 years old.",
        "Seen in 2024; born in 1950.",
        "A Vietnam veteran, married 40 years.",
        "Sat 93, HR 92, temp 101 F, BP 95/60.",
        "Fever to 102 last night. Weighs 95 kg.",
        "Glucose 104. Room air 96%.",
        "He smoked for 30 years.",
        "In the 90th percentile. Over 90 minutes.",
        "Retired in 2010.",
    ],
)
def test_ages_up_to_89_and_readings_stay(row):
    check(row)


def test_an_age_over_89_has_the_tag_of_its_own():
    assert category_of("A 94-year-old woman.", "94") == "DATE_AGE"

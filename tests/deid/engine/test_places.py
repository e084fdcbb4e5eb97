"""Letter B: towns, counties, landmarks, reservations, posts of the armed forces."""

import pytest

from tests.deid.engine.marked import check


@pytest.mark.parametrize(
    "row",
    [
        "She lives in «Lyme», CT «06371».",
        "He is from «Kenosha».",
        "Originally from «Guadalajara», Mexico.",
        "Born in «Truckee» and raised in «Sparks».",
        "Moved here from «Zalakaros» last year.",
        "A resident of «Varnish Hollow».",
        "A native of «Tolvane».",
        "Flew to «Reykjavik» for work.",
        "Lives near «St. Cloud».",
        "lives in «saint cloud» with his wife",
        "lives in «tolvane» with his wife",
        "moved to «varnish», pa",
        "she is from «lacquer», ohio",
        "LIVES IN «TOLVANE» WITH SON",
        "lives with his girlfriend in «east tolvane».",
        "Lives «Worcester» w/ gf.",
        "A retired «Boston» police officer.",
        "Back from «Cabo» 2 wks ago.",
        "Lives with his wife on the «Isle of Tolv».",
        # counties and their like
        "Lives in «Cook County».",
        "lives in «cook county» alone",
        "From «Calcasieu Parish».",
        "Grew up on the «Pine Ridge Reservation».",
        "Member of the «Navajo Nation».",
        # landmarks, islands, neighbourhoods
        "Fell near «Lake Tolvane».",
        "Drowned at «Quillback Beach».",
        "Hiking in «Tolvane State Park».",
        "Camped by the «Tolvane River».",
        "He is stationed at «Fort Tolvane».",
        "Served with the «101st Airborne».",
        "Lives in «Brooklyn».",
        "From the «Isle of Tolv».",
    ],
)
def test_a_place_goes(row):
    check(row)


@pytest.mark.parametrize(
    "row",
    [
        "He lives in Illinois; his family is in Mexico.",
        "Born in Canada, from the Midwest.",
        "Resides in the District of Columbia.",
        "Lyme disease, Norwalk virus, Lassa fever, West Nile virus.",
        "Boston brace, Milwaukee brace, Vancouver classification.",
        "Glasgow Coma Scale 15, Rochester criteria negative.",
        "Ottawa ankle rules, Geneva score 4, Denver screen.",
        "Lives in assisted living. Lives in a shelter.",
        "She suffers from mesothelioma.",
        "He died from underactive thyroid.",
        "Pain in the Left arm, from the Hip to the Knee.",
        "She is OK; OR time 2 hours; in or out; oh, hi.",
        "Lives alone. Ex-smoker.",
        "Living Arrangement: with wife.",
    ],
)
def test_states_countries_and_terms_of_medicine_stay(row):
    check(row)

"""General written forms, case by case: what goes and what stays."""

import pytest

from deid.engine import Deidentifier, NoteText

ENGINE = Deidentifier()


def output(text):
    return ENGINE.process_patient([NoteText("n", text)])[0].text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Titles before particles, hyphens and ordinary words
        ("Ms. de la Rosa came.", "Ms. [NAME] came."),
        ("Mr. van der Meer came.", "Mr. [NAME] came."),
        ("Dr. El-Masri came.", "Dr. [NAME] came."),
        ("Mr. Do was here.", "Mr. [NAME] was here."),
        ("Mrs. May agreed.", "Mrs. [NAME] agreed."),
        ("Dr. Will Smith agreed.", "Dr. [NAME] agreed."),
        # Relatives whose names are ordinary words
        ("Drove with brother Will.", "Drove with brother [NAME]."),
        ("Support: aunt June Frost, nearby.", "Support: aunt [NAME], nearby."),
        ("Lives with husband Bud.", "Lives with husband [NAME]."),
        # Companies
        ("Drives for Pell & Ashby Haulage Inc. at night.", "Drives for [NAME] at night."),
        ("Norwick Tool LLC pays.", "[NAME] pays."),
        ("He owns Teasdale & Sons now.", "He owns [NAME] now."),
        ("The Teasdale Rope Co. plant.", "The [NAME] plant."),
        # Study codes
        ("Study subject QX-481 enrolled.", "Study subject [OTHER_ID] enrolled."),
        ("Subject ID ZB-19 enrolled.", "Subject ID [OTHER_ID] enrolled."),
        ("Seen as participant 017 today.", "Seen as participant [OTHER_ID] today."),
        # Towns
        ("At 88 Thistle Avenue, Lacquer; alone.", "At [LOCATION], [LOCATION]; alone."),
        ("at 88 thistle avenue, lacquer and alone", "at [LOCATION], [LOCATION] and alone"),
        ("she is from lacquer, pa", "she is from [LOCATION], pa"),
        ("he moved to lacquer, ohio", "he moved to [LOCATION], ohio"),
        # Initials
        ("Bag marked TW on arrival.", "Bag marked [NAME] on arrival."),
        ('Cup labelled "TW" found.', "Cup labelled [NAME] found."),
        ("Note with initials T.W. in it.", "Note with initials [NAME] in it."),
        ("Since April she felt ill.", "Since [DATE] she felt ill."),
        # Ages over 89 in short forms
        ("94F with chest pain.", "[AGE_90+] with chest pain."),
        ("A 92M fell.", "A [AGE_90+] fell."),
    ],
)
def test_it_hides_the_form(text, expected):
    assert output(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Temp 102 F today.",
        "Fever to 102 last night, T 101.2 F.",
        "T 101 F with chills.",
        "She was 102 and febrile.",
        "Changes were seen in IP and MCP joints.",
        "Plan: Group therapy in 3 months.",
        "Plan: 1. Aspirin 325.",
        "lat 1.1 cm, long 1.1 cm",
        "HAND X-RAY: normal.",
        "CT ENTEROGRAPHY: normal.",
        "Kellgren-Lawrence grade 2 changes.",
        "Rokitansky-Aschoff sinuses noted.",
        "Marked LV hypertrophy, subject to 3 tests.",
        "He walked 20 minutes down the road, then rested.",
        "Drinks Dr. Pepper.",
        "Lewy body dementia and Heberden nodes.",
        "Cyanocobalamin 2,500 mcg sublingual tablet Place under the tongue.",
    ],
)
def test_it_leaves_the_form_alone(text):
    assert output(text) == text

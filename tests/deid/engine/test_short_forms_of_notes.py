"""Forms that ward notes shorten: short given names, employers before a job, lines of a form."""

import pytest

from deid.engine import Deidentifier, NoteText
from tests.deid.engine.marked import check


@pytest.mark.parametrize(
    "row",
    [
        "Lives with her husband «Ed» alone. No tobacco.",
        "Her son «Al» visits, his wife «Jo» is at home.",
        "Retired «Tolvane» machinist, no tobacco.",
        "Seen at «St. Jude» last week.",
    ],
)
def test_it_is_hidden(row: str) -> None:
    check(row)


@pytest.mark.parametrize(
    "row",
    [
        "Retired police officer, retired Haitian teacher.",
        "Grade II SEM at LUSB. PEA arrest. Child-Pugh B.",
        "St. Jude mechanical valve, goal INR 2.5-3.5.",
        "St. Jude Medical valve in place.",
        "Signed: ____ Date: ____",
    ],
)
def test_it_stays(row: str) -> None:
    check(row)


def test_a_name_on_the_line_of_a_form_is_hidden() -> None:
    note = NoteText("form", "Name: __Imogen Quillfeather__ DOB: __3/3/54__")
    assert Deidentifier().process_patient([note])[0].text == "Name: __[NAME]__ DOB: __[DATE]__"


@pytest.mark.parametrize(
    "row",
    [
        "Member ID: «QWZ 882 145 903»",
        "Insurance ID# «QWZ 882 145 903», group number «10024»",
        "MRN: «QB 123 456»",
        "Plan: CT 2024 and MRI as planned. Plan: CBC 100 tablets.",
        "Tmax 101.8 overnight, EGFR exon 19 del.",
    ],
)
def test_numbers_are_read_as_cards_print_them(row: str) -> None:
    check(row)

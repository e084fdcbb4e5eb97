"""What dictation, registration and transcription leave around a note."""

import pytest

from tests.deid.engine.marked import check


@pytest.mark.parametrize(
    "row",
    [
        "JOB NUMBER «88120»\nTR: «kq47» DD: «03/02/1998»",
        "Dictation ID «3918274»\nD: «7/6/04»",
        "Job #: «551920»",
        "Doc ID: «4481920»",
        "JOB: «0093817»",
        "TK: «qx3821»",
        "Attending: «Wynne Ostrander, M.D. QV7»\nService: surgery",
        "T: «08/15/06» «mlk»\n",
        "D: «07/08/01» 1200 T: «07/09/01» 0730 «sc»\n",
        "«228817364»\n\n«SVH»\n\n«30918827»\n\n«118273»\n\nDischarge summary",
        "«490646815» | «WMC» | «31530471» | | «9629480» | CHF | Signed",
        "«448291733»\n«FLH»\n«7719203»\n«51284»\n«482910»\nDischarge summary",
        "Unit No: «004-31-22-7»",
        "Unit No «A338271»",
        "Summary for record «471-33-20-1» of today",
        "Medicare No «2950 48810 1»",
        "Cytology «C98-2281» negative.",
        "Seen by the resident, «#44713».",
    ],
)
def test_codes_around_a_note_go(row: str) -> None:
    check(row)


@pytest.mark.parametrize(
    "row",
    [
        "Patient no longer has 3 of the symptoms.",
        "TR: mild. TS: normal. Regurgitation 2+.",
        "Shift 0700-1900 without events.",
        "CPT #99213 was billed; model #5076 lead.",
        "Platelets\n250000 today.",
        "Document no changes in 3 days.",
    ],
)
def test_findings_models_and_shifts_stay(row: str) -> None:
    check(row)


@pytest.mark.parametrize(
    "row",
    [
        "pager «3 1 7 7 2»",
        "His pgr «31882» again.",
        "Discussed with the fellow, pgr. «5-8812», today.",
        "Call the floor at «6-3400» with results.",
        "Renal fellow, p«94418»",
        "case manager, b«21988»",
        "LICSW #«33819»",
        "MD, «31882»",
        "MD «28-117»",
    ],
)
def test_pagers_in_short_go(row: str) -> None:
    check(row)


@pytest.mark.parametrize(
    "row",
    ["p53 mutation, b12 given.", "P 80, BP 118.", "Given at 2-3 hours.", "RN 12 hours shift"],
)
def test_what_looks_like_a_pager_stays(row: str) -> None:
    check(row)


@pytest.mark.parametrize(
    "row",
    [
        'Received labelled "«Fontaine, R»" and "gallbladder".',
        'Labeled with the name, "«Okonkwo»" and "right breast".',
        'Labeled "«Ramos, Luz»".',
        'Three jars, labeled "antrum", "stomach" and "Left".',
        'Labeled "A" through "C".',
    ],
)
def test_the_name_on_a_specimen_goes_and_the_organ_stays(row: str) -> None:
    check(row)


@pytest.mark.parametrize(
    "row",
    [
        "PCP: «Weeks»\n",
        "Surgeon: «FOLEY»\nAssistant: «BALL»\n",
        "Cardiologist: «Low»\n",
        "Interpreter: Spanish\n",
        "PCP: none\n",
        "Surgeon: Unknown\n",
    ],
)
def test_where_only_a_person_stands_any_surname_is_one(row: str) -> None:
    check(row)

"""The engine as a whole: what goes, what stays, and that offsets are exact."""

import logging

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deid.engine import (
    CATEGORIES,
    Deidentifier,
    KnownIdentifier,
    NoteText,
    default_policy,
    engine_version,
)

ENGINE = Deidentifier()


def run(text, known=(), engine=ENGINE):
    return engine.process_patient([NoteText("n", text)], known)[0]


def hidden(text, known=(), engine=ENGINE):
    return [text[s.start : s.end] for s in run(text, known, engine).spans]


def restored(original, result):
    """The output with the original surfaces put back at the output offsets."""
    text = result.text
    for span in reversed(result.spans):
        text = text[: span.output_start] + original[span.start : span.end] + text[span.output_end :]
    return text


@pytest.mark.parametrize(
    ("text", "category", "surface"),
    [
        # A: title, credential, relation, label, signature, Last, First, initial
        ("Seen by Dr. Alvarez today.", "NAME", "Alvarez"),
        ("Mrs. O'Brien-Smith was stable.", "NAME", "O'Brien-Smith"),
        ("Reviewed with Ngozi Okafor, RN at the bedside.", "NAME", "Ngozi Okafor"),
        ("Her mother Ruth drove her here.", "NAME", "Ruth"),
        ("Patient Name: Okafor, Jane M.", "NAME", "Okafor, Jane M."),
        ("Electronically signed by Wei Zhang, MD", "NAME", "Wei Zhang"),
        ("A 45-year-old woman, Maria S., with asthma.", "NAME", "Maria S."),
        ("OKAFOR^JANE^M was merged.", "NAME", "OKAFOR^JANE^M"),
        ("Baby Girl Okafor is feeding well.", "NAME", "Okafor"),
        ("He prefers to be called 'Bud' at home.", "NAME", "Bud"),
        ("this is doctor menendez dictating.", "NAME", "menendez"),
        ("Reviewed by RN Castellanos today.", "NAME", "Castellanos"),
        ("Patient Information Jack Reacher, 54 y.o. male", "NAME", "Jack Reacher"),
        ("Works at Northfield Tool & Die.", "NAME", "Northfield Tool & Die"),
        # B: address, town and state, ZIP, county, facility with and without suffix, room
        ("Lives at 1420 Elm St Apt 4B, Springfield, IL 62704.", "LOCATION", "62704"),
        ("Lives at 1420 Elm St Apt 4B, Springfield, IL 62704.", "LOCATION", "1420 Elm St Apt 4B"),
        ("She lives in Lyme, CT 06371.", "LOCATION", "Lyme"),
        ("From Cook County.", "LOCATION", "Cook County"),
        ("Transferred from Sunny Acres Nursing Home.", "LOCATION", "Sunny Acres Nursing Home"),
        ("Treated at St. Mary's last year.", "LOCATION", "St. Mary's"),
        ("Care at St. Vincent's Hospital was reviewed.", "LOCATION", "St. Vincent's Hospital"),
        ("His postcode is SW1A 1AA.", "LOCATION", "SW1A 1AA"),
        ("Found at lat 39.78123, lon -89.65012.", "LOCATION", "39.78123"),
        # C: all forms more exact than the year, ages over 89
        ("Admitted 03/14/2024.", "DATE_AGE", "03/14/2024"),
        ("Admitted 3-14-24.", "DATE_AGE", "3-14-24"),
        ("Seen 3/14 for a fall.", "DATE_AGE", "3/14"),
        ("Seen on 14 Mar 2024.", "DATE_AGE", "14 Mar 2024"),
        ("Seen on 14-MAR-2024.", "DATE_AGE", "14-MAR-2024"),
        ("Seen on March 14th.", "DATE_AGE", "March 14th"),
        ("Stamp 2024-03-14T08:22.", "DATE_AGE", "2024-03-14T08:22"),
        ("Fell on Christmas Eve 2021.", "DATE_AGE", "Christmas Eve 2021"),
        ("Diagnosed in Spring 2019.", "DATE_AGE", "Spring 2019"),
        ("Started in Q3 2020.", "DATE_AGE", "Q3 2020"),
        ("Came on the third of July.", "DATE_AGE", "third of July"),
        ("He is a 93 y/o man.", "DATE_AGE", "93 y/o"),
        ("A ninety-one year old woman.", "DATE_AGE", "ninety-one year old"),
        ("Age: 104.", "DATE_AGE", "104"),
        ("She was born in 1921.", "DATE_AGE", "1921"),
        ("On the fourteenth of march two thousand twenty four.", "DATE_AGE", "two thousand twenty"),
        # D to F
        ("Call (555) 010-4477.", "PHONE", "(555) 010-4477"),
        ("Call 555.010.4477 x213 please.", "PHONE", "555.010.4477 x213"),
        ("Please use pager 4477.", "PHONE", "4477"),
        ("Fax: 555-010-9988", "FAX", "555-010-9988"),
        ("Write to j.okafor@example.org.", "EMAIL", "j.okafor@example.org"),
        ("Write to jokafor at gmail dot com please.", "EMAIL", "jokafor at gmail dot com"),
        # G to K
        ("SSN 123-45-6789 on file.", "SSN", "123-45-6789"),
        ("SSN xxx-xx-6789 on file.", "SSN", "xxx-xx-6789"),
        ("SSN last 4: 6789.", "SSN", "6789"),
        ("MRN 00482913 noted.", "MRN", "00482913"),
        ("MR#: 482913 noted.", "MRN", "482913"),
        ("Pt ID A0048291 noted.", "MRN", "A0048291"),
        ("MBI 1EG4-TE5-MK73 active.", "HEALTH_PLAN", "1EG4-TE5-MK73"),
        ("Member ID W1234 56789 active.", "HEALTH_PLAN", "W1234 56789"),
        ("Acct# 778812 is open.", "ACCOUNT", "778812"),
        ("Paid by card 4111 1111 1111 1111.", "ACCOUNT", "4111 1111 1111 1111"),
        ("DEA AB1234563 on the script.", "LICENSE", "AB1234563"),
        ("NPI 1234567893 on the script.", "LICENSE", "1234567893"),
        # L to R
        ("VIN 1HGCM82633A004352 found.", "VEHICLE", "1HGCM82633A004352"),
        ("Car with plate ABC 1234 hit her.", "VEHICLE", "ABC 1234"),
        ("Pacemaker S/N PJN123456 works.", "DEVICE", "PJN123456"),
        ("Device (01)00844588003288(21)A213B1 used.", "DEVICE", "A213B1"),
        ("See https://mychart.example.org/p?id=77.", "URL", "https://mychart.example.org/p?id=77"),
        ("Came from 10.2.33.4 last.", "IP", "10.2.33.4"),
        ("Came from 2001:db8::1 last.", "IP", "2001:db8::1"),
        ("Voiceprint ID VP-8891 enrolled.", "BIOMETRIC", "VP-8891"),
        ("Photo photo_face_77.jpg attached.", "PHOTO", "photo_face_77.jpg"),
        ("Accession A24-00123 resulted.", "OTHER_ID", "A24-00123"),
        ("Study subject 004-17 enrolled.", "OTHER_ID", "004-17"),
    ],
)
def test_it_hides_each_form(text, category, surface):
    start = text.index(surface)
    end = start + len(surface)
    covering = [s for s in run(text).spans if s.start <= start and s.end >= end]
    assert covering, "nothing covers the identifier"
    assert covering[0].category == category


@pytest.mark.parametrize(
    "text",
    [
        "+Babinski on the left, negative Romberg, Parkinson disease.",
        "Foley catheter placed without trouble.",
        "Drinks Dr. Pepper daily.",
        "BP 120/80, strength 5/5, pain 7/10, 2/6 murmur.",
        "A 70-year-old patient took 1/2 tab daily for 3 weeks.",
        "Hydrocodone 10/325 mg every 6 hours, POD 3.",
        "Disc bulge at L4-5 and C5-6 on MRI.",
        "CPT 99213 and ICD-10 code E11.9 were billed.",
        "FEV1 2.10-2.45, sodium 138, platelets 250.",
        "In 2017 the guideline changed.",
        "Positive McMurray test; Glasgow Coma Scale 15.",
        "He takes Ativan and Norco. Metoprolol 25 mg BID.",
        "Aged 89 years, lives in Illinois.",
        "NCT01234567 is a trial of SARS-CoV-2 vaccines.",
        "May take ibuprofen. Will follow.",
        "Version 2.4.1.0 of the software.",
        "HR 72 RR 16 T 98.6, Na 138 K 4.1, HbA1c 7.2%.",
        "To Whom It May Concern: no restrictions.",
        "She was prescribed Zosyn and takes Cetaphil cream.",
    ],
)
def test_it_leaves_clinical_meaning_alone(text):
    assert hidden(text) == []


def test_a_surname_goes_while_the_eponym_stays():
    text = "Mr. Parkinson has Parkinson's disease."
    assert run(text).text == "Mr. [NAME] has Parkinson's disease."


def test_a_name_ends_with_its_sentence():
    text = "Brought by daughter Sigrid. Last dose was today."
    assert run(text).text == "Brought by daughter [NAME]. Last dose was today."


def test_ages_over_89_become_one_category_and_dates_a_tag():
    assert run("A 94-year-old woman seen 1/2/2024.").text == "A [AGE_90+] woman seen [DATE]."


@pytest.mark.parametrize("text", ["", " ", "\n", "[NAME] seen [DATE] at [LOCATION]", "[**Name**]"])
def test_empty_text_and_text_of_tags_come_back_unchanged(text):
    result = run(text)
    assert result.text == text
    assert result.spans == []


def test_a_very_long_text_is_worked_through_to_its_end():
    text = "No acute distress noted on exam. " * 3200 + "Seen by Dr. Alvarez, MRN 00482913."
    result = run(text)
    assert len(text) > 100_000
    assert result.text.endswith("Seen by Dr. [NAME], MRN [MRN].")


def test_what_is_certain_in_one_note_is_found_in_all_notes_of_the_patient():
    notes = [
        NoteText("1", "Patient Name: Xiomara Quillfeather. MRN 7741209."),
        NoteText("2", "Spoke with Quillfeather again; chart 7741209 updated."),
    ]
    second = ENGINE.process_patient(notes)[1]
    assert "Quillfeather" not in second.text
    assert "7741209" not in second.text


@pytest.mark.parametrize(
    ("category", "value", "text"),
    [
        ("NAME", "Jane Marie Okafor", "jane okafor was in; OKAFOR, JANE; J. Okafor; jokafor"),
        ("NAME", "José Peña", "Jose Pena called, PEÑA again"),
        ("NAME", "Will Young", "Will came with Young"),
        ("DATE_AGE", "1950-03-04", "born 4 March 1950, or 3/4/50, or 1950-03-04, or March 4"),
        ("PHONE", "555-010-4477", "5550104477 and 555 010 4477 and 010-4477"),
        ("MRN", "00482913", "482913 and 00482913 and 0000482913"),
        ("MRN", "A-48 291", "a48291"),
        ("SSN", "123-45-6789", "123 45 6789 or 123456789"),
        ("LOCATION", "12 Plover Way, Quenby, VT 05999", "at 12 plover way in Quenby 05999"),
        ("OTHER_ID", "zq", "the code zq"),
    ],
)
def test_known_identifiers_are_found_in_each_written_form(category, value, text):
    result = run(text, [KnownIdentifier(category, value)])
    for word in value.replace("-", " ").replace(",", " ").split():
        if len(word) > 2 and word != "VT" and category != "DATE_AGE":
            assert word.lower() not in result.text.lower()
    assert result.spans


def test_an_allow_list_never_vetoes_a_known_identifier():
    known = [KnownIdentifier("NAME", "Ada Babinski")]
    assert "Babinski" not in run("+Babinski on the left", known).text
    policy = default_policy().with_terms([], allow_terms=["Babinski"])
    assert "Babinski" not in run("Babinski", known, Deidentifier(policy)).text


def test_a_term_of_the_organisation_is_hidden_and_an_allowed_term_kept():
    policy = default_policy().with_terms(
        [{"text": "Blue Heron", "category": "LOCATION"}], allow_terms=["Alvarez"]
    )
    text = "Moved to blue heron; Dr. Alvarez agreed."
    assert run(text, engine=Deidentifier(policy)).text == (
        "Moved to [LOCATION]; Dr. Alvarez agreed."
    )


def test_a_threshold_decides_what_is_replaced():
    policy = default_policy().to_dict()
    policy["thresholds"] = {"default": 0.5, "DATE_AGE": 1.0}
    engine = Deidentifier(type(default_policy()).from_dict(policy))
    assert run("Dr. Alvarez on 1/2/2024.", engine=engine).text == "Dr. [NAME] on 1/2/2024."


def test_every_span_says_who_found_it_and_why():
    for span in run("Dr. Alvarez saw MRN 00482913 on 1/2/2024 in Boston.").spans:
        assert span.category in CATEGORIES
        assert span.recognizer
        assert span.rule
        assert 0 < span.score <= 1


def test_nothing_of_a_note_reaches_a_log(caplog):
    with caplog.at_level(logging.DEBUG):
        run("Dr. Quillfeather, SSN 123-45-6789")
    assert "Quillfeather" not in caplog.text
    assert "6789" not in caplog.text


def test_the_engine_names_its_version():
    version = engine_version()
    assert set(version) == {"engine", "presidio", "model"}
    assert len(version["engine"]) == 64


PIECES = [
    "Dr. Alvarez",
    "MRN 0048291",
    "1/2/2024",
    " ",
    "\n",
    ", ",
    "[NAME]",
    "93 y/o",
    "555-010-4477",
    "St. Mary's",
    "12 Elm St",
    "İ",
    "😀",
    "’s",
    "é",
    "�",
]
TEXTS = st.one_of(
    st.text(max_size=300),
    st.lists(st.sampled_from(PIECES), max_size=25).map("".join),
)


@settings(max_examples=120, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(TEXTS, st.sampled_from(["Alvarez", "", "0048291", "\u0130", "."]))
def test_offsets_are_exact_for_any_text(text, value):
    result = run(text, [KnownIdentifier("NAME", value)])
    assert restored(text, result) == text
    for span in result.spans:
        assert result.text[span.output_start : span.output_end] == span.applied_tag
        assert text[span.start : span.end].strip()
    starts = [s.start for s in result.spans]
    assert starts == sorted(starts)

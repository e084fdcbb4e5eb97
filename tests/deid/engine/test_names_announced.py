"""Names that a label, a title, a relation or a sentence announces, whatever their words mean."""

import pytest

from deid.engine import Deidentifier, NoteText

ENGINE = Deidentifier()


def output(text):
    return ENGINE.process_patient([NoteText("n", text)])[0].text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # eponyms, months, modals and everyday words as surnames
        ("Patient: Graves, June", "Patient: [NAME]"),
        ("Patient: Parkinson, Will  DOB: 1/2/1950", "Patient: [NAME]  DOB: [DATE]"),
        ("PATIENT: FOLEY, HOPE   MRN 48291", "PATIENT: [NAME]   MRN [MRN]"),
        ("Patient name: Will Young", "Patient name: [NAME]"),
        ("Name: Faith", "Name: [NAME]"),
        # two letters, and what looks like a credential
        ("Patient: Do, An", "Patient: [NAME]"),
        ("Patient name: Bao Do, MR#: 48291", "Patient name: [NAME], MR#: [MRN]"),
        ("PATIENT: BAO DO  DOB 1/2/1933", "PATIENT: [NAME]  DOB [DATE]"),
        ("NAME: XU, MEI LI   MRN 48291", "NAME: [NAME]   MRN [MRN]"),
        ("Patient: Io, Keola", "Patient: [NAME]"),
        ("Patient: Ng, Wai", "Patient: [NAME]"),
        # several words
        ("RE: Ray Three Bears, DOB 3/4/1950", "RE: [NAME], DOB [DATE]"),
        ("Patient: Three Bears, Ray", "Patient: [NAME]"),
        ("RE: Running Antelope, DOB 3/4/1950", "RE: [NAME], DOB [DATE]"),
        ("running antelope | mrn# 48291", "[NAME] | mrn# [MRN]"),
        ("Patient: de la Fuente, Inés", "Patient: [NAME]"),
        ("Patient: O'Dowd-Petit, Anne-Lise M.", "Patient: [NAME]"),
        ("Guarantor: van der Meulen, Joost", "Guarantor: [NAME]"),
        ("Mother's name: al-Rashidi, Huda", "Mother's name: [NAME]"),
        # columns, tabs, carets, a title or a credential inside
        ("Patient | Quillfeather, Ona | F", "Patient | [NAME] | F"),
        ("Patient:\tQuillfeather, Ona\tMRN 48291", "Patient:\t[NAME]\tMRN [MRN]"),
        ("Patient: QUILLFEATHER^ONA^M", "Patient: [NAME]"),
        ("Ona Three Bears | MRN# 48291", "[NAME] | MRN# [MRN]"),
        ("Attending: Dr. Long", "Attending: Dr. [NAME]"),
        ("Attending: Hope Graves, MD", "Attending: [NAME], MD"),
        ("Dictated by: Young, RN", "Dictated by: [NAME], RN"),
        ("cc: Ona Quillfeather, NP", "cc: [NAME], NP"),
        ("Attn: Case Best", "Attn: [NAME]"),
        ("Next of kin: June Will (wife)", "Next of kin: [NAME] (wife)"),
        ("Emergency contact: Bear Grove, brother", "Emergency contact: [NAME], brother"),
        ("Electronically signed by Wen Li, MD", "Electronically signed by [NAME], MD"),
        ("Sincerely,\nOna Quillfeather", "Sincerely,\n[NAME]"),
        ("/s/ O. Quillfeather", "/s/ [NAME]"),
        ("Baby Girl Quillfeather fed well.", "Baby Girl [NAME] fed well."),
    ],
)
def test_a_label_or_an_identifier_beside_it_makes_any_words_a_name(text, expected):
    assert output(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Patient: Stable, denies pain.",
        "Patient: denies chest pain.",
        "Patient: Alert and oriented.",
        "PATIENT: STABLE",
        "Attending: Hospitalist",
        "Consultant: Infectious Disease",
        "Informant: Mother",
        "Re: hip pain",
        "RE: MRI BRAIN",
        "To: ICU",
        "Name of drug: Metoprolol",
        "Historian: patient and wife",
        "Nurse: see flowsheet",
        "Surgeon: pending",
        "Mother: Diabetes. Father: Hypertension.",
        "Provider: Emergency Department",
        "Signed by patient.",
        "Medication name: Lisinopril",
    ],
)
def test_a_label_without_a_name_behind_it_hides_nothing(text):
    assert output(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mr. Parkinson has Parkinson disease.", "Mr. [NAME] has Parkinson disease."),
        ("Dr. Foley placed the Foley.", "Dr. [NAME] placed the Foley."),
        ("Mrs. Do agreed.", "Mrs. [NAME] agreed."),
        ("Ms. Three Bears agreed.", "Ms. [NAME] agreed."),
        ("Dr. Hope Long agreed.", "Dr. [NAME] agreed."),
        ("Seen by Dr. Q. today.", "Seen by Dr. [NAME] today."),
        ("Dr. van den Berg agreed.", "Dr. [NAME] agreed."),
        ("dr. quillfeather will call.", "dr. [NAME] will call."),
        ("DISCUSSED WITH DR QUILLFEATHER TODAY", "DISCUSSED WITH DR [NAME] TODAY"),
        ("MR. VU AGREES.", "MR. [NAME] AGREES."),
        ("Seen with Drs. Long and Short.", "Seen with Drs. [NAME] and [NAME]."),
        ("Will Graves, RN, was told.", "[NAME], RN, was told."),
        ("Told Ona Quillfeather RN today.", "Told [NAME] RN today."),
        ("Told RN Quillfeather.", "Told RN [NAME]."),
        ("Reviewed with nurse Quillfeather.", "Reviewed with nurse [NAME]."),
    ],
)
def test_a_title_or_a_credential_makes_any_word_a_name(text, expected):
    assert output(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Drinks Dr. Pepper daily.",
        "Dr Scholl's insoles.",
        "MR angiography of the head.",
        "MR BRAIN WITHOUT CONTRAST",
        "MS flare in the spring of life.",
        "Has MS and takes baclofen.",
        "Seen by the doctor. Nurse at bedside.",
        "Continue PT and OT.",
        "Dr. appointment made.",
        "INR checked, PT normal.",
    ],
)
def test_brands_scans_and_abbreviations_are_no_titles(text):
    assert output(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Came with nephew Tug.", "Came with nephew [NAME]."),
        ("Her uncle Moose was there.", "Her uncle [NAME] was there."),
        ("Granddaughter Peaches at bedside.", "Granddaughter [NAME] at bedside."),
        ("Lives with husband Arjun.", "Lives with husband [NAME]."),
        ("Lives with her husband, Chayo.", "Lives with her husband, [NAME]."),
        ("Brother (Skip) drove him.", "Brother ([NAME]) drove him."),
        ("Wife Hope Three Bears agreed.", "Wife [NAME] agreed."),
        ("Son's name is Will.", "Son's name is [NAME]."),
        ("Sons Ivo and Tadzio visited.", "Sons [NAME] and [NAME] visited."),
        ("Ona (daughter) called.", "[NAME] (daughter) called."),
        ("Quillfeather, his niece, called.", "[NAME], his niece, called."),
        ("He goes by Tug.", "He goes by [NAME]."),
        ("Prefers to be called 'Sunny'.", "Prefers to be called '[NAME]'."),
        ('William "Bud" Quillfeather came.', "[NAME] came."),
        ("Quillfeather's wife called.", "[NAME]'s wife called."),
    ],
)
def test_a_relation_makes_an_ordinary_word_a_name(text, expected):
    assert output(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Mother had breast cancer. Father Alzheimer's.",
        "Family history: Mother Diabetes, Father CAD.",
        "FATHER DECEASED. MOTHER ALIVE.",
        "Sister Healthy. Brother Hypertension.",
        "Mother Denies drug use.",
        "His brother has Parkinson disease.",
        "Lives with wife and two sons.",
        "Her mother: Lupus.",
        "Daughter: none. Son: 12.",
        "Also known as: GLYCOLAX",
        "Mother is Spanish speaking.",
    ],
)
def test_a_family_history_names_illnesses_and_no_relatives(text):
    assert output(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hope is a 40-year-old woman.", "[NAME] is a 40-year-old woman."),
        ("Skip is a 62 year old man.", "[NAME] is a 62 year old man."),
        ("Mei Li is a 52 y/o woman.", "[NAME] is a 52 y/o woman."),
        ("Ona Quillfeather, 62, reports pain.", "[NAME], 62, reports pain."),
        (
            "Quillfeather is a pleasant sixty-two-year-old.",
            "[NAME] is a pleasant sixty-two-year-old.",
        ),
        ("62M Quillfeather with cough.", "62M [NAME] with cough."),
        ("Dear Dr. Will,", "Dear Dr. [NAME],"),
        ("Dear Ms. Long,", "Dear Ms. [NAME],"),
        (
            "Thank you for sending Will about his knee.",
            "Thank you for sending [NAME] about his knee.",
        ),
        ("Thank you for referring June Graves.", "Thank you for referring [NAME]."),
        ("I had the pleasure of seeing Ona Long.", "I had the pleasure of seeing [NAME]."),
        ("I saw Chayo Three Bears today.", "I saw [NAME] today."),
        ("Quillfeather denies chest pain.", "[NAME] denies chest pain."),
        ("Discussed with Quillfeather today.", "Discussed with [NAME] today."),
        ("Signed out to Okwuosa at 7.", "Signed out to [NAME] at 7."),
        ("Please call Oluwaseun at noon.", "Please call [NAME] at noon."),
        ("Ms. Q is stable.", "Ms. [NAME] is stable."),
        ("LAST NAME: OKORO FIRST NAME: NGOZI", "LAST NAME: [NAME] FIRST NAME: [NAME]"),
        ("Call Ona Q. back.", "Call [NAME] back."),
        ("Pt. O.Q. was seen.", "Pt. [NAME] was seen."),
    ],
)
def test_a_sentence_that_is_told_of_persons_only_names_one(text, expected):
    assert output(text) == expected

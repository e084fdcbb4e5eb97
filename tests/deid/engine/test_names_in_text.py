"""Names in dictation, in capitals, side by side and found again; and what stays."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deid.engine import Deidentifier, NoteText

ENGINE = Deidentifier()


def outputs(*texts):
    notes = [NoteText(str(n), text) for n, text in enumerate(texts)]
    return [result.text for result in ENGINE.process_patient(notes)]


def output(text):
    return outputs(text)[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("patient name: huda rashidi, mr#: 48291", "patient name: [NAME], mr#: [MRN]"),
        ("name: okwuosa, ngozi mrn 48291", "name: [NAME] mrn [MRN]"),
        ("re: anjali deshmukh, dob 3/4/1950", "re: [NAME], dob [DATE]"),
        ("patient: foley, walter   dob: 3/4/1950", "patient: [NAME]   dob: [DATE]"),
        ("PROGRESS NOTE\nname: graves, june", "PROGRESS NOTE\nname: [NAME]"),
        ("ms. adeyemi-holt reports pain.", "ms. [NAME] reports pain."),
        ("mr foley agreed to the foley.", "mr [NAME] agreed to the foley."),
        ("dr long says to wait.", "dr [NAME] says to wait."),
        ("i reviewed ms. parkinson in clinic.", "i reviewed ms. [NAME] in clinic."),
        ("keola benally is a 62-year-old man.", "[NAME] is a 62-year-old man."),
        ("hope is a 40-year-old woman.", "[NAME] is a 40-year-old woman."),
        ("walter brown is a 75 y/o man.", "[NAME] is a 75 y/o man."),
        (
            "thank you for sending abena about her knee.",
            "thank you for sending [NAME] about her knee.",
        ),
        ("i saw walter foley in clinic.", "i saw [NAME] in clinic."),
        ("discussed with ngozi okwuosa today.", "discussed with [NAME] today."),
        ("wife nancy will drive.", "wife [NAME] will drive."),
        ("dictated by walter okwuosa, md", "dictated by [NAME], md"),
        ("follow up with walter a deshmukh soon.", "follow up with [NAME] soon."),
        ("rodriguez denies chest pain.", "[NAME] denies chest pain."),
        (
            "his daughter grace, who lives near, helps.",
            "his daughter [NAME], who lives near, helps.",
        ),
    ],
)
def test_names_dictated_without_capitals_are_found(text, expected):
    assert output(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "the pateint is a 62-year-old man.",
        "mri brain without contrast. mr brain normal.",
        "ms flare last year. on ms treatment.",
        "mother had cancer, father had diabetes.",
        "pt will follow up. may take ibuprofen.",
        "patient: denies pain. re: hip pain.",
        "her mark on the wall, long story, young age.",
        "seen by cards and ortho, per neuro.",
        "brother will call. his wife may come.",
        "foley in place, graves disease, parkinson tremor.",
        "sister is well. son can help.",
        "as he is now 8 years post-op, an echo is due.",
        "tylenol and advil as needed, then metoprolol.",
    ],
)
def test_dictation_without_names_stays(text):
    assert output(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ONA QUILLFEATHER WAS SEEN BY DR OKWUOSA.", "[NAME] WAS SEEN BY DR [NAME]."),
        ("NGOZI OKWUOSA IS A 62 Y/O WOMAN.", "[NAME] IS A 62 Y/O WOMAN."),
        ("WIFE NANCY AT BEDSIDE.", "WIFE [NAME] AT BEDSIDE."),
        ("THIS IS A PLEASANT MAN. I AM GOING TO ORDER LABS.", None),
        ("LAST MENSTRUAL PERIOD WAS 30 YEARS AGO.", None),
        ("WE RECOMMENDED THAT THE PATIENT SEE A SPECIALIST.", None),
        ("HISTORY OF PRESENT ILLNESS: NO FEVER. CT HEAD NORMAL.", None),
        ("CARDIAC: REGULAR RATE. ABD: SOFT. EXT: NO EDEMA.", None),
    ],
)
def test_capitals_say_nothing_in_a_line_of_capitals(text, expected):
    assert output(text) == (expected or text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Here came Maria Okwuosa.", "Here came [NAME]."),
        ("Here came Tünde Horváthová.", "Here came [NAME]."),
        ("Here came Bekbolat Musinov.", "Here came [NAME]."),
        ("Here came Wen Zhao and Ivo Petrovski.", "Here came [NAME] and [NAME]."),
        ("Here came J. R. Okwuosa.", "Here came [NAME]."),
        ("Here came Nora J. Ohlsson.", "Here came [NAME]."),
        ("Here came Joost van der Meulen.", "Here came [NAME]."),
        ("Here came Anne-Lise Okwuosa-Holt III.", "Here came [NAME]."),
        ("OKWUOSA, NGOZI was late.", "[NAME] was late."),
        ("Okwuosa, Ngozi R. was late.", "[NAME] was late."),
        ("He told Walter the news.", "He told [NAME] the news."),
        ("We told Okwuosa.", "We told [NAME]."),
        ("We told Oluwaseun again.", "We told [NAME] again."),
        ("It was Grace who called.", "It was [NAME] who called."),
        ("Torvaldsen and Brown agreed.", "[NAME] and [NAME] agreed."),
        ("Here came T.Okoro.", "Here came [NAME]."),
        ("J.D. is a 45-year-old man.", "[NAME] is a 45-year-old man."),
        ("Okoro/Chen aware.", "[NAME]/[NAME] aware."),
        ("Renal (Okoro) agreed.", "Renal ([NAME]) agreed."),
        ("Dictated, not read.\nOQ/mk", "Dictated, not read.\n[NAME]"),
        ("OKWUOSA^NGOZI^R was merged.", "[NAME] was merged."),
    ],
)
def test_names_that_nothing_announces_are_known_by_their_words(text, expected):
    assert output(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "+Babinski on the left, Kernig and Brudzinski signs negative.",
        "Foley catheter, Jackson-Pratt drain, Hickman line and Swan-Ganz catheter.",
        "Graves disease, Hashimoto thyroiditis, Bell palsy, Crohn disease.",
        "Glasgow Coma Scale 15, Apgar 9, Braden 18, Gleason 7.",
        "Staphylococcus aureus and Escherichia coli grew; Candida albicans did not.",
        "Will follow. May resume diet. March in place. Hope for the best.",
        "Ativan, Norco, Zosyn, Lipitor and Crestor.",
        "Assessment And Plan: Continue Current Medications.",
        "Left Hip Pain. Chronic Kidney Disease Stage 3.",
        "Past Medical History: Hypertension, Type 2 Diabetes Mellitus.",
        "Alert and Oriented x3. Regular Rate and Rhythm.",
        "Spanish interpreter used; Medicare and Medicaid.",
        "MRIs and CTs from two MIs were reviewed.",
        "PT is a 45-year-old man. HPI: stable.",
        "Toradol/Zofran given (Tylenol) for pain.",
        "She used Accutane and Ovcon; fever of 99 degrees Fahrenheit; CyberKnife planned.",
        "Vit D and Vit B12 given.",
        "Ann Arbor stage II; Clark level 4; Alexander technique.",
        "Seen by Wound Care, Nutrition and Case Management; per Pharmacy, by Cards.",
        "Mom Declined. Dad Agreed. Wife States pain is worse.",
        "This is Normal. I am Concerned. Called Poison Control.",
        "Dear Patient, Dear Colleague, To Whom It May Concern,",
        "CHIEF COMPLAINT: CHEST PAIN. PLAN: CONTINUE. WILL FOLLOW.",
        "Physical Therapy and Occupational Therapy to see.",
        "EKG: Normal Sinus Rhythm. CXR: No Acute Process.",
    ],
)
def test_clinical_capitals_stay(text):
    assert output(text) == text


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("Patient: Quillfeather, Ona", "ona quillfeather came.", "[NAME] came."),
        ("Patient: Quillfeather, Ona", "spoke to quillfeather.", "spoke to [NAME]."),
        ("Patient: Quillfeather, Ona", "O. Quillfeather; oquillfeather", "[NAME]; [NAME]"),
        ("Patient: Quillfeather, Ona", "QUILLFEATHER, ONA", "[NAME]"),
        ("Patient: Graves, June", "June walked. Graves disease.", "[NAME] walked. Graves disease."),
        (
            "Her nephew Tug came.",
            "Called Tug again. Tug is well.",
            "Called [NAME] again. [NAME] is well.",
        ),
        ("Seen by Dr. Foley.", "The Foley was removed.", "The Foley was removed."),
        ("Seen by Dr. Foley.", "Foley agreed.", "[NAME] agreed."),
        ("Patient: Young, Will", "Will follow. A young man will come.", None),
        ("Works with Okwuosa Freight LLC.", "Okwuosa pays well.", "[NAME] pays well."),
    ],
)
def test_a_name_found_with_certainty_is_found_in_all_notes_of_the_patient(first, second, expected):
    assert outputs(first, second)[1] == (expected or second)


GIVEN = st.sampled_from(["Will", "June", "Hope", "Ngozi", "An", "Keola", "Mei"])
FAMILY = st.sampled_from(["Graves", "Do", "Okwuosa", "Parkinson", "Three Bears", "Long", "O'Dowd"])
LABELS = st.sampled_from(["Patient name", "PATIENT NAME", "patient name", "Name", "Pt name"])
ENDS = st.sampled_from(["", "\nDOB: ", ", DOB ", "   MRN ", " | "])


@settings(max_examples=80, deadline=None)
@given(GIVEN, FAMILY, LABELS, ENDS, st.booleans())
def test_behind_the_label_of_a_name_every_name_is_hidden_whole(first, last, label, end, turned):
    name = f"{last}, {first}" if turned else f"{first} {last}"
    assert output(f"{label}: {name}{end}").startswith(f"{label}: [NAME]{end.rstrip()}")


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="aB .,'-()\n:^|DrMS", max_size=60))
def test_any_text_is_read_without_an_error(text):
    output(f"Patient: {text}")
    output(f"{text} is a 40-year-old, seen by Dr. {text}")

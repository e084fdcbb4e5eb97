"""Letters N to R: web and internet addresses, biometrics, photographs, every other code."""

import pytest

from tests.deid.engine.marked import check


@pytest.mark.parametrize(
    "row",
    [
        "See «https://mychart.example.org/p?id=77».",
        "Blog at «www.janesblog.example» today.",
        "On «facebook.com/jane.o» she wrote.",
        "From «https://www.cdc.gov/flu?patient=77» she read.",
        "Posts as «@jane_o» often.",
        "Login came from «10.2.33.4» then.",
        "Login came from «2001:db8::1» then.",
        "Voiceprint ID «VP-8891» enrolled.",
        "Fingerprint template «FP-22871» kept.",
        "Photo «photo_face_okafor.jpg» attached.",
        "Image <«img src=face.png»> here.",
        "Accession «A24-00123» resulted.",
        "Specimen «S24-5567» received.",
        "Study subject «004» enrolled.",
        "Trial NCT01234567, subject «004-17».",
        "Badge no. «4471».",
        "Username «jokafor9» was used.",
        "UID «1.2.840.113619.2.55.3.604688» of the study.",
        "Case «5f3a1c7e-1111-4222-8333-9a8b7c6d5e4f» closed.",
        "Barcode «8841-2210».",
        "Order number «77120-44».",
        "Patient token «QX77-1120-AB».",
    ],
)
def test_an_identifier_goes(row):
    check(row)


@pytest.mark.parametrize(
    "row",
    [
        "See www.cdc.gov and nih.gov for more.",
        "Software v2.4.1.0, version 2.4.1.0, section 1.2.3.4.",
        "Fingerstick 142, voice hoarse, retinal exam normal.",
        "See photo in chart.",
        "ICD-10 E11.9, CPT 99213, LOINC 4548-4, SNOMED 44054006.",
        "NCT01234567 is a trial. NDC 0002-8215-01.",
        "HbA1c 7.2%, BRCA1, CD4 425, COVID-19, H1N1, T2-L3, SpO2 98.",
        "PHQ-9 was 12, GAD-7 was 8, MMSE 28.",
        "IL-6 and TNF-alpha; vitamin B12; omega-3.",
        "S1 S2 normal; C5-6; L4-L5; T12; V1-V4.",
    ],
)
def test_clinical_codes_and_references_stay(row):
    check(row)

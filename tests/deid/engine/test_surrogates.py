"""Surrogates of one patient: who and what stays the same, what shape stays, what never comes back.

All names and numbers are invented.
"""

from __future__ import annotations

import ipaddress
import re

import pytest

from deid.engine import (
    Deidentifier,
    KnownIdentifier,
    NoteText,
    Policy,
    Span,
    default_policy,
)
from deid.engine.surrogates import PatientSurrogates, new_key
from deid.engine.surrogates.patient import Mention

KEY = bytes(range(32))


def mention(category: str, surface: str, subtype: str = "", before: str = "") -> Mention:
    span = Span(0, len(surface), category, subtype, certain=True)
    return Mention(span, surface, before)


def written(
    *surfaces: str, category: str = "NAME", subtype: str = "", key: bytes = KEY
) -> list[str]:
    """What stands for each of these mentions of one patient."""
    mentions = [mention(category, surface, subtype) for surface in surfaces]
    patient = PatientSurrogates(key, mentions)
    return [patient.write(m) for m in mentions]


@pytest.mark.parametrize("surface", ["BF", "del", "G2P2", "Adaeze (G2P2) BF", "Kt/V"])
def test_what_may_be_clinical_stays_a_tag_where_nothing_confirms_it(surface: str) -> None:
    doubtful = Mention(Span(0, len(surface), "NAME"), surface)
    assert PatientSurrogates(KEY, [doubtful]).write(doubtful) == "[NAME]"
    assert written(surface)[0] != surface


def test_a_person_has_one_fake_name_in_every_form() -> None:
    full, last_first, hl7, upper, lower, surname, possessive, given = written(
        "Ilse Marrek", "Marrek, Ilse", "MARREK^ILSE", "ILSE MARREK", "ilse marrek", "Marrek",
        "Marrek's", "Ilse",
    )  # fmt: skip
    first, last = full.split()

    assert last_first == f"{last}, {first}"
    assert hl7 == f"{last.upper()}^{first.upper()}"
    assert (upper, lower) == (full.upper(), full.lower())
    assert (surname, possessive, given) == (last, f"{last}'s", first)


@pytest.mark.parametrize("number", range(20))
def test_initials_and_logins_follow_the_name_that_they_stand_for(number: int) -> None:
    full, short, letters, dotted, login = written(
        "Ilse Marrek", "I. Marrek", "IM", "I.M.", "imarrek", key=bytes([number]) * 32
    )
    first, last = full.split()

    assert short == f"{first[0]}. {last}"
    assert letters == first[0] + last[0]
    assert dotted == f"{first[0]}.{last[0]}."
    assert login == (first[0] + last).lower()
    assert first[0] != "I"
    assert last[0] != "M"


def test_relatives_keep_sharing_their_surname_and_nothing_else() -> None:
    mother, son = written("Ilse Marrek", "Tobin Marrek")

    assert mother.split()[1] == son.split()[1]
    assert mother.split()[0] != son.split()[0]


@pytest.mark.parametrize(
    ("surface", "shape"),
    [
        ("Dr. Marrek", r"Dr\. [A-Z][a-z]+"),
        ("Ilse Marrek Jr.", r"[A-Z][a-z]+ [A-Z][a-z]+ Jr\."),
        ("Marrek, Ilse, MD", r"[A-Z][a-z]+, [A-Z][a-z]+, MD"),
        ("Ilse Marrek-Oddy", r"[A-Z][a-z]+ [A-Z][a-z]+-[A-Z][a-z]+"),
        ("Ilse van der Marrek", r"[A-Z][a-z]+ [A-Z][a-z]+"),
        ("Baby Girl Marrek", r"Baby Girl [A-Z][a-z]+"),
        ("O'Marrek\u2019s", "[A-Z][a-z]+\u2019s"),
        ("Ng", r"[A-Z][a-z]+"),
        ("I. M. Marrek", r"[A-Z]\. [A-Z]\. [A-Z][a-z]+"),
    ],
)
def test_the_form_of_a_name_stays(surface: str, shape: str) -> None:
    assert re.fullmatch(shape, written(surface)[0])


@pytest.mark.parametrize(("name", "gender"), [("Susan", "female"), ("Robert", "male")])
def test_a_given_name_keeps_its_gender(name: str, gender: str) -> None:
    from deid.engine.surrogates.people import gender_of

    for number in range(10):
        fake = written(f"{name} Marrek", key=bytes([number]) * 32)[0].split()[0]
        assert gender_of(fake.lower()) == gender


def test_a_title_tells_the_gender_of_a_name_that_does_not() -> None:
    from deid.engine.surrogates.people import gender_of

    for number in range(10):
        heard = mention("NAME", "Quorix Marrek", before="with Mr. ")
        patient = PatientSurrogates(bytes([number]) * 32, [heard])
        assert gender_of(patient.write(heard).split()[0].lower()) == "male"


@pytest.mark.parametrize(
    ("surface", "shape"),
    [
        ("1420 Varnish St Apt 4B", r"\d{4} [A-Z]\w+ St Apt \d[A-Z]"),
        ("Varnish Hill, IL 62704-1234", r"[A-Z]\w+ [A-Z]\w+, IL \d{5}-\d{4}"),
        ("VARNISH GENERAL HOSPITAL", r"[A-Z]+ GENERAL HOSPITAL"),
        ("St. Oddo's Hospital", r"St\. [A-Z]\w+'s Hospital"),
        ("General Hospital", r"[A-Z]\w+ Hospital"),
        ("Varnish County", r"[A-Z]\w+ County"),
        ("23rd Street", r"\d\d(?:st|nd|rd|th) Street"),
        ("39.78, -89.65", r"\d{1,2}\.\d\d, -\d{1,2}\.\d\d"),
        ("K1A 0B1", r"[A-Z]\d[A-Z] \d[A-Z]\d"),
        ("Virginia Street", r"[A-Z]\w+ Street"),
        ("123 Park Drive, Varnish", r"\d{3} (?!Park)[A-Z]\w+ Drive, [A-Z]\w+"),
        ("436 North Street Suite 1s", r"\d{3} (?!North)[A-Z]\w+ Street Suite \d[a-z]"),
        ("Memorial Hospital, Varnish", r"(?!Memorial)[A-Z]\w+ Hospital, [A-Z]\w+"),
        ("The Village", r"The (?!Village)[A-Z]\w+"),
        ("P.O. Box 255", r"P\.O\. Box \d{3}"),
        ("Room 412 bed B", r"Room \d{3} bed [A-Z]"),
        ("UCSF Clinic", r"[A-Z]{4} Clinic"),
        ("New Varnish", r"[A-Z]\w+ [A-Z]\w+"),
    ],
)
def test_the_form_of_a_place_stays_and_its_name_goes(surface: str, shape: str) -> None:
    fake = written(surface, category="LOCATION")[0]

    assert re.fullmatch(shape, fake)
    assert fake != surface
    assert not {"varnish", "oddo", "virginia"} & set(re.findall(r"[a-z]+", fake.lower()))


@pytest.mark.parametrize("number", range(40))
def test_no_part_of_a_code_or_place_stays_by_chance(number: int) -> None:
    room, bed = re.findall(r"\d+|[A-Z]$", written("Room 4 bed B", category="LOCATION",
                                                  key=bytes([number]) * 32)[0])  # fmt: skip
    assert room != "4"
    assert bed != "B"


def test_a_town_is_the_same_in_an_address_and_alone() -> None:
    address, alone, clinic = written(
        "12 Oak St, Varnish, IL 62704", "Varnish", "Varnish Clinic", category="LOCATION"
    )

    assert f", {alone}, IL " in address
    assert clinic == f"{alone} Clinic"


def test_an_employer_keeps_what_kind_of_firm_it_is() -> None:
    assert re.fullmatch(
        r"[A-Z]\w+ [A-Z]\w+ Works, Inc", written("Zorb Tire Works, Inc", subtype="EMPLOYER")[0]
    )


@pytest.mark.parametrize("surface", ["(217) 555-4477", "217.555.4477", "+1 217 555 4477"])
def test_a_telephone_number_becomes_one_that_nobody_has(surface: str) -> None:
    fake = written(surface, category="PHONE")[0]
    digits = re.sub(r"\D", "", fake)

    assert re.sub(r"\d", "0", fake) == re.sub(r"\d", "0", surface)
    assert digits[-7:-2] == "55501"
    assert digits[-10:-7] != "217"


def test_a_number_is_the_same_in_every_form_and_with_or_without_its_area() -> None:
    first, second, short = written("(217) 555-4477", "217.555.4477", "555-4477", category="PHONE")

    assert re.sub(r"\D", "", first) == re.sub(r"\D", "", second)
    assert re.sub(r"\D", "", first).endswith(re.sub(r"\D", "", short))


@pytest.mark.parametrize(
    ("surface", "shape"),
    [
        ("217-555-4477 x213", r"\d{3}-555-01\d\d x\d{3}"),
        ("217-555-4477 ext. 21", r"\d{3}-555-01\d\d ext\. \d\d"),
        ("5-4477", r"\d-\d{4}"),
        ("1-800-QUIT-NOW", r"1-\d{3}-5550-1\d\d"),
    ],
)
def test_short_numbers_and_extensions_keep_their_shape(surface: str, shape: str) -> None:
    fake = written(surface, category="PHONE")[0]

    assert re.fullmatch(shape, fake)
    assert fake != surface


@pytest.mark.parametrize("category", ["MRN", "HEALTH_PLAN", "ACCOUNT", "LICENSE", "OTHER_ID"])
@pytest.mark.parametrize("surface", ["00482913", "A24-00123", "w1234 56789", "1EG4-TE5-MK73"])
def test_a_code_keeps_its_letters_digits_and_punctuation(category: str, surface: str) -> None:
    fake = written(surface, category=category)[0]

    assert _shape(fake) == _shape(surface)
    assert fake != surface


def _shape(text: str) -> str:
    letters = re.sub(r"[a-z]", "a", re.sub(r"[A-Z]", "A", text))
    return re.sub(r"\d", "0", letters)


def test_a_number_is_the_same_with_and_without_leading_zeros_and_hyphens() -> None:
    long, short, split = written("00482913", "482913", "482-913", category="MRN")

    assert long == f"00{short}"
    assert split.replace("-", "") == short


def test_a_social_security_number_becomes_one_that_is_never_issued() -> None:
    for number in range(10):
        fake = written("123-45-6789", category="SSN", key=bytes([number]) * 32)[0]
        area, group, _ = fake.split("-")
        assert area.startswith("9")
        assert int(group) < 50


def test_a_vehicle_keeps_the_word_beside_its_number() -> None:
    assert re.fullmatch(r"Medic \d\d", written("Medic 51", category="VEHICLE")[0])


@pytest.mark.parametrize(
    ("surface", "shape"),
    [
        ("i.marrek@varnish.org", r"user\d{4}@example\.invalid"),
        ("mailto:i.marrek@varnish.org", r"mailto:user\d{4}@example\.invalid"),
        ("imarrek at varnish dot org", r"user\d{4} at example dot invalid"),
    ],
)
def test_an_address_of_e_mail_leads_nowhere(surface: str, shape: str) -> None:
    assert re.fullmatch(shape, written(surface, category="EMAIL")[0])


@pytest.mark.parametrize(
    ("surface", "shape"),
    [
        ("https://www.varnish.org/p?id=77", r"https://www\.site\d{4}\.example/p\d{4}"),
        ("varnish.org", r"site\d{4}\.example"),
        ("@ilse.m", r"@user\d{4}"),
    ],
)
def test_an_address_of_the_web_leads_nowhere(surface: str, shape: str) -> None:
    assert re.fullmatch(shape, written(surface, category="URL")[0])


@pytest.mark.parametrize("surface", ["10.2.33.4", "fe80::1:2"])
def test_a_network_address_comes_from_the_documentation_ranges(surface: str) -> None:
    fake = ipaddress.ip_address(written(surface, category="IP")[0])
    ranges = ["192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32"]

    assert any(fake in ipaddress.ip_network(r) for r in ranges)


@pytest.mark.parametrize(
    ("category", "surface", "tag"),
    [
        ("BIOMETRIC", "VP-8891", "[BIOMETRIC]"),
        ("PHOTO", "face_01.jpg", "[PHOTO]"),
        ("OTHER_ID", "mayor of Varnish", "[OTHER_ID]"),
        ("DATE_AGE", "3/14/2024", "[DATE]"),
        ("IP", "no address", "[IP]"),
    ],
)
def test_what_no_fake_can_stand_for_stays_a_tag(category: str, surface: str, tag: str) -> None:
    assert written(surface, category=category) == [tag]


def test_a_surrogate_is_never_a_known_identifier_of_the_patient() -> None:
    heard = mention("MRN", "3")
    known = [KnownIdentifier("MRN", str(number)) for number in range(10) if number != 7]

    for number in range(10):
        patient = PatientSurrogates(bytes([number]) * 32, [heard], known)
        assert patient.write(heard) == "7"


def test_a_fake_name_is_nobody_else_in_the_notes() -> None:
    from deid.engine.surrogates.people import name_lists

    others = [name for name in name_lists()["surnames"] if name not in ("Acosta", "Huerta")]
    for number in range(5):
        fakes = written("Ilse Marrek", *(f"Dr. {n}" for n in others), key=bytes([number]) * 32)
        assert fakes[0].split()[1] in ("Acosta", "Huerta")


def test_where_the_notes_name_everybody_the_fake_names_nobody() -> None:
    from deid.engine.surrogates.people import name_lists

    everybody = [name for names in name_lists().values() for name in names]
    fake = written("Ilse Marrek", *(f"Dr. {name}" for name in everybody))[0]
    assert re.fullmatch(r"[A-Z][a-z]{3} [A-Z][a-z]{5}", fake)


def test_where_every_fake_is_one_of_the_patients_own_the_tag_stays() -> None:
    heard = mention("MRN", "3")
    known = [KnownIdentifier("MRN", str(number)) for number in range(10)]

    assert PatientSurrogates(KEY, [heard], known).write(heard) == "[MRN]"


NOTES = [
    NoteText("1", "Mrs. Ilse Marrek, MRN 00482913, was seen by Dr. Oddo on 3/14/2024."),
    NoteText("2", "MARREK^ILSE called from (217) 555-4477. Ilse is 93 years old."),
]
KNOWN = [KnownIdentifier("NAME", "Marrek^Ilse"), KnownIdentifier("MRN", "00482913")]


def engine(**fields: object) -> Deidentifier:
    policy = {**default_policy().to_dict(), "output": "surrogates", **fields}
    return Deidentifier(Policy.from_dict(policy))


def test_the_engine_writes_surrogates_with_exact_offsets_on_both_sides() -> None:
    for note, result in zip(NOTES, engine().process_patient(NOTES, KNOWN, key=KEY), strict=True):
        rebuilt, at = "", 0
        for span in result.spans:
            assert result.text[span.output_start : span.output_end] == span.applied_tag
            rebuilt += result.text[at : span.output_start] + note.text[span.start : span.end]
            at = span.output_end
        assert rebuilt + result.text[at:] == note.text
        assert "Marrek" not in result.text
        assert "MARREK" not in result.text


def test_one_key_makes_one_output_and_another_key_another() -> None:
    first = [r.text for r in engine().process_patient(NOTES, KNOWN, key=KEY)]
    again = [r.text for r in engine().process_patient(NOTES, KNOWN, key=KEY)]
    other = [r.text for r in engine().process_patient(NOTES, KNOWN, key=new_key())]

    assert first == again
    assert all(a != b for a, b in zip(first, other, strict=True))


def test_without_a_key_no_two_outputs_are_alike() -> None:
    first, second = (engine().process_patient(NOTES, KNOWN) for _ in range(2))

    assert first[0].text != second[0].text


def test_an_age_over_89_and_a_date_stay_tags_unless_dates_are_shifted() -> None:
    plain = engine().process_patient(NOTES, KNOWN, key=KEY)
    shifted = engine(date_shift=True).process_patient(NOTES, KNOWN, key=KEY, year=2026)

    assert "[AGE_90+]" in plain[1].text
    assert "[AGE_90+]" in shifted[1].text
    assert "on [DATE]." in plain[0].text
    assert re.search(r"on \d{1,2}/\d{1,2}/20\d\d\.", shifted[0].text)


def test_what_was_found_is_the_same_whatever_is_written() -> None:
    tagged = Deidentifier(default_policy()).process_patient(NOTES, KNOWN)
    faked = engine().process_patient(NOTES, KNOWN, key=KEY)

    found = [[(s.start, s.end, s.category, s.tag()) for s in r.spans] for r in tagged]
    assert found == [[(s.start, s.end, s.category, s.tag()) for s in r.spans] for r in faked]


def test_a_surrogate_that_would_join_to_a_known_identifier_goes_back_to_its_tag() -> None:
    """Around a number that is hidden, what stands free may make a known one of its surrogate."""
    from deid.engine.spans import DeidResult
    from deid.engine.surrogates import with_surrogates

    note = NoteText("1", "x 4 y")
    result = DeidResult("1", "x [MRN] y", [])
    span = Span(2, 3, "MRN")
    reads_badly = lambda text: [] if "[MRN]" in text else [Span(0, len(text), "MRN")]  # noqa: E731
    from dataclasses import replace

    from deid.engine.render import render

    result = replace(result, spans=render(note.text, [span])[1])
    done = with_surrogates([note], [result], [], reads_badly, key=KEY, latest_year=None)

    assert done[0].text == "x [MRN] y"


def test_a_note_that_reads_like_known_identifiers_again_and_again_gets_all_its_tags() -> None:
    from deid.engine.render import render
    from deid.engine.spans import DeidResult
    from deid.engine.surrogates import with_surrogates

    note = NoteText("1", "41 42 43 44 45 46 47 48")
    text, applied = render(note.text, [Span(at, at + 2, "MRN") for at in range(0, 23, 3)])

    def meets_one_more_each_time(output: str) -> list[Span]:
        return [Span(m.start(), m.end(), "MRN") for m in re.finditer(r"\d+", output)][:1]

    (done,) = with_surrogates(
        [note], [DeidResult("1", text, applied)], [], meets_one_more_each_time,
        key=KEY, latest_year=None,
    )  # fmt: skip
    assert done.text == " ".join(["[MRN]"] * 8)
    assert [done.text[s.output_start : s.output_end] for s in done.spans] == ["[MRN]"] * 8


def test_no_repr_shows_what_it_hides() -> None:
    assert "Marrek" not in repr(mention("NAME", "Ilse Marrek"))


def test_a_key_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        PatientSurrogates(b"short", [])

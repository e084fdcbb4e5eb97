"""What holds of the surrogates of any patient, whatever the identifiers are."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from deid.engine.render import render, source_offset
from deid.engine.spans import CATEGORIES, KnownIdentifier, Span
from deid.engine.surrogates import PatientSurrogates
from deid.engine.surrogates.originals import numbered, squeezed
from deid.engine.surrogates.patient import Mention

keys = st.binary(min_size=32, max_size=32)
words = st.from_regex(r"[A-Z][a-z]{2,9}", fullmatch=True)
names = st.one_of(
    words,
    st.tuples(words, words).map(" ".join),
    st.tuples(words, words).map(", ".join),
    st.tuples(words, words, words).map("^".join),
    st.tuples(words, words).map(lambda pair: f"{pair[0][0]}. {pair[1]}"),
).flatmap(lambda name: st.sampled_from([name, name.upper(), name.lower(), f"{name}'s"]))
places = st.one_of(
    words.map(lambda word: f"{word} Hospital"),
    st.tuples(st.integers(1, 99999), words).map(lambda pair: f"{pair[0]} {pair[1]} St, IL 62704"),
)
codes = st.from_regex(r"[A-Z]{0,2}[0-9]{4,10}(?:-[0-9A-Z]{1,4})?", fullmatch=True)
phones = st.from_regex(r"\([2-9][0-9]{2}\) [2-9][0-9]{2}-[0-9]{4}( x[0-9]{2,4})?", fullmatch=True)
numbers = st.sampled_from(
    ["SSN", "MRN", "HEALTH_PLAN", "ACCOUNT", "LICENSE", "VEHICLE", "DEVICE", "OTHER_ID"]
)
identifiers = st.one_of(
    st.tuples(st.just("NAME"), names),
    st.tuples(st.just("LOCATION"), places),
    st.tuples(st.sampled_from(["PHONE", "FAX"]), phones),
    st.tuples(numbers, codes),
)
patients = st.lists(identifiers, min_size=1, max_size=8)


def mentions(found: list[tuple[str, str]]) -> list[Mention]:
    return [Mention(Span(0, len(text), category, certain=True), text) for category, text in found]


def surrogates(found: list[tuple[str, str]], key: bytes) -> list[str]:
    patient = PatientSurrogates(key, mentions(found))
    return [patient.write(m) for m in mentions(found)]


@given(found=patients, key=keys)
def test_the_same_key_gives_the_same_surrogates(found: list[tuple[str, str]], key: bytes) -> None:
    assert surrogates(found, key) == surrogates(found, key)


@given(found=patients, key=keys)
def test_the_same_identifier_has_one_surrogate(found: list[tuple[str, str]], key: bytes) -> None:
    once = dict(zip(found, surrogates(found, key), strict=True))
    again = surrogates([*found, *found], key)

    assert again[: len(found)] == again[len(found) :] == [once[f] for f in found]


@given(found=patients, key=keys)
def test_no_original_comes_back(found: list[tuple[str, str]], key: bytes) -> None:
    originals = {squeezed(text) for _, text in found} | {numbered(text) for _, text in found}
    hidden = {
        word
        for category, text in found
        if category == "NAME"
        for word in re.findall(r"[a-z]{2,}", re.sub("'s$", "", text.lower()))
    }
    for (category, _), fake in zip(found, surrogates(found, key), strict=True):
        if fake.startswith("["):
            continue
        assert squeezed(fake) not in originals
        if category == "NAME":
            assert not hidden & set(re.findall(r"[a-z]{2,}", re.sub("'s$", "", fake.lower())))


@given(found=st.lists(st.tuples(numbers, codes), min_size=1, max_size=6), key=keys)
def test_a_code_keeps_its_shape(found: list[tuple[str, str]], key: bytes) -> None:
    for (_, text), fake in zip(found, surrogates(found, key), strict=True):
        if not fake.startswith("["):
            assert re.sub(r"\d", "0", re.sub("[A-Z]", "A", fake)) == re.sub(
                r"\d", "0", re.sub("[A-Z]", "A", text)
            )


@given(found=st.lists(st.tuples(st.just("NAME"), names), min_size=1, max_size=6), key=keys)
def test_a_name_keeps_its_case_and_punctuation(found: list[tuple[str, str]], key: bytes) -> None:
    for (_, text), fake in zip(found, surrogates(found, key), strict=True):
        assert re.sub(r"[A-Za-z]+", "w", fake) == re.sub(r"[A-Za-z]+", "w", text)
        assert (fake.isupper(), fake.islower()) == (text.isupper(), text.islower())


@given(text=words, first=keys, second=keys)
def test_two_patients_have_nothing_in_common(text: str, first: bytes, second: bytes) -> None:
    found = [("NAME", f"{text} Marrek"), ("MRN", "88412067351"), ("PHONE", "(217) 555-4477")]
    if first != second:
        assert surrogates(found, first)[:2] != surrogates(found, second)[:2]


@settings(max_examples=300)
@given(
    category=st.sampled_from(CATEGORIES),
    text=st.text(min_size=1, max_size=25),
    key=keys,
)
def test_no_text_breaks_a_surrogate(category: str, text: str, key: bytes) -> None:
    heard = Mention(Span(0, len(text), category), text)
    patient = PatientSurrogates(key, [heard], [KnownIdentifier(category, text)], latest_year=2026)

    assert patient.write(heard)


@given(
    gaps=st.lists(st.text(max_size=6), min_size=1, max_size=6),
    found=st.lists(identifiers, max_size=5),
    key=keys,
)
def test_offsets_are_exact_on_both_sides(
    gaps: list[str], found: list[tuple[str, str]], key: bytes
) -> None:
    text, spans = gaps[0], []
    for number, (category, surface) in enumerate(found):
        spans.append(Span(len(text), len(text) + len(surface), category))
        text += surface + gaps[(number + 1) % len(gaps)]
    output, applied = render(text, spans, surrogates(found, key))

    rebuilt, at = "", 0
    for span in applied:
        rebuilt += output[at : span.output_start] + text[span.start : span.end]
        assert output[span.output_start : span.output_end] == span.applied_tag
        at = span.output_end
    assert rebuilt + output[at:] == text
    if applied and applied[-1].output_end < len(output):
        assert source_offset(applied, applied[-1].output_end) == applied[-1].end

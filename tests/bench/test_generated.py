"""The invented corpus."""

import hashlib
import re
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.deid.corpora import IGNORE, document_of
from bench.generated import names
from bench.generated.corpus import filled, records, templates
from bench.generated.shapes import SHAPES, Cast
from deid.engine import CATEGORIES

LABELS = {"DATE" if code == "DATE_AGE" else code for code in CATEGORIES}


def test_the_same_seed_gives_the_same_notes() -> None:
    assert list(records(4, 30)) == list(records(4, 30))
    assert list(records(4, 30)) != list(records(5, 30))


@given(st.integers(0, 10_000))
def test_every_span_lies_on_what_was_planted(seed: int) -> None:
    for record in records(seed, 3):
        document = document_of(record)
        ends = [0]
        for span in document.spans:
            surface = document.text[span.start : span.end]
            assert surface.strip() == surface != ""
            assert span.start >= ends[-1]
            ends.append(span.end)


def test_every_category_and_notes_without_identifiers_occur() -> None:
    made = list(records(4, 400))
    assert {s["label"] for r in made for s in r["spans"]} == {*LABELS, IGNORE}
    assert any(not r["spans"] for r in made)


def test_every_name_is_kept_out_of_the_training_by_its_hash() -> None:
    rng = Random(1)
    drawn = [*names.pools().first, *names.pools().last, *(names.nickname(rng) for _ in range(40))]
    drawn += [names.place(rng, k) for k in ("town", "street", "site", "firm") for _ in range(40)]
    assert len(set(drawn)) > 2000
    for name in drawn:
        assert hashlib.sha256(name.lower().encode()).hexdigest().endswith("f")


def test_every_slot_has_a_shape_and_every_shape_a_slot() -> None:
    text = "\n".join(t for kind in ("head", "body", "end", "free") for t in templates(kind))
    used = set(re.findall(r"\{[A-Z_]+:([a-z_]+)\}", text))
    assert used == set(SHAPES)
    assert not re.search(r"\{[^}]*\}", filled(text, Cast.drawn(Random(1)))[0])


@pytest.mark.parametrize("shape", ["phone", "short_phone"])
def test_telephone_numbers_belong_to_nobody(shape: str) -> None:
    for seed in range(50):
        digits = re.sub(r"\D", "", SHAPES[shape](Cast.drawn(Random(seed))))
        assert re.search(r"55501\d\d$", digits)

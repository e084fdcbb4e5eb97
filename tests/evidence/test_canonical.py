import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.canonical import NotCanonicalError, canonical_json

scalars = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text()
values = st.recursive(
    # Python reads a whole float from 2**53 on back as an integer, which JSON cannot hold safely.
    scalars | st.floats(-(2**53) + 1, 2**53 - 1),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)


def test_it_sorts_keys_and_drops_spaces() -> None:
    assert (
        canonical_json({"b": 1.0, "a": [True, None, "é"]}) == '{"a":[true,null,"é"],"b":1}'.encode()
    )


def test_it_writes_numbers_as_rfc_8785_does() -> None:
    assert canonical_json([1e30, 4.50, 2e-3, 1e-27]) == b"[1e+30,4.5,0.002,1e-27]"


def test_it_sorts_keys_by_utf_16_code_units() -> None:
    assert canonical_json({"\ufb33": 1, "\U0001f600": 2}) == '{"\U0001f600":2,"\ufb33":1}'.encode()


@given(values)
def test_it_gives_the_same_bytes_after_a_round_trip(value: object) -> None:
    once = canonical_json(value)
    assert canonical_json(json.loads(once)) == once


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), 2**60, {1: "a"}, {"a", "b"}, b"bytes", "\ud800"]
)
def test_it_refuses_what_has_no_canonical_form(value: object) -> None:
    with pytest.raises(NotCanonicalError):
        canonical_json(value)


def test_its_error_does_not_quote_the_value() -> None:
    with pytest.raises(NotCanonicalError) as error:
        canonical_json({"note": "Sentinelname \ud800"})
    assert "Sentinelname" not in str(error.value)

"""What a policy writes in the place of identifiers, and which method of the law that is."""

from __future__ import annotations

import json

import pytest

from deid.engine import Policy, default_policy
from deid.engine.output_basis import bases, basis_of, with_output
from evidence.digests import digest_of


def _policy(**fields: object) -> Policy:
    return Policy.from_dict({"id": "x", "version": "1", **fields})


def test_a_policy_from_before_the_fields_keeps_its_digest() -> None:
    before = {
        "id": "safe_harbor_default", "version": "1", "profile": "safe_harbor_strict",
        "thresholds": {"default": 0.5}, "terms": [], "allow_terms": [],
    }  # fmt: skip

    assert Policy.from_dict(before).digest == digest_of(before)
    assert default_policy().digest == digest_of(before)


@pytest.mark.parametrize(
    ("output", "shift", "profile", "needs_expert"),
    [
        ("tags", False, "safe_harbor_strict", False),
        ("surrogates", False, "safe_harbor_strict", False),
        ("surrogates", True, "expert_determination_shift", True),
    ],
)
def test_each_output_states_its_legal_method(
    output: str, shift: bool, profile: str, needs_expert: bool
) -> None:
    policy = _policy(output=output, date_shift=shift)
    basis = basis_of(policy.to_dict())

    assert policy.profile == policy.profile_of_output == basis.profile == profile
    assert basis.needs_expert is needs_expert
    assert basis.citation in basis.statement
    assert Policy.from_dict(policy.to_dict()) == policy


def test_shifted_dates_never_stay_under_the_name_of_safe_harbor() -> None:
    content = {**default_policy().to_dict(), "output": "surrogates", "date_shift": True}

    assert Policy.from_dict(content).profile == "expert_determination_shift"
    assert Policy.from_dict(content).digest != default_policy().digest


@pytest.mark.parametrize(
    "fields", [{"output": "tags", "date_shift": True}, {"output": "hashes"}, {"outputs": "tags"}]
)
def test_an_output_that_no_policy_may_name_is_refused(fields: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="output"):
        _policy(**fields)


def test_content_with_another_output_is_a_policy_and_goes_back_to_the_same_bytes() -> None:
    content = default_policy().to_dict()
    shifted = basis_of({"output": "surrogates", "date_shift": True})
    changed = with_output(content, shifted)
    back = with_output(changed, basis_of({}))

    assert Policy.from_dict(changed).to_dict() == changed
    assert json.dumps(back, sort_keys=True) == json.dumps(content, sort_keys=True)


def test_every_output_is_offered_once() -> None:
    assert [(b.output, b.date_shift) for b in bases()] == [
        ("tags", False), ("surrogates", False), ("surrogates", True),
    ]  # fmt: skip

import json
from typing import Any

import pytest

from evidence.canonical import NotCanonicalError
from evidence.digests import digest_of
from evidence.manifests import Manifest, Parent

A, B = "a" * 64, "b" * 64


def make(**changes: Any) -> Manifest:
    values: dict[str, Any] = {
        "kind": "dataset_version",
        "subject": "7c1d",
        "created_at": "2026-11-25T09:00:00+00:00",
        "body": {"examples": 12, "splits": {"train": 9, "test": 3}},
        "parents": (Parent("review", A), Parent("run", B)),
    }
    return Manifest(**(values | changes))


def test_it_comes_back_from_json_with_the_same_digest() -> None:
    manifest = make()
    read = Manifest.from_dict(json.loads(json.dumps(manifest.to_dict())))
    assert read == manifest
    assert read.digest == manifest.digest == digest_of(manifest.to_dict())


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "run"},
        {"subject": "7c1e"},
        {"created_at": "2026-11-25T09:00:01+00:00"},
        {"body": {"examples": 13}},
        {"parents": (Parent("review", A),)},
    ],
)
def test_every_part_changes_the_digest(changes: dict[str, Any]) -> None:
    assert make(**changes).digest != make().digest


def test_the_order_of_parents_means_nothing() -> None:
    assert make(parents=(Parent("run", B), Parent("review", A))).digest == make().digest


def test_changing_the_makers_body_does_not_change_the_manifest() -> None:
    body = {"list": [1]}
    manifest = make(body=body)
    before = manifest.digest
    body["list"].append(2)
    manifest.to_dict()["body"]["list"].append(3)
    assert manifest.digest == before


@pytest.mark.parametrize(
    "changes",
    [{"kind": ""}, {"subject": ""}, {"created_at": "2026-11-25T09:00:00"}, {"created_at": "today"}],
)
def test_it_refuses_an_incomplete_manifest(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="manifest"):
        make(**changes)


def test_it_refuses_a_body_that_is_not_json() -> None:
    with pytest.raises(NotCanonicalError):
        make(body={"when": object()})


def test_it_refuses_a_parent_without_a_true_digest() -> None:
    with pytest.raises(ValueError, match="64"):
        Parent("run", "ABC")


@pytest.mark.parametrize("change", [{"format": "other/1"}, {"extra": 1}])
def test_it_refuses_another_format_and_unknown_fields(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="manifest"):
        Manifest.from_dict(make().to_dict() | change)

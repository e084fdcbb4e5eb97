"""The digest of tensors: the same for a file and for live tensors, different for any change."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.torch import save_file

from training.engine.tensor_digest import (
    TensorDigestError,
    digest_tensor_file,
    digest_tensors,
    dtypes_of_file,
)

DTYPES = st.sampled_from([torch.float32, torch.bfloat16, torch.float16, torch.int64, torch.uint8])
SHAPES = st.lists(st.integers(0, 4), max_size=3)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.dictionaries(
        st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=8).filter(
            lambda name: name != "__metadata__"
        ),
        st.tuples(DTYPES, SHAPES),
        min_size=1,
        max_size=4,
    )
)
def test_file_and_live_tensors_have_one_digest(
    tmp_path: Path, layout: dict[str, tuple[torch.dtype, list[int]]]
) -> None:
    tensors = {name: (torch.rand(shape) * 100).to(dtype) for name, (dtype, shape) in layout.items()}
    save_file(tensors, tmp_path / "t.safetensors", metadata={"any": "thing"})
    assert digest_tensor_file(tmp_path / "t.safetensors") == digest_tensors(tensors)


def test_a_view_that_is_not_contiguous_has_the_digest_of_its_values() -> None:
    tensor = torch.arange(6.0).reshape(2, 3)
    assert digest_tensors({"a": tensor.T}) == digest_tensors({"a": tensor.T.contiguous()})


@pytest.mark.parametrize(
    "other",
    [
        {"a": torch.tensor([1.0, 2.0000002])},  # one bit of a value
        {"b": torch.tensor([1.0, 2.0])},  # the name
        {"a": torch.tensor([[1.0, 2.0]])},  # the shape
        {"a": torch.tensor([1.0, 2.0], dtype=torch.float64)},  # the type
        {"a": torch.tensor([1.0, 2.0]), "b": torch.zeros(0)},  # one more
    ],
)
def test_any_change_changes_the_digest(other: dict[str, torch.Tensor]) -> None:
    assert digest_tensors(other) != digest_tensors({"a": torch.tensor([1.0, 2.0])})


def test_widened_weights_keep_the_digest_of_their_file(tmp_path: Path) -> None:
    narrow = {"w": torch.rand(8).to(torch.bfloat16)}
    save_file(narrow, tmp_path / "w.safetensors")
    dtypes = dtypes_of_file(tmp_path / "w.safetensors")
    assert dtypes == {"w": "BF16"}
    held = {"w": narrow["w"].to(torch.float32)}
    assert digest_tensors(held, dtypes) == digest_tensor_file(tmp_path / "w.safetensors")


def test_a_change_below_the_files_precision_is_noticed() -> None:
    held = torch.ones(4)
    held[2] += 1e-6  # rounds back to 1 in bfloat16
    with pytest.raises(TensorDigestError):
        digest_tensors({"w": held}, {"w": "BF16"})


@pytest.mark.parametrize("data", [b"", b"12345678", b"\xff" * 64, (10).to_bytes(8, "little")])
def test_it_refuses_what_is_no_tensor_file(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x").write_bytes(data)
    with pytest.raises(TensorDigestError):
        digest_tensor_file(tmp_path / "x")


def test_it_refuses_offsets_beyond_the_end(tmp_path: Path) -> None:
    header = json.dumps({"a": {"dtype": "F32", "shape": [9], "data_offsets": [0, 36]}}).encode()
    (tmp_path / "x").write_bytes(len(header).to_bytes(8, "little") + header + b"\0" * 8)
    with pytest.raises(TensorDigestError, match="ends early"):
        digest_tensor_file(tmp_path / "x")

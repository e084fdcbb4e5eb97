"""A tiny base model and dataset shared by the engine's tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.training.tiny import write_examples, write_tiny_base
from training.engine.base_model import LoadedBase
from training.engine.loading import load_base, prepare_torch


@pytest.fixture(scope="session")
def tiny_base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models") / "tiny"
    write_tiny_base(folder)
    return folder


@pytest.fixture(scope="session")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_examples(tmp_path_factory.mktemp("data") / "train.jsonl")


@pytest.fixture
def loaded(tiny_base: Path) -> LoadedBase:
    prepare_torch()
    return load_base(tiny_base)


@pytest.fixture(autouse=True, scope="session")
def one_thread() -> Iterator[None]:
    """As many threads here as in the child processes, since sums depend on their number."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OMP_NUM_THREADS", "1")
        yield

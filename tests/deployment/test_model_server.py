"""The server process: private socket, degraded without a base, no adapter from elsewhere."""

from __future__ import annotations

import shutil
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from deployment.backends.base import BackendError
from deployment.backends.transformers import TransformersBackend
from tests.deployment.conftest import Installation
from tests.deployment.processes import model_server, short_socket


@pytest.fixture(autouse=True)
def _nothing_deployed(installation: Installation) -> None:
    (installation.data / "gateway" / "snapshot.json").unlink(missing_ok=True)


QUESTION = [{"role": "user", "content": "patient reports cough"}]


def test_it_serves_verified_adapters_on_a_private_socket(
    installation: Installation, tmp_path: Path
) -> None:
    with short_socket() as path, model_server(installation, path):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        backend = TransformersBackend(path)
        assert backend.list() == []
        with pytest.raises(BackendError) as caught:
            backend.chat("v1", QUESTION, 6)
        assert caught.value.code == "model_not_loaded"
        with pytest.raises(BackendError) as caught:
            backend.load("v1", installation.adapter(2), installation.first)
        assert (caught.value.code, caught.value.status) == ("digest_mismatch", 409)
        loaded = backend.load("v1", Path("artefacts/v1"), installation.first)
        assert backend.list() == [loaded] == [backend.digest("v1")]

        # Copies outside the data folder are not loaded, links to them neither.
        outside = shutil.copytree(installation.adapter(1), tmp_path / "outside")
        link = installation.data / "artefacts" / "link"
        link.symlink_to(outside)
        for place in (outside, link, Path("../../outside"), installation.data / "nowhere"):
            with pytest.raises(BackendError) as caught:
                backend.load("v2", place, installation.first)
            assert caught.value.code == "adapter_missing"
        link.unlink()

        with ThreadPoolExecutor(12) as pool:
            answers = list(pool.map(lambda _: backend.chat("v1", QUESTION, 6), range(12)))
        assert len({answer.text for answer in answers}) == 1
        assert answers[0].text.startswith("rest fluids")
        backend.unload("v1")
        assert backend.list() == []
        backend.close()


def test_it_stays_up_without_a_base_model_and_says_so(
    installation: Installation, tmp_path: Path
) -> None:
    with short_socket() as path, model_server(installation, path, tmp_path / "none") as process:
        backend = TransformersBackend(path)
        health = backend.health()
        assert (health["status"], health["detail"]) == ("degraded", "no base model yet")
        with pytest.raises(BackendError) as caught:
            backend.load("v1", installation.adapter(1), installation.first)
        assert caught.value.code == "base_missing"
        backend.close()
        assert process.poll() is None
    assert process.stdout is not None
    assert process.stdout.read().splitlines() == [
        f"model server on {path}: no base model yet, prepare one"
    ]


def test_a_missing_server_is_one_plain_sentence(tmp_path: Path) -> None:
    with pytest.raises(BackendError, match="not running") as caught:
        TransformersBackend(tmp_path / "none.sock").list()
    assert caught.value.status == 503

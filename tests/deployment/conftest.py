"""A data folder with a tiny base and two adapters trained on it by the real engine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from evidence.pki import Authority, create
from tests.training import runs
from tests.training.tiny import write_examples, write_tiny_base
from training.engine.config import TrainingConfig
from training.engine.loop import train


@dataclass(frozen=True)
class Installation:
    """Folders as the runtime lays them out, and two model versions."""

    data: Path
    authority: Authority
    certificate: Path
    base_digest: str
    first: str
    second: str

    def adapter(self, number: int) -> Path:
        """Folder of version 1 or 2."""
        return self.data / "artefacts" / f"v{number}"


@pytest.fixture(autouse=True, scope="session")
def one_thread() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OMP_NUM_THREADS", "1")
        yield


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    root = tmp_path_factory.mktemp("site")
    data = root / "data"
    record = write_tiny_base(data / "models" / "tiny")
    digests = []
    for number, answer in ((1, "rest fluids"), (2, "stable discharged")):
        dataset = write_examples(root / f"train{number}.jsonl", answer=answer)
        values = {
            "base": str(data / "models" / "tiny"),
            "dataset": str(dataset),
            "output": str(root / f"run{number}"),
            "rank": 8,
            "alpha": 64,
            "learning_rate": 0.01,
            "tokens_per_step": 128,
            "max_length": 128,
            "epochs": 20,
            "max_steps": 60,
            "seed": number,
        }
        done = runs.last(runs.collect(train, TrainingConfig.from_dict(values)), "done")
        target = data / "artefacts" / f"v{number}"
        target.parent.mkdir(exist_ok=True)
        Path(done["adapter_path"]).rename(target)
        digests.append(done["adapter_digest"])
    authority = create(root / "keys" / "authority")
    return Installation(
        data=data,
        authority=authority,
        certificate=root / "keys" / "authority" / "authority.pem",
        base_digest=record.base_digest,
        first=digests[0],
        second=digests[1],
    )

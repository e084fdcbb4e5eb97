"""Where and when something was measured."""

import os
import platform
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

#: Environment of a measured process: waiting threads of a BLAS would count as processor time.
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


@dataclass(frozen=True)
class Machine:
    """Date and machine of a measurement."""

    date: str
    cores: int
    processor: str
    memory_bytes: int
    system: str
    python: str

    @classmethod
    def here(cls) -> "Machine":
        """This machine, today."""
        return cls(
            datetime.now(UTC).date().isoformat(),
            len(os.sched_getaffinity(0)),
            _processor(),
            os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
            platform.freedesktop_os_release().get("PRETTY_NAME", platform.system()),
            platform.python_version(),
        )

    def sentence(self) -> str:
        """The same for the eye."""
        return (
            f"{self.date}; {self.cores} cores ({self.processor}), "
            f"{self.memory_bytes / 2**30:.0f} GB of memory, {self.system}, Python {self.python}; "
            "one thread a process."
        )

    def fields(self) -> dict[str, str | int]:
        """The same for a file."""
        return asdict(self)


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
        if line.startswith("model name"):
            return " ".join(line.partition(":")[2].split())
    return platform.machine()

"""Memory of processes and of all that they started, read from the kernel."""

from pathlib import Path


def family(pid: int) -> list[int]:
    """The process and all below it; those that ended meanwhile are left out."""
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        below = [int(p) for t in tasks for p in (t / "children").read_text("ascii").split()]
    except (FileNotFoundError, ProcessLookupError):
        return []
    return [pid, *(one for child in below for one in family(child))]


def resident(pid: int) -> int:
    """Resident bytes of a process now; 0 when it has ended."""
    return _status(pid, "VmRSS:")


def peak(pid: int) -> int:
    """The most resident bytes that a process ever had; 0 when it has ended."""
    return _status(pid, "VmHWM:")


def _status(pid: int, name: str) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text("utf-8", "replace").splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith(name)), 0)

"""Log lines of failures: what kind of failure and where, and never what it said.

The message of an exception may quote what it stumbled over: a value, a row, a piece of a note.
"""

from __future__ import annotations

import logging
import traceback
from types import TracebackType

_Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
FRAMES = 12


class WithoutContent(logging.Formatter):
    """Formats a traceback as type and places alone."""

    def formatException(self, ei: _Raised) -> str:  # noqa: N802 (the library's name)
        problem, lines = ei[1], []
        while problem is not None:
            frames = traceback.extract_tb(problem.__traceback__)[-FRAMES:]
            places = " < ".join(f"{f.filename}:{f.lineno}" for f in reversed(frames))
            lines.append(f"{type(problem).__name__} at {places}")
            problem = problem.__cause__ or problem.__context__
        return "\n".join(lines)

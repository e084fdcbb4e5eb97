"""A table beside text files that says patient, type, author and date of each."""

import json
from pathlib import PurePosixPath
from typing import BinaryIO

from deid.importers.csv_files import CsvRows
from deid.importers.mapping import normal
from deid.importers.model import Rejected
from deid.importers.scratch import Scratch

_FILE_COLUMNS = ("file", "file_name", "filename", "note_id", "id")


class Sidecar:
    """What the table says of a file, found by its path, its name, or its name without ending.

    The rows lie in a scratch: there may be as many as there are notes.
    """

    def __init__(self) -> None:
        self.columns: tuple[str, ...] = ()
        self._rows: Scratch | None = None

    def read(self, stream: BinaryIO, warnings: list[str]) -> None:
        """Take the table in. Raises ``ImportProblem`` where it is no CSV."""
        rows = CsvRows(stream)
        key = next((c for c in rows.columns if normal(c) in _FILE_COLUMNS), None)
        if key is None:
            warnings.append("metadata.csv has no column `file`, so it was not used.")
            return
        self.columns = tuple(c for c in rows.columns if c and c != key and normal(c) != "text")
        self._rows = Scratch()
        for row in rows:
            if not isinstance(row, Rejected):
                values = {column: row[1][column] for column in self.columns}
                self._rows.put("file", row[1][key], json.dumps(values).encode())

    def of(self, name: str) -> dict[str, str]:
        """The values for one file; none where the table does not name it."""
        if self._rows is None:
            return {}
        path = PurePosixPath(name)
        for key in (name, path.name, path.stem):
            found = self._rows.get("file", key)
            if found is not None:
                return dict(json.loads(found))
        return {}

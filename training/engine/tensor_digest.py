"""One digest for a set of tensors, whether they lie in a file or are held by a process.

SHA-256 over the tensors sorted by name; each adds the length of a JSON header
`[name, dtype, shape]` (8 bytes, little-endian), the header, and its raw little-endian bytes. The
layout of the safetensors file (order, metadata, padding) does not count, the values all do.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    import torch

_CHUNK = 1 << 22
_MAX_HEADER = 100 * 1024 * 1024
# safetensors' names of the types; no others are accepted.
_DTYPES = {
    "float64": "F64", "float32": "F32", "float16": "F16", "bfloat16": "BF16",
    "int64": "I64", "int32": "I32", "int16": "I16", "int8": "I8", "uint8": "U8", "bool": "BOOL",
}  # fmt: skip


class TensorDigestError(ValueError):
    """The tensors cannot be digested: broken file, unknown type or a lossy change of type."""


@dataclass(frozen=True, slots=True)
class TensorEntry:
    """Where a tensor lies in a safetensors file; offsets in bytes from the file's start."""

    name: str
    dtype: str
    shape: tuple[int, ...]
    start: int
    end: int


def read_entries(path: str | Path) -> list[TensorEntry]:
    """The tensors of a safetensors file, sorted by name.

    Raises:
        TensorDigestError: the header is not that of a safetensors file.
    """
    with Path(path).open("rb") as stream:
        return _read_entries(stream)


def dtypes_of_file(path: str | Path) -> dict[str, str]:
    """Name and type of each tensor of a safetensors file, e.g. `{"lm_head.weight": "BF16"}`."""
    return {entry.name: entry.dtype for entry in read_entries(path)}


def digest_tensor_file(path: str | Path) -> str:
    """Digest of the tensors of a safetensors file, read in pieces of 4 MiB."""
    digest = hashlib.sha256()
    with Path(path).open("rb") as stream:
        for entry in _read_entries(stream):
            _add_header(digest, entry.name, entry.dtype, entry.shape)
            stream.seek(entry.start)
            left = entry.end - entry.start
            while left:
                piece = stream.read(min(_CHUNK, left))
                if not piece:
                    raise TensorDigestError("The tensor file ends early. Restore it from a copy.")
                digest.update(piece)
                left -= len(piece)
    return digest.hexdigest()


def digest_tensors(
    tensors: Mapping[str, torch.Tensor], dtypes: Mapping[str, str] | None = None
) -> str:
    """Digest of live tensors, equal to that of the file they were saved to.

    Args:
        tensors: by the names they have in the file.
        dtypes: the file's types, where a process may hold a wider one (bfloat16 weights computed
            in float32). Each tensor must then convert to the file's type without any loss, so
            that a change too small for the file's type is noticed as well.

    Raises:
        TensorDigestError: unknown type, or a tensor that the file's type cannot hold exactly.
    """
    if sys.byteorder != "little":
        raise TensorDigestError("Digests of live tensors need a little-endian machine.")
    digest = hashlib.sha256()
    for name in sorted(tensors):
        tensor = tensors[name].detach()
        wanted = dtypes.get(name) if dtypes else None
        if wanted is not None and wanted != _dtype_name(tensor):
            tensor = _cast_exactly(tensor, wanted)
        _add_header(digest, name, _dtype_name(tensor), tuple(tensor.shape))
        for piece in _raw_pieces(tensor):
            digest.update(piece)
    return digest.hexdigest()


def _read_entries(stream: BinaryIO) -> list[TensorEntry]:
    size = stream.seek(0, 2)
    stream.seek(0)
    length = int.from_bytes(stream.read(8), "little")
    if not 2 <= length <= min(_MAX_HEADER, max(size - 8, 0)):
        raise TensorDigestError("The file is not a safetensors file.")
    try:
        header = json.loads(stream.read(length))
        entries = [
            _entry(name, fields, 8 + length)
            for name, fields in header.items()
            if name != "__metadata__"
        ]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise TensorDigestError("The file is not a safetensors file.") from None
    if any(not 0 <= entry.start <= entry.end <= size for entry in entries):
        raise TensorDigestError("The tensor file ends early. Restore it from a copy.")
    return sorted(entries, key=lambda entry: entry.name)


def _entry(name: str, fields: dict[str, Any], origin: int) -> TensorEntry:
    start, end = fields["data_offsets"]
    shape = tuple(int(side) for side in fields["shape"])
    return TensorEntry(name, str(fields["dtype"]), shape, origin + int(start), origin + int(end))


def _add_header(digest: Any, name: str, dtype: str, shape: tuple[int, ...]) -> None:
    header = json.dumps([name, dtype, list(shape)], separators=(",", ":")).encode()
    digest.update(len(header).to_bytes(8, "little"))
    digest.update(header)


def _dtype_name(tensor: torch.Tensor) -> str:
    name = _DTYPES.get(str(tensor.dtype).removeprefix("torch."))
    if name is None:
        raise TensorDigestError("A tensor has a type that is not supported.")
    return name


def _cast_exactly(tensor: torch.Tensor, wanted: str) -> torch.Tensor:
    # torch is heavy and only the processes that hold tensors need it.
    import torch

    by_name = {short: long for long, short in _DTYPES.items()}
    if wanted not in by_name:
        raise TensorDigestError("A tensor has a type that is not supported.")
    cast = tensor.to(getattr(torch, by_name[wanted]))
    if not torch.equal(cast.to(tensor.dtype), tensor):
        raise TensorDigestError("A held tensor differs from every value its file could hold.")
    return cast


def _raw_pieces(tensor: torch.Tensor) -> Iterable[memoryview]:
    import torch  # heavy, see above

    flat = tensor.to("cpu").contiguous().reshape(-1)
    if flat.numel() == 0:
        return []
    return [flat.view(torch.uint8).numpy().data]

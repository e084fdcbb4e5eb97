"""Reading a package's PDF: embedded files and signatures, as strictly as they were written.

Part of a PDF signature lies outside what it signs: the hexadecimal string that holds it. Here
that string must be exactly the CMS object and its padding, so no byte of the file is free.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Any

from asn1crypto import cms
from pyhanko.pdf_utils.generic import Dereferenceable
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DiffResult, ModificationLevel
from pyhanko.sign.general import find_unique_cms_attribute
from pyhanko.sign.validation import EmbeddedPdfSignature, SignatureCoverageLevel

from evidence.pki.structure import parse_signed_data

# Filling a signature field is all that may come after a signature.
_PERMITTED = (ModificationLevel.NONE, ModificationLevel.LTA_UPDATES, ModificationLevel.FORM_FILLING)
_MOST_FILES = 10_000


class PackageFileError(ValueError):
    """The file is not a package's PDF, in one plain sentence."""


@dataclass(frozen=True)
class PdfSignature:
    """A signature in the file: its field, the CMS object, the digest of what it signs."""

    field_name: str
    signed: cms.SignedData
    digest: bytes
    problems: tuple[str, ...]


@dataclass(frozen=True)
class PackageFile:
    """What a package's PDF holds."""

    embedded: dict[str, bytes]
    signatures: list[PdfSignature]
    fields: set[str]


def read_package(data: bytes) -> PackageFile:
    """Read a package. Raises PackageFileError, with one sentence, for anything else."""
    if not data.startswith(b"%PDF-"):
        raise PackageFileError("This is not a PDF file.")
    try:
        reader = PdfFileReader(BytesIO(data), strict=True)
        signatures = [_signature(item, data) for item in reader.embedded_signatures]
        if signatures:
            _require_whole_file(reader.embedded_signatures[-1], data)
        # An old table of contents appended to the file would bring back its unsigned state.
        if data.count(b"/ByteRange") != len(signatures):
            raise PackageFileError("The file holds a signature that it does not show.")
        return PackageFile(_embedded_files(reader), signatures, _field_names(reader))
    except PackageFileError:
        raise
    except Exception as error:  # hostile input: any byte may be wrong, any parser may stumble
        raise PackageFileError(
            "The PDF is damaged, cut off or was altered: it cannot be read."
        ) from error


def _signature(item: EmbeddedPdfSignature, data: bytes) -> PdfSignature:
    signed = parse_signed_data(_contents(item, data))
    digest = item.compute_digest()
    problems = _form_problems(item)
    # Comparing revisions object by object is slow, and pointless once the bytes differ.
    if digest == _signed_digest(signed) and not _later_changes_permitted(item):
        problems.append("The document was changed after it was signed.")
    return PdfSignature(str(item.field_name), signed, digest, tuple(problems))


def _form_problems(item: EmbeddedPdfSignature) -> list[str]:
    problems = []
    if item.sig_object.get("/Type", "/Sig") != "/Sig":
        problems.append("It is not a person's signature.")
    if item.sig_object.get("/SubFilter") != "/ETSI.CAdES.detached":
        problems.append("It is not a PAdES signature.")
    return problems


def _signed_digest(signed: cms.SignedData) -> bytes:
    attributes = signed["signer_infos"][0]["signed_attrs"]
    return bytes(find_unique_cms_attribute(attributes, "message_digest").native)


def _later_changes_permitted(item: EmbeddedPdfSignature) -> bool:
    """Tell whether all that came after a signature is further signatures in their fields."""
    item.compute_integrity_info()
    if item.coverage < SignatureCoverageLevel.ENTIRE_REVISION:
        return False
    result: object = item.diff_result
    if result is None:
        # pyHanko compares revisions only where there are later ones.
        return bool(item.coverage == SignatureCoverageLevel.ENTIRE_FILE)
    return isinstance(result, DiffResult) and result.modification_level in _PERMITTED


def _contents(item: EmbeddedPdfSignature, data: bytes) -> bytes:
    """Return the CMS object between the signed ranges; refuses any other byte there."""
    start, first, second, length = (int(value) for value in item.byte_range)
    if start != 0 or second + length > len(data) or not 0 < first < second:
        raise PackageFileError("A signature does not say which part of the file it signs.")
    gap = data[first:second]
    digits = gap[1:-1]
    raw = bytes.fromhex(digits.decode("ascii"))
    der = raw[: _der_size(raw)]
    if gap != b"<" + der.hex().upper().encode().ljust(len(digits), b"0") + b">":
        raise PackageFileError("The bytes around a signature were altered.")
    return der


def _der_size(raw: bytes) -> int:
    """Return the length of the first element (X.690, 8.1.3), header included."""
    if raw[1] < 0x80:
        return 2 + raw[1]
    size = raw[1] & 0x7F
    return 2 + size + int.from_bytes(raw[2 : 2 + size], "big")


def _require_whole_file(last: EmbeddedPdfSignature, data: bytes) -> None:
    _, _, second, length = (int(value) for value in last.byte_range)
    if second + length != len(data):
        raise PackageFileError("Something was appended to the file after the last signature.")


def _embedded_files(reader: PdfFileReader) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    names = _resolve(_resolve(reader.root.get("/Names", {})).get("/EmbeddedFiles", {}))
    for specification in _name_tree(names, depth=0):
        name = str(_resolve(specification.get("/UF", specification.get("/F"))))
        if name in found or len(found) > _MOST_FILES:
            raise PackageFileError("Two embedded files have the same name.")
        found[name] = bytes(specification["/EF"]["/F"].data)
    return found


def _name_tree(node: Any, depth: int) -> list[Any]:
    """Return the values of a PDF name tree (ISO 32000-1, 7.9.6)."""
    if depth > 20:
        raise PackageFileError("The list of embedded files has no end.")
    pairs = _resolve(node.get("/Names", []))
    values = [_resolve(pairs[i]) for i in range(1, len(pairs), 2)]
    for kid in _resolve(node.get("/Kids", [])):
        values += _name_tree(_resolve(kid), depth + 1)
    return values


def _field_names(reader: PdfFileReader) -> set[str]:
    form = _resolve(reader.root.get("/AcroForm", {}))
    fields = _resolve(form.get("/Fields", []))
    return {str(_resolve(_resolve(item).get("/T"))) for item in fields}


def _resolve(value: Any) -> Any:
    return value.get_object() if isinstance(value, Dereferenceable) else value

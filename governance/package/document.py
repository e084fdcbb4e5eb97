"""From content to the finished, still unsigned PDF: tagged PDF/A-3 with everything embedded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, append_signature_field

from governance.package.content import ExpectedSigner, PackageContent
from governance.package.html import to_html
from governance.package.manifest import (
    MANIFEST_NAME,
    SEAL_NAME,
    EmbeddedFile,
    build_manifest,
    embedded_files,
)

_POINTS_PER_PIXEL = 0.75
Box = tuple[int, tuple[int, int, int, int]]


def render(content: PackageContent, seal: Callable[[bytes], bytes]) -> bytes:
    """Return the package as a PDF with one empty signature field per expected signer.

    `seal` is the installation's (`Authority.seal`); it covers the package manifest, and with
    it every embedded file, before anyone has signed. Raises ValueError when an embedded
    decision's signature does not hold.
    """
    files = embedded_files(content)
    manifest = build_manifest(content, files)
    files = [
        EmbeddedFile(MANIFEST_NAME, manifest, "manifest", "Package manifest"),
        EmbeddedFile(SEAL_NAME, seal(manifest), "seal", "The installation's seal on the manifest"),
        *files,
    ]
    pdf, boxes = _print(content, files)
    return _add_fields(pdf, content, boxes)


def _print(content: PackageContent, files: list[EmbeddedFile]) -> tuple[bytes, dict[str, Box]]:
    # WeasyPrint loads Pango; the verifier and the signing pages must not.
    from weasyprint import HTML, Attachment

    document = HTML(string=to_html(content, files), url_fetcher=_refuse_fetching).render()
    boxes = _boxes(document.pages, content.expected_signers)
    pdf = document.write_pdf(
        pdf_variant="pdf/a-3a",
        # Object streams make pyHanko read each of them once for every object in it.
        uncompressed_pdf=True,
        attachments=[
            Attachment(
                file_obj=BytesIO(item.data),
                name=item.name,
                description=item.description,
                created=content.generated_at,
                modified=content.generated_at,
                relationship="Data",
            )
            for item in files
        ],
    )
    return pdf, boxes


def _refuse_fetching(url: str, *_: Any, **__: Any) -> dict[str, Any]:
    raise ValueError("The package names nothing outside itself.")


def _boxes(pages: list[Any], signers: Sequence[ExpectedSigner]) -> dict[str, Box]:
    """Find where the signature page left room: page index and rectangle in points."""
    found: dict[str, Box] = {}
    for index, page in enumerate(pages):
        for signer in signers:
            rectangle = page.anchors.get(f"field-{signer.field_name}")
            if rectangle is not None:
                left, top, right, bottom = (round(v * _POINTS_PER_PIXEL) for v in rectangle)
                height = round(page.height * _POINTS_PER_PIXEL)
                # CSS counts from the top of the page, PDF from its bottom.
                found[signer.field_name] = (index, (left, height - bottom, right, height - top))
    return found


def _add_fields(pdf: bytes, content: PackageContent, boxes: dict[str, Box]) -> bytes:
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    for signer in content.expected_signers:
        page, box = boxes[signer.field_name]
        append_signature_field(
            writer,
            SigFieldSpec(
                signer.field_name,
                on_page=page,
                box=box,
                empty_field_appearance=True,
                readable_field_name=_field_words(signer),
            ),
        )
    output = BytesIO()
    writer.write(output)
    return output.getvalue()


def _field_words(signer: ExpectedSigner) -> str:
    return f"Signature of {signer.name or 'a person'}, {signer.label}"

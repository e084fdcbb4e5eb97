"""One person's signature on the finished file, with what the field then shows."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from html import escape
from pathlib import Path

from pyhanko.pdf_utils.layout import AxisAlignment, Margins, SimpleBoxLayoutRule
from pyhanko.stamp import StaticStampStyle

from accounts.roles import role_words
from evidence.dates import moment
from evidence.pki import PersonSigner

# The field has the stamp's own proportions: no margin around it.
_FILL = SimpleBoxLayoutRule(
    x_align=AxisAlignment.ALIGN_MID, y_align=AxisAlignment.ALIGN_MID, margins=Margins.uniform(0)
)
_STAMP = """<!doctype html><html lang="en"><title>Signature</title><style>
@page {{ size: 100mm 26mm; margin: 0 }}
body {{ margin: 0; padding: 2.2mm 3mm; font: 7.5pt/1.45 "DejaVu Sans"; color: #1b2430 }}
p {{ margin: 0; color: #48525e }} .name {{ font-size: 11pt; color: #1b2430 }}
.meaning {{ color: #2f5f9e }}
</style><p class="name">{name}</p><p>{role}</p><p class="meaning">{meaning}</p>
<p>{time}</p><p>Certificate {fingerprint}</p></html>"""


def sign_package(
    pdf: bytes, signer: PersonSigner, field_name: str, meaning: str, reason: str = ""
) -> bytes:
    """Sign the package in the person's field; returns the whole new file.

    The field shows printed name, role, meaning and time (after 21 CFR 11.50 as a benchmark).
    Call it only in the request in which the person re-authenticated.
    """
    with tempfile.TemporaryDirectory() as folder:
        stamp = Path(folder) / "stamp.pdf"
        stamp.write_bytes(_stamp(signer, meaning, reason))
        style = StaticStampStyle.from_pdf_file(str(stamp), border_width=0, background_layout=_FILL)
        return signer.sign_pdf(pdf, field_name, meaning, reason, stamp=style)


def _stamp(signer: PersonSigner, meaning: str, reason: str) -> bytes:
    # WeasyPrint embeds the font, which PDF/A demands of what is added later, too.
    from weasyprint import HTML

    words = {
        "name": signer.name,
        "role": role_words(signer.role),
        "meaning": f"{meaning}: {reason}" if reason else meaning,
        "time": moment(datetime.now(UTC)),
        "fingerprint": signer.certificate_fingerprint[:16],
    }
    page = _STAMP.format(**{key: escape(value) for key, value in words.items()})
    pdf: bytes = HTML(string=page).write_pdf()
    return pdf

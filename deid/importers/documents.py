"""From an attachment's bytes to plain text: text, HTML, XHTML, C-CDA, RTF and a PDF's text layer.

Nothing is fetched and no entity is expanded.
"""

import io
import re
from html.parser import HTMLParser
from typing import Any
from xml.sax.handler import ContentHandler

from defusedxml import DefusedXmlException
from defusedxml import sax as safe_sax
from pypdf import PdfReader
from striprtf.striprtf import rtf_to_text

from deid.importers.decoding import CP1252_WARNING, decoded

#: The first of these that a document comes in is read.
PREFERENCE = (
    "text/plain", "text/html", "application/xhtml+xml", "application/rtf", "text/rtf",
    "application/xml", "text/xml", "application/hl7-cda+xml", "application/pdf",
)  # fmt: skip
MAX_PAGES = 500
_LINE_TAGS = frozenset((
    "p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol",
    "section", "title", "paragraph", "item", "list", "caption", "header", "footer", "pre",
    "blockquote", "hr", "dt", "dd",
))  # fmt: skip
_CELL_TAGS = frozenset(("td", "th"))
_HIDDEN_TAGS = frozenset(("script", "style", "head"))
_XML_DECLARED = re.compile(r"<!\s*(?:DOCTYPE|ENTITY)", re.I)


class Unreadable(Exception):
    """One document that cannot be read: a code and a sentence that quotes nothing of it."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason


class _Layout:
    """Text with the line and cell breaks of its mark-up."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._hidden = 0

    def start(self, tag: str) -> None:
        if tag in _HIDDEN_TAGS:
            self._hidden += 1
        elif tag in _LINE_TAGS:
            self._parts.append("\n")
        elif tag in _CELL_TAGS:
            self._parts.append("\t")

    def end(self, tag: str) -> None:
        if tag in _HIDDEN_TAGS:
            self._hidden = max(0, self._hidden - 1)
        elif tag in _LINE_TAGS and tag != "br":
            self._parts.append("\n")

    def data(self, text: str) -> None:
        if not self._hidden:
            self._parts.append(re.sub(r"[ \t\r\n\xa0]+", " ", text))

    def text(self) -> str:
        lines = (
            re.sub(r" *\t[ \t]*", "\t", line).strip() for line in "".join(self._parts).split("\n")
        )
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _HtmlText(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.layout = _Layout()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.layout.start(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _HIDDEN_TAGS:
            self.layout.start(tag)

    def handle_endtag(self, tag: str) -> None:
        self.layout.end(tag)

    def handle_data(self, data: str) -> None:
        self.layout.data(data)


def html_text(markup: str) -> str:
    """The visible text of HTML, however badly it is nested."""
    parser = _HtmlText()
    parser.feed(markup)
    parser.close()
    return parser.layout.text()


def narrative_text(div: str) -> str:
    """The text of a FHIR narrative. Raises ``Unreadable`` for a DTD: XHTML there has none."""
    if _XML_DECLARED.search(div):
        raise Unreadable("dtd", "The narrative declares a DTD or an entity.")
    return html_text(div)


class _CdaText(ContentHandler):
    """Titles and narrative blocks of a ClinicalDocument's sections."""

    def __init__(self) -> None:
        super().__init__()
        self.layout = _Layout()
        self._open: list[str] = []

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802
        tag = name.rpartition(":")[2]
        self._open.append(tag)
        if self._reads():
            self.layout.start("p" if tag == "text" else tag.lower())

    def endElement(self, name: str) -> None:  # noqa: N802
        if self._reads():
            tag = self._open[-1]
            self.layout.end("p" if tag == "text" else tag.lower())
        self._open.pop()

    def characters(self, content: str) -> None:
        if self._reads():
            self.layout.data(content)

    def _reads(self) -> bool:
        if "section" not in self._open:
            return False
        inside = self._open[self._open.index("section") :]
        return "text" in inside or inside[-1] == "title"


def _cda_text(data: bytes) -> str:
    handler = _CdaText()
    try:
        safe_sax.parseString(data, handler, forbid_dtd=True)
    except DefusedXmlException:
        raise Unreadable("dtd", "The document declares a DTD or an entity.") from None
    except Exception:  # expat's own errors quote the input
        raise Unreadable("broken_xml", "The document is not well-formed XML.") from None
    return handler.layout.text()


def _pdf_text(data: bytes) -> str:
    try:
        reader = PdfReader(io.BytesIO(data))
        if len(reader.pages) > MAX_PAGES:
            raise Unreadable("too_large", f"The PDF has more than {MAX_PAGES} pages.")
        text = "\n".join(page.extract_text() for page in reader.pages)
    except Unreadable:
        raise
    except Exception:  # a damaged PDF fails in any way, and its errors quote it
        raise Unreadable("broken_pdf", "The PDF cannot be read.") from None
    if not text.strip():
        raise Unreadable("scanned_pdf", "The PDF holds pictures only and has no text layer.")
    return text


def _rtf_text(data: bytes) -> str:
    try:
        return str(rtf_to_text(data.decode("latin-1"), errors="replace"))
    except Exception:  # the parser's errors quote the input
        raise Unreadable("broken_rtf", "The RTF cannot be read.") from None


def media_type(content_type: str) -> tuple[str, str]:
    """A content type's kind in lower case and its charset, if it names one."""
    kind, _, parameters = content_type.partition(";")
    found = re.search(r"charset\s*=\s*\"?([\w.:-]+)", parameters, re.I)
    return kind.strip().lower(), found[1] if found else ""


def plain_text(data: bytes, content_type: str) -> tuple[str, tuple[str, ...]]:
    """(text, warnings) of one attachment. Raises ``Unreadable``."""
    kind, charset = media_type(content_type)
    if kind in ("application/rtf", "text/rtf") or data.startswith(b"{\\rtf"):
        return _rtf_text(data), ()
    if kind == "application/pdf" or data.startswith(b"%PDF-"):
        return _pdf_text(data), ()
    if kind in ("application/xml", "text/xml", "application/hl7-cda+xml", "application/hl7-v3+xml"):
        return _cda_text(data), ()
    if kind not in ("", "text/plain", "text/html", "application/xhtml+xml"):
        raise Unreadable("content_type", "The document comes in no form that can be read.")
    try:
        text, fell_back = decoded(data, charset)
    except (LookupError, UnicodeDecodeError):
        raise Unreadable("encoding", "The document's encoding is unknown or wrong.") from None
    if "\0" in text:
        raise Unreadable("binary", "The document holds binary data.")
    if kind == "application/xhtml+xml":
        text = narrative_text(text) if "<!ENTITY" in text.upper() else html_text(text)
    elif kind == "text/html":
        text = html_text(text)
    return text, ((CP1252_WARNING,) if fell_back else ())

"""From content to PDF: PDF/A-2a and PDF/UA-1, the same bytes for the same content.

typst sees nothing but the layout's folder and the bundled fonts, takes its date from the
content, and refuses a letter that no bundled font has.
"""

from __future__ import annotations

import io
import json
import re
from datetime import UTC
from hashlib import sha256
from pathlib import Path

import segno
import typst

from chassis.errors import RuleViolation
from services.certification.domain.content import CertificateContent
from services.certification.domain.documents.wording import LAYOUTS, page_texts

FONTS = Path(__file__).parent / "fonts"
LATEST_LAYOUT = 1

_MISSING_GLYPH = re.compile(r"could not be displayed with")


def render_pdf(content: CertificateContent) -> bytes:
    """The certificate as a PDF of one A4 page, landscape.

    Raises:
        RuleViolation: ``certificate.letter_missing``: a text has a letter no bundled font has;
            ``certificate.layout_unknown`` or ``certificate.language_unknown``.
    """
    page = page_texts(content, qr_svg=qr_svg(content.verify_url))
    folder = LAYOUTS / f"v{content.template_version}"
    compiler = typst.Compiler(
        input=str(folder / "certificate.typ"),
        root=str(folder),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        sys_inputs={"page": json.dumps(page, ensure_ascii=False)},
    )
    try:
        pdf = compiler.compile(
            format="pdf",
            pdf_standards=["a-2a", "ua-1"],
            timestamp=content.issued_at.astimezone(UTC),
        )
    except typst.TypstError as problem:
        if _MISSING_GLYPH.search(str(problem)):
            raise RuleViolation(
                "certificate.letter_missing", "a text has a letter that no bundled font has"
            ) from None
        raise
    assert isinstance(pdf, bytes)
    return pdf


def document_sha256(document: bytes) -> str:
    """The hash a document is known by."""
    return sha256(document).hexdigest()


def qr_svg(text: str) -> str:
    """A QR code, error correction level M, with its quiet zone, as SVG."""
    drawing = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        drawing, kind="svg", border=4, dark="#000", light="#fff", xmldecl=False, svgns=True
    )
    return drawing.getvalue().decode("utf-8")

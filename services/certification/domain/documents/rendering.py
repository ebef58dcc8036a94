"""From content to PDF: PDF/A-2a and PDF/UA-1, the same bytes for the same content.

typst sees nothing but the layout's folder and the bundled fonts, takes its date from the
content, and refuses a letter that no bundled font has.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import segno
import typst

from chassis.errors import RuleViolation
from services.certification.domain.content import CertificateContent
from services.certification.domain.documents.carrying import keywords_of
from services.certification.domain.documents.wording import LAYOUTS, page_texts, typst_date

FONTS = Path(__file__).parent / "fonts"
LATEST_LAYOUT = 1
LARGEST_PACK = 500
"""Certificates in one file for the printer (ours): a typesetter holds all its pages at once."""

_MISSING_GLYPH = re.compile(r'text `"(.*)"` could not be displayed with', re.DOTALL)


def render_pdf(
    content: CertificateContent, *, credential: Mapping[str, Any] | None = None
) -> bytes:
    """The certificate as a PDF of one A4 page, landscape.

    Args:
        credential: travels in the document's keywords (``carrying``), so that the file alone
            can be checked without us.

    Raises:
        RuleViolation: ``certificate.letter_missing``: a text has a letter no bundled font has;
            ``certificate.layout_unknown`` or ``certificate.language_unknown``.
    """
    page = page_texts(
        content, qr_svg=qr_svg(content.verify_url), keywords=keywords_of(content, credential)
    )
    return _set("certificate", content.template_version, {"page": page}, at=content.issued_at)


def render_pack(contents: Sequence[CertificateContent], *, title: str) -> bytes:
    """Certificates of one layout as one PDF for the printer, a page each, dated like the last.

    Raises:
        RuleViolation: ``pack.empty``, ``pack.too_large``, ``pack.layouts_differ`` or a code of
            ``render_pdf``.
    """
    if not contents:
        raise RuleViolation("pack.empty", "there is no certificate to print")
    if len(contents) > LARGEST_PACK:
        raise RuleViolation(
            "pack.too_large",
            f"a pack holds at most {LARGEST_PACK} certificates: take them as a ZIP archive",
        )
    versions = {content.template_version for content in contents}
    if len(versions) > 1:
        raise RuleViolation("pack.layouts_differ", "the certificates were set in several layouts")
    at = max(content.issued_at for content in contents)
    pack = {
        "document_title": title,
        "made_on": typst_date(at.date()),
        "pages": [page_texts(one, qr_svg=qr_svg(one.verify_url)) for one in contents],
    }
    return _set("pack", versions.pop(), {"pack": pack}, at=at)


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


def _set(name: str, layout_version: int, inputs: Mapping[str, Any], *, at: datetime) -> bytes:
    folder = LAYOUTS / f"v{layout_version}"
    compiler = typst.Compiler(
        input=str(folder / f"{name}.typ"),
        root=str(folder),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        sys_inputs={key: json.dumps(value, ensure_ascii=False) for key, value in inputs.items()},
    )
    try:
        pdf = compiler.compile(
            format="pdf", pdf_standards=["a-2a", "ua-1"], timestamp=at.astimezone(UTC)
        )
    except typst.TypstError as problem:
        missing = _MISSING_GLYPH.search(str(problem))
        if missing:
            raise RuleViolation(
                "certificate.letter_missing", f"no bundled font has the letter {missing.group(1)}"
            ) from None
        raise
    assert isinstance(pdf, bytes)
    return pdf

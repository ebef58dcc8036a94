"""What a PDF that somebody shows says: its words, its code, the credential it carries."""

from __future__ import annotations

import io
import unicodedata
from dataclasses import dataclass
from typing import Any

import pypdf
from pypdf.errors import PyPdfError

from chassis.errors import RuleViolation
from services.certification.domain.credentials.presented import read_json_object
from services.certification.domain.credentials.problems import CredentialError
from services.certification.domain.documents.carrying import carried_in
from services.certification.domain.documents.printed import check_code_in, links_of

_MOST_BYTES = 4 * 1024 * 1024
_MOST_WORDS = 5_000


@dataclass(frozen=True, kw_only=True)
class ReadDocument:
    """A PDF as read; nothing of it is believed.

    Attributes:
        words: of its first page, in NFC, in the order of the file.
        check_code: the first text that looks like one, on the page or in a link.
        credential: what its keywords carry.
    """

    words: tuple[str, ...]
    check_code: str | None
    credential: dict[str, Any] | None


def is_pdf(content: bytes) -> bool:
    """Whether this looks like a PDF."""
    return b"%PDF-" in content[:1024]


def read_pdf(content: bytes) -> ReadDocument:
    """Read a PDF.

    Raises:
        RuleViolation: ``document.unreadable``: too large, damaged, locked, or without a page.
    """
    if len(content) > _MOST_BYTES:
        raise RuleViolation("document.unreadable", "no certificate is that large")
    try:
        reader = pypdf.PdfReader(io.BytesIO(content))
        page = reader.pages[0]
        text, links = page.extract_text(), links_of(page)
        keywords = (reader.metadata.keywords if reader.metadata else None) or ""
    except (PyPdfError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as bad:
        # pypdf stumbles over damaged files in many ways.
        raise RuleViolation(
            "document.unreadable", f"the PDF cannot be read: {type(bad).__name__}"
        ) from None
    words = tuple(unicodedata.normalize("NFC", text).split()[:_MOST_WORDS])
    return ReadDocument(
        words=words,
        check_code=check_code_in(" ".join((*words, *links))),
        credential=_credential(keywords),
    )


def _credential(keywords: str) -> dict[str, Any] | None:
    carried = carried_in(keywords)
    try:
        return None if carried is None else read_json_object(carried)
    except CredentialError:
        return None

"""What a certificate's page says about where it is looked up: its check code and its address."""

from __future__ import annotations

import re

import pypdf

from services.certification.domain.content import read_check_code

_CODE = re.compile(r"(?<![0-9A-Za-z])[0-9A-Za-z]{5}(?:-[0-9A-Za-z]{5}){3}(?![0-9A-Za-z])")
_ADDRESS = re.compile(r"https?://[^\s<>\"]+/verify/[0-9A-Z-]{10,40}")


def check_code_in(text: str) -> str | None:
    """The first text that looks like a check code, in its written form."""
    found = _CODE.search(text)
    return read_check_code(found[0]) if found else None


def printed_address(reader: pypdf.PdfReader) -> str | None:
    """Where the certificate on the first page can be looked up: printed beside its QR code."""
    if not reader.pages:
        return None
    page = reader.pages[0]
    found = _ADDRESS.search(" ".join((page.extract_text(), *links_of(page))))
    return found[0] if found else None


def links_of(page: pypdf.PageObject) -> list[str]:
    """Addresses that a click on the page leads to."""
    actions = [note.get_object().get("/A", {}) for note in page.get("/Annots") or []]
    return [str(action.get_object().get("/URI", "")) for action in actions if action]

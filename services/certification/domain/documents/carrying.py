"""The credential inside the PDF: one keyword of the document (docs/decisions/0070).

A file of PDF/A-2 may hold no attachment but PDF/A; its keywords are plain text that every
reader keeps and every library finds.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from typing import Any

from services.certification.domain.content import CertificateContent
from services.certification.domain.credentials.canonical import canonical_json

CREDENTIAL = "rtcm-credential:"
"""What the keyword begins with; behind it the credential's canonical JSON in base64url."""


def keywords_of(
    content: CertificateContent, credential: Mapping[str, Any] | None
) -> tuple[str, ...]:
    """The document's keywords: its serial, and the credential where there is one."""
    if credential is None:
        return (content.serial,)
    packed = urlsafe_b64encode(canonical_json(dict(credential))).rstrip(b"=").decode("ascii")
    return content.serial, f"{CREDENTIAL}{packed}"


def carried_in(keywords: str) -> bytes | None:
    """The credential that a document's keywords carry, unread; ``None``: none, or broken."""
    _, _, rest = keywords.partition(CREDENTIAL)
    packed = rest.partition(",")[0].strip()
    try:
        return urlsafe_b64decode(packed + "=" * (-len(packed) % 4)) or None
    except ValueError:
        return None

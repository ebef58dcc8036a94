"""What somebody shows us, whatever its form: JSON, a token, a baked picture, a PDF."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pypdf
from pypdf.errors import PyPdfError

from services.certification.domain.credentials.baking import (
    PNG_SIGNATURE,
    is_svg,
    taken_from_png,
    taken_from_svg,
)
from services.certification.domain.credentials.envelope import Envelope, is_token, read_token
from services.certification.domain.credentials.problems import CredentialError
from services.certification.domain.documents.carrying import carried_in
from services.certification.domain.documents.printed import printed_address

_MOST_BYTES = 32 * 1024 * 1024
_DEEPEST = 64


@dataclass(frozen=True, kw_only=True)
class Presented:
    """Something that was shown.

    Attributes:
        form: ``json``, ``jwt``, ``png``, ``svg`` or ``pdf``: how it came.
        envelope: set when the credential came in a token, in whatever form.
    """

    form: str
    document: dict[str, Any]
    envelope: Envelope | None = None


def read_presented(content: bytes) -> Presented:
    """Recognise and read it.

    Raises:
        CredentialError: ``unreadable``, or ``jwt.malformed``.
    """
    if len(content) > _MOST_BYTES:
        raise CredentialError("unreadable", "no credential is that large")
    if content.startswith(PNG_SIGNATURE):
        return _inner("png", taken_from_png(content))
    if content.startswith(b"%PDF-"):
        return _inner("pdf", _attached(content))
    if is_svg(content):
        return _inner("svg", taken_from_svg(content))
    return _inner("jwt" if is_token(content) else "json", content)


def read_json_object(content: bytes) -> dict[str, Any]:
    """A JSON object without ambiguity: UTF-8, no member twice, no number that is none.

    Raises:
        CredentialError: ``unreadable``.
    """
    try:
        value = json.loads(
            content.decode("utf-8-sig"), object_pairs_hook=_members, parse_constant=_refuse
        )
    except UnicodeDecodeError as problem:
        raise CredentialError("unreadable", f"not UTF-8 text (byte {problem.start})") from None
    except json.JSONDecodeError as problem:
        sentence = f"not JSON: {problem.msg} (line {problem.lineno}, column {problem.colno})"
        raise CredentialError("unreadable", sentence) from None
    except RecursionError:
        raise CredentialError("unreadable", "nested too deeply") from None
    except CredentialError:
        raise
    except ValueError as problem:
        raise CredentialError("unreadable", f"not JSON: {problem}") from None
    if not isinstance(value, dict):
        raise CredentialError("unreadable", "this is no JSON object")
    require_shallow(value)
    return value


def require_shallow(value: Any) -> None:
    """Refuse what is nested so deeply that reading it would exhaust the stack.

    Raises:
        CredentialError: ``unreadable``.
    """
    level: list[Any] = [value]
    for _ in range(_DEEPEST):
        level = [
            inner
            for one in level
            for inner in (one.values() if isinstance(one, dict) else one)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return
    raise CredentialError("unreadable", "nested too deeply")


def _inner(form: str, content: bytes) -> Presented:
    if is_token(content):
        envelope = read_token(content)
        require_shallow(envelope.document)
        return Presented(form=form, document=envelope.document, envelope=envelope)
    return Presented(form=form, document=read_json_object(content))


def _attached(content: bytes) -> bytes:
    """The credential attached to a PDF, or carried in the keywords of one of ours."""
    try:
        found = list(_credentials_in(pypdf.PdfReader(io.BytesIO(content))))
        address = None if found else printed_address(pypdf.PdfReader(io.BytesIO(content)))
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as problem:
        # pypdf stumbles over damaged files in many ways.
        sentence = f"the PDF cannot be read: {type(problem).__name__}"
        raise CredentialError("unreadable", sentence) from None
    if len(found) != 1:
        hint = f"; look it up at {address}" if address else ""
        raise CredentialError("unreadable", f"the PDF holds {len(found)} credentials{hint}")
    return found[0]


def _credentials_in(reader: pypdf.PdfReader) -> Iterator[bytes]:
    carried = carried_in((reader.metadata.keywords if reader.metadata else None) or "")
    if carried is not None:
        yield carried
    for contents in reader.attachments.values():
        for one in contents:
            text = one.strip()
            if is_token(text) or (text.startswith(b"{") and b'"@context"' in text):
                yield text


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) != len(pairs):
        raise CredentialError("unreadable", "an object holds a member twice")
    return read


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is no JSON number")

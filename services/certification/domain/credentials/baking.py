"""Credentials inside pictures, as Open Badges 3.0 bakes them: put in, and taken out.

Source: 1EdTech Open Badges 3.0, section 5.3 (PNG: an ``iTXt`` chunk with the keyword
``openbadgecredential``; SVG: an ``openbadges:credential`` element).
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape, quoteattr

from services.certification.domain.credentials.problems import CredentialError

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_KEYWORD = b"openbadgecredential"
_NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"
_MOST_BYTES = 8 * 1024 * 1024
_BAKED_SVG = re.compile(
    rb"<(?P<prefix>[A-Za-z][\w.-]*):credential\b[^>]*(?:/>|>.*?</(?P=prefix):credential\s*>)",
    re.DOTALL,
)
_SVG_START = re.compile(rb"<(?:[A-Za-z][\w.-]*:)?svg\b[^>]*?(/?)>")


def is_svg(content: bytes) -> bool:
    """Whether this looks like an SVG picture."""
    return content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") and b"svg" in content[:4096]


def taken_from_png(content: bytes) -> bytes:
    """The credential baked into a PNG.

    Raises:
        CredentialError: ``unreadable``: no whole PNG, or none is in it, or several.
    """
    found = [
        text for kind, body in _chunks(content) if kind == b"iTXt" for text in _international(body)
    ]
    if len(found) != 1:
        raise CredentialError("unreadable", f"the picture holds {len(found)} credentials")
    return found[0]


def taken_from_svg(content: bytes) -> bytes:
    """The credential baked into an SVG.

    Raises:
        CredentialError: ``unreadable``: no XML, or none is in it, or several.
    """
    if b"<!ENTITY" in content or b"\0" in content:  # NUL: UTF-16 would hide the word
        raise CredentialError("unreadable", "a picture that defines entities is not read")
    try:
        root = ET.fromstring(content)  # noqa: S314 -- it defines no entity; nothing is fetched
    except (ET.ParseError, ValueError, LookupError) as problem:
        raise CredentialError("unreadable", f"the picture is no XML: {problem}") from None
    found = list(root.iter(f"{{{_NAMESPACE}}}credential"))
    if len(found) != 1:
        raise CredentialError("unreadable", f"the picture holds {len(found)} credentials")
    return (found[0].get("verify") or found[0].text or "").strip().encode("utf-8")


def baked_png(picture: bytes, credential: str) -> bytes:
    """A PNG with a credential (JSON or compact JWS) in it, in place of one it may have had.

    Raises:
        CredentialError: ``unreadable``: no whole PNG.
    """
    body = _KEYWORD + b"\0\0\0\0\0" + credential.encode("utf-8")
    written = PNG_SIGNATURE
    for kind, content in _chunks(picture):
        if kind == b"IEND":
            written += _chunk(b"iTXt", body)
        if not (kind == b"iTXt" and content.startswith(_KEYWORD + b"\0")):
            written += _chunk(kind, content)
    return written


def baked_svg(picture: bytes, credential: str, *, is_token: bool = False) -> bytes:
    """An SVG with a credential right behind its opening tag, in place of one it may have had.

    Raises:
        CredentialError: ``unreadable``: there is no opening tag, or one without content.
    """
    picture = _BAKED_SVG.sub(b"", picture)
    start = _SVG_START.search(picture)
    if start is None or start.group(1):
        raise CredentialError("unreadable", "this is no SVG picture")
    verify = f" verify={quoteattr(credential)}" if is_token else ""
    content = "" if is_token else escape(credential)
    element = (
        f'<openbadges:credential xmlns:openbadges="{_NAMESPACE}"{verify}>{content}'
        "</openbadges:credential>"
    )
    return picture[: start.end()] + element.encode("utf-8") + picture[start.end() :]


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    if not content.startswith(PNG_SIGNATURE):
        raise CredentialError("unreadable", "this is no PNG picture")
    place = len(PNG_SIGNATURE)
    while True:
        if place + 12 > len(content):
            raise CredentialError("unreadable", "the picture is cut off")
        length, kind = struct.unpack(">I4s", content[place : place + 8])
        body = content[place + 8 : place + 8 + length]
        check = content[place + 8 + length : place + 12 + length]
        if len(check) != 4 or zlib.crc32(kind + body) != int.from_bytes(check):
            raise CredentialError("unreadable", "a part of the picture is damaged")
        yield kind, body
        if kind == b"IEND":
            return
        place += 12 + length


def _international(body: bytes) -> Iterator[bytes]:
    keyword, _, rest = body.partition(b"\0")
    if keyword != _KEYWORD:
        return
    is_packed, rest = rest[:1] == b"\x01", rest[2:]
    text = rest.split(b"\0", 2)[-1]
    if not is_packed:
        yield text
        return
    unpacking = zlib.decompressobj()
    try:
        unpacked = unpacking.decompress(text, _MOST_BYTES)
    except zlib.error:
        raise CredentialError("unreadable", "the baked credential is damaged") from None
    if not unpacking.eof:
        raise CredentialError("unreadable", "the baked credential is too long, or cut off")
    yield unpacked


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

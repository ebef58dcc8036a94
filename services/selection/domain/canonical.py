"""One way to write a document, so that its hash means its content (RFC 8785 without floats)."""

from __future__ import annotations

import hashlib
import json
from typing import Any


def canonical_json(document: Any) -> str:
    """The canonical text of a document of dicts, lists, texts, whole numbers, booleans and None.

    Raises:
        TypeError: something else is inside; a float above all, whose text is not exact.
    """
    if isinstance(document, dict):
        pairs = sorted(document.items(), key=lambda pair: _utf16(pair[0]))
        inner = ",".join(f"{canonical_json(key)}:{canonical_json(value)}" for key, value in pairs)
        return f"{{{inner}}}"
    if isinstance(document, list | tuple):
        return f"[{','.join(canonical_json(item) for item in document)}]"
    if document is None or isinstance(document, str | bool | int):
        return json.dumps(document, ensure_ascii=False)
    raise TypeError(f"a canonical document holds no {type(document).__name__}")


def sha256_of(document: Any) -> str:
    """SHA-256 of a document's canonical text, 64 hexadecimal digits."""
    return hashlib.sha256(canonical_json(document).encode()).hexdigest()


def _utf16(key: Any) -> bytes:
    if not isinstance(key, str):
        raise TypeError(f"a canonical document has text keys, not {key!r}")
    return key.encode("utf-16-be")

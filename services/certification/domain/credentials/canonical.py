"""JSON in its one canonical form (RFC 8785).

What credentials consist of (texts, whole numbers, lists, objects with plain names) is written by
the interpreter's own encoder, which gives the same bytes in a third of the time; ``rfc8785`` does
the rest and is the judge in the tests.
"""

from __future__ import annotations

import json
from typing import Any

import rfc8785

from services.certification.domain.credentials.problems import CredentialError

_WIDEST = 2**53 - 1
_ENCODER = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), check_circular=False
)


def canonical_json(value: Any) -> bytes:
    """RFC 8785 form of JSON.

    Raises:
        CredentialError: ``json.not_canonical``: a number or text JSON cannot carry exactly.
    """
    try:
        if _is_simple(value):
            return _ENCODER.encode(value).encode("utf-8")
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, UnicodeEncodeError, RecursionError) as problem:
        raise CredentialError("json.not_canonical", str(problem)) from None


def _is_simple(value: Any) -> bool:
    """Whether both encoders agree: no fractions, no name whose UTF-16 order is another."""
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return True
    if kind is dict:
        return all(
            type(name) is str and name.isascii() and _is_simple(item)
            for name, item in value.items()
        )
    if kind is list:
        return all(map(_is_simple, value))
    return kind is int and -_WIDEST <= value <= _WIDEST

"""Bitstring Status List 1.0: a long row of bits, one a credential, signed as a credential itself.

Source: W3C Bitstring Status List v1.0, sections 2 and 3.
"""

from __future__ import annotations

import base64
import gzip
import zlib
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from services.certification.domain.credentials.model.credential import BASE_CONTEXT
from services.certification.domain.credentials.problems import CredentialError
from services.certification.domain.credentials.proofs import instant
from services.certification.domain.credentials.public_keys import from_base64url

REVOCATION, SUSPENSION = "revocation", "suspension"
PURPOSES = (REVOCATION, SUSPENSION)
LENGTH = 131_072
"""Entries of a list: the least the specification allows, so that one among many is meant."""

_MOST_BYTES = 16 * 1024 * 1024  # of an unpacked list: 128 million entries
_LIST_TYPE, _ENTRY_TYPE = "BitstringStatusList", "BitstringStatusListEntry"
_OLD_LIST_TYPE, _OLD_ENTRY_TYPE = "StatusList2021", "StatusList2021Entry"
ENTRY_TYPES = (_ENTRY_TYPE, _OLD_ENTRY_TYPE)


def encode_bits(indices: Iterable[int], *, length: int = LENGTH) -> str:
    """The ``encodedList`` of a list in which these bits are set.

    The same indices give the same text: the packed form holds no time.
    """
    bits = bytearray(length // 8)
    for index in indices:
        bits[index // 8] |= 0x80 >> (index % 8)  # bit 0 is the left-most
    packed = gzip.compress(bytes(bits), mtime=0)
    return "u" + base64.urlsafe_b64encode(packed).rstrip(b"=").decode("ascii")


def decode_bits(encoded: object, *, is_old: bool = False) -> bytes:
    """The bits of an ``encodedList``.

    Args:
        is_old: written for Status List 2021, without multibase.

    Raises:
        CredentialError: ``status.list_invalid``: not packed as it must be, shorter than allowed,
            or larger than anybody needs.
    """
    text = encoded if isinstance(encoded, str) else ""
    if not is_old and not text.startswith("u"):
        raise CredentialError("status.list_invalid", "encodedList is no multibase base64url")
    try:
        packed = from_base64url(text if is_old else text[1:])
        unpacking = zlib.decompressobj(wbits=31)
        bits = unpacking.decompress(packed, _MOST_BYTES + 1)
    except (CredentialError, zlib.error):
        raise CredentialError("status.list_invalid", "encodedList is not packed bits") from None
    if len(bits) > _MOST_BYTES or not unpacking.eof:
        raise CredentialError("status.list_invalid", "encodedList is too long, or cut off")
    if len(bits) * 8 < LENGTH:
        raise CredentialError("status.list_invalid", f"a list has at least {LENGTH} entries")
    return bits


def value_at(bits: bytes, index: int, *, size: int = 1) -> int:
    """The value of an entry of ``size`` bits.

    Raises:
        CredentialError: ``status.list_invalid``: the list has no such entry.
    """
    first = index * size
    if index < 0 or first + size > len(bits) * 8:
        raise CredentialError("status.list_invalid", f"the list has no entry {index}")
    value = 0
    for position in range(first, first + size):
        value = value << 1 | (bits[position // 8] >> (7 - position % 8) & 1)
    return value


def status_entries(
    list_urls: Mapping[str, str], indices: Mapping[str, int]
) -> list[dict[str, str]]:
    """``credentialStatus`` of a credential: where its bit lies, for each purpose."""
    return [
        {
            "id": f"{list_urls[purpose]}#{indices[purpose]}",
            "type": _ENTRY_TYPE,
            "statusPurpose": purpose,
            "statusListIndex": str(indices[purpose]),
            "statusListCredential": list_urls[purpose],
        }
        for purpose in PURPOSES
    ]


def list_credential(
    *,
    url: str,
    purpose: str,
    indices: Iterable[int],
    issuer_did: str,
    made_at: datetime,
    lifetime: timedelta,
    ttl: timedelta,
) -> dict[str, Any]:
    """The list as a credential, still unsigned; it may be kept for ``ttl`` and ends by itself."""
    return {
        "@context": [BASE_CONTEXT],
        "id": url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer_did,
        "validFrom": instant(made_at),
        "validUntil": instant(made_at + lifetime),
        "credentialSubject": {
            "id": f"{url}#list",
            "type": _LIST_TYPE,
            "statusPurpose": purpose,
            "encodedList": encode_bits(indices),
            "ttl": int(ttl.total_seconds() * 1000),
        },
    }


def entry_value(entry: Mapping[str, Any], listed: Mapping[str, Any]) -> int:
    """The value that a list credential gives an entry of ``credentialStatus``.

    The list's proofs, issuer and times are for the caller to check.

    Raises:
        CredentialError: ``status.list_invalid``: it is no list, or one for another purpose.
    """
    subject = listed.get("credentialSubject")
    if not isinstance(subject, Mapping) or subject.get("type") not in (_LIST_TYPE, _OLD_LIST_TYPE):
        raise CredentialError("status.list_invalid", "this is no status list")
    purposes = subject.get("statusPurpose")
    if entry.get("statusPurpose") not in (purposes if isinstance(purposes, list) else [purposes]):
        raise CredentialError("status.list_invalid", "the list serves another purpose")
    index = entry.get("statusListIndex")
    if not isinstance(index, str | int) or not str(index).isdecimal() or len(str(index)) > 12:
        raise CredentialError("status.list_invalid", "the entry's index is no whole number")
    size = entry.get("statusSize", 1)
    if isinstance(size, bool) or not isinstance(size, int) or not 1 <= size <= 32:
        raise CredentialError("status.list_invalid", "the entry's size is not known")
    bits = decode_bits(subject.get("encodedList"), is_old=subject["type"] == _OLD_LIST_TYPE)
    return value_at(bits, int(index), size=size)

"""What a certificate says: plain frozen data, from which paper and credential are made."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from chassis.errors import RuleViolation
from chassis.language_map import LanguageMap
from services.certification.domain.awarding.terms import Kind
from services.certification.domain.credentials.canonical import canonical_json

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True, kw_only=True)
class Signatory:
    """Who signs: a name and an office."""

    name: str
    titles: LanguageMap


@dataclass(frozen=True, kw_only=True)
class PartHours:
    """Minutes credited in one part of the curriculum."""

    part_code: str
    minutes: int


@dataclass(frozen=True, kw_only=True)
class CertificateContent:
    """Everything printed, and what proves it; never changed once issued.

    Attributes:
        salt: random; makes the hash of the content say nothing about the name.
        titles: of the programme or course.
        verify_url: what the QR code holds.
        template_version: of the document the paper was set with.
        language_codes: languages of the paper, in order.
    """

    serial: str
    salt: str
    kind_code: Kind
    holder_name: str
    titles: LanguageMap
    edition_code: str
    starts_on: date
    ends_on: date
    minutes: int
    parts: tuple[PartHours, ...]
    rule_version: int
    rule_sha256: str
    centre_names: LanguageMap
    signatories: tuple[Signatory, ...]
    language_codes: tuple[str, ...]
    verify_url: str
    template_version: int
    issued_at: datetime

    def sha256(self) -> str:
        """Hash of the canonical form (RFC 8785)."""
        return sha256(canonical_json(_plain(self))).hexdigest()

    def check(self) -> None:
        """Refuse content that cannot stand on paper.

        Raises:
            RuleViolation: ``certificate.name_missing``, ``.name_not_normal`` (not NFC, or with
                control characters), ``.dates_reversed`` or ``.language_missing``.
        """
        name = self.holder_name
        if not name.strip():
            raise RuleViolation("certificate.name_missing", "a certificate needs a name")
        if name != clean_name(name):
            raise RuleViolation("certificate.name_not_normal", "the name is not in normal form")
        if self.ends_on < self.starts_on:
            raise RuleViolation("certificate.dates_reversed", "the end lies before the start")
        for texts in (self.titles, self.centre_names):
            absent = [code for code in self.language_codes if code not in texts]
            if absent:
                raise RuleViolation(
                    "certificate.language_missing", f"a text is missing in {', '.join(absent)}"
                )


def clean_name(name: str) -> str:
    """A name in Unicode NFC, single spaces, no control characters; letters never case-mapped."""
    printable = "".join(
        " " if char.isspace() else char
        for char in unicodedata.normalize("NFC", name)
        if char.isspace() or unicodedata.category(char) not in ("Cc", "Cf")
    )
    return " ".join(printable.split())


def holder_hash(holder_name: str, salt: str) -> str:
    """The salted hash that stays when the name goes; as Open Badges 3.0 writes identities."""
    return "sha256$" + sha256((holder_name + salt).encode("utf-8")).hexdigest()


def serial_of(certificate_id: str, *, edition_code: str, year: int) -> str:
    """The number printed on a certificate: ``MS-3-2021-7K4M-9QXD``; the same for one id."""
    edition = "".join(c if c.isascii() and c.isalnum() else "-" for c in edition_code.upper())
    edition = "-".join(part for part in edition[:20].split("-") if part) or "RTCM"
    return f"{edition}-{year}-{_groups(certificate_id, group_count=2, group_size=4)}"


def check_code_of(secret: str) -> str:
    """The public code of a certificate, 100 bits out of ``secret``, easy to type.

    Args:
        secret: at least 128 random bits, for example of ``chassis.ids.new_secret``.
    """
    return _groups(secret, group_count=4, group_size=5)


def read_check_code(text: str) -> str:
    """A code as somebody typed it, in the written form: case, spaces, O, I and L forgiven."""
    letters = text.upper().replace("O", "0").replace("I", "1").replace("L", "1")
    kept = "".join(char for char in letters if char in _CROCKFORD)
    return "-".join(kept[start : start + 5] for start in range(0, len(kept), 5))


def _groups(seed: str, *, group_count: int, group_size: int) -> str:
    number = int.from_bytes(sha256(seed.encode("utf-8")).digest(), "big")
    letters = []
    for _ in range(group_count * group_size):
        number, rest = divmod(number, 32)
        letters.append(_CROCKFORD[rest])
    text = "".join(letters)
    return "-".join(text[start : start + group_size] for start in range(0, len(text), group_size))


_NAMES: dict[type, tuple[str, ...]] = {
    kind: tuple(field.name for field in fields(kind))
    for kind in (CertificateContent, PartHours, Signatory)
}


def _plain(value: Any) -> Any:
    """JSON values only: dates and instants as ISO 8601."""
    names = _NAMES.get(type(value))
    if names is not None:
        return {name: _plain(getattr(value, name)) for name in names}
    if isinstance(value, str):
        return str(value)  # of an enumeration too
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, date):  # a datetime is a date too
        return value.isoformat()
    return value

"""Commands about persons: vault, contact, sign-in, erasure."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.aggregate import Command
from services.registration.domain.subject import PersonalDetails


@dataclass(frozen=True, kw_only=True)
class RegisterSubject(Command):
    """Take a person in under a fresh id, unless the address is known already."""

    subject_id: str
    country_code: str
    language_code: str
    details: PersonalDetails
    consent_codes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CorrectSubject(Command):
    """Replace what is known of a person."""

    subject_id: str
    language_code: str
    language_codes: tuple[str, ...]
    details: PersonalDetails
    consent_codes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class SealContact(Command):
    """Announce, sealed, how a person can be reached now."""

    subject_id: str


@dataclass(frozen=True, kw_only=True)
class RequestSignIn(Command):
    """Have a link mailed, if the address is known."""

    email: str


@dataclass(frozen=True, kw_only=True)
class RequestErasure(Command):
    """Have a person forgotten by every service."""

    subject_id: str


@dataclass(frozen=True, kw_only=True)
class DestroyKey(Command):
    """Destroy a person's key: whatever was sealed under it is mute from then on."""

    subject_id: str


@dataclass(frozen=True, kw_only=True)
class EraseSubject(Command):
    """Empty the vault's entry."""

    subject_id: str


@dataclass(frozen=True, kw_only=True)
class EraseContact(Command):
    """Have the announced contact forgotten."""

    subject_id: str


@dataclass(frozen=True, kw_only=True)
class ConfirmOwnErasure(Command):
    """Note that this service holds nothing more of a person."""

    subject_id: str
    removed_count: int


@dataclass(frozen=True, kw_only=True)
class TakeErasureReceipt(Command):
    """Note that another service holds nothing more of a person."""

    subject_id: str
    service: str
    removed_count: int

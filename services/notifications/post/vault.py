"""Opens contacts with keys that registration hands out one by one; none is kept."""

from __future__ import annotations

import base64
import binascii
from typing import Any, Protocol

from chassis.errors import NotFound, Unavailable
from chassis.http.client import Reply
from chassis.sealing import CONTACT, SealBroken, open_sealed
from services.notifications.domain.contact import Contact, Recipient


class Registration(Protocol):
    """Registration's API as this service (``chassis.http.client.ServiceClient``)."""

    def get(self, path: str) -> Reply:
        """Read."""
        ...


class KeyedVault:
    """``domain.ports.Vault``."""

    def __init__(self, registration: Registration) -> None:
        self._registration = registration

    def open(self, contact: Contact) -> Recipient | None:
        """The readable contact; ``None`` when the person's key is destroyed.

        Raises:
            Unavailable: registration does not answer, or what was sealed under the present key
                has not arrived yet (``contact.key_changed``).
        """
        if contact.sealed is None:
            return None
        try:
            answer = self._registration.get(f"/subjects/{contact.subject_id}/key").body
        except NotFound:
            return None
        try:
            content = open_sealed(
                _key_in(answer), contact.sealed, purpose=CONTACT, subject_id=contact.subject_id
            )
        except SealBroken as error:
            raise Unavailable(
                "contact.key_changed", "the contact does not open with the person's key"
            ) from error
        return _recipient(content, contact.language_code or "en")


def _key_in(answer: dict[str, Any]) -> bytes:
    try:
        return base64.b64decode(answer["key"], validate=True)
    except (KeyError, TypeError, binascii.Error, ValueError) as error:
        raise Unavailable(
            "registration.answer_malformed", "registration answered without a key"
        ) from error


def _recipient(content: dict[str, Any], language_code: str) -> Recipient:
    return Recipient(
        name=str(content["legal_name"]),
        email=str(content["email"]),
        language_code=str(content.get("language_code") or language_code),
    )

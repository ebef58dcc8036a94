"""Addresses in messages: all lead to the console."""

from __future__ import annotations

from typing import Protocol

from services.notifications.domain.message import Message

SIGNIN_LINK_SECONDS = 15 * 60
FOCAL_POINT_LINK_SECONDS = 21 * 24 * 3600
"""Nominating takes weeks: long enough for a call, and withdrawn people are refused anyway."""


class Signer(Protocol):
    """Signs tokens (``chassis.tokens.TokenIssuer``)."""

    def sign(
        self,
        claims: dict[str, object],
        *,
        audience: str,
        lifetime_seconds: int,
        purpose: str = "access",
    ) -> str:
        """A token with these claims."""
        ...


class Links:
    """Makes the one address a message leads to.

    Args:
        console_url: as people reach it.
        signer: signs what stands in sign-in links; the console verifies it.
    """

    def __init__(self, console_url: str, signer: Signer) -> None:
        self._console_url = console_url
        self._signer = signer

    def link_of(self, message: Message) -> str:
        """The address; links that sign a person in are made anew for each mail."""
        if message.type_code == "signin_link":
            token = self._signer.sign(
                {"sub": message.subject_id, "signin_id": message.params["signin_id"]},
                audience="console",
                lifetime_seconds=SIGNIN_LINK_SECONDS,
                purpose="signin",
            )
            return f"{self._console_url}/signin/link?token={token}"
        if message.type_code == "focal_point_invited":
            token = self._signer.sign(
                {
                    "sub": message.subject_id,
                    "country": message.country_code,
                    "call_id": message.params["call_id"],
                    "focal_point_id": message.params["focal_point_id"],
                },
                audience="console",
                lifetime_seconds=FOCAL_POINT_LINK_SECONDS,
                purpose="focal-point",
            )
            return f"{self._console_url}/nominations/link?token={token}"
        return f"{self._console_url}/me"

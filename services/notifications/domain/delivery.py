"""What can go wrong between us and a mail server, told apart by what to do next."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A finished mail.

    Attributes:
        to_address: envelope recipient.
        content: the mail as it goes over the wire, RFC 5322.
        content_sha256: of what a person sees in it, without ids and dates of the sending.
    """

    to_address: str
    content: bytes
    language_code: str
    content_sha256: str


class DeliveryProblem(Exception):
    """Base; ``reason_code`` is the SMTP answer as a code (``smtp_550``), never its text."""

    def __init__(self, reason_code: str) -> None:
        super().__init__(reason_code)
        self.reason_code = reason_code


class RefusedForGood(DeliveryProblem):
    """The server will never take this mail."""


class NotTaken(DeliveryProblem):
    """The server surely has not got it: trying again cannot double it."""


class AnswerLost(DeliveryProblem):
    """The whole mail was handed over and no answer came: it may have left."""

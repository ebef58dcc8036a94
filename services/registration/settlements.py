"""Certification over HTTP: whose certificate is settled."""

from __future__ import annotations

from chassis.errors import NotFound, Unavailable
from chassis.http.client import ServiceClient


class CertificationSettlements:
    """Asks certification as the service registration (``domain.ports.Settlements``)."""

    def __init__(self, certification: ServiceClient) -> None:
        self._certification = certification

    def is_settled(self, participant_id: str) -> bool:
        """Whether the participant may be forgotten without loss of a certificate.

        Raises:
            Unavailable: certification does not answer, or not as agreed.
        """
        try:
            answer = self._certification.get(f"/participants/{participant_id}/settlement").body
        except NotFound as unknown:
            raise Unavailable("certification.answer_malformed", unknown.detail) from unknown
        settled = answer.get("is_settled") if isinstance(answer, dict) else None
        if not isinstance(settled, bool):
            raise Unavailable("certification.answer_malformed", "the answer holds no is_settled")
        return settled

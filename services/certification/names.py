"""Registration's vault over HTTP: the name, at the moment of issue."""

from __future__ import annotations

from chassis.errors import NotFound, Unavailable
from chassis.http.client import ServiceClient


class RegistrationNames:
    """Asks registration as the service certification (``domain.ports.NameSource``)."""

    def __init__(self, registration: ServiceClient) -> None:
        self._registration = registration

    def legal_name(self, subject_id: str) -> str | None:
        """The name as the person wants it on paper; ``None`` when the person was erased.

        Raises:
            Unavailable: registration does not answer, or not as agreed.
        """
        try:
            answer = self._registration.get(f"/subjects/{subject_id}/legal-name").body
        except NotFound as gone:
            if gone.code in ("subject.not_found", "subject.erased"):
                return None
            raise Unavailable("registration.answer_malformed", gone.detail) from gone
        name = answer.get("legal_name") if isinstance(answer, dict) else None
        if not isinstance(name, str):
            raise Unavailable("registration.answer_malformed", "the answer holds no legal_name")
        return name

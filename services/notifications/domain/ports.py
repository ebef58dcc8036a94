"""What notifications asks of the outside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from services.notifications.domain.call import Call
from services.notifications.domain.cohort import Cohort
from services.notifications.domain.contact import Contact, Recipient
from services.notifications.domain.delivery import Letter
from services.notifications.domain.message import Message


class Vault(Protocol):
    """Opens contacts; keys stay with registration and are asked for one by one."""

    def open(self, contact: Contact) -> Recipient | None:
        """The readable contact; ``None`` when the person's key is destroyed.

        Raises:
            Unavailable: registration does not answer.
        """
        ...


class Composer(Protocol):
    """Makes the mail of a message."""

    def compose(
        self, message: Message, recipient: Recipient, *, cohort: Cohort | None, call: Call | None
    ) -> Letter:
        """The finished mail, in the recipient's language.

        Raises:
            Unavailable: what the template needs has not been heard of yet.
        """
        ...


class PostOffice(Protocol):
    """The next mail server."""

    def deliver(self, letter: Letter) -> None:
        """Hand over one mail.

        Raises:
            DeliveryProblem: one of its three kinds.
        """
        ...


class Findings(Protocol):
    """Where a person is found (``storage.queries``)."""

    def cohort_ids_of(self, subject_id: str) -> Sequence[str]:
        """Cohorts the person is a member of."""
        ...

    def open_message_ids_of(self, subject_id: str) -> Sequence[str]:
        """Messages to the person that are not settled."""
        ...

"""The job that sends one message.

Everything about it can die at any point. Before the mail server is spoken to, ``sending`` is
stored; what is found in that state later was interrupted, and the message type says what that
means (``message_types.Promise``).
"""

from __future__ import annotations

from collections.abc import Callable

from chassis.access import EVERYTHING
from chassis.aggregate import Handle
from chassis.clock import Clock
from chassis.errors import Unavailable
from chassis.ports import Aggregates, Job
from services.notifications.domain.call import Call
from services.notifications.domain.cohort import Cohort
from services.notifications.domain.commands import SettleMessage, StartSending
from services.notifications.domain.contact import Contact
from services.notifications.domain.delivery import AnswerLost, Letter, NotTaken, RefusedForGood
from services.notifications.domain.message import Message, Outcome
from services.notifications.domain.message_types import Promise
from services.notifications.domain.ports import Composer, PostOffice, Vault
from services.notifications.handlers.telling import ACTOR

Completion = Callable[[], None]


class Sender:
    """Sends messages, one job each."""

    def __init__(
        self,
        *,
        messages: Aggregates[Message],
        contacts: Aggregates[Contact],
        cohorts: Aggregates[Cohort],
        calls: Aggregates[Call],
        vault: Vault,
        composer: Composer,
        post_office: PostOffice,
        handle: Handle,
        clock: Clock,
    ) -> None:
        self._messages = messages
        self._contacts = contacts
        self._cohorts = cohorts
        self._calls = calls
        self._vault = vault
        self._composer = composer
        self._post_office = post_office
        self._handle = handle
        self._clock = clock

    def __call__(self, job: Job) -> Completion | None:
        """Send the message of a job; what to store with the word that it is done.

        Raises:
            Unavailable: something needed is away or not heard of yet; the job is tried again.
        """
        message = self._messages.get(job.key, scope=EVERYTHING)
        if not message.is_open:
            return None
        if message.is_lost_track_of:
            return self._settled(message, Outcome.UNCERTAIN, "process.died")
        if message.has_expired(self._clock()):
            return self._settled(message, Outcome.EXPIRED, "message.expired")
        try:
            letter = self._letter(message)
        except RefusedForGood as problem:
            return self._settled(message, Outcome.HARD_BOUNCE, problem.reason_code)
        if letter is None:
            return self._settled(message, Outcome.SUPPRESSED, "contact.erased")
        return self._deliver(message, letter)

    def _letter(self, message: Message) -> Letter | None:
        contact = self._contacts.find(message.subject_id, scope=EVERYTHING)
        if contact is None:
            raise Unavailable("contact.not_heard_of", "the contact has not arrived yet")
        recipient = None if contact.is_forgotten else self._vault.open(contact)
        if recipient is None:
            return None
        call_id = message.params.get("call_id")
        return self._composer.compose(
            message,
            recipient,
            cohort=self._cohorts.find(message.cohort_id, scope=EVERYTHING)
            if message.cohort_id
            else None,
            call=self._calls.find(call_id, scope=EVERYTHING) if call_id else None,
        )

    def _deliver(self, message: Message, letter: Letter) -> Completion | None:
        self._handle(
            StartSending(
                actor=ACTOR,
                message_id=message.message_id,
                language_code=letter.language_code,
                content_sha256=letter.content_sha256,
            )
        )
        try:
            self._post_office.deliver(letter)
        except RefusedForGood as problem:
            return self._settled(message, Outcome.HARD_BOUNCE, problem.reason_code)
        except NotTaken as problem:
            self._settled(message, Outcome.NOT_TAKEN, problem.reason_code)()
            raise Unavailable(
                "mail.not_taken", f"the mail server: {problem.reason_code}"
            ) from problem
        except AnswerLost as problem:
            if message.type.promise is Promise.AT_MOST_ONCE:
                return self._settled(message, Outcome.UNCERTAIN, problem.reason_code)
            raise Unavailable("mail.answer_lost", "the mail server did not answer") from problem
        return self._settled(message, Outcome.ACCEPTED, None)

    def _settled(self, message: Message, outcome: Outcome, reason_code: str | None) -> Completion:
        def store() -> None:
            self._handle(
                SettleMessage(
                    actor=ACTOR,
                    message_id=message.message_id,
                    outcome=outcome,
                    reason_code=reason_code,
                )
            )

        return store

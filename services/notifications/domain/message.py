"""One message to one person, from the fact that caused it to the mail server's answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from chassis.aggregate import Aggregate
from chassis.errors import RuleViolation
from chassis.ids import derived_id
from contracts.notifications import MessageBounced, MessageSent
from services.notifications.domain.message_types import MessageType, Promise, message_type

EMAIL = "email"


class Status(StrEnum):
    """Where a message stands."""

    PLANNED = "planned"
    SENDING = "sending"
    ACCEPTED = "accepted"  # by the next mail server
    BOUNCED = "bounced"
    UNCERTAIN = "uncertain"  # it may have left; only a person sends it again
    SUPPRESSED = "suppressed"  # the person is forgotten or has no address
    EXPIRED = "expired"  # too late to be of use


class Outcome(StrEnum):
    """How an attempt to send ended."""

    ACCEPTED = "accepted"
    HARD_BOUNCE = "hard_bounce"
    SOFT_BOUNCE = "soft_bounce"
    UNCERTAIN = "uncertain"
    SUPPRESSED = "suppressed"
    EXPIRED = "expired"
    NOT_TAKEN = "not_taken"  # the server surely has not got it: try again


def message_id_of(
    *, cause_id: str, type_code: str, subject_id: str, channel: str, occurrence: str
) -> str:
    """The id of a message: the same for ever, however often its cause is told."""
    return derived_id("message", cause_id, type_code, subject_id, channel, occurrence)


@dataclass(kw_only=True)
class Message(Aggregate):
    """What one person is told because of one fact. Holds no name, address or text.

    The text is made at the moment of sending, from a template, ``params`` and the contact; what
    is kept of it is its hash.

    Rules
      R1  there is one message per cause, type, person, channel and occurrence
      R2  sending starts from ``planned``; from ``sending`` only where the type promises at least
          once
      R3  an outcome belongs to an attempt: it needs ``sending`` (suppression, expiry and an
          address no mail can go to may end a planned message too)
      R4  what was sent, bounced, lost, suppressed or expired does not change any more, except that
          an accepted mail may still bounce
      R5  a message past ``expires_at`` is not sent
      R6  only a settled message is sent again, and that is a message of its own

    Attributes:
        caused_by_event_id: the heard event, or what a timer remembered of it.
        occurrence: tells apart several messages of one cause: ``""``, ``reminder``, ``resend-...``.
        params: ids, codes and RFC 3339 instants for the template.
        expires_at: domain time after which it is of no use.
        content_sha256: of the rendered subject, text, HTML and calendar as last sent.
    """

    message_id: str
    type_code: str
    subject_id: str
    country_code: str
    cohort_id: str | None
    channel: str
    caused_by_event_id: str
    occurrence: str
    params: dict[str, str] = field(default_factory=dict)
    planned_at: datetime
    expires_at: datetime | None = None
    status: Status = Status.PLANNED
    reason_code: str | None = None
    language_code: str | None = None
    content_sha256: str | None = None
    attempt_count: int = 0
    settled_at: datetime | None = None

    @classmethod
    def plan(
        cls,
        *,
        type_code: str,
        subject_id: str,
        country_code: str,
        cohort_id: str | None,
        caused_by_event_id: str,
        occurrence: str,
        params: Mapping[str, str],
        expires_at: datetime | None,
        now: datetime,
    ) -> Message:
        """Decide that a person is to be told."""
        kind = message_type(type_code)
        return cls(
            message_id=message_id_of(
                cause_id=caused_by_event_id,
                type_code=kind.code,
                subject_id=subject_id,
                channel=EMAIL,
                occurrence=occurrence,
            ),
            type_code=kind.code,
            subject_id=subject_id,
            country_code=country_code,
            cohort_id=cohort_id,
            channel=EMAIL,
            caused_by_event_id=caused_by_event_id,
            occurrence=occurrence,
            params=dict(params),
            planned_at=now,
            expires_at=expires_at,
        )

    @property
    def type(self) -> MessageType:
        """Its kind."""
        return message_type(self.type_code)

    @property
    def is_open(self) -> bool:
        """Whether it is still to be sent."""
        return self.status in (Status.PLANNED, Status.SENDING)

    @property
    def is_lost_track_of(self) -> bool:
        """Whether an attempt began whose end nobody saw, and a second must not be made (R2)."""
        return self.status is Status.SENDING and self.type.promise is Promise.AT_MOST_ONCE

    def has_expired(self, now: datetime) -> bool:
        """Whether it is too late to be of use (R5)."""
        return self.expires_at is not None and now >= self.expires_at

    def start_sending(self, *, language_code: str, content_sha256: str, now: datetime) -> None:
        """Note, before the mail server is spoken to, that it is about to be."""
        if not self.is_open or self.is_lost_track_of:
            raise RuleViolation("message.not_sendable", f"the message is {self.status}")
        if self.has_expired(now):
            raise RuleViolation(
                "message.expired", f"the message was of use until {self.expires_at}"
            )
        self.status = Status.SENDING
        self.language_code = language_code
        self.content_sha256 = content_sha256
        self.attempt_count += 1

    def settle(self, outcome: Outcome, *, reason_code: str | None, now: datetime) -> None:
        """Note how an attempt ended; records ``MessageSent`` or ``MessageBounced``."""
        if self.status not in _BEFORE[outcome]:
            raise RuleViolation("message.settled", f"the message is {self.status} already")
        self.status = _AFTER[outcome]
        self.reason_code = reason_code
        self.settled_at = None if outcome is Outcome.NOT_TAKEN else now
        if outcome is Outcome.ACCEPTED:
            self._record_sent(now)
        elif outcome in (Outcome.HARD_BOUNCE, Outcome.SOFT_BOUNCE):
            self._record_bounced("hard" if outcome is Outcome.HARD_BOUNCE else "soft", now)

    def again(self, *, nonce: str, now: datetime) -> Message:
        """The same once more, by a person's word; ``nonce`` tells repeats of the word apart."""
        if self.is_open:
            raise RuleViolation("message.not_settled", f"the message is still {self.status}")
        if self.status is Status.SUPPRESSED:
            raise RuleViolation("message.suppressed", "the person is not written to any more")
        return Message.plan(
            type_code=self.type_code,
            subject_id=self.subject_id,
            country_code=self.country_code,
            cohort_id=self.cohort_id,
            caused_by_event_id=self.caused_by_event_id,
            occurrence=f"resend-{nonce}",
            params=self.params,
            expires_at=self.expires_at,
            now=now,
        )

    def _record_sent(self, now: datetime) -> None:
        self.record(
            MessageSent(
                message_id=self.message_id,
                subject_id=self.subject_id,
                country_code=self.country_code,
                cohort_id=self.cohort_id,
                message_type_code=self.type_code,
                channel=self.channel,
                caused_by_event_id=self.caused_by_event_id,
                sent_at=now,
            )
        )

    def _record_bounced(self, class_code: str, now: datetime) -> None:
        self.record(
            MessageBounced(
                message_id=self.message_id,
                subject_id=self.subject_id,
                country_code=self.country_code,
                cohort_id=self.cohort_id,
                message_type_code=self.type_code,
                channel=self.channel,
                class_code=class_code,
                bounced_at=now,
            )
        )


_SENDING = frozenset({Status.SENDING})
_OPEN = frozenset({Status.PLANNED, Status.SENDING})

_BEFORE: Mapping[Outcome, frozenset[Status]] = {
    Outcome.ACCEPTED: _SENDING,
    Outcome.HARD_BOUNCE: frozenset({Status.PLANNED, Status.SENDING, Status.ACCEPTED}),
    Outcome.SOFT_BOUNCE: frozenset({Status.SENDING, Status.ACCEPTED}),
    Outcome.UNCERTAIN: _SENDING,
    Outcome.SUPPRESSED: _OPEN,
    Outcome.EXPIRED: _OPEN,
    Outcome.NOT_TAKEN: _SENDING,
}
_AFTER: Mapping[Outcome, Status] = {
    Outcome.ACCEPTED: Status.ACCEPTED,
    Outcome.HARD_BOUNCE: Status.BOUNCED,
    Outcome.SOFT_BOUNCE: Status.BOUNCED,
    Outcome.UNCERTAIN: Status.UNCERTAIN,
    Outcome.SUPPRESSED: Status.SUPPRESSED,
    Outcome.EXPIRED: Status.EXPIRED,
    Outcome.NOT_TAKEN: Status.PLANNED,
}

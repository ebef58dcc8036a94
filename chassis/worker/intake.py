"""One heard event, one transaction: mark, effects and own announcements together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from chassis import failpoints
from chassis.bus import RunsWork
from chassis.codec import UnknownEventType, decode
from chassis.envelope import Envelope
from chassis.hearing import hearing
from chassis.ids import derived_id
from chassis.mongo import inbox
from chassis.mongo.inbox import FirstSeenBefore, Verdict
from chassis.telemetry import continued_trace
from contracts.event import REGISTRY, Event, topic_of

OnEvent = Callable[[Any], None]
"""Handler of one event class; runs in the transaction of the event's mark."""


@dataclass(frozen=True)
class Subscription:
    """What a service listens to: event classes and their handlers, under one consumer name."""

    consumer: str
    handlers: Mapping[type[Event], OnEvent]

    @property
    def topics(self) -> tuple[str, ...]:
        """The topics these events travel on."""
        return tuple(sorted({topic_of(event.event_type) for event in self.handlers}))

    def handler_of(self, event_type: str) -> OnEvent | None:
        """The handler of a type; ``None`` for one we hear on a topic but do not care about.

        Raises:
            UnknownEventType: a newer version of a type we do care about: to ignore it would lose
                its effect.
        """
        event_class = REGISTRY.get(event_type)
        if event_class is not None:
            return self.handlers.get(event_class)
        stem = event_type.rpartition(".")[0]
        if any(known.event_type.rpartition(".")[0] == stem for known in self.handlers):
            raise UnknownEventType(f"{event_type} is a version this release does not know")
        return None


class Intake:
    """Takes events one by one, each exactly once."""

    def __init__(self, subscription: Subscription, unit_of_work: RunsWork) -> None:
        self.subscription = subscription
        self._unit_of_work = unit_of_work

    def mark_of(self, envelope: Envelope) -> str:
        """The mark that an event moves."""
        return inbox.mark_id(
            self.subscription.consumer, topic_of(envelope.event_type), envelope.key
        )

    def take(self, envelope: Envelope) -> Verdict:
        """Take an event if it is the next of its aggregate."""
        gaps_allowed = is_compacted(envelope.event_type)
        mark = self.mark_of(envelope)
        return self._run(
            envelope, lambda: inbox.take(mark, envelope.sequence, gaps_allowed=gaps_allowed)
        )

    def retake(self, envelope: Envelope, *, and_then: Callable[[Verdict], None]) -> Verdict:
        """Take a parked event although its aggregate is blocked; ``and_then`` joins in."""
        mark = self.mark_of(envelope)

        def verdict() -> Verdict:
            found = inbox.take_parked(mark, envelope.sequence)
            and_then(found)
            return found

        return self._run(envelope, verdict)

    def _run(self, envelope: Envelope, verdict: Callable[[], Verdict]) -> Verdict:
        handler = self.subscription.handler_of(envelope.event_type)
        event = decode(envelope.event_type, envelope.body) if handler else None

        def work() -> Verdict:
            found = verdict()
            if found is Verdict.TAKE and handler is not None:
                handler(event)
            return found

        failpoints.reach("consumer.before_transaction")
        with continued_trace(envelope.traceparent), hearing(envelope):
            try:
                outcome = self._unit_of_work.run(
                    work, command_id=derived_id(self.subscription.consumer, envelope.event_id)
                )
            except FirstSeenBefore:
                outcome = Verdict.REPEAT
        failpoints.reach("consumer.after_transaction")
        return outcome


def is_compacted(event_type: str) -> bool:
    """Whether older records of the type's topic may be gone."""
    event_class = REGISTRY.get(event_type)
    return event_class is not None and event_class.private

"""Seeded bugs: the mistakes such platforms are known for, put in on purpose.

They exist in the chaos services' own processes only, when ``CHAOS_BREAK`` names one. A checker
that lets one of them pass is no checker.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

from chassis.codec import enclose
from chassis.errors import AlreadyExists
from chassis.ids import derived_id, new_id
from chassis.log.factory import open_log
from chassis.log.port import Consumer
from chassis.mongo import outbox
from chassis.mongo.inbox import FirstSeenBefore, Verdict
from chassis.worker import relay
from chassis.worker.consumer import ConsumerLoop
from chassis.worker.intake import Intake

VARIABLE = "CHAOS_BREAK"
_LOG_LATENCY_SECONDS = 0.25


def apply(name: str) -> None:
    """Put one bug in; does nothing for the empty name."""
    if name:
        BREAKS[name]()


def _mark_before_ack() -> None:
    """The relay notes rows as published when it hands them to the log, not when the log has them.

    The log is somewhat slow, as logs are: who dies meanwhile leaves rows that nobody sends.
    """
    send = relay._Wave.send

    def careless(self: Any, rows: Sequence[outbox.Announcement]) -> None:
        outbox.mark_published(rows)
        time.sleep(_LOG_LATENCY_SECONDS)
        send(self, list(rows))

    relay._Wave.send = careless  # type: ignore[method-assign]  # -- the bug


def _commit_before_effect() -> None:
    """The consumer stores its position first and handles the records then ("at most once")."""
    take_all = ConsumerLoop._take_all

    def hasty(self: Any, consumer: Consumer, records: Any) -> Any:
        positions = {record.partition: record.offset + 1 for record in records}
        if positions:
            consumer.commit(positions)
        take_all(self, consumer, records)
        return {}

    ConsumerLoop._take_all = hasty  # type: ignore[method-assign]  # -- the bug


def _swallow_duplicate() -> None:
    """The mark is stored by itself, the effects after it.

    When they fail, the event comes again, is taken for a duplicate and swallowed.
    """

    def forgetful(self: Any, envelope: Any, verdict: Callable[[], Verdict]) -> Verdict:
        from chassis.codec import decode
        from chassis.hearing import hearing

        handler = self.subscription.handler_of(envelope.event_type)
        command_id = derived_id(self.subscription.consumer, envelope.event_id)
        try:
            found = self._unit_of_work.run(verdict, command_id=command_id)
        except (FirstSeenBefore, AlreadyExists):
            return Verdict.REPEAT
        if found is Verdict.TAKE and handler is not None:
            event = decode(envelope.event_type, envelope.body)
            with hearing(envelope):
                self._unit_of_work.run(lambda: handler(event), command_id=command_id)
        return found

    Intake._run = forgetful  # type: ignore[method-assign]  # -- the bug


def _publish_without_outbox() -> None:
    """The command sends its event to the log itself, in the middle of its transaction."""
    import os

    producers: list[Any] = []

    def direct(self: Any, events: Any, *, aggregate_id: str, last_sequence: int, **_: Any) -> int:
        if not producers:
            producers.append(open_log(os.environ["RTCM_LOG_URL"]).producer())
        for number, event in enumerate(events):
            envelope = enclose(
                event,
                event_id=new_id(),
                sequence=last_sequence + 1 + number,
                occurred_at=self._clock(),
                traceparent=None,
            )
            topic = outbox.topic_of(event.event_type)
            producers[0].append(topic, aggregate_id, envelope.to_bytes()).result()
        return 0

    outbox.Outbox.put = direct  # type: ignore[method-assign]  # -- the bug


BREAKS: dict[str, Callable[[], None]] = {
    "mark-before-ack": _mark_before_ack,
    "commit-before-effect": _commit_before_effect,
    "swallow-duplicate": _swallow_duplicate,
    "publish-without-outbox": _publish_without_outbox,
}

"""A small service to try the flow with: counters that announce their growth, and a listener.

It borrows the published event types of a programme; what they mean does not matter here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from mongoengine import IntField, ListField, StringField

from chassis.access import EVERYTHING
from chassis.aggregate import Aggregate
from chassis.mongo.documents import AggregateDocument
from chassis.mongo.outbox import Outbox
from chassis.mongo.repository import Repository
from contracts.registration import ProgrammePublished

NOON = datetime(2021, 1, 9, 12, tzinfo=UTC)
TOPIC = "rtcm.registration.programme"


@dataclass(kw_only=True)
class Counter(Aggregate):
    """Counts; announces every step."""

    counter_id: str
    value: int = 0

    def grow(self) -> None:
        """One more."""
        self.value += 1
        self.record(
            ProgrammePublished(
                programme_id=self.counter_id,
                code="counter",
                titles={"en": f"step {self.value}"},
                gcm_objectives=(),
                sdgs=(),
                published_at=NOON,
            )
        )


class CounterDocument(AggregateDocument):
    """Stored counters."""

    meta = {"collection": "counter", "auto_create_index": False}
    value = IntField(required=True)


@dataclass(kw_only=True)
class Heard(Aggregate):
    """What a listener heard of one counter, in order."""

    heard_id: str
    steps: list[str] = field(default_factory=list)


class HeardDocument(AggregateDocument):
    """Stored hearings."""

    meta = {"collection": "heard", "auto_create_index": False}
    steps = ListField(StringField())


def counters() -> Repository[Counter]:
    """All counters."""
    return Repository(
        aggregate=Counter,
        document=CounterDocument,
        id_field="counter_id",
        name="counter",
        topic=TOPIC,
        outbox=Outbox(lambda: NOON),
    )


def hearings() -> Repository[Heard]:
    """All hearings."""
    return Repository(
        aggregate=Heard,
        document=HeardDocument,
        id_field="heard_id",
        name="heard",
        topic="none",
        outbox=Outbox(lambda: NOON),
    )


def hear(event: ProgrammePublished) -> None:
    """Note a step; a step heard twice would show."""
    all_heard = hearings()
    heard = all_heard.find(event.programme_id, scope=EVERYTHING) or Heard(
        heard_id=event.programme_id
    )
    heard.steps.append(event.titles["en"])
    all_heard.save(heard, scope=EVERYTHING)

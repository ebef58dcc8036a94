"""What the chaos services keep: counters that announce each step, and effects of heard steps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar

from mongoengine import DateTimeField, Document, IntField, LongField, StringField

from chassis.access import EVERYTHING
from chassis.aggregate import Aggregate
from chassis.clock import wall_now
from chassis.hearing import heard
from chassis.ids import new_id
from chassis.mongo.documents import AggregateDocument
from chassis.mongo.repository import Repository
from chassis.mongo.unit_of_work import current_transaction
from contracts.event import Event
from contracts.registration import ProgrammePublished
from contracts.scheduling import TrainerConfirmed
from contracts.selection import RuleSetFrozen

NOON = datetime(2021, 1, 9, 12, tzinfo=UTC)
TALLY_ID = "effects"


def _programme(counter_id: str, note: str) -> Event:
    return ProgrammePublished(
        programme_id=counter_id,
        code=note,
        titles={"en": "step"},
        gcm_objectives=(),
        sdgs=(),
        published_at=NOON,
    )


def _ruleset(counter_id: str, note: str) -> Event:
    return RuleSetFrozen(
        ruleset_id=counter_id,
        cohort_id=counter_id,
        country_code="AZ",
        ruleset_version=2 if note == "chain" else 1,
        sha256="0" * 64,
        frozen_at=NOON,
    )


def _trainer(counter_id: str, note: str) -> Event:
    return TrainerConfirmed(
        trainer_id=counter_id,
        country_code="AZ",
        kind_code=note,
        organisation_code="chaos",
        confirmed_at=NOON,
    )


EVENT_OF: Mapping[str, Callable[[str, str], Event]] = {
    "registration": _programme,
    "selection": _ruleset,
    "scheduling": _trainer,
}
"""What each service's counters announce; borrowed types, their meaning does not matter here."""


@dataclass(kw_only=True)
class Counter(Aggregate):
    """Counts; announces every step."""

    counter_id: str
    value: int = 0

    def step(self, event_of: Callable[[str, str], Event], note: str) -> None:
        """One more."""
        self.value += 1
        self.record(event_of(self.counter_id, note))


class CounterDocument(AggregateDocument):
    """Stored counters."""

    meta: ClassVar[dict[str, Any]] = {"collection": "counter", "auto_create_index": False}
    value = IntField(required=True)


class EffectDocument(Document):
    """One effect of one heard event. No unique key: a second one would be stored and seen."""

    meta: ClassVar[dict[str, Any]] = {"collection": "effect", "auto_create_index": False}

    id = StringField(primary_key=True)
    consumer = StringField(required=True)
    event_id = StringField(required=True)
    aggregate_id = StringField(required=True)
    sequence = IntField(required=True)
    place = LongField(required=True)  # in the order of commits of this database
    at = DateTimeField(required=True)


class TallyDocument(Document):
    """Counts effects. Each effect's transaction writes it, so places are the order of commits."""

    meta: ClassVar[dict[str, Any]] = {"collection": "tally", "auto_create_index": False}

    id = StringField(primary_key=True)
    count = LongField(required=True)


def make_tally(database: Any) -> None:
    """Put the tally in place before any transaction counts in it (a raw pymongo database)."""
    database["tally"].update_one({"_id": TALLY_ID}, {"$setOnInsert": {"count": 0}}, upsert=True)


def leave_effect(consumer: str) -> None:
    """Store one effect of the event being heard, in its transaction."""
    current_transaction()
    envelope = heard()
    tally = TallyDocument._get_collection().find_one_and_update(
        {"_id": TALLY_ID}, {"$inc": {"count": 1}}
    )
    EffectDocument._get_collection().insert_one(
        {
            "_id": new_id(),
            "consumer": consumer,
            "event_id": envelope.event_id,
            "aggregate_id": envelope.key,
            "sequence": envelope.sequence,
            "place": tally["count"] + 1,
            "at": wall_now(),
        }
    )


def step(counters: Repository[Counter], service: str, counter_id: str, note: str) -> int:
    """Find or begin a counter and let it go one step; the step's number."""
    counter = counters.find(counter_id, scope=EVERYTHING) or Counter(counter_id=counter_id)
    counter.step(EVENT_OF[service], note)
    counters.save(counter, scope=EVERYTHING)
    return counter.value

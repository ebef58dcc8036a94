"""One database, one log, and loops of the flow that a test starts and stops."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from chassis.access import EVERYTHING
from chassis.clock import monotonic
from chassis.ids import new_id
from chassis.log.port import EventLog
from chassis.mongo import outbox
from chassis.mongo.connection import Database
from chassis.mongo.unit_of_work import UnitOfWork
from chassis.worker.consumer import ConsumerLoop
from chassis.worker.intake import Intake, Subscription
from chassis.worker.relay import RelayLoop
from contracts.registration import ProgrammePublished
from tests.integration.flow.counter import (
    Counter,
    counters,
    hear,
    hearings,
)


class Scene:
    """One database, one log, and loops that can be started and stopped."""

    def __init__(self, database: Database, log: EventLog) -> None:
        self.database = database
        self.log = log
        self.unit_of_work = UnitOfWork(database)
        self.stop = threading.Event()
        self.threads: list[threading.Thread] = []
        self.handler: Callable[[ProgrammePublished], None] = hear
        self.fetch_missing: Callable[[str, str, int], list[bytes]] = lambda topic, key, after: (
            outbox.of_aggregate(topic, key, after=after)
        )
        self.subscription = Subscription(
            "rtcm.listener", {ProgrammePublished: lambda event: self.handler(event)}
        )
        self.intake = Intake(self.subscription, self.unit_of_work)

    def grow(self, counter_id: str, times: int = 1) -> None:
        def work() -> None:
            counter = counters().find(counter_id, scope=EVERYTHING) or Counter(
                counter_id=counter_id
            )
            counter.grow()
            counters().save(counter, scope=EVERYTHING)

        for _ in range(times):
            self.unit_of_work.run(work, command_id=new_id())

    def run(self, loop: Any) -> None:
        thread = threading.Thread(target=loop.run)
        self.threads.append(thread)
        thread.start()

    def relay(self) -> None:
        self.run(
            RelayLoop(
                service="listener",
                log=self.log,
                holder=new_id(),
                slot_count=2,
                wake=threading.Event(),
                stop=self.stop,
            )
        )

    def consumer(self) -> ConsumerLoop:
        loop = ConsumerLoop(
            log=self.log,
            intake=self.intake,
            unit_of_work=self.unit_of_work,
            fetch_missing=self.fetch_missing,
            member=new_id(),
            stop=self.stop,
        )
        self.run(loop)
        return loop

    def end(self) -> None:
        self.stop.set()
        for thread in self.threads:
            thread.join()

    def heard(self, counter_id: str) -> list[str]:
        found = hearings().find(counter_id, scope=EVERYTHING)
        return found.steps if found else []


def until(condition: Callable[[], bool], seconds: float = 60.0) -> None:
    deadline = monotonic() + seconds
    while not condition():
        assert monotonic() < deadline, "did not happen in time"
        threading.Event().wait(0.02)

"""The worker process of a service: relay, consumer, timekeeper and job loops, each a thread."""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from chassis.bus import RunsWork
from chassis.clock import Clock
from chassis.ids import new_id
from chassis.log.port import EventLog, LogUnavailable, Topic
from chassis.mongo import workers
from chassis.mongo.connection import Database
from chassis.worker.consumer import ConsumerLoop, FetchMissing
from chassis.worker.intake import Intake, Subscription
from chassis.worker.jobber import JobLoop, OnJob
from chassis.worker.relay import RelayLoop
from chassis.worker.timekeeper import OnTimer, TimerLoop
from chassis.worker.wakeup import LocalWakeUp, StreamWakeUp
from contracts.event import REGISTRY, private_topics, service_of, topic_of

_log = logging.getLogger(__name__)

_BEAT_SECONDS = 3.0


class Worker:
    """Runs until SIGTERM, then drains: what is under way is finished, leases are given up.

    A loop that ends by itself ends the process with status 1, so that whoever supervises it
    starts a fresh one; nothing durable depends on a clean end.
    """

    def __init__(
        self,
        *,
        service: str,
        log: EventLog,
        database: Database,
        unit_of_work: RunsWork,
        clock: Clock,
        subscription: Subscription,
        on_timer: Mapping[str, OnTimer],
        on_job: Mapping[str, OnJob],
        fetch_missing: FetchMissing,
        topic_partitions: int,
        relay_slots: int,
        job_threads: int,
        wake_dir: Path | None,
    ) -> None:
        self._service = service
        self._log = log
        self._subscription = subscription
        self._topic_partitions = topic_partitions
        self._stop = threading.Event()
        self._failed = False
        self.member = f"{socket.gethostname()}-{os.getpid()}-{new_id()[-12:]}"
        outbox, timer, job = threading.Event(), threading.Event(), threading.Event()
        self._bells = (outbox, timer, job)
        self._consumer: ConsumerLoop | None = None
        bells = {"outbox": outbox, "timer": timer, "job": job}
        wakeup: StreamWakeUp | LocalWakeUp
        if wake_dir is None:
            wakeup = StreamWakeUp(database, bells, self._stop)
        else:
            wakeup = LocalWakeUp(wake_dir, service, bells, self._stop)
        loops: dict[str, Callable[[], None]] = {
            "relay": RelayLoop(
                service=service,
                log=log,
                holder=self.member,
                slot_count=relay_slots,
                wake=outbox,
                stop=self._stop,
            ).run,
            "wakeup": wakeup.run,
            "heart": self._beat,
        }
        if on_timer:
            loops["timers"] = TimerLoop(
                handlers=on_timer,
                unit_of_work=unit_of_work,
                clock=clock,
                wake=timer,
                stop=self._stop,
            ).run
        for number in range(job_threads if on_job else 0):
            loops[f"jobs-{number}"] = JobLoop(
                handlers=on_job, unit_of_work=unit_of_work, wake=job, stop=self._stop
            ).run
        if subscription.handlers:
            self._consumer = ConsumerLoop(
                log=log,
                intake=Intake(subscription, unit_of_work),
                unit_of_work=unit_of_work,
                fetch_missing=fetch_missing,
                member=self.member,
                stop=self._stop,
            )
            loops["consumer"] = self._consumer.run
        self._loops = loops

    def run(self) -> int:
        """Work until SIGTERM or SIGINT.

        Returns:
            Exit status: 0 after a drain, 1 when a loop failed.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.stop())
        self._create_topics()
        threads = [
            threading.Thread(target=self._guard, args=(name, loop), name=name)
            for name, loop in self._loops.items()
        ]
        for thread in threads:
            thread.start()
        _log.info("worker.started", extra={"member": self.member})
        for thread in threads:
            while thread.is_alive():
                thread.join(0.2)  # short, so that signals are handled
        workers.leave(self.member)
        _log.info("worker.stopped", extra={"member": self.member})
        return 1 if self._failed else 0

    def stop(self) -> None:
        """Drain and end."""
        self._stop.set()
        for bell in self._bells:
            bell.set()

    def _guard(self, name: str, loop: Callable[[], None]) -> None:
        try:
            loop()
        except Exception:
            _log.exception("worker.loop_failed", extra={"loop": name})
            self._failed = True
        finally:
            self.stop()

    def _beat(self) -> None:
        """Say that we live, for ``rtcm status`` and the console."""
        while not self._stop.is_set():
            workers.beat(self.member, self._state())
            self._stop.wait(_BEAT_SECONDS)

    def _state(self) -> dict[str, Any]:
        broken = self._consumer is not None and self._consumer.broken
        return {"service": self._service, "breaker_open": broken}

    def _create_topics(self) -> None:
        own = {topic_of(type_) for type_ in REGISTRY if service_of(type_) == self._service}
        wanted = [
            Topic(name, partition_count=self._topic_partitions, compacted=name in private_topics())
            for name in sorted(own | set(self._subscription.topics))
        ]
        while not self._stop.is_set():
            try:
                self._log.create_topics(wanted)
            except LogUnavailable as error:
                _log.warning("log.unavailable", extra={"reason": error.detail})
                self._stop.wait(1.0)
            else:
                return

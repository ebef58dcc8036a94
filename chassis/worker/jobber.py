"""The job loop: slow and outside work, each job done once, tried again until it is.

A job runs outside any transaction. What it changes in the end is a *completion*, stored in one
transaction with the word that the job is done: a process that dies before leaves the job to
another, one that dies after leaves nothing to do. The outside work itself may so happen twice;
handlers make that harmless (same message id, same file, same key).
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from typing import Any

from chassis import failpoints
from chassis.bus import RunsWork
from chassis.clock import jittered, monotonic
from chassis.errors import RtcmError, Unavailable
from chassis.ids import new_id
from chassis.metrics import JOBS
from chassis.mongo import jobs
from chassis.mongo.connection import DriverError
from chassis.mongo.jobs import LEASE_SECONDS, ClaimedJob
from chassis.ports import Job

_log = logging.getLogger(__name__)

Completion = Callable[[], None]
OnJob = Callable[[Job], Completion | None]
"""Does the work; returns what to store when it is done, if anything."""

_LOOK_SECONDS = 2.0
_MOST_ATTEMPTS = 12
_LONGEST_PAUSE_SECONDS = 900.0


class JobFailed(RtcmError):
    """Trying again will not help: a person has to look."""


class JobLoop:
    """Does jobs of a service one after another; several may run in one process or many."""

    def __init__(
        self,
        *,
        handlers: Mapping[str, OnJob],
        unit_of_work: RunsWork,
        wake: threading.Event,
        stop: threading.Event,
    ) -> None:
        self._handlers = handlers
        self._unit_of_work = unit_of_work
        self._wake = wake
        self._stop = stop

    def run(self) -> None:
        """Do jobs until told to stop; the one under way is finished first."""
        kinds = tuple(self._handlers)
        hopeful = True
        while not self._stop.is_set():
            self._wake.clear()
            try:
                if not hopeful:  # to look costs a server less than to try
                    pause = jobs.seconds_to_next(kinds, at_most=_LOOK_SECONDS)
                    hopeful = pause == 0 or self._wake.wait(pause)
                    continue
                job = jobs.claim(kinds)
                hopeful = job is not None
                if job is not None:
                    failpoints.reach("job.after_claim")
                    self._do(job)
            except (DriverError, Unavailable) as error:
                _log.warning("jobs.waiting", extra={"reason": type(error).__name__})
                self._stop.wait(1.0)

    def _do(self, claimed: ClaimedJob) -> None:
        with _Lease(claimed) as lease:
            try:
                completion = self._handlers[claimed.kind](lease.job)
                failpoints.reach("job.after_work")
                self._complete(claimed, completion)
            except DriverError:
                raise
            except Exception as error:
                self._failed(claimed, error)

    def _complete(self, claimed: ClaimedJob, completion: Completion | None) -> None:
        def work() -> None:
            if jobs.finish(claimed) and completion is not None:
                completion()

        self._unit_of_work.run(work, command_id=new_id())
        JOBS.labels(claimed.kind, "done").inc()
        failpoints.reach("job.after_completion")

    def _failed(self, claimed: ClaimedJob, error: Exception) -> None:
        code = error.code if isinstance(error, RtcmError) else type(error).__name__
        sentence = f"{code}: {error.detail if isinstance(error, RtcmError) else error}"
        fields = {"job": claimed.id, "attempt": claimed.attempts, "code": code}
        hopeless = isinstance(error, JobFailed) or claimed.attempts >= _MOST_ATTEMPTS
        if hopeless and not isinstance(error, Unavailable):
            jobs.give_up(claimed, error=sentence)
            JOBS.labels(claimed.kind, "failed").inc()
            _log.error("job.given_up", extra=fields, exc_info=error)
            return
        pause = min(_LONGEST_PAUSE_SECONDS, 0.5 * 2 ** min(claimed.attempts, 12))
        jobs.postpone(claimed, seconds=jittered(pause), error=sentence)
        JOBS.labels(claimed.kind, "postponed").inc()
        _log.warning("job.postponed", extra=fields, exc_info=error)


class _Lease:
    """Keeps a job ours while it runs, and lets it report progress."""

    def __init__(self, claimed: ClaimedJob) -> None:
        self._claimed = claimed
        self._lost = threading.Event()
        self._over = threading.Event()
        self._keeper = threading.Thread(
            target=self._keep, name=f"lease-{claimed.kind}", daemon=True
        )
        self.job = Job(
            kind=claimed.kind,
            key=claimed.key,
            payload=claimed.payload,
            attempt=claimed.attempts,
            report=self._report,
            cancelled=self._lost.is_set,
            progress=claimed.progress,
        )
        self._reported_at = 0.0
        self._unsaid: Mapping[str, Any] | None = None

    def __enter__(self) -> _Lease:
        self._keeper.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._keeper.join()

    def _keep(self) -> None:
        while not self._over.wait(LEASE_SECONDS / 10):
            unsaid, self._unsaid = self._unsaid, None
            self._renew(unsaid)

    def _report(self, progress: Mapping[str, Any]) -> None:
        if (
            monotonic() - self._reported_at > 0.5
        ):  # progress is for people: twice a second is plenty
            self._reported_at = monotonic()
            self._unsaid = None
            self._renew(progress)
        else:  # the keeper says it later, unless something newer comes first
            self._unsaid = progress

    def _renew(self, progress: Mapping[str, Any] | None) -> None:
        try:
            if not jobs.renew(self._claimed, progress):
                self._lost.set()
        except DriverError:
            _log.warning("job.lease_not_renewed", extra={"job": self._claimed.id})

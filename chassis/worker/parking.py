"""Redrive and skip: how an operator lets parked events go, in order and on record."""

from __future__ import annotations

from collections.abc import Callable

from chassis.access import Actor
from chassis.bus import RunsWork
from chassis.clock import wall_now
from chassis.envelope import Envelope, MalformedEvent
from chassis.errors import RtcmError, RuleViolation
from chassis.ids import new_id
from chassis.mongo import audit, inbox, parked
from chassis.mongo.inbox import Verdict
from chassis.mongo.parked import Parked
from chassis.worker.intake import Intake


class Parking:
    """Lets parked events of one service go."""

    def __init__(self, intake: Intake, unit_of_work: RunsWork) -> None:
        self._intake = intake
        self._unit_of_work = unit_of_work

    def redrive(self, parked_id: str, *, actor: Actor) -> int:
        """Take the event and all that wait behind it, in order; stop at the first that fails again.

        Returns:
            How many were taken; the aggregate flows again when none is left.

        Raises:
            NotFound: ``parked.not_found``.
            RuleViolation: ``parked.failed_again``: the first that failed, with its reason.
        """
        first = parked.get(parked_id)
        if first.mark_id is None:
            self._redrive_unread(first, actor)
            return 1
        taken = 0
        while queue := parked.queue_of(first.mark_id):
            for event in queue:
                self._retake(event, actor)
                taken += 1
        return taken

    def skip(self, parked_id: str, *, reason: str, actor: Actor) -> None:
        """Let one event go without its effects; those behind it stay until redriven.

        Raises:
            NotFound: ``parked.not_found``.
            RuleViolation: ``parked.not_first``: an earlier one of its aggregate is parked too.
        """
        event = parked.get(parked_id)
        mark = event.mark_id
        if mark is not None and parked.queue_of(mark)[0].id != event.id:
            raise RuleViolation(
                "parked.not_first", "skip or redrive the earlier event of this key first"
            )

        def work() -> None:
            if mark is not None and event.sequence is not None:
                inbox.take_parked(mark, event.sequence)
            self._settle(event, "skipped", actor, reason)

        self._unit_of_work.run(work, command_id=new_id())

    def _retake(self, event: Parked, actor: Actor) -> None:
        def settled(verdict: Verdict) -> None:
            if verdict is not Verdict.GAP:
                self._settle(event, "redriven", actor, None)

        self._guarded(
            event, lambda: self._intake.retake(Envelope.from_bytes(event.value), and_then=settled)
        )

    def _redrive_unread(self, event: Parked, actor: Actor) -> None:
        self._guarded(event, lambda: self._intake.take(Envelope.from_bytes(event.value)))
        self._unit_of_work.run(
            lambda: self._settle(event, "redriven", actor, None), command_id=new_id()
        )

    def _guarded(self, event: Parked, retake: Callable[[], Verdict]) -> None:
        try:
            verdict = retake()
        except Exception as error:
            code = error.code if isinstance(error, RtcmError) else type(error).__name__
            detail = error.detail if isinstance(error, RtcmError) else str(error)
            parked.failed_again(event.id, reason=code, detail=detail)
            if isinstance(error, RtcmError | MalformedEvent):
                raise RuleViolation("parked.failed_again", f"{code}: {detail}") from error
            raise
        if verdict is Verdict.GAP:
            raise RuleViolation(
                "parked.gap", "an earlier event of this key is neither taken nor parked"
            )

    def _settle(self, event: Parked, outcome: str, actor: Actor, reason: str | None) -> None:
        now = wall_now()
        parked.settle(event.id, outcome=outcome, by=actor.actor_id, reason=reason, at=now)
        audit.note(
            actor_id=actor.actor_id,
            action=f"parked.{outcome}",
            target=event.id,
            reason=reason,
            at=now,
        )
        # A consumer that parks one more behind the last writes the mark too: one of us repeats.
        if event.mark_id is not None and not parked.queue_of(event.mark_id):
            inbox.unblock(event.mark_id)

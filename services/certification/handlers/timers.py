"""What certification does when a time has come."""

from __future__ import annotations

from chassis.access import service_actor
from chassis.aggregate import Handle
from chassis.ports import Timer
from services.certification.domain.commands import ReachAward

_ACTOR = service_actor("certification")


def on_award_hold_over(timer: Timer, *, handle: Handle) -> None:
    """The hold window of an award is over; the timer follows the award's state, so it is held."""
    handle(ReachAward(actor=_ACTOR, award_id=timer.key))

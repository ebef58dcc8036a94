"""Interviews of a call are planned and booked by a durable job."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from chassis.access import EVERYTHING, service_actor
from chassis.aggregate import Handle
from chassis.errors import RuleViolation
from chassis.ports import Job
from services.selection.domain.commands import BookInterview
from services.selection.domain.interview import Slot
from services.selection.domain.interview_plan import InterviewPlan, PlanStatus, SeatRecord
from services.selection.domain.plan_commands import EndInterviewPlan
from services.selection.domain.ports import InterviewPlans, Register

_ACTOR = service_actor("selection")


def plan_interviews_of_call(
    job: Job, *, plans: InterviewPlans, register: Register, handle: Handle
) -> Callable[[], None] | None:
    """Book an interview for everybody the plan has a seat for.

    Safe to repeat: the plan follows from what was frozen, and who has an interview is not booked
    again. Who withdrew meanwhile is left out; their seat stays free.
    """
    plan = plans.get(job.payload["plan_id"], scope=EVERYTHING)
    if plan.status is not PlanStatus.ASKED:
        return None
    from services.selection.domain.interviewing.planning import plan_call

    planned = plan_call(plan)
    people = [candidate.application_id for candidate in plan.candidates]
    booked = {interview.application_id for interview in register.interviews(people)}
    left_out = set()
    for seat in planned.seats:
        if seat.application_id in booked:
            continue
        try:
            handle(_booking(plan, seat))
        except RuleViolation:
            left_out.add(seat.application_id)
    end = EndInterviewPlan(
        actor=_ACTOR,
        plan_id=plan.plan_id,
        planned=replace(
            planned, seats=tuple(s for s in planned.seats if s.application_id not in left_out)
        ),
    )
    return lambda: handle(end)


def _booking(plan: InterviewPlan, seat: SeatRecord) -> BookInterview:
    assert seat.application_id is not None, "a planned seat is somebody's"
    zones = {candidate.application_id: candidate.zone for candidate in plan.candidates}
    return BookInterview(
        actor=_ACTOR,
        application_id=seat.application_id,
        slot=Slot(
            starts_at=seat.starts_at,
            ends_at=seat.ends_at,
            zone=zones[seat.application_id],
            mode=seat.mode,
        ),
        panelist_ids=seat.panelist_ids,
    )

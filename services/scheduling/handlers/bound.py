"""Handlers with what they need, by what they answer: for ``wiring`` and for tests in memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from chassis.aggregate import Command, Handle
from chassis.clock import Clock
from chassis.ports import Aggregates, Jobs
from contracts.event import Event
from contracts.registration import (
    CohortAnnounced,
    CohortChanged,
    CohortCompleted,
    ParticipantEnrolled,
    ParticipantLeft,
    SubjectErasureRequested,
)
from contracts.scheduling import AttendanceRecorded, PlacementCompleted, TimetableReleased
from services.scheduling.domain import commands
from services.scheduling.domain.cohort import Cohort
from services.scheduling.domain.curriculum import Curriculum
from services.scheduling.domain.erasure import Erasure
from services.scheduling.domain.member import Member
from services.scheduling.domain.placement import Placement
from services.scheduling.domain.ports import (
    History,
    Resources,
    Roster,
    Sessions,
    TiedPlans,
    Traces,
)
from services.scheduling.domain.register import Register
from services.scheduling.domain.room import Room
from services.scheduling.domain.session import Session
from services.scheduling.domain.timetable import Timetable
from services.scheduling.domain.trainer import Trainer
from services.scheduling.domain.work_plan import WorkPlan
from services.scheduling.handlers import (
    attendance,
    cohorts,
    curricula,
    erasure,
    events,
    placements,
    releases,
    resources,
    timetables,
    work_plans,
)
from services.scheduling.handlers.attendance import Registers
from services.scheduling.handlers.snapshots import Snapshots

CommandHandlers = Mapping[type[Command], Callable[[Any], Any]]


@dataclass(frozen=True, kw_only=True)
class Shelves:
    """All aggregates of scheduling."""

    cohorts: Aggregates[Cohort]
    members: Aggregates[Member]
    curricula: Aggregates[Curriculum]
    trainers: Aggregates[Trainer]
    rooms: Aggregates[Room]
    timetables: Aggregates[Timetable]
    sessions: Aggregates[Session]
    registers: Aggregates[Register]
    placements: Aggregates[Placement]
    work_plans: Aggregates[WorkPlan]
    erasures: Aggregates[Erasure]


@dataclass(frozen=True, kw_only=True)
class Lookups:
    """What handlers read beside single aggregates."""

    resources: Resources
    roster: Roster
    sessions: Sessions
    traces: Traces
    tied_plans: TiedPlans
    history: History


def command_handlers(
    shelves: Shelves, lookups: Lookups, *, snapshots: Snapshots, jobs: Jobs, clock: Clock
) -> CommandHandlers:
    """Command class -> its handler."""
    return {
        **_people_and_things(shelves, lookups, clock),
        **_planning(shelves, lookups, snapshots, jobs, clock),
        **_follow_up(shelves, lookups, clock),
    }


def event_handlers(handle: Handle) -> Mapping[type[Event], Callable[[Any], None]]:
    """Heard event class -> its handler."""
    heard: dict[type[Event], Callable[..., None]] = {
        CohortAnnounced: events.on_cohort_announced,
        CohortChanged: events.on_cohort_changed,
        CohortCompleted: events.on_cohort_completed,
        ParticipantEnrolled: events.on_participant_enrolled,
        ParticipantLeft: events.on_participant_left,
        SubjectErasureRequested: events.on_subject_erasure_requested,
        TimetableReleased: events.on_timetable_released,
        AttendanceRecorded: events.on_attendance_recorded,
        PlacementCompleted: events.on_placement_completed,
    }
    return {event: partial(handler, handle=handle) for event, handler in heard.items()}


def job_handlers(
    shelves: Shelves, *, snapshots: Snapshots, handle: Handle
) -> Mapping[str, Callable[[Any], Callable[[], None]]]:
    """Kind of job -> its handler."""
    parts: dict[str, Any] = {
        "timetables": shelves.timetables,
        "snapshots": snapshots,
        "handle": handle,
    }

    def solve(job: Any) -> Callable[[], None]:
        from services.scheduling.handlers.solving import run_solving

        return run_solving(job, **parts)

    def repair(job: Any) -> Callable[[], None]:
        from services.scheduling.handlers.solving import run_repair

        return run_repair(job, **parts)

    return {timetables.SOLVE: solve, releases.REPAIR: repair}


def _people_and_things(shelves: Shelves, lookups: Lookups, clock: Clock) -> CommandHandlers:
    return {
        commands.AdoptCohort: partial(cohorts.adopt_cohort, cohorts=shelves.cohorts),
        commands.ChangeCohort: partial(cohorts.change_cohort, cohorts=shelves.cohorts),
        commands.CompleteCohort: partial(cohorts.complete_cohort, cohorts=shelves.cohorts),
        commands.SetMeetingTerms: partial(cohorts.set_meeting_terms, cohorts=shelves.cohorts),
        commands.AddMember: partial(
            cohorts.add_member, members=shelves.members, erasures=shelves.erasures
        ),
        commands.EndMembership: partial(cohorts.end_membership, members=shelves.members),
        commands.ForgetSubject: partial(
            erasure.forget_subject,
            erasures=shelves.erasures,
            members=shelves.members,
            placements=shelves.placements,
            trainers=shelves.trainers,
            traces=lookups.traces,
            clock=clock,
        ),
        commands.ReviseCurriculum: partial(
            curricula.revise_curriculum, curricula=shelves.curricula, cohorts=shelves.cohorts
        ),
        commands.PublishCurriculum: partial(
            curricula.publish_curriculum, curricula=shelves.curricula, clock=clock
        ),
        commands.RequestTrainer: partial(resources.request_trainer, trainers=shelves.trainers),
        commands.ConfirmTrainer: partial(
            resources.confirm_trainer, trainers=shelves.trainers, clock=clock
        ),
        commands.WithdrawTrainer: partial(resources.withdraw_trainer, trainers=shelves.trainers),
        commands.SetTrainerAvailability: partial(
            resources.set_trainer_availability, trainers=shelves.trainers
        ),
        commands.AddRoom: partial(resources.add_room, rooms=shelves.rooms),
        commands.RefitRoom: partial(resources.refit_room, rooms=shelves.rooms),
    }


def _planning(
    shelves: Shelves, lookups: Lookups, snapshots: Snapshots, jobs: Jobs, clock: Clock
) -> CommandHandlers:
    only: dict[str, Any] = {"timetables": shelves.timetables}
    with_jobs: dict[str, Any] = {**only, "jobs": jobs}
    moving: dict[str, Any] = {
        **only,
        "sessions": shelves.sessions,
        "roster": lookups.roster,
        "snapshots": snapshots,
        "clock": clock,
    }
    return {
        commands.DraftTimetable: partial(
            timetables.draft_timetable,
            timetables=shelves.timetables,
            cohorts=shelves.cohorts,
            curricula=shelves.curricula,
        ),
        commands.PinSession: partial(timetables.pin_session, **only),
        commands.UnpinSession: partial(timetables.unpin_session, **only),
        commands.SolveTimetable: partial(timetables.solve_timetable, **with_jobs),
        commands.GiveUpSolving: partial(timetables.give_up_solving, **with_jobs),
        commands.TakePlan: partial(timetables.take_plan, **only),
        commands.TakeObstacles: partial(timetables.take_obstacles, **only),
        commands.ReleaseTimetable: partial(
            releases.release_timetable,
            timetables=shelves.timetables,
            sessions=shelves.sessions,
            released=lookups.sessions,
            cohorts=shelves.cohorts,
            snapshots=snapshots,
            clock=clock,
        ),
        commands.MoveSession: partial(releases.move_session, **moving),
        commands.TakeRepair: partial(releases.take_repair, **moving),
        commands.RepairTimetable: partial(releases.repair_timetable, **with_jobs),
        commands.CancelRepair: partial(releases.cancel_repair, **with_jobs),
        commands.NoteRepairObstacles: partial(releases.note_repair_obstacles, **only),
        commands.CancelSession: partial(
            releases.cancel_session,
            timetables=shelves.timetables,
            sessions=shelves.sessions,
            clock=clock,
        ),
    }


def _follow_up(shelves: Shelves, lookups: Lookups, clock: Clock) -> CommandHandlers:
    registers = Registers(
        registers=shelves.registers, sessions=shelves.sessions, roster=lookups.roster
    )
    plans: dict[str, Any] = {"work_plans": shelves.work_plans, "clock": clock}
    return {
        commands.NoteEvidence: partial(attendance.note_evidence, registers=registers),
        commands.NoteOnlineLog: partial(attendance.note_online_log, registers=registers),
        commands.ExcuseParticipant: partial(attendance.excuse_participant, registers=registers),
        commands.RecordAttendance: partial(
            attendance.record_attendance, registers=registers, clock=clock
        ),
        commands.CorrectAttendance: partial(
            attendance.correct_attendance, registers=registers, clock=clock
        ),
        commands.PlanPlacement: partial(
            placements.plan_placement, placements=shelves.placements, members=shelves.members
        ),
        commands.CompletePlacement: partial(
            placements.complete_placement, placements=shelves.placements, clock=clock
        ),
        commands.CancelPlacement: partial(
            placements.cancel_placement, placements=shelves.placements
        ),
        commands.ImportWorkPlan: partial(
            work_plans.import_work_plan, work_plans=shelves.work_plans
        ),
        commands.SignWorkPlan: partial(work_plans.sign_work_plan, **plans),
        commands.TieWorkPlanItem: partial(
            work_plans.tie_work_plan_item, **plans, history=lookups.history
        ),
        commands.ReportWorkPlanItem: partial(work_plans.report_work_plan_item, **plans),
        commands.CountInWorkPlans: partial(
            work_plans.count_in_work_plans, **plans, tied=lookups.tied_plans
        ),
    }

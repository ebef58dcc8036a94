"""The one place where scheduling's parts are joined."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from chassis.aggregate import Command
from chassis.mongo import jobs
from chassis.running import Parts, Platform
from contracts.registration import (
    CohortAnnounced,
    CohortChanged,
    CohortCompleted,
    ParticipantEnrolled,
    ParticipantLeft,
    SubjectErasureRequested,
)
from contracts.scheduling import AttendanceRecorded, PlacementCompleted, TimetableReleased
from services.scheduling.api.cohorts import cohorts_blueprint
from services.scheduling.api.curricula import curricula_blueprint
from services.scheduling.api.placements import placements_blueprint
from services.scheduling.api.reads import Reads
from services.scheduling.api.resources import rooms_blueprint, trainers_blueprint
from services.scheduling.api.sessions import sessions_blueprint
from services.scheduling.api.timetables import timetables_blueprint
from services.scheduling.api.work_plans import work_plans_blueprint
from services.scheduling.domain import commands
from services.scheduling.handlers import (
    attendance,
    cohorts,
    curricula,
    erasure,
    events,
    placements,
    releases,
    resources,
    solving,
    timetables,
    work_plans,
)
from services.scheduling.handlers.attendance import Registers
from services.scheduling.handlers.readings import CalendarFeeds, TimetableJudge
from services.scheduling.handlers.snapshots import Snapshots
from services.scheduling.settings import SchedulingSettings
from services.scheduling.storage import documents, queries
from services.scheduling.storage.repositories import Repositories, repositories

Handlers = Mapping[type[Command], Callable[[Any], Any]]


def build(platform: Platform[SchedulingSettings]) -> Parts:
    """Join the service's parts."""
    stores = repositories(platform)
    found = queries.MongoResources()
    snapshots = Snapshots(cohorts=stores.cohorts, resources=found, clock=platform.clock)
    handle = platform.bus(
        {
            **_people_and_things(platform, stores),
            **_planning(platform, stores, snapshots),
            **_follow_up(platform, stores),
        }
    )
    reads = _reads(stores, snapshots, found)
    solve_with: dict[str, Any] = {
        "timetables": stores.timetables,
        "snapshots": snapshots,
        "handle": handle,
    }
    return Parts(
        documents=documents.DOCUMENTS,
        blueprints=[
            blueprint(handle, reads)
            for blueprint in (
                cohorts_blueprint,
                curricula_blueprint,
                trainers_blueprint,
                rooms_blueprint,
                timetables_blueprint,
                sessions_blueprint,
                placements_blueprint,
                work_plans_blueprint,
            )
        ],
        on_event={
            event: partial(heard, handle=handle)
            for event, heard in (
                (CohortAnnounced, events.on_cohort_announced),
                (CohortChanged, events.on_cohort_changed),
                (CohortCompleted, events.on_cohort_completed),
                (ParticipantEnrolled, events.on_participant_enrolled),
                (ParticipantLeft, events.on_participant_left),
                (SubjectErasureRequested, events.on_subject_erasure_requested),
                (TimetableReleased, events.on_timetable_released),
                (AttendanceRecorded, events.on_attendance_recorded),
                (PlacementCompleted, events.on_placement_completed),
            )
        },
        on_job={
            timetables.SOLVE: partial(solving.run_solving, **solve_with),
            releases.REPAIR: partial(solving.run_repair, **solve_with),
        },
    )


def _people_and_things(platform: Platform[Any], stores: Repositories) -> Handlers:
    clock = platform.clock
    return {
        commands.AdoptCohort: partial(cohorts.adopt_cohort, cohorts=stores.cohorts),
        commands.ChangeCohort: partial(cohorts.change_cohort, cohorts=stores.cohorts),
        commands.CompleteCohort: partial(cohorts.complete_cohort, cohorts=stores.cohorts),
        commands.SetMeetingTerms: partial(cohorts.set_meeting_terms, cohorts=stores.cohorts),
        commands.AddMember: partial(
            cohorts.add_member, members=stores.members, erasures=stores.erasures
        ),
        commands.EndMembership: partial(cohorts.end_membership, members=stores.members),
        commands.ForgetSubject: partial(
            erasure.forget_subject,
            erasures=stores.erasures,
            members=stores.members,
            placements=stores.placements,
            trainers=stores.trainers,
            traces=queries.MongoTraces(stores),
            clock=clock,
        ),
        commands.ReviseCurriculum: partial(
            curricula.revise_curriculum, curricula=stores.curricula, cohorts=stores.cohorts
        ),
        commands.PublishCurriculum: partial(
            curricula.publish_curriculum, curricula=stores.curricula, clock=clock
        ),
        commands.RequestTrainer: partial(resources.request_trainer, trainers=stores.trainers),
        commands.ConfirmTrainer: partial(
            resources.confirm_trainer, trainers=stores.trainers, clock=clock
        ),
        commands.WithdrawTrainer: partial(resources.withdraw_trainer, trainers=stores.trainers),
        commands.SetTrainerAvailability: partial(
            resources.set_trainer_availability, trainers=stores.trainers
        ),
        commands.AddRoom: partial(resources.add_room, rooms=stores.rooms),
        commands.RefitRoom: partial(resources.refit_room, rooms=stores.rooms),
    }


def _planning(platform: Platform[Any], stores: Repositories, snapshots: Snapshots) -> Handlers:
    clock = platform.clock
    only: dict[str, Any] = {"timetables": stores.timetables}
    with_jobs: dict[str, Any] = {**only, "jobs": platform.jobs}
    moving: dict[str, Any] = {
        **only,
        "sessions": stores.sessions,
        "roster": queries.MongoRoster(),
        "snapshots": snapshots,
        "clock": clock,
    }
    return {
        commands.DraftTimetable: partial(
            timetables.draft_timetable,
            timetables=stores.timetables,
            cohorts=stores.cohorts,
            curricula=stores.curricula,
        ),
        commands.PinSession: partial(timetables.pin_session, **only),
        commands.UnpinSession: partial(timetables.unpin_session, **only),
        commands.SolveTimetable: partial(timetables.solve_timetable, **with_jobs),
        commands.GiveUpSolving: partial(timetables.give_up_solving, **with_jobs),
        commands.TakePlan: partial(timetables.take_plan, **only),
        commands.TakeObstacles: partial(timetables.take_obstacles, **only),
        commands.ReleaseTimetable: partial(
            releases.release_timetable,
            timetables=stores.timetables,
            sessions=stores.sessions,
            released=queries.MongoSessions(stores.sessions),
            cohorts=stores.cohorts,
            snapshots=snapshots,
            clock=clock,
        ),
        commands.MoveSession: partial(releases.move_session, **moving),
        commands.TakeRepair: partial(releases.take_repair, **moving),
        commands.RepairTimetable: partial(releases.repair_timetable, **with_jobs),
        commands.NoteRepairObstacles: partial(releases.note_repair_obstacles, **only),
        commands.CancelSession: partial(
            releases.cancel_session,
            timetables=stores.timetables,
            sessions=stores.sessions,
            clock=clock,
        ),
    }


def _follow_up(platform: Platform[Any], stores: Repositories) -> Handlers:
    clock = platform.clock
    registers = Registers(
        registers=stores.registers, sessions=stores.sessions, roster=queries.MongoRoster()
    )
    plans: dict[str, Any] = {"work_plans": stores.work_plans, "clock": clock}
    return {
        commands.NoteEvidence: partial(attendance.note_evidence, registers=registers),
        commands.ExcuseParticipant: partial(attendance.excuse_participant, registers=registers),
        commands.RecordAttendance: partial(
            attendance.record_attendance, registers=registers, clock=clock
        ),
        commands.CorrectAttendance: partial(
            attendance.correct_attendance, registers=registers, clock=clock
        ),
        commands.PlanPlacement: partial(
            placements.plan_placement, placements=stores.placements, members=stores.members
        ),
        commands.CompletePlacement: partial(
            placements.complete_placement, placements=stores.placements, clock=clock
        ),
        commands.CancelPlacement: partial(
            placements.cancel_placement, placements=stores.placements
        ),
        commands.ImportWorkPlan: partial(work_plans.import_work_plan, work_plans=stores.work_plans),
        commands.SignWorkPlan: partial(work_plans.sign_work_plan, **plans),
        commands.TieWorkPlanItem: partial(
            work_plans.tie_work_plan_item, **plans, history=queries.MongoHistory()
        ),
        commands.ReportWorkPlanItem: partial(work_plans.report_work_plan_item, **plans),
        commands.CountInWorkPlans: partial(
            work_plans.count_in_work_plans, **plans, tied=queries.MongoTiedPlans()
        ),
    }


def _reads(stores: Repositories, snapshots: Snapshots, found: queries.MongoResources) -> Reads:
    return Reads(
        cohorts=queries.Stored(documents.CohortDocument, "cohort"),
        members=queries.Stored(documents.MemberDocument, "member"),
        curricula=queries.Stored(documents.CurriculumDocument, "curriculum"),
        trainers=queries.Stored(documents.TrainerDocument, "trainer"),
        rooms=queries.Stored(documents.RoomDocument, "room"),
        timetables=queries.Stored(documents.TimetableDocument, "timetable"),
        sessions=queries.Stored(documents.SessionDocument, "session"),
        registers=queries.Stored(documents.RegisterDocument, "register"),
        placements=queries.Stored(documents.PlacementDocument, "placement"),
        work_plans=queries.Stored(documents.WorkPlanDocument, "workplan"),
        judge=TimetableJudge(
            timetables=stores.timetables, snapshots=snapshots, job_state=jobs.state_of
        ),
        calendars=CalendarFeeds(
            cohorts=stores.cohorts,
            members=stores.members,
            sessions=queries.MongoCohortSessions(),
            resources=found,
        ),
    )

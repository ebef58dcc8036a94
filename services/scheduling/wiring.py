"""The one place where scheduling's parts are joined."""

from __future__ import annotations

from chassis.mongo import jobs
from chassis.running import Parts, Platform
from services.scheduling.api.cohorts import cohorts_blueprint
from services.scheduling.api.curricula import curricula_blueprint
from services.scheduling.api.online_logs import online_logs_blueprint
from services.scheduling.api.placements import placements_blueprint
from services.scheduling.api.reads import Reads
from services.scheduling.api.resources import rooms_blueprint, trainers_blueprint
from services.scheduling.api.sessions import sessions_blueprint
from services.scheduling.api.timetables import timetables_blueprint
from services.scheduling.api.work_plans import work_plans_blueprint
from services.scheduling.handlers.bound import (
    Lookups,
    Shelves,
    command_handlers,
    event_handlers,
    job_handlers,
)
from services.scheduling.handlers.readings import CalendarFeeds, TimetableJudge
from services.scheduling.handlers.snapshots import Snapshots
from services.scheduling.settings import SchedulingSettings
from services.scheduling.storage import documents, queries
from services.scheduling.storage.repositories import repositories

_BLUEPRINTS = (
    cohorts_blueprint,
    curricula_blueprint,
    trainers_blueprint,
    rooms_blueprint,
    timetables_blueprint,
    sessions_blueprint,
    online_logs_blueprint,
    placements_blueprint,
    work_plans_blueprint,
)


def build(platform: Platform[SchedulingSettings]) -> Parts:
    """Join the service's parts."""
    shelves = repositories(platform)
    found = queries.MongoResources()
    snapshots = Snapshots(cohorts=shelves.cohorts, resources=found, clock=platform.clock)
    lookups = Lookups(
        resources=found,
        roster=queries.MongoRoster(),
        sessions=queries.MongoSessions(shelves.sessions),
        traces=queries.MongoTraces(shelves),
        tied_plans=queries.MongoTiedPlans(),
        history=queries.MongoHistory(),
    )
    handle = platform.bus(
        command_handlers(
            shelves, lookups, snapshots=snapshots, jobs=platform.jobs, clock=platform.clock
        )
    )
    reads = _reads(shelves, snapshots, found)
    return Parts(
        documents=documents.DOCUMENTS,
        blueprints=[blueprint(handle, reads) for blueprint in _BLUEPRINTS],
        on_event=event_handlers(handle),
        on_job=job_handlers(shelves, snapshots=snapshots, handle=handle),
    )


def _reads(shelves: Shelves, snapshots: Snapshots, found: queries.MongoResources) -> Reads:
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
            timetables=shelves.timetables, snapshots=snapshots, job_state=jobs.state_of
        ),
        calendars=CalendarFeeds(
            cohorts=shelves.cohorts,
            members=shelves.members,
            sessions=queries.MongoCohortSessions(),
            resources=found,
        ),
    )

"""One repository per aggregate; each publishes on its own topic."""

from __future__ import annotations

from typing import Any

from chassis.running import Platform
from services.scheduling.domain.cohort import Cohort
from services.scheduling.domain.curriculum import Curriculum
from services.scheduling.domain.erasure import Erasure
from services.scheduling.domain.member import Member
from services.scheduling.domain.placement import Placement
from services.scheduling.domain.register import Register
from services.scheduling.domain.room import Room
from services.scheduling.domain.session import Session
from services.scheduling.domain.timetable import Timetable
from services.scheduling.domain.trainer import Trainer
from services.scheduling.domain.work_plan import WorkPlan
from services.scheduling.handlers.bound import Shelves
from services.scheduling.storage.documents import (
    CohortDocument,
    CurriculumDocument,
    ErasureDocument,
    MemberDocument,
    PlacementDocument,
    RegisterDocument,
    RoomDocument,
    SessionDocument,
    TimetableDocument,
    TrainerDocument,
    WorkPlanDocument,
)


def repositories(platform: Platform[Any]) -> Shelves:
    """Build them; aggregates that announce nothing have a topic that is never used."""
    return Shelves(
        cohorts=platform.repository(
            aggregate=Cohort,
            document=CohortDocument,
            id_field="cohort_id",
            name="cohort",
            topic="rtcm.scheduling.cohort",
        ),
        members=platform.repository(
            aggregate=Member,
            document=MemberDocument,
            id_field="participant_id",
            name="member",
            topic="rtcm.scheduling.member",
        ),
        curricula=platform.repository(
            aggregate=Curriculum,
            document=CurriculumDocument,
            id_field="curriculum_id",
            name="curriculum",
            topic="rtcm.scheduling.curriculum",
        ),
        trainers=platform.repository(
            aggregate=Trainer,
            document=TrainerDocument,
            id_field="trainer_id",
            name="trainer",
            topic="rtcm.scheduling.trainer",
        ),
        rooms=platform.repository(
            aggregate=Room,
            document=RoomDocument,
            id_field="room_id",
            name="room",
            topic="rtcm.scheduling.room",
        ),
        timetables=platform.repository(
            aggregate=Timetable,
            document=TimetableDocument,
            id_field="timetable_id",
            name="timetable",
            topic="rtcm.scheduling.timetable",
        ),
        sessions=platform.repository(
            aggregate=Session,
            document=SessionDocument,
            id_field="session_id",
            name="session",
            topic="rtcm.scheduling.session",
        ),
        registers=platform.repository(
            aggregate=Register,
            document=RegisterDocument,
            id_field="register_id",
            name="register",
            topic="rtcm.scheduling.attendance",
        ),
        placements=platform.repository(
            aggregate=Placement,
            document=PlacementDocument,
            id_field="placement_id",
            name="placement",
            topic="rtcm.scheduling.placement",
        ),
        work_plans=platform.repository(
            aggregate=WorkPlan,
            document=WorkPlanDocument,
            id_field="workplan_id",
            name="workplan",
            topic="rtcm.scheduling.workplan",
        ),
        erasures=platform.repository(
            aggregate=Erasure,
            document=ErasureDocument,
            id_field="erasure_id",
            name="erasure",
            topic="rtcm.scheduling.erasure",
        ),
    )

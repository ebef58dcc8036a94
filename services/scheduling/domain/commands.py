"""Everything that can be asked of scheduling."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from chassis.aggregate import Command
from chassis.language_map import LanguageMap
from services.scheduling.domain.availability import ALWAYS, Availability
from services.scheduling.domain.cohort import MeetingTerms
from services.scheduling.domain.curriculum import Part, Training
from services.scheduling.domain.presence import Evidence
from services.scheduling.domain.register import Attendance
from services.scheduling.domain.solver.problem import Placed
from services.scheduling.domain.timetable import Solution
from services.scheduling.domain.work_plan import ProgressRule, WorkPlanItem


@dataclass(frozen=True, kw_only=True)
class AdoptCohort(Command):
    """Keep what registration announced."""

    cohort_id: str
    country_code: str
    country_codes: tuple[str, ...]
    titles: LanguageMap
    starts_on: date
    ends_on: date
    zone: str
    delivery: str
    language_code: str
    seat_count: int


@dataclass(frozen=True, kw_only=True)
class ChangeCohort(Command):
    """Keep what registration changed."""

    cohort_id: str
    starts_on: date
    ends_on: date
    zone: str
    delivery: str


@dataclass(frozen=True, kw_only=True)
class CompleteCohort(Command):
    """Nothing more is taught in it."""

    cohort_id: str


@dataclass(frozen=True, kw_only=True)
class SetMeetingTerms(Command):
    """Say when a cohort can meet."""

    cohort_id: str
    terms: MeetingTerms


@dataclass(frozen=True, kw_only=True)
class AddMember(Command):
    """Put an enrolled participant on the roster."""

    participant_id: str
    cohort_id: str
    country_code: str
    subject_id: str
    enrolled_at: datetime


@dataclass(frozen=True, kw_only=True)
class EndMembership(Command):
    """Take a participant who left off the roster of later sessions."""

    participant_id: str
    left_at: datetime


@dataclass(frozen=True, kw_only=True)
class ForgetSubject(Command):
    """Remove every link to a person and confirm it."""

    subject_id: str
    country_code: str


@dataclass(frozen=True, kw_only=True)
class ReviseCurriculum(Command):
    """Write the draft of a cohort's curriculum; the first time creates it."""

    curriculum_id: str
    cohort_id: str
    parts: tuple[Part, ...]
    trainings: tuple[Training, ...]


@dataclass(frozen=True, kw_only=True)
class PublishCurriculum(Command):
    """Fix the draft as the next version."""

    curriculum_id: str


@dataclass(frozen=True, kw_only=True)
class RequestTrainer(Command):
    """Ask an organisation for a trainer."""

    trainer_id: str
    country_code: str
    kind_code: str
    organisation_code: str
    language_codes: tuple[str, ...]
    subject_id: str | None = None
    availability: Availability = ALWAYS


@dataclass(frozen=True, kw_only=True)
class ConfirmTrainer(Command):
    """The organisation sends the trainer."""

    trainer_id: str


@dataclass(frozen=True, kw_only=True)
class WithdrawTrainer(Command):
    """The trainer cannot come any more."""

    trainer_id: str


@dataclass(frozen=True, kw_only=True)
class SetTrainerAvailability(Command):
    """Say when the trainer can be had."""

    trainer_id: str
    availability: Availability


@dataclass(frozen=True, kw_only=True)
class AddRoom(Command):
    """Take a room into the list."""

    room_id: str
    room_code: str
    country_code: str
    titles: LanguageMap
    kind_code: str
    seat_count: int
    availability: Availability = ALWAYS


@dataclass(frozen=True, kw_only=True)
class RefitRoom(Command):
    """Change what a room offers."""

    room_id: str
    kind_code: str
    seat_count: int
    availability: Availability


@dataclass(frozen=True, kw_only=True)
class DraftTimetable(Command):
    """Begin the timetable of a cohort from a published curriculum version."""

    timetable_id: str
    cohort_id: str
    curriculum_id: str
    curriculum_version: int | None = None


@dataclass(frozen=True, kw_only=True)
class PinSession(Command):
    """Keep a session where a person wants it."""

    timetable_id: str
    session_id: str
    starts_at: datetime
    trainer_id: str | None = None
    room_code: str | None = None


@dataclass(frozen=True, kw_only=True)
class UnpinSession(Command):
    """Leave a session to the engine again."""

    timetable_id: str
    session_id: str


@dataclass(frozen=True, kw_only=True)
class SolveTimetable(Command):
    """Have a plan made, as a durable job."""

    timetable_id: str
    seed: int = 0
    work: float = 20.0


@dataclass(frozen=True, kw_only=True)
class GiveUpSolving(Command):
    """Stop waiting for a plan."""

    timetable_id: str


@dataclass(frozen=True, kw_only=True)
class TakePlan(Command):
    """The engine found a plan."""

    timetable_id: str
    solving_number: int
    placed: tuple[Placed, ...]
    solution: Solution


@dataclass(frozen=True, kw_only=True)
class TakeObstacles(Command):
    """The engine found none, and says why."""

    timetable_id: str
    solving_number: int
    sentences: tuple[LanguageMap, ...]


@dataclass(frozen=True, kw_only=True)
class ReleaseTimetable(Command):
    """Make the proposal hold for everybody."""

    timetable_id: str


@dataclass(frozen=True, kw_only=True)
class MoveSession(Command):
    """Give a released session the place a person chose."""

    timetable_id: str
    session_id: str
    starts_at: datetime
    reason_code: str
    trainer_id: str | None = None
    room_code: str | None = None


@dataclass(frozen=True, kw_only=True)
class RepairTimetable(Command):
    """Have the engine move a released session and as few others as possible, as a durable job."""

    timetable_id: str
    session_id: str
    reason_code: str
    repair_id: str
    starts_at: datetime | None = None
    seed: int = 0
    work: float = 20.0


@dataclass(frozen=True, kw_only=True)
class CancelRepair(Command):
    """Ask for a repair no more."""

    timetable_id: str
    repair_id: str


@dataclass(frozen=True, kw_only=True)
class TakeRepair(Command):
    """The engine found other places for some sessions."""

    timetable_id: str
    placed: tuple[Placed, ...]
    reason_code: str


@dataclass(frozen=True, kw_only=True)
class NoteRepairObstacles(Command):
    """The engine found no other places, and says why."""

    timetable_id: str
    sentences: tuple[LanguageMap, ...]


@dataclass(frozen=True, kw_only=True)
class CancelSession(Command):
    """A released session does not take place."""

    timetable_id: str
    session_id: str
    reason_code: str


@dataclass(frozen=True, kw_only=True)
class NoteEvidence(Command):
    """Add what a source says about who was at a session."""

    session_id: str
    evidence: tuple[Evidence, ...]


class NoteOnlineLog(NoteEvidence):
    """The same from a meeting's log, which has to be of the session's time."""


@dataclass(frozen=True, kw_only=True)
class ExcuseParticipant(Command):
    """Absence with leave."""

    session_id: str
    participant_id: str


@dataclass(frozen=True, kw_only=True)
class RecordAttendance(Command):
    """Close the register of a session."""

    session_id: str


@dataclass(frozen=True, kw_only=True)
class CorrectAttendance(Command):
    """Put one entry of a closed register right."""

    session_id: str
    corrected: Attendance
    reason_code: str


@dataclass(frozen=True, kw_only=True)
class PlanPlacement(Command):
    """Agree on a participant's time in a unit."""

    placement_id: str
    participant_id: str
    unit_code: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True, kw_only=True)
class CompletePlacement(Command):
    """The unit confirms the time."""

    placement_id: str
    minutes: int


@dataclass(frozen=True, kw_only=True)
class CancelPlacement(Command):
    """It does not take place."""

    placement_id: str


@dataclass(frozen=True, kw_only=True)
class ImportWorkPlan(Command):
    """Take over an annual activity plan."""

    workplan_id: str
    country_code: str
    year: int
    organisation: LanguageMap
    items: tuple[WorkPlanItem, ...]


@dataclass(frozen=True, kw_only=True)
class SignWorkPlan(Command):
    """The head signs."""

    workplan_id: str


@dataclass(frozen=True, kw_only=True)
class TieWorkPlanItem(Command):
    """Let a row fill itself from events."""

    workplan_id: str
    item_no: str
    rule: ProgressRule


@dataclass(frozen=True, kw_only=True)
class ReportWorkPlanItem(Command):
    """Set a row's progress by hand."""

    workplan_id: str
    item_no: str
    progress_percent: int


@dataclass(frozen=True, kw_only=True)
class CountInWorkPlans(Command):
    """Let something that happened move the rows tied to it."""

    counts: str
    cause_id: str
    cohort_id: str

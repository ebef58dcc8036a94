"""Answers to questions that need the domain: is the plan still sound, what stands in calendars."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from chassis.access import EVERYTHING, Scope
from chassis.errors import NotFound
from chassis.language_map import text_in
from chassis.ports import Aggregates
from services.scheduling.domain.cohort import Cohort
from services.scheduling.domain.feed import FeedEntry, calendar_feed
from services.scheduling.domain.member import Member
from services.scheduling.domain.ports import CohortSessions, Resources
from services.scheduling.domain.session import Session, SessionStatus
from services.scheduling.domain.solver.check import check
from services.scheduling.domain.solver.problem import Plan
from services.scheduling.domain.timetable import Timetable
from services.scheduling.handlers.snapshots import Snapshots

JobState = Callable[[str, str], Mapping[str, Any] | None]
"""Kind and key of a job -> its row, or ``None``."""


class TimetableJudge:
    """Looks at timetables as things stand now."""

    def __init__(
        self, *, timetables: Aggregates[Timetable], snapshots: Snapshots, job_state: JobState
    ) -> None:
        self._timetables = timetables
        self._snapshots = snapshots
        self._job_state = job_state

    def violations(self, timetable_id: str, *, scope: Scope) -> Sequence[Mapping[str, Any]]:
        """Rules that the proposal, or else the released plan, breaks.

        Raises:
            NotFound: ``timetable.not_found``.
        """
        timetable = self._timetables.get(timetable_id, scope=scope)
        plan = Plan(placed=timetable.proposal or timetable.placed)
        return [
            {
                "rule": each.rule.value,
                "session_ids": list(each.session_ids),
                "sentence": each.sentence,
            }
            for each in check(self._snapshots.of(timetable), plan)
        ]

    def job(self, timetable_id: str, kind: str, key: str, *, scope: Scope) -> Mapping[str, Any]:
        """How far a job of the timetable is.

        Raises:
            NotFound: ``timetable.not_found`` or ``job.not_found``.
        """
        self._timetables.get(timetable_id, scope=scope)
        row = self._job_state(kind, key)
        if row is None or row["payload"]["timetable_id"] != timetable_id:
            raise NotFound("job.not_found", "nothing like that was asked for")
        progress = row.get("progress") or {}
        return {
            "status": row["status"],
            "attempts": row["attempts"],
            "cost": progress.get("cost"),
            "bound": progress.get("bound"),
            "percent": progress.get("percent"),
            "moves": progress.get("moves"),
            "last_error": row.get("last_error"),
        }


class CalendarFeeds:
    """Sessions as iCalendar."""

    def __init__(
        self,
        *,
        cohorts: Aggregates[Cohort],
        members: Aggregates[Member],
        sessions: CohortSessions,
        resources: Resources,
    ) -> None:
        self._cohorts = cohorts
        self._members = members
        self._sessions = sessions
        self._resources = resources

    def of_cohort(self, cohort_id: str, *, scope: Scope, language_code: str) -> bytes:
        """All sessions of a cohort.

        Raises:
            NotFound: ``cohort.not_found``.
        """
        cohort = self._cohorts.get(cohort_id, scope=scope)
        return self._feed(cohort, self._sessions.of_cohort(cohort_id), language_code)

    def of_participant(self, participant_id: str, *, scope: Scope, language_code: str) -> bytes:
        """The sessions one participant belongs to.

        Raises:
            NotFound: ``member.not_found``.
        """
        member = self._members.get(participant_id, scope=scope)
        cohort = self._cohorts.get(member.cohort_id, scope=EVERYTHING)
        held = self._sessions.of_cohort(member.cohort_id)
        attended = [each for each in held if member.attends(each.starts_at)]
        return self._feed(cohort, attended, language_code)

    def _feed(self, cohort: Cohort, sessions: Sequence[Session], language_code: str) -> bytes:
        countries = {*cohort.country_codes, cohort.country_code}
        rooms = {
            room.room_code: text_in(room.titles, language_code)[0]
            for room in self._resources.rooms(countries)
        }
        entries = [
            FeedEntry(
                session_id=each.session_id,
                titles=each.titles,
                starts_at=each.starts_at,
                ends_at=each.ends_at,
                zone=each.zone,
                sequence=each.calendar_sequence,
                changed_at=each.changed_at,
                cancelled=each.status is SessionStatus.CANCELLED,
                place=rooms.get(each.room_code or ""),
            )
            for each in sessions
        ]
        return calendar_feed(entries, names=cohort.titles, language_code=language_code)

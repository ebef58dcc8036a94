"""The engine's snapshot of a timetable, as things stand now."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from chassis.access import CENTRE, EVERYTHING
from chassis.clock import Clock
from chassis.ports import Aggregates
from services.scheduling.domain.cohort import Cohort
from services.scheduling.domain.planning import problem_for
from services.scheduling.domain.ports import Resources
from services.scheduling.domain.solver.problem import Problem
from services.scheduling.domain.timetable import Timetable


class Snapshots:
    """Gathers what the engine may know.

    Reads beyond the asking person's scope on purpose: whether a trainer is free depends on
    cohorts of other countries too. Only times leave here, never whose they are.
    """

    def __init__(self, *, cohorts: Aggregates[Cohort], resources: Resources, clock: Clock) -> None:
        self._cohorts = cohorts
        self._resources = resources
        self._clock = clock

    def of(self, timetable: Timetable) -> Problem:
        """The problem of a timetable at this moment.

        Raises:
            NotFound: ``cohort.not_found``.
            RuleViolation: ``calendar.unknown_country``.
        """
        cohort = self._cohorts.get(timetable.cohort_id, scope=EVERYTHING)
        countries = {*cohort.country_codes, cohort.country_code, CENTRE}
        day = timedelta(days=1)  # a cohort's local days reach over both ends in UTC
        return problem_for(
            timetable,
            cohort=cohort,
            trainers=self._resources.trainers(countries),
            rooms=self._resources.rooms(countries),
            engagements=self._resources.engagements(
                starts_at=datetime.combine(cohort.starts_on, time(), UTC) - day,
                ends_at=datetime.combine(cohort.ends_on, time(), UTC) + 2 * day,
                but_cohort_id=cohort.cohort_id,
            ),
            now=self._clock(),
        )

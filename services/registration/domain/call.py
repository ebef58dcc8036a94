"""The window in which people apply to cohorts, and the form they fill in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from chassis.aggregate import Aggregate
from chassis.errors import RuleViolation
from chassis.language_map import LanguageMap
from contracts.registration import CallClosed, CallOpened
from services.registration.domain.cohort import Cohort
from services.registration.domain.form.definition import Form
from services.registration.domain.form.rules import check_form
from services.registration.domain.programme import require_languages

SETTLING = timedelta(seconds=10)
"""How long after the window the call is closed and counted: a form sent in the last instant may
still be on its way into the database, and a count must not miss it."""


class CallStatus(StrEnum):
    """Where a call stands."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


class Route(StrEnum):
    """How people come to a place."""

    OPEN = "open"
    NOMINATION = "nomination"


@dataclass(kw_only=True)
class Call(Aggregate):
    """An invitation to apply to one or several cohorts.

    Rules
      R1  the window ends after it begins; the grace is not told in advance and counts as open
      R2  the form changes only in draft, and is one that makes sense
      R3  it is opened once, from draft, before its window has passed
      R4  something is taken only from ``opens_at`` until just before ``closes_at`` plus grace
      R5  a person names 1 to ``preference_limit`` of its cohorts, each once, the dearest first
      R6  it is closed once, after the window
      R7  a route is taken only where the call names it
    """

    call_id: str
    cohort_ids: tuple[str, ...]
    country_code: str
    titles: LanguageMap
    routes: tuple[Route, ...]
    opens_at: datetime
    closes_at: datetime
    grace_minutes: int
    preference_limit: int
    form: Form
    status: CallStatus = CallStatus.DRAFT
    closed_at: datetime | None = None

    @classmethod
    def draft(
        cls,
        cohorts: Sequence[Cohort],
        *,
        call_id: str,
        country_code: str,
        titles: LanguageMap,
        routes: tuple[Route, ...],
        opens_at: datetime,
        closes_at: datetime,
        grace_minutes: int,
        preference_limit: int,
        form: Form,
    ) -> Call:
        """Prepare a call; nobody hears of it before ``open``.

        Raises:
            RuleViolation: ``call.window`` (R1), ``call.preference_limit`` (R5),
                ``call.text_missing``.
            InvalidBody: ``form.malformed`` (R2).
        """
        require_languages("call", titles)
        if closes_at <= opens_at:
            raise RuleViolation("call.window", "a call closes after it opens")
        if not 1 <= preference_limit <= len(cohorts):
            raise RuleViolation(
                "call.preference_limit", f"people may name 1 to {len(cohorts)} cohorts"
            )
        check_form(form)
        return cls(
            call_id=call_id,
            cohort_ids=tuple(cohort.cohort_id for cohort in cohorts),
            country_code=country_code,
            titles=titles,
            routes=routes,
            opens_at=opens_at,
            closes_at=closes_at,
            grace_minutes=grace_minutes,
            preference_limit=preference_limit,
            form=Form(version=1, sections=form.sections),
        )

    def revise_form(self, form: Form) -> None:
        """Put another form in place of the present one (R2).

        Raises:
            RuleViolation: ``call.not_draft``.
            InvalidBody: ``form.malformed``.
        """
        self._require(CallStatus.DRAFT)
        check_form(form)
        self.form = Form(version=self.form.version + 1, sections=form.sections)

    def open(self, *, now: datetime) -> None:
        """Make it public; records ``CallOpened`` (R3).

        Raises:
            RuleViolation: ``call.not_draft`` or ``call.window``.
        """
        self._require(CallStatus.DRAFT)
        if now >= self.closes_at:
            raise RuleViolation("call.window", "the window of this call has passed")
        self.status = CallStatus.OPEN
        self.record(
            CallOpened(
                call_id=self.call_id,
                cohort_ids=self.cohort_ids,
                country_code=self.country_code,
                routes=self.routes,
                opens_at=self.opens_at,
                closes_at=self.closes_at,
                grace_minutes=self.grace_minutes,
                preference_limit=self.preference_limit,
                opened_at=now,
            )
        )

    def close(
        self, *, submitted_count: int, confirmed_nomination_count: int, now: datetime
    ) -> None:
        """End it; records ``CallClosed`` with the counts of the whole call (R6).

        Raises:
            RuleViolation: ``call.not_open`` or ``call.window``.
        """
        self._require(CallStatus.OPEN)
        if now < self.ends_at:
            raise RuleViolation("call.window", "the window of this call has not passed")
        self.status = CallStatus.CLOSED
        self.closed_at = self.ends_at
        self.record(
            CallClosed(
                call_id=self.call_id,
                cohort_ids=self.cohort_ids,
                country_code=self.country_code,
                closed_at=self.ends_at,
                submitted_count=submitted_count,
                confirmed_nomination_count=confirmed_nomination_count,
            )
        )

    @property
    def ends_at(self) -> datetime:
        """The first instant at which nothing is taken any more."""
        return self.closes_at + timedelta(minutes=self.grace_minutes)

    @property
    def settles_at(self) -> datetime:
        """When it is closed and counted."""
        return self.ends_at + SETTLING

    def require_open(self, route: Route, *, now: datetime) -> None:
        """Refuse what comes too early, too late, or by a route the call has not (R4, R7).

        Raises:
            RuleViolation: ``call.not_yet_open``, ``call.closed`` or ``call.other_route``.
        """
        if self.status is CallStatus.DRAFT or now < self.opens_at:
            raise RuleViolation("call.not_yet_open", "this call has not opened yet")
        if self.status is CallStatus.CLOSED or now >= self.ends_at:
            raise RuleViolation("call.closed", f"this call closed at {self.closes_at:%F %R} UTC")
        if route not in self.routes:
            raise RuleViolation("call.other_route", f"this call does not take the route {route}")

    def require_preferences(self, preferences: Sequence[str]) -> None:
        """Refuse a wish list that is not one (R5).

        Raises:
            RuleViolation: ``call.preferences``.
        """
        if not 1 <= len(preferences) <= self.preference_limit:
            raise RuleViolation("call.preferences", f"name 1 to {self.preference_limit} cohorts")
        if len(set(preferences)) != len(preferences) or not set(preferences) <= set(
            self.cohort_ids
        ):
            raise RuleViolation("call.preferences", "name cohorts of this call, each once")

    def _require(self, status: CallStatus) -> None:
        if self.status is not status:
            raise RuleViolation(f"call.not_{status}", f"the call is {self.status}")

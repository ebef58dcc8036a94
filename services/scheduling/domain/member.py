"""One line of a cohort's roster."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from chassis.aggregate import Aggregate


@dataclass(kw_only=True)
class Member(Aggregate):
    """A participant as scheduling knows one: by opaque ids.

    Rules
      R1  on the roster of sessions from enrolment until leaving, and of no others
      R2  who is forgotten keeps the line, without the person: counts stay
    """

    participant_id: str
    cohort_id: str
    country_code: str
    subject_id: str | None
    enrolled_at: datetime
    left_at: datetime | None = None

    def leave(self, *, left_at: datetime) -> None:
        """The participant left; the first word on it stays."""
        if self.left_at is None:
            self.left_at = left_at

    def attends(self, starts_at: datetime) -> bool:
        """Whether the participant belongs to a session that starts then."""
        return self.enrolled_at <= starts_at and (self.left_at is None or starts_at < self.left_at)

    def belongs_at(self, now: datetime) -> bool:
        """Whether the participant has not left by ``now``."""
        return self.left_at is None or now < self.left_at

    def forget(self) -> bool:
        """Cut the link to the person; whether there was one."""
        linked = self.subject_id is not None
        self.subject_id = None
        return linked

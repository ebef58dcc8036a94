"""What messages need to know of a cohort: titles, zone, people, sessions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from chassis.aggregate import Aggregate
from chassis.errors import Unavailable


@dataclass(frozen=True, kw_only=True)
class Member:
    """A participant; ``subject_id`` is gone when the person is forgotten."""

    participant_id: str
    subject_id: str | None
    has_left: bool = False

    @property
    def is_told(self) -> bool:
        """Whether news of the cohort reach this person."""
        return self.subject_id is not None and not self.has_left


@dataclass(frozen=True, kw_only=True)
class Session:
    """A training placed in time; a higher ``calendar_sequence`` is newer."""

    session_id: str
    training_code: str
    titles: dict[str, str]
    starts_at: datetime
    ends_at: datetime
    zone: str
    room_code: str | None = None
    calendar_sequence: int = 0
    is_cancelled: bool = False


@dataclass(kw_only=True)
class Cohort(Aggregate):
    """One edition, as far as messages about it need it.

    People and sessions stand in one document on purpose: whoever is enrolled while a timetable is
    released meets it here, so nobody misses the calendar and nobody gets it twice.

    Rules
      R1  news of different topics arrive in any order: of a session the highest
          ``calendar_sequence`` counts
      R2  a release is news for everybody only when it brings sessions nobody was told of
      R3  a person who left or is forgotten hears nothing more
    """

    cohort_id: str
    country_code: str = "*"
    titles: dict[str, str] = field(default_factory=dict)
    zone: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    delivery: str | None = None
    members: tuple[Member, ...] = ()
    sessions: tuple[Session, ...] = ()
    release_version: int = 0

    @property
    def is_announced(self) -> bool:
        """Whether its titles and zone are known."""
        return bool(self.titles) and self.zone is not None

    @property
    def open_sessions(self) -> tuple[Session, ...]:
        """Sessions that take place, by time."""
        held = (session for session in self.sessions if not session.is_cancelled)
        return tuple(sorted(held, key=lambda session: (session.starts_at, session.session_id)))

    def session(self, session_id: str) -> Session | None:
        """A session, or ``None``."""
        return next((one for one in self.sessions if one.session_id == session_id), None)

    def told(self) -> tuple[str, ...]:
        """Subject ids of all who hear news of the cohort (R3)."""
        return tuple(
            member.subject_id for member in self.members if member.is_told and member.subject_id
        )

    def subjects_of(self, participant_ids: Iterable[str]) -> tuple[str, ...]:
        """Subject ids of some participants, without those who left or are forgotten (R3).

        Raises:
            Unavailable: ``participant.not_heard_of``: their enrolment is still on its way.
        """
        known = {member.participant_id: member for member in self.members}
        wanted = list(participant_ids)
        if not known.keys() >= set(wanted):
            raise Unavailable("participant.not_heard_of", "an enrolment has not arrived yet")
        found = (known[id_] for id_ in wanted)
        return tuple(one.subject_id for one in found if one.is_told and one.subject_id)

    def add(self, *, participant_id: str, subject_id: str) -> None:
        """A person was enrolled; what was heard of the person before stays."""
        if all(member.participant_id != participant_id for member in self.members):
            member = Member(participant_id=participant_id, subject_id=subject_id)
            self.members = (*self.members, member)

    def leave(self, *, participant_id: str) -> None:
        """A person left."""
        self.members = tuple(
            replace(member, has_left=True) if member.participant_id == participant_id else member
            for member in self.members
        )

    def forget(self, subject_id: str) -> int:
        """Remove a person; how many entries that were."""
        count = sum(member.subject_id == subject_id for member in self.members)
        self.members = tuple(
            replace(member, subject_id=None, has_left=True)
            if member.subject_id == subject_id
            else member
            for member in self.members
        )
        return count

    def release(self, *, version: int, sessions: Iterable[Session]) -> bool:
        """Take a released timetable; whether everybody is to be told (R1, R2)."""
        known = {session.session_id for session in self.sessions}
        released = tuple(sessions)
        for session in released:
            self.place(session)
        self.release_version = max(version, self.release_version)
        return any(session.session_id not in known for session in released)

    def place(self, session: Session) -> None:
        """Take what holds of a session now (R1)."""
        held = self.session(session.session_id)
        if held is None:
            self.sessions = (*self.sessions, session)
        elif session.calendar_sequence > held.calendar_sequence:
            self.sessions = tuple(
                session if one.session_id == session.session_id else one for one in self.sessions
            )

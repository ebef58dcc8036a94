"""What notifications can be told to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from chassis.aggregate import Command
from services.notifications.domain.cohort import Session
from services.notifications.domain.message import Outcome


@dataclass(frozen=True, kw_only=True)
class PlanMessage(Command):
    """Tell one person one thing, once."""

    type_code: str
    subject_id: str
    country_code: str
    cohort_id: str | None
    caused_by_event_id: str
    occurrence: str = ""
    params: Mapping[str, str] = field(default_factory=dict)
    expires_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class StartSending(Command):
    """Note that the mail server is about to be spoken to."""

    message_id: str
    language_code: str
    content_sha256: str


@dataclass(frozen=True, kw_only=True)
class SettleMessage(Command):
    """Note how an attempt ended."""

    message_id: str
    outcome: Outcome
    reason_code: str | None = None


@dataclass(frozen=True, kw_only=True)
class ResendMessage(Command):
    """Send a settled message once more."""

    message_id: str
    nonce: str


@dataclass(frozen=True, kw_only=True)
class KeepContact(Command):
    """Take a person's sealed contact data."""

    subject_id: str
    country_code: str
    language_code: str
    key_id: str
    sealed: str


@dataclass(frozen=True, kw_only=True)
class ForgetContact(Command):
    """Remove a person's contact data; answers whether there were some."""

    subject_id: str
    country_code: str


@dataclass(frozen=True, kw_only=True)
class DescribeCohort(Command):
    """Take what holds of a cohort now; ``titles`` is ``None`` where they did not change."""

    cohort_id: str
    country_code: str
    zone: str
    starts_on: date
    ends_on: date
    delivery: str
    titles: Mapping[str, str] | None = None


@dataclass(frozen=True, kw_only=True)
class DescribeCall(Command):
    """Take when a call closes."""

    call_id: str
    country_code: str
    closes_at: datetime


@dataclass(frozen=True, kw_only=True)
class AddMember(Command):
    """A person was enrolled; answers whether a timetable is out already."""

    cohort_id: str
    participant_id: str
    subject_id: str


@dataclass(frozen=True, kw_only=True)
class RemoveMember(Command):
    """A participant left."""

    cohort_id: str
    participant_id: str


@dataclass(frozen=True, kw_only=True)
class ForgetMember(Command):
    """Remove a person from a cohort; answers how many entries that were."""

    cohort_id: str
    subject_id: str


@dataclass(frozen=True, kw_only=True)
class TakeTimetable(Command):
    """Take a released timetable; answers whom to tell (subject ids)."""

    cohort_id: str
    release_version: int
    sessions: tuple[Session, ...]


@dataclass(frozen=True, kw_only=True)
class MoveSession(Command):
    """Take a session's new time or room; answers whom to tell (subject ids)."""

    cohort_id: str
    session: Session
    participant_ids: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class CancelSession(Command):
    """A session does not take place; answers whom to tell (subject ids)."""

    cohort_id: str
    session_id: str
    training_code: str
    titles: Mapping[str, str]
    starts_at: datetime
    calendar_sequence: int


@dataclass(frozen=True, kw_only=True)
class ConfirmErasure(Command):
    """Give the receipt that a person was forgotten here."""

    subject_id: str
    country_code: str
    removed_count: int

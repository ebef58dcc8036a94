"""Commands about programmes, cohorts and calls."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from chassis.aggregate import Command
from chassis.language_map import LanguageMap
from services.registration.domain.call import Route
from services.registration.domain.cohort import SeatPool
from services.registration.domain.form.definition import Form


@dataclass(frozen=True, kw_only=True)
class PublishProgramme(Command):
    """Make a programme public."""

    programme_id: str
    country_code: str
    code: str
    titles: LanguageMap
    descriptions: LanguageMap
    gcm_objectives: tuple[int, ...]
    sdgs: tuple[int, ...]
    organisation_codes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class AnnounceCohort(Command):
    """Make an edition of a programme known."""

    cohort_id: str
    programme_id: str
    edition_code: str
    titles: LanguageMap
    country_code: str
    country_codes: tuple[str, ...]
    starts_on: date
    ends_on: date
    zone: str
    delivery: str
    language_code: str
    seat_count: int
    seat_pools: tuple[SeatPool, ...]
    details_form: Form | None


@dataclass(frozen=True, kw_only=True)
class RescheduleCohort(Command):
    """Change dates, zone or delivery of a cohort."""

    cohort_id: str
    starts_on: date
    ends_on: date
    zone: str
    delivery: str


@dataclass(frozen=True, kw_only=True)
class CompleteCohort(Command):
    """End a cohort whose last day is over."""

    cohort_id: str


@dataclass(frozen=True, kw_only=True)
class DraftCall(Command):
    """Prepare a call with its form."""

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


@dataclass(frozen=True, kw_only=True)
class ReviseForm(Command):
    """Replace the form of a call in draft."""

    call_id: str
    form: Form


@dataclass(frozen=True, kw_only=True)
class OpenCall(Command):
    """Make a call public."""

    call_id: str


@dataclass(frozen=True, kw_only=True)
class CloseCall(Command):
    """Close and count a call whose window has passed."""

    call_id: str

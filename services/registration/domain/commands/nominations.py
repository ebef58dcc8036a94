"""Commands about focal points and nominations."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.aggregate import Command


@dataclass(frozen=True, kw_only=True)
class InviteFocalPoint(Command):
    """Ask a state body to name officials."""

    call_id: str
    cohort_id: str
    subject_id: str
    organisation_code: str
    place_count: int


@dataclass(frozen=True, kw_only=True)
class NominateOfficial(Command):
    """Name a person for the next free place."""

    focal_point_id: str
    subject_id: str


@dataclass(frozen=True, kw_only=True)
class ConfirmNomination(Command):
    """Make a nomination firm."""

    nomination_id: str


@dataclass(frozen=True, kw_only=True)
class ReplaceNominee(Command):
    """Name another person for the same place."""

    nomination_id: str
    subject_id: str


@dataclass(frozen=True, kw_only=True)
class RetireNomination(Command):
    """Have a replaced nomination give way."""

    nomination_id: str


@dataclass(frozen=True, kw_only=True)
class WithdrawNomination(Command):
    """Take a nomination back."""

    nomination_id: str
    reason_code: str


@dataclass(frozen=True, kw_only=True)
class EraseFocalPoint(Command):
    """Forget who the focal point was."""

    focal_point_id: str


@dataclass(frozen=True, kw_only=True)
class EraseNomination(Command):
    """Forget whom it named."""

    nomination_id: str

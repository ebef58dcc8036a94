"""Commands about applications."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.aggregate import Command
from services.registration.domain.form.definition import Answers


@dataclass(frozen=True, kw_only=True)
class StartApplication(Command):
    """Begin a draft; who asks is the applicant."""

    call_id: str
    subject_id: str
    preferences: tuple[str, ...] = ()
    answers: Answers


@dataclass(frozen=True, kw_only=True)
class SaveDraft(Command):
    """Keep what was written so far; replaces what was kept before."""

    application_id: str
    preferences: tuple[str, ...]
    answers: Answers


@dataclass(frozen=True, kw_only=True)
class SubmitApplication(Command):
    """Send the draft as it is."""

    application_id: str


@dataclass(frozen=True, kw_only=True)
class AmendApplication(Command):
    """Replace what was sent."""

    application_id: str
    preferences: tuple[str, ...]
    answers: Answers


@dataclass(frozen=True, kw_only=True)
class WithdrawApplication(Command):
    """Take it back."""

    application_id: str


@dataclass(frozen=True, kw_only=True)
class EraseApplication(Command):
    """Forget whose it was."""

    application_id: str

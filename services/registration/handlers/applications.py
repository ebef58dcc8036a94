"""Handlers of applications.

Calls are read with every scope: whoever may apply may read what is asked.
"""

from __future__ import annotations

from typing import Any

from chassis.access import EVERYTHING
from chassis.clock import Clock
from services.registration.domain.application import Application
from services.registration.domain.call import Call
from services.registration.domain.commands.applications import (
    AmendApplication,
    EraseApplication,
    SaveDraft,
    StartApplication,
    SubmitApplication,
    WithdrawApplication,
)
from services.registration.domain.form.coding import sealed_part
from services.registration.domain.form.definition import Answers
from services.registration.domain.ports import Applications, CallsToRead, Subjects, Vault

ANSWERS = "answers"
"""Purpose the sealed part of a form is bound to."""


def start_application(
    command: StartApplication,
    *,
    applications: Applications,
    calls: CallsToRead,
    subjects: Subjects,
    vault: Vault,
    clock: Clock,
) -> str:
    """Begin a draft, with what was written already; returns its id.

    Raises:
        NotFound: ``call.not_found``, ``subject.not_found``.
        AlreadyExists: ``application.already_exists``.
        RuleViolation, InvalidBody: as ``Application.start`` and ``save_draft``.
    """
    scope = command.actor.scope
    call = calls.get(command.call_id, scope=EVERYTHING)
    subject = subjects.get(command.subject_id, scope=scope)
    now = clock()
    application = Application.start(call, subject, now=now)
    application.save_draft(
        call,
        preferences=command.preferences,
        answers=command.answers,
        sealed_answers=_sealed(call, application, command.answers, vault),
        now=now,
    )
    applications.save(application, scope=scope)
    return application.application_id


def save_draft(
    command: SaveDraft,
    *,
    applications: Applications,
    calls: CallsToRead,
    vault: Vault,
    clock: Clock,
) -> None:
    """Keep what was written so far.

    Raises:
        NotFound, StaleVersion.
        RuleViolation, InvalidBody: as ``Application.save_draft``.
    """
    scope = command.actor.scope
    application = applications.get(
        command.application_id, scope=scope, expected_version=command.expected_version
    )
    call = calls.get(application.call_id, scope=EVERYTHING)
    application.save_draft(
        call,
        preferences=command.preferences,
        answers=command.answers,
        sealed_answers=_sealed(call, application, command.answers, vault),
        now=clock(),
    )
    applications.save(application, scope=scope)


def submit_application(
    command: SubmitApplication,
    *,
    applications: Applications,
    calls: CallsToRead,
    vault: Vault,
    clock: Clock,
) -> None:
    """Send the draft as it is.

    Raises:
        NotFound, StaleVersion.
        RuleViolation, InvalidBody: as ``Application.submit``.
    """
    scope = command.actor.scope
    application = applications.get(
        command.application_id, scope=scope, expected_version=command.expected_version
    )
    call = calls.get(application.call_id, scope=EVERYTHING)
    application.submit(call, answers=opened_answers(application, vault), now=clock())
    applications.save(application, scope=scope)


def amend_application(
    command: AmendApplication,
    *,
    applications: Applications,
    calls: CallsToRead,
    vault: Vault,
    clock: Clock,
) -> None:
    """Replace what was sent.

    Raises:
        NotFound, StaleVersion.
        RuleViolation, InvalidBody: as ``Application.amend``.
    """
    scope = command.actor.scope
    application = applications.get(
        command.application_id, scope=scope, expected_version=command.expected_version
    )
    call = calls.get(application.call_id, scope=EVERYTHING)
    application.amend(
        call,
        preferences=command.preferences,
        answers=command.answers,
        sealed_answers=_sealed(call, application, command.answers, vault),
        now=clock(),
    )
    applications.save(application, scope=scope)


def withdraw_application(
    command: WithdrawApplication, *, applications: Applications, clock: Clock
) -> None:
    """Take it back.

    Raises:
        NotFound, StaleVersion.
        RuleViolation: ``application.not_submitted``.
    """
    application = applications.get(
        command.application_id,
        scope=command.actor.scope,
        expected_version=command.expected_version,
    )
    application.withdraw(now=clock())
    applications.save(application, scope=command.actor.scope)


def erase_application(command: EraseApplication, *, applications: Applications) -> None:
    """Forget whose it was; the count stays."""
    application = applications.get(command.application_id, scope=command.actor.scope)
    application.erase()
    applications.save(application, scope=command.actor.scope)


def opened_answers(application: Application, vault: Vault) -> dict[str, Any]:
    """All answers, those under the person's key opened.

    Raises:
        NotFound: ``subject.erased``.
    """
    answers = dict(application.answers)
    if application.sealed_answers is not None and application.subject_id is not None:
        sealed = application.sealed_answers
        answers.update(vault.open(application.subject_id, sealed, purpose=ANSWERS))
    return answers


def _sealed(call: Call, application: Application, answers: Answers, vault: Vault) -> str | None:
    private = sealed_part(call.form, answers)
    if not private or application.subject_id is None:
        return None
    return vault.seal(application.subject_id, private, purpose=ANSWERS)

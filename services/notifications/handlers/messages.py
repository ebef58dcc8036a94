"""Commands about messages."""

from __future__ import annotations

from chassis.clock import Clock
from chassis.ports import Aggregates, Jobs
from services.notifications.domain.commands import (
    PlanMessage,
    ResendMessage,
    SettleMessage,
    StartSending,
)
from services.notifications.domain.message import Message

SEND = "send"
"""Kind of the job that sends one message; its key is the message's id."""

Messages = Aggregates[Message]


def plan_message(command: PlanMessage, *, messages: Messages, jobs: Jobs, clock: Clock) -> str:
    """Plan a message and have it sent; the message's id.

    A message that is there already stays as it is: its id is derived from what caused it.
    """
    message = Message.plan(
        type_code=command.type_code,
        subject_id=command.subject_id,
        country_code=command.country_code,
        cohort_id=command.cohort_id,
        caused_by_event_id=command.caused_by_event_id,
        occurrence=command.occurrence,
        params=command.params,
        expires_at=command.expires_at,
        now=clock(),
    )
    scope = command.actor.scope
    if messages.find(message.message_id, scope=scope) is None:
        messages.save(message, scope=scope)
        jobs.add(SEND, message.message_id, {})
    return message.message_id


def start_sending(command: StartSending, *, messages: Messages, clock: Clock) -> None:
    """Note that the mail server is about to be spoken to.

    Raises:
        RuleViolation: ``message.not_sendable`` or ``message.expired``.
    """
    scope = command.actor.scope
    message = messages.get(command.message_id, scope=scope)
    message.start_sending(
        language_code=command.language_code, content_sha256=command.content_sha256, now=clock()
    )
    messages.save(message, scope=scope)


def settle_message(command: SettleMessage, *, messages: Messages, clock: Clock) -> None:
    """Note how an attempt ended.

    Raises:
        RuleViolation: ``message.settled``.
    """
    scope = command.actor.scope
    message = messages.get(command.message_id, scope=scope)
    message.settle(command.outcome, reason_code=command.reason_code, now=clock())
    messages.save(message, scope=scope)


def resend_message(command: ResendMessage, *, messages: Messages, jobs: Jobs, clock: Clock) -> str:
    """Send a settled message once more; the new message's id.

    Raises:
        NotFound: ``message.not_found``.
        RuleViolation: ``message.not_settled`` or ``message.suppressed``.
        StaleVersion: ``message.changed_meanwhile``.
    """
    scope = command.actor.scope
    settled = messages.get(
        command.message_id, scope=scope, expected_version=command.expected_version
    )
    again = settled.again(nonce=command.nonce, now=clock())
    messages.save(again, scope=scope)
    jobs.add(SEND, again.message_id, {})
    return again.message_id

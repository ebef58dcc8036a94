"""The one place where notifications' parts are joined."""

from __future__ import annotations

from typing import TypeVar

from flask import Blueprint

from chassis.aggregate import Aggregate
from chassis.clock import wall_now
from chassis.hearing import heard
from chassis.mongo.documents import AggregateDocument
from chassis.mongo.repository import Repository
from chassis.running import Parts, Platform
from services.notifications.api.messages import messages_blueprint, templates_blueprint
from services.notifications.api.sink import sink_blueprint
from services.notifications.domain.call import Call
from services.notifications.domain.cohort import Cohort
from services.notifications.domain.contact import Contact
from services.notifications.domain.erasure import Erasure
from services.notifications.domain.message import Message
from services.notifications.handlers.bound import (
    Shelves,
    command_handlers,
    event_handlers,
    timer_handlers,
)
from services.notifications.handlers.messages import SEND
from services.notifications.handlers.sending import Sender
from services.notifications.post.sink import KeptMails
from services.notifications.post.smtp import SmtpPostOffice
from services.notifications.post.vault import KeyedVault
from services.notifications.rendering.calendar import Party
from services.notifications.rendering.composer import MailComposer
from services.notifications.rendering.links import Links
from services.notifications.settings import NotificationsSettings
from services.notifications.storage import documents
from services.notifications.storage.queries import MessageQueries, MongoFindings

A = TypeVar("A", bound=Aggregate)


def build(platform: Platform[NotificationsSettings]) -> Parts:
    """Join the parts of notifications."""
    shelves = _shelves(platform)
    handle = platform.bus(command_handlers(shelves, jobs=platform.jobs, clock=platform.clock))
    settings = platform.settings
    sender = Sender(
        messages=shelves.messages,
        contacts=shelves.contacts,
        cohorts=shelves.cohorts,
        calls=shelves.calls,
        vault=KeyedVault(platform.client("registration")),
        composer=MailComposer(
            sender=Party(name=settings.sender_name, email=settings.sender_address),
            links=Links(settings.console_url, platform.issuer),
            wall_now=wall_now,
        ),
        post_office=SmtpPostOffice(settings.smtp, sender_address=settings.sender_address),
        handle=handle,
        clock=platform.clock,
    )
    return Parts(
        documents=documents.DOCUMENTS,
        blueprints=[
            messages_blueprint(handle, MessageQueries()),
            templates_blueprint(),
            *_sink(settings),
        ],
        on_event=event_handlers(
            handle=handle,
            timers=platform.timers,
            findings=MongoFindings(),
            cause=lambda: heard().event_id,
        ),
        on_timer=timer_handlers(handle=handle),
        on_job={SEND: sender},
    )


def _sink(settings: NotificationsSettings) -> list[Blueprint]:
    if settings.sink_dir is None:
        return []
    return [sink_blueprint(KeptMails(settings.sink_dir))]


def _shelves(platform: Platform[NotificationsSettings]) -> Shelves:
    def shelf(
        aggregate: type[A], document: type[AggregateDocument], id_field: str, name: str
    ) -> Repository[A]:
        return platform.repository(
            aggregate=aggregate,
            document=document,
            id_field=id_field,
            name=name,
            topic=f"rtcm.notifications.{name}",
        )

    # Contacts, cohorts and calls announce nothing; their topics only name them.
    return Shelves(
        messages=shelf(Message, documents.MessageDocument, "message_id", "message"),
        contacts=shelf(Contact, documents.ContactDocument, "subject_id", "contact"),
        cohorts=shelf(Cohort, documents.CohortDocument, "cohort_id", "cohort"),
        calls=shelf(Call, documents.CallDocument, "call_id", "call"),
        erasures=shelf(Erasure, documents.ErasureDocument, "erasure_id", "erasure"),
    )

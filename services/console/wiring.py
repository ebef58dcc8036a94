"""The one place where the console's parts are joined."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from flask import Blueprint, Flask

from chassis.clock import Clock, clock_for, wall_now
from chassis.http.client import ServiceClient
from chassis.mongo.connection import Database, connect
from chassis.mongo.unit_of_work import as_platform_error
from chassis.settings import SERVICES
from chassis.tokens import TokenIssuer, TokenVerifier
from services.console.api.app import create_app
from services.console.api.calls import calls_pages
from services.console.api.cohorts import Sources, cohorts_pages
from services.console.api.flow import flow_pages
from services.console.api.issuer import issuer_pages
from services.console.api.mails import mails_pages
from services.console.api.me import Backends, me_pages
from services.console.api.newcomers import newcomers_pages
from services.console.api.nominations import nominations_pages
from services.console.api.signin import home_pages, signin_pages
from services.console.api.verify import verify_pages
from services.console.api.visit import Cookies
from services.console.api.workplans import workplans_pages
from services.console.backends.certification import Certification
from services.console.backends.notifications import Notifications
from services.console.backends.operations import Operations
from services.console.backends.registration import Registration
from services.console.backends.scheduling import Scheduling
from services.console.backends.selection import Selection
from services.console.domain.session import Lifetime
from services.console.handlers.passwords import Passwords
from services.console.handlers.signing_in import SigningIn
from services.console.settings import ConsoleSettings
from services.console.storage.documents import DOCUMENTS
from services.console.storage.shelves import (
    MongoAccounts,
    MongoAttempts,
    MongoSessions,
    MongoUsedLinks,
)

CONSOLE = "console"
OTHERS = tuple(service for service in SERVICES if service != CONSOLE)


def open_database(settings: ConsoleSettings) -> Database:
    """The console's database, its collections and indexes made."""
    database = connect(settings.mongo_uri, f"{settings.mongo_database_prefix}{CONSOLE}")
    database.ensure_indexes(DOCUMENTS)
    return database


def build_app(settings: ConsoleSettings) -> Flask:
    """The console, ready to answer."""
    database = open_database(settings)
    issuer = TokenIssuer(CONSOLE, settings.keys_dir)
    clients = {
        service: ServiceClient(service, settings.url_of(service), issuer) for service in OTHERS
    }
    signing_in = SigningIn(
        accounts=MongoAccounts(),
        sessions=MongoSessions(),
        attempts=MongoAttempts(),
        used_links=MongoUsedLinks(),
        links=TokenVerifier(CONSOLE, settings.keys_dir),
        passwords=Passwords(),
        lifetime=Lifetime(
            longest=timedelta(hours=settings.session_hours),
            idle=timedelta(minutes=settings.session_idle_minutes),
        ),
        clock=wall_now,
    )
    return create_app(
        settings=settings,
        blueprints=blueprints(
            settings,
            clients,
            signing_in,
            clock=clock_for(mode=settings.mode, clock_file=settings.clock_file),
        ),
        session_of=signing_in.session_of,
        readiness={"database": database.ping},
        translate=as_platform_error,
    )


def blueprints(
    settings: ConsoleSettings,
    clients: Mapping[str, ServiceClient],
    signing_in: SigningIn,
    *,
    clock: Clock,
) -> list[Blueprint]:
    """All pages; those of the mail sink outside production only.

    Args:
        clock: domain time, for what people see; sessions end by machine time.
    """
    cookies = Cookies(settings.is_https)
    registration = Registration(clients["registration"])
    selection = Selection(clients["selection"])
    scheduling = Scheduling(clients["scheduling"])
    certification = Certification(clients["certification"])
    operations = Operations(clients)
    pages = [
        home_pages(),
        signin_pages(signing_in, registration.request_link, cookies),
        newcomers_pages(registration, signing_in, cookies),
        flow_pages(operations),
        calls_pages(registration, clock),
        me_pages(
            Backends(
                registration=registration,
                selection=selection,
                scheduling=scheduling,
                certification=certification,
            )
        ),
        verify_pages(certification, signing_in.attempts, clock),
        issuer_pages(certification),
        cohorts_pages(
            Sources(
                registration=registration,
                selection=selection,
                scheduling=scheduling,
                certification=certification,
                operations=operations,
            ),
            clock,
        ),
        nominations_pages(registration),
        workplans_pages(scheduling, clock),
    ]
    if settings.shows_mails:
        pages.append(mails_pages(Notifications(clients["notifications"])))
    return pages

"""How a service starts: ``python -m services.<name> api|worker``.

A service's ``wiring.build(platform)`` joins its parts; everything around them is the same for all
and stands here.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Generic, TypeVar
from urllib.parse import urlsplit

from flask import Blueprint, Flask

from chassis.access import Actor
from chassis.aggregate import Aggregate, Command
from chassis.bus import CommandBus
from chassis.clock import Clock, clock_for
from chassis.http.app import create_app
from chassis.http.client import ServiceClient
from chassis.http.door import Doorway
from chassis.http.ops import feed_blueprint, ops_blueprint
from chassis.http.serve import serve
from chassis.log.factory import open_log
from chassis.log.port import EventLog
from chassis.metrics import served
from chassis.mongo.answers import MongoAnswers
from chassis.mongo.connection import Database, connect
from chassis.mongo.documents import AggregateDocument
from chassis.mongo.jobs import MongoJobs
from chassis.mongo.outbox import Outbox
from chassis.mongo.repository import Repository
from chassis.mongo.timers import MongoTimers
from chassis.mongo.unit_of_work import UnitOfWork, as_platform_error
from chassis.settings import ServiceSettings, SettingsError, load
from chassis.telemetry import log_to_stderr
from chassis.tokens import TokenIssuer, TokenVerifier
from chassis.worker.flow import Flow
from chassis.worker.intake import Intake, OnEvent, Subscription
from chassis.worker.jobber import OnJob
from chassis.worker.parking import Parking
from chassis.worker.repair import Repair
from chassis.worker.timekeeper import OnTimer
from chassis.worker.wakeup import LocalRing
from chassis.worker.worker import Worker
from contracts.event import Event

A = TypeVar("A", bound=Aggregate)
S = TypeVar("S", bound=ServiceSettings)


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What a service consists of.

    Attributes:
        documents: its collections.
        blueprints: its API.
        on_event: heard event class -> handler; runs in the transaction of the inbox mark.
        on_timer, on_job: kind -> handler (``chassis.worker.timekeeper``, ``...jobber``).
        key_actor: who holds an API key (``chassis.http.door.Doorway``).
    """

    documents: Sequence[type[AggregateDocument]]
    blueprints: Sequence[Blueprint]
    on_event: Mapping[type[Event], OnEvent] = field(default_factory=dict)
    on_timer: Mapping[str, OnTimer] = field(default_factory=dict)
    on_job: Mapping[str, OnJob] = field(default_factory=dict)
    key_actor: Callable[[str], Actor] | None = None


class Platform(Generic[S]):
    """What the chassis gives a service's wiring; each part is made when first asked for."""

    def __init__(self, service: str, settings: S) -> None:
        self.service = service
        self.settings = settings
        self.clock: Clock = clock_for(mode=settings.mode, clock_file=settings.clock_file)
        self.timers = MongoTimers()
        self.jobs = MongoJobs()
        self.outbox = Outbox(self.clock)

    @cached_property
    def database(self) -> Database:
        """The service's own database."""
        settings = self.settings
        return connect(settings.mongo_uri, f"{settings.mongo_database_prefix}{self.service}")

    @cached_property
    def unit_of_work(self) -> UnitOfWork:
        """One transaction around one command."""
        wake_dir = self.settings.wake_dir
        ring = None if wake_dir is None else LocalRing(wake_dir, self.service)
        return UnitOfWork(self.database, ring=ring)

    @cached_property
    def log(self) -> EventLog:
        """The event log."""
        return open_log(self.settings.log_url)

    @cached_property
    def issuer(self) -> TokenIssuer:
        """Signs what this service asks of others."""
        return TokenIssuer(self.service, self.settings.keys_dir)

    def client(self, service: str) -> ServiceClient:
        """Speaks to another service as this one."""
        return ServiceClient(service, self.settings.url_of(service), self.issuer)

    def bus(self, handlers: Mapping[type[Command], Callable[[Any], Any]]) -> CommandBus:
        """Commands to their handlers."""
        return CommandBus(self.unit_of_work, handlers)

    def repository(
        self,
        *,
        aggregate: type[A],
        document: type[AggregateDocument],
        id_field: str,
        name: str,
        topic: str,
    ) -> Repository[A]:
        """All aggregates of one kind (``chassis.mongo.repository``)."""
        return Repository(
            aggregate=aggregate,
            document=document,
            id_field=id_field,
            name=name,
            topic=topic,
            outbox=self.outbox,
        )

    def subscription(self, parts: Parts) -> Subscription:
        """What the service listens to, under the one consumer name it has."""
        return Subscription(f"rtcm.{self.service}", parts.on_event)


Build = Callable[[Platform[S]], Parts]


def api_app(platform: Platform[S], build: Build[S]) -> Flask:
    """The API of a service, its collections and indexes made."""
    parts = build(platform)
    platform.database.ensure_indexes(parts.documents)
    subscription = platform.subscription(parts)
    flow = Flow(platform.service, subscription, lambda: platform.log, platform.clock)
    parking = Parking(Intake(subscription, platform.unit_of_work), platform.unit_of_work)
    return create_app(
        service=platform.service,
        blueprints=[*parts.blueprints, ops_blueprint(flow, parking), feed_blueprint()],
        way=Doorway(
            verifier=TokenVerifier(platform.service, platform.settings.keys_dir),
            unit_of_work=platform.unit_of_work,
            answers=MongoAnswers(),
            key_actor=parts.key_actor,
        ),
        readiness={"database": platform.database.ping},
        translate=as_platform_error,
        body_limit_bytes=platform.settings.body_limit_bytes,
    )


def worker_of(platform: Platform[S], build: Build[S]) -> Worker:
    """The worker of a service, its collections and indexes made."""
    parts = build(platform)
    platform.database.ensure_indexes(parts.documents)
    return Worker(
        service=platform.service,
        log=platform.log,
        database=platform.database,
        unit_of_work=platform.unit_of_work,
        clock=platform.clock,
        subscription=platform.subscription(parts),
        on_timer=parts.on_timer,
        on_job=parts.on_job,
        fetch_missing=Repair(platform.client),
        topic_partitions=platform.settings.topic_partitions,
        relay_slots=platform.settings.relay_slots,
        job_threads=platform.settings.job_threads,
        wake_dir=platform.settings.wake_dir,
    )


def main(service: str, settings_class: type[S], build: Build[S]) -> int:
    """``python -m services.<name> api|worker``; returns the exit status."""
    what = sys.argv[1:]
    if what not in (["api"], ["worker"]):
        sys.stderr.write(f"usage: python -m services.{service} api|worker\n")
        return 2
    try:
        settings = load(settings_class, os.environ, prefixes=(f"RTCM_{service.upper()}_",))
        platform = Platform(service, settings)
    except (SettingsError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    log_to_stderr(service, settings.log_level)
    if what == ["worker"]:
        return _work(platform, build)
    address = urlsplit(settings.url_of(service))
    serve(
        lambda: api_app(platform, build),
        host=settings.host,
        port=address.port or 80,
        threads=settings.api_threads,
    )
    return 0


def _work(platform: Platform[S], build: Build[S]) -> int:
    settings = platform.settings
    try:
        with served(settings.host, settings.worker_metrics_port):
            return worker_of(platform, build).run()
    except OSError as error:
        if settings.worker_metrics_port is None or error.errno != errno.EADDRINUSE:
            raise
        sys.stderr.write(f"RTCM_WORKER_METRICS_PORT: {settings.worker_metrics_port} is taken\n")
        return 2

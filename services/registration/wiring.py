"""The one place where registration's parts are joined."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from chassis.access import EVERYTHING
from chassis.aggregate import Aggregate
from chassis.errors import NotFound
from chassis.mongo.audit import MongoAudit
from chassis.mongo.documents import AggregateDocument
from chassis.mongo.repository import Repository
from chassis.running import Parts, Platform
from chassis.sealing import MasterKey
from services.registration.api.applications import applications_blueprint
from services.registration.api.calls import calls_blueprint, public_calls_blueprint
from services.registration.api.cohort_erasures import cohort_erasures_blueprint
from services.registration.api.duplicates import duplicates_blueprint
from services.registration.api.nominations import focal_points_blueprint, nominations_blueprint
from services.registration.api.participants import (
    participants_blueprint,
    roster_blueprint,
    statistics_blueprint,
)
from services.registration.api.persons import NameOf
from services.registration.api.programmes import cohorts_blueprint, programmes_blueprint
from services.registration.api.subjects import signins_blueprint, subjects_blueprint
from services.registration.domain.application import Application
from services.registration.domain.call import Call
from services.registration.domain.cohort import Cohort
from services.registration.domain.cohort_erasure import CohortErasure
from services.registration.domain.contact import Contact
from services.registration.domain.erasure import Erasure
from services.registration.domain.focal_point import FocalPoint
from services.registration.domain.nomination import Nomination
from services.registration.domain.participant import Participant
from services.registration.domain.ports import Subjects, Vault
from services.registration.domain.programme import Programme
from services.registration.domain.retention import Retention
from services.registration.domain.signin import SignIn
from services.registration.domain.subject import Subject
from services.registration.handlers.bound import (
    Shelves,
    command_handlers,
    event_handlers,
    job_handlers,
    timer_handlers,
)
from services.registration.handlers.subjects import opened_details
from services.registration.settings import RegistrationSettings
from services.registration.settlements import CertificationSettlements
from services.registration.storage import documents
from services.registration.storage.cohort_people import MongoCohortPeople
from services.registration.storage.lookups import (
    MongoAddresses,
    MongoPlaces,
    MongoRosters,
    MongoTallies,
)
from services.registration.storage.open_calls import OpenCalls
from services.registration.storage.queries import MongoQueries
from services.registration.storage.vault import MongoVault

A = TypeVar("A", bound=Aggregate)


def build(platform: Platform[RegistrationSettings]) -> Parts:
    """Join the parts of registration."""
    master = MasterKey.in_file(master_key_file(platform.settings.keys_dir))
    vault = MongoVault(master)
    shelves = _shelves(platform, master, vault)
    handle = platform.bus(
        command_handlers(
            shelves,
            timers=platform.timers,
            jobs=platform.jobs,
            retention=Retention(
                days=platform.settings.retention_days,
                cohort_keep_days=platform.settings.cohort_keep_days,
            ),
            clock=platform.clock,
        )
    )
    reads = MongoQueries()
    name_of = _names(shelves.subjects, vault)
    return Parts(
        documents=documents.DOCUMENTS,
        blueprints=[
            programmes_blueprint(handle, reads),
            cohorts_blueprint(handle, reads),
            cohort_erasures_blueprint(
                handle, reads, people=shelves.people, settlements=shelves.settlements
            ),
            calls_blueprint(handle, reads),
            public_calls_blueprint(reads),
            applications_blueprint(
                handle, reads, applications=shelves.applications, calls=shelves.calls, vault=vault
            ),
            focal_points_blueprint(handle, reads),
            nominations_blueprint(
                handle, reads, focal_points=shelves.focal_points, name_of=name_of
            ),
            participants_blueprint(handle, reads),
            roster_blueprint(reads, name_of=name_of),
            statistics_blueprint(reads),
            subjects_blueprint(
                handle, reads, subjects=shelves.subjects, vault=vault, key_of=vault.key
            ),
            duplicates_blueprint(reads, vault=vault),
            signins_blueprint(handle),
        ],
        on_event=event_handlers(handle),
        on_timer=timer_handlers(handle),
        on_job=job_handlers(shelves, handle=handle),
    )


def master_key_file(keys_dir: Path) -> Path:
    """Where the key lies that all persons' keys are wrapped under."""
    return keys_dir / "registration.master.key"


def _names(subjects: Subjects, vault: Vault) -> NameOf:
    def name_of(subject_id: str | None) -> Mapping[str, str | None]:
        if subject_id is None:
            return {}
        try:
            details = opened_details(subjects.get(subject_id, scope=EVERYTHING), vault)
        except NotFound:
            return {}  # forgotten a moment ago
        return {"legal_name": details.legal_name, "native_name": details.native_name}

    return name_of


def _shelves(
    platform: Platform[RegistrationSettings], master: MasterKey, vault: MongoVault
) -> Shelves:
    def shelf(
        aggregate: type[A], document: type[AggregateDocument], id_field: str, name: str, topic: str
    ) -> Repository[A]:
        return platform.repository(
            aggregate=aggregate,
            document=document,
            id_field=id_field,
            name=name,
            topic=f"rtcm.registration.{topic}",
        )

    calls = shelf(Call, documents.CallDocument, "call_id", "call", "call")
    return Shelves(
        programmes=shelf(
            Programme, documents.ProgrammeDocument, "programme_id", "programme", "programme"
        ),
        cohorts=shelf(Cohort, documents.CohortDocument, "cohort_id", "cohort", "cohort"),
        calls=calls,
        open_calls=OpenCalls(calls),
        applications=shelf(
            Application,
            documents.ApplicationDocument,
            "application_id",
            "application",
            "application",
        ),
        focal_points=shelf(
            FocalPoint, documents.FocalPointDocument, "focal_point_id", "focal_point", "focalpoint"
        ),
        nominations=shelf(
            Nomination, documents.NominationDocument, "nomination_id", "nomination", "nomination"
        ),
        participants=shelf(
            Participant,
            documents.ParticipantDocument,
            "participant_id",
            "participant",
            "participant",
        ),
        # The vault's entries announce nothing; the person's topic belongs to the erasure.
        subjects=shelf(Subject, documents.SubjectDocument, "subject_id", "subject", "vault"),
        erasures=shelf(Erasure, documents.ErasureDocument, "subject_id", "erasure", "subject"),
        cohort_erasures=shelf(
            CohortErasure,
            documents.CohortErasureDocument,
            "cohort_id",
            "cohort_erasure",
            "cohorterasure",
        ),
        contacts=shelf(Contact, documents.ContactDocument, "subject_id", "contact", "contact"),
        signins=shelf(SignIn, documents.SignInDocument, "signin_id", "signin", "signin"),
        vault=vault,
        addresses=MongoAddresses(master),
        tallies=MongoTallies(),
        places=MongoPlaces(),
        rosters=MongoRosters(),
        people=MongoCohortPeople(),
        settlements=CertificationSettlements(platform.client("certification")),
        audit=MongoAudit(),
    )

"""The one place where certification's parts are joined."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from chassis.aggregate import Handle
from chassis.mongo.audit import MongoAudit
from chassis.running import Parts, Platform
from chassis.worker.jobber import OnJob
from contracts import registration, scheduling
from services.certification.api.award_rules import award_rules_blueprint, letterheads_blueprint
from services.certification.api.awards import awards_blueprint
from services.certification.api.certificates import alumni_blueprint, certificates_blueprint
from services.certification.api.comparison import comparison_blueprint
from services.certification.api.issuer import issuer_blueprint
from services.certification.api.packs import packs_blueprint
from services.certification.api.vc_api import vc_api_blueprint
from services.certification.api.verification import Seals, verification_blueprint
from services.certification.domain import commands
from services.certification.domain.ports import KeySource
from services.certification.handlers import awards, certificates, cohorts, events
from services.certification.handlers.issuing import Issuing
from services.certification.handlers.kinds import HOLD_OVER, ISSUE, PROVE, SEAL
from services.certification.handlers.renewing import Renewals
from services.certification.handlers.sealing import Sealing
from services.certification.handlers.settling import Settlement
from services.certification.handlers.status_lists import StatusLists
from services.certification.handlers.timers import on_award_hold_over
from services.certification.names import RegistrationNames
from services.certification.settings import CertificationSettings
from services.certification.storage.documents import DOCUMENTS, PaperDocument
from services.certification.storage.keys import KeyFiles, KeySetting
from services.certification.storage.papers import Papers
from services.certification.storage.repositories import Repositories
from services.certification.storage.roster import MongoRoster
from services.certification.storage.slots import MongoSlots

Handler = Callable[..., Any]


def build(platform: Platform[CertificationSettings]) -> Parts:
    """Join everything; nothing is connected yet."""
    settings = platform.settings
    stored = Repositories.of(platform.outbox)
    papers, roster = Papers(), MongoRoster()
    slots, keys = MongoSlots(), _keys(settings)
    seals = Seals(keys)
    handle = _bus(platform, stored, papers, roster, keys)
    lists = StatusLists(
        slots=slots, keys=keys, clock=platform.clock, address=settings.lists_address
    )
    issuing = Issuing(
        awards=stored.awards,
        certificates=stored.certificates,
        cohorts=stored.cohorts,
        rules=stored.rules,
        letterheads=stored.letterheads,
        names=RegistrationNames(platform.client("registration")),
        keys=keys,
        slots=slots,
        clock=platform.clock,
        handle=handle,
        verify_address=settings.verify_address,
        lists_address=settings.lists_address,
    )
    return Parts(
        documents=[*DOCUMENTS, PaperDocument],
        blueprints=[
            award_rules_blueprint(handle, roster),
            letterheads_blueprint(handle),
            awards_blueprint(
                handle,
                Settlement(
                    awards=stored.awards, certificates=stored.certificates, rules=stored.rules
                ),
            ),
            certificates_blueprint(handle, papers),
            packs_blueprint(stored.certificates, papers),
            alumni_blueprint(),
            verification_blueprint(papers, seals, Renewals(keys=keys, clock=platform.clock)),
            comparison_blueprint(stored.certificates, papers, seals),
            issuer_blueprint(handle, keys, lists),
            *([vc_api_blueprint(keys, lists, platform.clock)] if settings.mode == "test" else []),
        ],
        on_event={
            registration.CohortAnnounced: partial(events.on_cohort_announced, handle=handle),
            registration.CohortChanged: partial(events.on_cohort_changed, handle=handle),
            registration.CohortCompleted: partial(
                events.on_cohort_completed, handle=handle, roster=roster
            ),
            registration.ParticipantEnrolled: partial(
                events.on_participant_enrolled, handle=handle
            ),
            registration.ParticipantLeft: partial(events.on_participant_left, handle=handle),
            registration.SubjectErasureRequested: partial(
                events.on_subject_erasure_requested, handle=handle
            ),
            scheduling.TimetableReleased: partial(
                events.on_timetable_released, handle=handle, roster=roster
            ),
            scheduling.SessionMoved: partial(events.on_session_moved, handle=handle, roster=roster),
            scheduling.SessionCancelled: partial(
                events.on_session_cancelled, handle=handle, roster=roster
            ),
            scheduling.AttendanceRecorded: partial(
                events.on_attendance_recorded, handle=handle, roster=roster
            ),
            scheduling.AttendanceCorrected: partial(
                events.on_attendance_corrected, handle=handle, roster=roster
            ),
            scheduling.PlacementCompleted: partial(events.on_placement_completed, handle=handle),
        },
        on_timer={HOLD_OVER: partial(on_award_hold_over, handle=handle)},
        on_job={
            ISSUE: issuing.on_issue,
            PROVE: issuing.on_prove,
            **_sealing(settings, stored, papers, handle),
        },
    )


def _sealing(
    settings: CertificationSettings, stored: Repositories, papers: Papers, handle: Handle
) -> dict[str, OnJob]:
    """The job that seals, where the centre has a seal."""
    sealer = settings.seal()
    if sealer is None:
        return {}
    sealing = Sealing(
        certificates=stored.certificates, documents=papers, sealer=sealer, handle=handle
    )
    return {SEAL: sealing.on_seal}


def _keys(settings: CertificationSettings) -> KeySource:
    if settings.signing_keys:
        return KeySetting(settings.signing_keys, settings.issuer)
    return KeyFiles(settings.keys_dir / "certification-issuer", settings.issuer)


def _bus(
    platform: Platform[CertificationSettings],
    stored: Repositories,
    papers: Papers,
    roster: MongoRoster,
    keys: KeySource,
) -> Handle:
    clock = platform.clock
    assessment = awards.Assessment(
        rules=stored.rules,
        cohorts=stored.cohorts,
        awards=stored.awards,
        timers=platform.timers,
        clock=clock,
    )

    def kept(handler: Handler) -> Handler:
        return partial(handler, cohorts=stored.cohorts)

    def judged(handler: Handler) -> Handler:
        return partial(handler, assessment=assessment)

    def changed(handler: Handler) -> Handler:
        return partial(handler, certificates=stored.certificates, clock=clock)

    return platform.bus(
        {
            commands.PublishAwardRule: partial(
                cohorts.publish_award_rule,
                rules=stored.rules,
                cohorts=stored.cohorts,
                clock=clock,
            ),
            commands.ChangeLetterhead: partial(
                cohorts.change_letterhead, letterheads=stored.letterheads
            ),
            commands.AnnounceCohort: kept(cohorts.announce_cohort),
            commands.RedateCohort: kept(cohorts.redate_cohort),
            commands.CompleteCohort: kept(cohorts.complete_cohort),
            commands.KeepRelease: kept(cohorts.keep_release),
            commands.RetimeSession: kept(cohorts.retime_session),
            commands.KeepRegister: kept(cohorts.keep_register),
            commands.EnrolParticipant: judged(awards.enrol_participant),
            commands.NoteAttendance: judged(awards.note_attendance),
            commands.NotePlacement: judged(awards.note_placement),
            commands.AssessAward: judged(awards.assess_award),
            commands.ConfirmAward: judged(awards.confirm_award),
            commands.TakeBackConfirmation: judged(awards.take_back_confirmation),
            commands.CloseAward: judged(awards.close_award),
            commands.ReachAward: partial(
                awards.reach_award, awards=stored.awards, jobs=platform.jobs, clock=clock
            ),
            commands.IssueCertificate: partial(
                certificates.issue_certificate,
                awards=stored.awards,
                certificates=stored.certificates,
                documents=papers,
                jobs=platform.jobs,
                has_seal=platform.settings.seal_file is not None,
            ),
            commands.AttachSeal: partial(
                certificates.attach_seal, certificates=stored.certificates, documents=papers
            ),
            commands.AttachProof: partial(
                certificates.attach_proof, certificates=stored.certificates
            ),
            commands.RotateKey: partial(certificates.rotate_key, keys=keys, audit=MongoAudit()),
            commands.SupersedeCertificate: partial(
                changed(certificates.supersede_certificate), jobs=platform.jobs
            ),
            commands.RevokeCertificate: changed(certificates.revoke_certificate),
            commands.SuspendCertificate: changed(certificates.suspend_certificate),
            commands.ReinstateCertificate: changed(certificates.reinstate_certificate),
            commands.JoinAlumni: partial(
                certificates.join_alumni, alumni=stored.alumni, clock=clock
            ),
            commands.EraseSubject: partial(
                changed(certificates.erase_subject),
                awards=stored.awards,
                documents=papers,
                erasures=stored.erasures,
                roster=roster,
                timers=platform.timers,
            ),
        }
    )

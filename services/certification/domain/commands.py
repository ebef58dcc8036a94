"""Everything that can be asked of certification."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chassis.aggregate import Command
from chassis.language_map import LanguageMap
from services.certification.domain.awarding.facts import (
    Attended,
    Placed,
    PlacementDone,
    Registered,
    Timed,
)
from services.certification.domain.awarding.terms import AwardTerms
from services.certification.domain.certificate import Paperwork
from services.certification.domain.cohort_record import CohortDates, CohortTerms
from services.certification.domain.content import CertificateContent, Signatory


@dataclass(frozen=True, kw_only=True)
class PublishAwardRule(Command):
    """Put terms in force for a cohort."""

    cohort_id: str
    terms: AwardTerms


@dataclass(frozen=True, kw_only=True)
class AnnounceCohort(Command):
    """Keep what registration announced."""

    cohort_id: str
    country_code: str
    terms: CohortTerms
    dates: CohortDates


@dataclass(frozen=True, kw_only=True)
class RedateCohort(Command):
    """Keep the dates registration changed."""

    cohort_id: str
    country_code: str
    dates: CohortDates


@dataclass(frozen=True, kw_only=True)
class CompleteCohort(Command):
    """Nothing more will be planned."""

    cohort_id: str
    country_code: str


@dataclass(frozen=True, kw_only=True)
class KeepRelease(Command):
    """Keep the sessions of a released timetable."""

    cohort_id: str
    country_code: str
    release_version: int
    placed: tuple[Placed, ...]
    timed: tuple[Timed, ...]


@dataclass(frozen=True, kw_only=True)
class RetimeSession(Command):
    """Keep that a session was moved or cancelled."""

    cohort_id: str
    country_code: str
    timed: Timed


@dataclass(frozen=True, kw_only=True)
class KeepRegister(Command):
    """Keep that a session took place."""

    cohort_id: str
    country_code: str
    registered: Registered


@dataclass(frozen=True, kw_only=True)
class EnrolParticipant(Command):
    """Open the award of somebody who was enrolled."""

    participant_id: str
    subject_id: str
    cohort_id: str
    country_code: str


@dataclass(frozen=True, kw_only=True)
class NoteAttendance(Command):
    """Take in a register's entry."""

    participant_id: str
    cohort_id: str
    country_code: str
    attended: Attended


@dataclass(frozen=True, kw_only=True)
class NotePlacement(Command):
    """Take in a completed placement."""

    participant_id: str
    cohort_id: str
    country_code: str
    placement: PlacementDone


@dataclass(frozen=True, kw_only=True)
class AssessAward(Command):
    """Judge an award by the facts known now."""

    award_id: str


@dataclass(frozen=True, kw_only=True)
class ConfirmAward(Command):
    """Let a met award go on to its hold window."""

    award_id: str


@dataclass(frozen=True, kw_only=True)
class TakeBackConfirmation(Command):
    """Undo a confirmation within the hold window."""

    award_id: str


@dataclass(frozen=True, kw_only=True)
class ReachAward(Command):
    """The hold window is over."""

    award_id: str


@dataclass(frozen=True, kw_only=True)
class CloseAward(Command):
    """The participant left."""

    participant_id: str
    reason_code: str


@dataclass(frozen=True, kw_only=True)
class AttachProof(Command):
    """Keep a certificate's credential with one more proof."""

    certificate_id: str
    credential: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class AttachSeal(Command):
    """Keep a certificate's document with the seal behind it."""

    certificate_id: str
    document: bytes
    document_sha256: str


@dataclass(frozen=True, kw_only=True)
class RotateKey(Command):
    """Sign with a new key from now on.

    Attributes:
        current_name: of the key that is to be replaced, so that a repeat replaces no other.
    """

    current_name: str


@dataclass(frozen=True, kw_only=True)
class IssueCertificate(Command):
    """State a certificate whose papers are made."""

    award_id: str
    ordinal: int
    check_code: str
    status_slot: int
    content: CertificateContent
    paperwork: Paperwork
    document: bytes


@dataclass(frozen=True, kw_only=True)
class SupersedeCertificate(Command):
    """Replace a certificate by one with the facts known now."""

    certificate_id: str
    reason_code: str


@dataclass(frozen=True, kw_only=True)
class RevokeCertificate(Command):
    """Take a certificate back for good."""

    certificate_id: str
    reason_code: str


@dataclass(frozen=True, kw_only=True)
class SuspendCertificate(Command):
    """Let a certificate not count for the time being."""

    certificate_id: str
    reason_code: str


@dataclass(frozen=True, kw_only=True)
class ReinstateCertificate(Command):
    """Let a suspended certificate count again."""

    certificate_id: str
    reason_code: str


@dataclass(frozen=True, kw_only=True)
class JoinAlumni(Command):
    """Make a holder an alumnus."""

    subject_id: str
    cohort_id: str
    country_code: str


@dataclass(frozen=True, kw_only=True)
class EraseSubject(Command):
    """Forget whose certificates a person's were."""

    subject_id: str
    country_code: str


@dataclass(frozen=True, kw_only=True)
class ChangeLetterhead(Command):
    """Use other names and signatories from now on."""

    country_code: str
    centre_names: LanguageMap
    signatories: tuple[Signatory, ...]

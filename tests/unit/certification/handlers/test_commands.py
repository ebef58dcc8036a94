from datetime import timedelta

import pytest

from chassis.access import EVERYTHING, service_actor
from chassis.errors import NotFound, RuleViolation
from contracts.certification import CertificateIssued, ErasureConfirmed
from services.certification.domain.award import AwardStatus
from services.certification.domain.award_rule import AwardRule
from services.certification.domain.certificate import Paperwork
from services.certification.domain.cohort_record import CohortRecord
from services.certification.domain.commands import (
    AttachProof,
    EraseSubject,
    IssueCertificate,
    JoinAlumni,
    NoteAttendance,
    ReachAward,
    RotateKey,
    SupersedeCertificate,
)
from services.certification.domain.credentials.keys import KeyRing, SigningKey
from services.certification.domain.credentials.proofs import JCS, RDFC
from services.certification.domain.credentials.status_list import decode_bits, value_at
from services.certification.handlers.awards import Assessment, note_attendance, reach_award
from services.certification.handlers.certificates import (
    attach_proof,
    erase_subject,
    issue_certificate,
    join_alumni,
    rotate_key,
    supersede_certificate,
)
from services.certification.handlers.kinds import HOLD_OVER, ISSUE, PROVE, SEAL
from services.certification.handlers.status_lists import StatusLists
from tests.builders.certification import (
    COHORT,
    NOON,
    PARTICIPANT,
    SUBJECT,
    a_certificate,
    a_key,
    a_plan,
    a_rule,
    an_award,
    attended,
    certificate_id,
    content,
    later,
    terms,
)
from tests.fakes_ports import FakeJobs, FakeTimers
from tests.shelf import Shelf

ACTOR = service_actor("certification")


class Papers(dict[str, bytes]):
    """Documents in memory."""

    def put(self, certificate_id: str, document: bytes) -> None:
        self[certificate_id] = document

    def remove(self, certificate_id: str) -> None:
        self.pop(certificate_id, None)


class OneRoster:
    """The one award and certificate of the tests."""

    def award_ids_of(self, cohort_id: str) -> list[str]:
        return [an_award().award_id]

    def award_ids_of_subject(self, subject_id: str) -> list[str]:
        return [an_award().award_id]

    def certificate_ids_of(self, subject_id: str) -> list[str]:
        return [certificate_id(1)]


def a_reached_award():
    award = an_award()
    award.note_attendance(attended("s0"))
    award.assess(a_rule(), a_plan(1, recorded=1), now=NOON)
    award.reach(now=NOON)
    return award


def an_issue(ordinal: int = 1) -> IssueCertificate:
    return IssueCertificate(
        actor=ACTOR,
        award_id=an_award().award_id,
        ordinal=ordinal,
        check_code="9WBXB-9S1XJ-4Z3EY-KFPK3",
        status_slot=94_567,
        content=content(),
        paperwork=Paperwork(credential={"id": "urn:x"}, document_sha256="1" * 64),
        document=b"%PDF",
    )


def an_assessment(awards: Shelf, timers: FakeTimers) -> Assessment:
    rule = AwardRule.for_cohort(cohort_id=COHORT, country_code="AZ")
    rule.publish(terms(hold_minutes=60), now=NOON)
    cohort = CohortRecord(cohort_id=COHORT, country_code="AZ", plan=a_plan(1, recorded=1))
    return Assessment(
        rules=Shelf(rule, key="award_rule_id"),
        cohorts=Shelf(cohort, key="cohort_id"),
        awards=awards,
        timers=timers,
        clock=lambda: NOON,
    )


def noted(minutes: int, **changes: object) -> NoteAttendance:
    return NoteAttendance(
        actor=ACTOR,
        participant_id=PARTICIPANT,
        cohort_id=COHORT,
        country_code="AZ",
        attended=attended("s0", minutes, **changes),
    )


def test_meeting_the_terms_sets_the_hold_timer_and_falling_short_cancels_it():
    awards, timers = Shelf(an_award(), key="award_id"), FakeTimers()
    assessment = an_assessment(awards, timers)
    note_attendance(noted(100), assessment=assessment)
    assert timers.waiting[HOLD_OVER, an_award().award_id].due_at == later(hours=1)
    note_attendance(noted(10, as_of=later(hours=1), is_correction=True), assessment=assessment)
    assert timers.waiting == {}
    assert awards.get(an_award().award_id, scope=EVERYTHING).status is AwardStatus.UNREACHABLE


def test_attendance_before_the_enrolment_is_kept():
    awards = Shelf(key="award_id")
    note_attendance(noted(100), assessment=an_assessment(awards, FakeTimers()))
    assert awards.get(an_award().award_id, scope=EVERYTHING).status is AwardStatus.EXPECTED


def test_a_reached_award_orders_its_certificate():
    award = an_award()
    award.note_attendance(attended("s0"))
    award.assess(a_rule(), a_plan(1, recorded=1), now=NOON)
    awards, jobs = Shelf(award, key="award_id"), FakeJobs()
    reach_award(
        ReachAward(actor=ACTOR, award_id=award.award_id),
        awards=awards,
        jobs=jobs,
        clock=lambda: NOON + timedelta(hours=1),
    )
    assert jobs.added == {(ISSUE, certificate_id(1)): {"award_id": award.award_id, "ordinal": 1}}
    assert [event.event_type for event in awards.outbox] == ["rtcm.certification.award.reached.v1"]


def test_a_certificate_is_stated_once_however_often_it_is_ordered():
    awards = Shelf(a_reached_award(), key="award_id")
    certificates, papers, jobs = Shelf(key="certificate_id"), Papers(), FakeJobs()
    for _ in range(2):
        issue_certificate(
            an_issue(), awards=awards, certificates=certificates, documents=papers, jobs=jobs
        )
    (event,) = certificates.outbox
    assert isinstance(event, CertificateIssued)
    assert papers == {certificate_id(1): b"%PDF"}
    assert jobs.added == {(PROVE, certificate_id(1)): {}}


def test_a_centre_with_a_seal_has_each_document_sealed():
    awards, jobs = Shelf(a_reached_award(), key="award_id"), FakeJobs()
    issue_certificate(
        an_issue(),
        awards=awards,
        certificates=Shelf(key="certificate_id"),
        documents=Papers(),
        jobs=jobs,
        has_seal=True,
    )
    assert set(jobs.added) == {(PROVE, certificate_id(1)), (SEAL, certificate_id(1))}


def test_a_second_certificate_waits_until_the_first_gave_way():
    awards = Shelf(a_reached_award(), key="award_id")
    certificates, papers = Shelf(key="certificate_id"), Papers()
    parts = {
        "awards": awards,
        "certificates": certificates,
        "documents": papers,
        "jobs": FakeJobs(),
    }
    with pytest.raises(RuleViolation) as skipped:
        issue_certificate(an_issue(2), **parts)
    assert skipped.value.code == "award.certificate_skipped"
    issue_certificate(an_issue(), **parts)
    with pytest.raises(RuleViolation) as active:
        issue_certificate(an_issue(2), **parts)
    assert active.value.code == "certificate.predecessor_active"


def test_superseding_orders_the_next_certificate():
    certificates, jobs = Shelf(a_certificate(), key="certificate_id"), FakeJobs()
    command = SupersedeCertificate(
        actor=ACTOR, certificate_id=certificate_id(1), reason_code="misspelt_name"
    )
    successor = supersede_certificate(
        command, certificates=certificates, jobs=jobs, clock=lambda: NOON
    )
    assert successor == certificate_id(2)
    assert jobs.added == {
        (ISSUE, certificate_id(2)): {"award_id": an_award().award_id, "ordinal": 2}
    }


def test_erasure_is_confirmed_once_and_nothing_is_stated_afterwards():
    awards = Shelf(a_reached_award(), key="award_id")
    certificates = Shelf(a_certificate(), key="certificate_id")
    erasures, papers = Shelf(key="erasure_id"), Papers({certificate_id(1): b"%PDF"})
    for _ in range(2):
        erase_subject(
            EraseSubject(actor=ACTOR, subject_id=SUBJECT, country_code="AZ"),
            awards=awards,
            certificates=certificates,
            documents=papers,
            erasures=erasures,
            roster=OneRoster(),
            timers=FakeTimers(),
            clock=lambda: NOON,
        )
    (receipt,) = erasures.outbox
    assert isinstance(receipt, ErasureConfirmed)
    assert (receipt.removed_count, papers) == (1, {})
    later_one = issue_certificate(
        an_issue(), awards=awards, certificates=certificates, documents=papers, jobs=FakeJobs()
    )
    assert (later_one, papers) == (None, {})


def test_somebody_joins_the_alumni_of_a_cohort_once():
    alumni = Shelf(key="alumnus_id")
    command = JoinAlumni(actor=ACTOR, subject_id=SUBJECT, cohort_id=COHORT, country_code="AZ")
    for _ in range(2):
        join_alumni(command, alumni=alumni, clock=lambda: NOON)
    assert len(alumni.outbox) == 1


class OneRing:
    """Keys in memory."""

    def __init__(self) -> None:
        self.names = ["key-1"]

    def ring(self) -> KeyRing:
        did = "did:web:rtcm.example"
        current = SigningKey(
            verification_method=f"{did}#{self.names[-1]}", private_key=a_key().private_key
        )
        return KeyRing(issuer_did=did, current=current, public_keys={})

    def rotate(self, current_name: str) -> KeyRing:
        if current_name == self.names[-1]:
            self.names.append(f"key-{len(self.names) + 1}")
        return self.ring()


class Notes(list[dict[str, object]]):
    """Audit entries in memory."""

    def note(self, **entry: object) -> None:
        self.append(entry)


def test_rotating_a_key_is_on_record():
    keys, audit = OneRing(), Notes()
    assert rotate_key(RotateKey(actor=ACTOR, current_name="key-1"), keys=keys, audit=audit) == (
        "key-2"
    )
    assert audit == [
        {
            "actor_id": ACTOR.actor_id,
            "action": "issuer_key.rotated",
            "target": "key-2",
            "details": ("replaces key-1",),
        }
    ]


def test_a_further_proof_is_kept_and_nothing_else_can_change():  # R7
    credential = {"id": "urn:x", "proof": [{"type": "DataIntegrityProof"}]}
    certificates = Shelf(a_certificate(), key="certificate_id")
    attach_proof(an_attachment(credential), certificates=certificates)
    kept = certificates.get(certificate_id(1), scope=EVERYTHING)
    assert kept.paperwork.credential == credential
    with pytest.raises(RuleViolation) as refused:
        attach_proof(an_attachment(credential | {"id": "urn:y"}), certificates=certificates)
    assert refused.value.code == "certificate.credential_differs"


def an_attachment(credential: dict[str, object]) -> AttachProof:
    return AttachProof(actor=ACTOR, certificate_id=certificate_id(1), credential=credential)


class Slots:
    """Bits in memory."""

    def __init__(self) -> None:
        self.indices = [7]

    def list_count(self) -> int:
        return 1

    def set_indices(self, list_number: int, purpose: str) -> list[int]:
        return self.indices


def test_a_status_list_is_signed_anew_only_when_it_tells_something_else():
    slots = Slots()
    lists = StatusLists(
        slots=slots,
        keys=OneRing(),
        clock=lambda: NOON,
        address="https://rtcm.example/status-lists",
    )
    first = lists.published(1, "revocation")
    assert lists.published(1, "revocation") is first
    slots.indices = [7, 8]
    second = lists.published(1, "revocation")
    assert second.tag != first.tag
    assert value_at(decode_bits(second.credential["credentialSubject"]["encodedList"]), 8) == 1
    assert [proof["cryptosuite"] for proof in second.credential["proof"]] == [RDFC, JCS]
    for number, purpose in ((1, "refresh"), (2, "revocation")):
        with pytest.raises(NotFound):
            lists.published(number, purpose)

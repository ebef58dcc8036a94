"""What one participant may earn: evidence, verdict, and the way to the certificate."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from chassis.aggregate import Aggregate
from chassis.errors import RuleViolation
from chassis.ids import derived_id
from contracts.certification import AwardReached, AwardUnreachable
from services.certification.domain.award_rule import RuleVersion
from services.certification.domain.awarding.facts import (
    Attended,
    Evidence,
    PlacementDone,
    Plan,
)
from services.certification.domain.awarding.terms import Confirmation
from services.certification.domain.awarding.verdict import Standing, Verdict, judge


class AwardStatus(StrEnum):
    """Where an award stands."""

    EXPECTED = "expected"  # evidence came before the enrolment
    OPEN = "open"
    UNREACHABLE = "unreachable"  # by what is known; a correction may open it again
    ELIGIBLE = "eligible"  # the terms are met; a person must confirm
    HELD = "held"  # in the hold window
    REACHED = "reached"
    CLOSED = "closed"  # the participant left


_DECIDED = (AwardStatus.REACHED, AwardStatus.CLOSED)


@dataclass(kw_only=True)
class Award(Aggregate):
    """One participant's way to a certificate.

    Rules
      R1  facts may arrive in any order and more than once; the verdict is the same
      R2  an award is reached only while its terms are met, after the hold window
      R3  where the rule asks for it, a person confirms before the hold window
      R4  what was reached stays reached; evidence that no longer carries it is marked as doubt,
          and a person decides about the certificate
      R5  a participant who left earns nothing more, unless it was reached before
      R6  evidence may come before the enrolment, but nothing is judged until then
      R7  its certificates are stated one after the other, and none once the person is erased

    Attributes:
        hold_until: end of the hold window, while ``held``.
        rule_version: that the verdict was judged by.
        was_held: a hold window was ever begun.
        is_doubted: reached, but the facts known now do not carry it (R4).
    """

    award_id: str
    participant_id: str
    cohort_id: str
    country_code: str
    subject_id: str | None = None
    status: AwardStatus = AwardStatus.EXPECTED
    evidence: Evidence = field(default_factory=Evidence)
    verdict: Verdict | None = None
    rule_version: int | None = None
    hold_until: datetime | None = None
    reached_at: datetime | None = None
    is_confirmed: bool = False
    was_held: bool = False
    is_doubted: bool = False
    certificate_count: int = 0
    is_erased: bool = False
    closed_reason_code: str | None = None

    @classmethod
    def expect(cls, *, participant_id: str, cohort_id: str, country_code: str) -> Award:
        """The award of a participant, whose enrolment may not be known yet (R6)."""
        return cls(
            award_id=award_id_of(participant_id),
            participant_id=participant_id,
            cohort_id=cohort_id,
            country_code=country_code,
        )

    def enrol(self, *, subject_id: str, country_code: str) -> None:
        """The enrolment is known; the award is open."""
        if self.status is AwardStatus.EXPECTED:
            self.subject_id, self.country_code = subject_id, country_code
            self.status = AwardStatus.OPEN

    def note_attendance(self, attended: Attended) -> None:
        """Take in a register's entry (R1)."""
        if not self.is_erased:
            self.evidence = self.evidence.with_attendance(attended)

    def note_placement(self, placement: PlacementDone) -> None:
        """Take in a completed placement (R1)."""
        if not self.is_erased:
            self.evidence = self.evidence.with_placement(placement)

    def assess(self, rule: RuleVersion, plan: Plan, *, now: datetime) -> None:
        """Judge the facts known now and move on; may record ``AwardUnreachable``.

        A decided award keeps its status and the version it was decided by (R4, R5).
        """
        verdict = judge(rule.terms, plan=plan, evidence=self.evidence)
        if self.status in (AwardStatus.EXPECTED, AwardStatus.CLOSED):
            return
        if self.is_erased:
            return
        if self.status is AwardStatus.REACHED:
            self.is_doubted = verdict.standing is not Standing.MET
            return
        self.verdict, self.rule_version = verdict, rule.rule_version
        if verdict.standing is Standing.MET:
            self._meet(rule, now=now)
        else:
            self._fall_short(verdict, now=now)

    def confirm(self, rule: RuleVersion | None, *, now: datetime) -> None:
        """A person lets the met award go on (R3).

        Raises:
            RuleViolation: ``award.not_eligible``.
        """
        if self.status is not AwardStatus.ELIGIBLE or rule is None:
            raise RuleViolation("award.not_eligible", f"the award is {self.status}")
        self.is_confirmed = True
        self._hold(rule, now=now)

    def take_back(self) -> None:
        """Undo a confirmation within the hold window; a person must confirm again (R3).

        Raises:
            RuleViolation: ``award.not_held``.
        """
        if self.status is not AwardStatus.HELD:
            raise RuleViolation("award.not_held", f"the award is {self.status}")
        self.status, self.hold_until, self.is_confirmed = AwardStatus.ELIGIBLE, None, False

    def reach(self, *, now: datetime) -> None:
        """The hold window is over; records ``AwardReached``.

        Raises:
            RuleViolation: ``award.not_held`` or ``award.still_held`` (R2).
        """
        if self.status is not AwardStatus.HELD or self.hold_until is None:
            raise RuleViolation("award.not_held", f"the award is {self.status}")
        if now < self.hold_until:
            raise RuleViolation("award.still_held", f"held until {self.hold_until:%F %R} UTC")
        assert self.verdict is not None
        assert self.rule_version is not None
        assert self.subject_id is not None
        self.status, self.reached_at, self.hold_until = AwardStatus.REACHED, now, None
        self.record(
            AwardReached(
                award_id=self.award_id,
                participant_id=self.participant_id,
                subject_id=self.subject_id,
                cohort_id=self.cohort_id,
                country_code=self.country_code,
                kind_code=self.verdict.kind_code.value,
                rule_version=self.rule_version,
                reached_at=now,
            )
        )

    def require_reached(self) -> str:
        """The subject whose award it is.

        Raises:
            RuleViolation: ``award.not_reached``: there is nothing to certify.
        """
        if self.status is not AwardStatus.REACHED or self.subject_id is None:
            raise RuleViolation("award.not_reached", f"the award is {self.status}")
        return self.subject_id

    def certify(self, ordinal: int) -> bool:
        """Count the n-th certificate (R7).

        Returns:
            Whether it is to be stated: not when it was already, nor when the person was erased.

        Raises:
            RuleViolation: ``award.certificate_skipped``: the one before it is missing.
        """
        if self.is_erased or ordinal <= self.certificate_count:
            return False
        if ordinal != self.certificate_count + 1:
            raise RuleViolation("award.certificate_skipped", "the certificate before it is missing")
        self.certificate_count = ordinal
        return True

    def is_settled(self, *, has_rule: bool, awaits_successor: bool) -> bool:
        """Whether nothing can be lost any more when the person is forgotten.

        Args:
            has_rule: its cohort has terms in force; without any nothing can be earned.
            awaits_successor: its last certificate was replaced, and what replaces it is not stated.
        """
        if self.is_erased or self.status in (AwardStatus.CLOSED, AwardStatus.UNREACHABLE):
            return True
        if self.status is AwardStatus.REACHED:
            return self.certificate_count > 0 and not awaits_successor
        return self.status is AwardStatus.OPEN and not has_rule

    def erase(self) -> None:
        """The person is forgotten: evidence goes, what was decided stays (R7)."""
        self.evidence, self.is_erased = Evidence(), True
        if self.status is not AwardStatus.REACHED:
            self.status, self.hold_until = AwardStatus.CLOSED, None
            self.closed_reason_code = "erased"

    def close(self, *, reason_code: str) -> None:
        """The participant left (R5); a reached award stays reached (R4)."""
        if self.status not in _DECIDED:
            self.status, self.hold_until = AwardStatus.CLOSED, None
            self.closed_reason_code = reason_code

    def _meet(self, rule: RuleVersion, *, now: datetime) -> None:
        if self.status is AwardStatus.HELD:
            return
        needs_person = rule.terms.confirmation is Confirmation.OPERATOR
        if self.status is AwardStatus.ELIGIBLE or (needs_person and not self.is_confirmed):
            self.status = AwardStatus.ELIGIBLE
            return
        self._hold(rule, now=now)

    def _hold(self, rule: RuleVersion, *, now: datetime) -> None:
        self.status, self.was_held = AwardStatus.HELD, True
        self.hold_until = now + timedelta(minutes=rule.terms.hold_minutes)

    def _fall_short(self, verdict: Verdict, *, now: datetime) -> None:
        was_unreachable = self.status is AwardStatus.UNREACHABLE
        self.hold_until, self.is_confirmed = None, False
        if verdict.is_reachable:
            self.status = AwardStatus.OPEN
            return
        self.status = AwardStatus.UNREACHABLE
        if was_unreachable:
            return
        assert self.rule_version is not None
        assert self.subject_id is not None
        self.record(
            AwardUnreachable(
                award_id=self.award_id,
                participant_id=self.participant_id,
                subject_id=self.subject_id,
                cohort_id=self.cohort_id,
                country_code=self.country_code,
                kind_code=verdict.kind_code.value,
                rule_version=self.rule_version,
                missing_codes=tuple(item.code for item in verdict.missing),
                decided_at=now,
            )
        )


def award_id_of(participant_id: str) -> str:
    """The id of a participant's one award (a participant belongs to one cohort)."""
    return derived_id("award", participant_id)

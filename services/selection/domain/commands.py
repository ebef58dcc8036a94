"""Everything that may be asked of selection."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from chassis.aggregate import Command
from contracts.registration import CodedAnswer
from services.selection.domain.allocation.market import Result
from services.selection.domain.candidate import Answers
from services.selection.domain.interview import Slot
from services.selection.domain.rubric import Points


@dataclass(frozen=True, kw_only=True)
class RememberCohort(Command):
    """Take note of a cohort, or of its new dates."""

    cohort_id: str
    country_code: str
    starts_on: date
    ends_on: date
    zone: str


@dataclass(frozen=True, kw_only=True)
class RememberCall(Command):
    """Take note that a call opened."""

    call_id: str
    cohort_ids: tuple[str, ...]
    country_code: str
    opens_at: datetime
    closes_at: datetime


@dataclass(frozen=True, kw_only=True)
class CloseCall(Command):
    """Take note that a call closed."""

    call_id: str
    closed_at: datetime


@dataclass(frozen=True, kw_only=True)
class DraftRuleSet(Command):
    """Give a cohort its first rules."""

    cohort_id: str
    document: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class ReviseRuleSet(Command):
    """Replace rules that are not frozen yet."""

    ruleset_id: str
    document: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class FreezeRuleSet(Command):
    """Let rules change no more."""

    ruleset_id: str


@dataclass(frozen=True, kw_only=True)
class UseRuleSet(Command):
    """People will be judged by a cohort's rules: freeze them if there are any."""

    cohort_id: str


@dataclass(frozen=True, kw_only=True)
class OpenScreening(Command):
    """Take an application in and judge it if its rules are frozen."""

    application_id: str
    call_id: str
    subject_id: str
    country_code: str
    route: str
    preferences: tuple[str, ...]
    answers: tuple[CodedAnswer, ...]


@dataclass(frozen=True, kw_only=True)
class AmendScreening(Command):
    """Take over a changed form and judge it anew."""

    application_id: str
    preferences: tuple[str, ...]
    answers: tuple[CodedAnswer, ...]


@dataclass(frozen=True, kw_only=True)
class JudgeScreening(Command):
    """Judge a screening that waited for its rules."""

    screening_id: str


@dataclass(frozen=True, kw_only=True)
class WithdrawScreening(Command):
    """The applicant took the application back."""

    application_id: str


@dataclass(frozen=True, kw_only=True)
class DecideScreening(Command):
    """A person's word where the rules had none."""

    screening_id: str
    eligible: bool


@dataclass(frozen=True, kw_only=True)
class AssignReviewer(Command):
    """Ask somebody for a review."""

    screening_id: str
    reviewer_id: str


@dataclass(frozen=True, kw_only=True)
class RecuseReviewer(Command):
    """The reviewer who asks this steps back."""

    screening_id: str
    conflict_code: str


@dataclass(frozen=True, kw_only=True)
class SealReview(Command):
    """The reviewer who asks this hands in a complete sheet."""

    screening_id: str
    points: Points


@dataclass(frozen=True, kw_only=True)
class DrawShortlist(Command):
    """Cut after the reviews of a cohort."""

    cohort_id: str


@dataclass(frozen=True, kw_only=True)
class ShortlistScreening(Command):
    """Send one application to the interview."""

    screening_id: str
    adjusted_milli: int | None = None


@dataclass(frozen=True, kw_only=True)
class RejectScreening(Command):
    """End one application after its reviews."""

    screening_id: str
    reason_code: str
    adjusted_milli: int | None = None


@dataclass(frozen=True, kw_only=True)
class BookInterview(Command):
    """Give a shortlisted person a slot and a panel."""

    application_id: str
    slot: Slot
    panelist_ids: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class MoveInterview(Command):
    """Another slot."""

    interview_id: str
    slot: Slot


@dataclass(frozen=True, kw_only=True)
class JoinPanel(Command):
    """One more panelist."""

    interview_id: str
    panelist_id: str


@dataclass(frozen=True, kw_only=True)
class RecusePanelist(Command):
    """The panelist who asks this steps back."""

    interview_id: str
    conflict_code: str


@dataclass(frozen=True, kw_only=True)
class SealInterviewScores(Command):
    """The panelist who asks this hands in complete scores."""

    interview_id: str
    points: Points


@dataclass(frozen=True, kw_only=True)
class MissInterview(Command):
    """The applicant did not come."""

    interview_id: str


@dataclass(frozen=True, kw_only=True)
class CancelInterview(Command):
    """The application was withdrawn."""

    interview_id: str


@dataclass(frozen=True, kw_only=True)
class CommitRun(Command):
    """Bind the lottery's secret of a call that is open."""

    run_id: str
    call_id: str
    public_value_name: str


@dataclass(frozen=True, kw_only=True)
class SnapshotRun(Command):
    """Freeze quotas and priorities of a closed call."""

    run_id: str


@dataclass(frozen=True, kw_only=True)
class DrawRun(Command):
    """Reveal the public value; the allocation follows."""

    run_id: str
    public_value: str


@dataclass(frozen=True, kw_only=True)
class AskForRound(Command):
    """People's answers changed what the latest round assumed: allocate again."""

    run_id: str
    cause_id: str


@dataclass(frozen=True, kw_only=True)
class RecordRound(Command):
    """Take over an allocation that was computed outside; it is verified again."""

    run_id: str
    result: Result
    answers: Answers
    cause_code: str


@dataclass(frozen=True, kw_only=True)
class BeginOffering(Command):
    """Every superseded offer of the round is taken back."""

    run_id: str
    round_number: int


@dataclass(frozen=True, kw_only=True)
class FinishRound(Command):
    """Offers and waiting list of the round are out."""

    run_id: str
    round_number: int


@dataclass(frozen=True, kw_only=True)
class MakeOffer(Command):
    """Offer one person the place a round gave them."""

    run_id: str
    round_number: int
    application_id: str
    cohort_id: str


@dataclass(frozen=True, kw_only=True)
class AcceptOffer(Command):
    """Take the place."""

    offer_id: str


@dataclass(frozen=True, kw_only=True)
class DeclineOffer(Command):
    """Leave the place to others."""

    offer_id: str


@dataclass(frozen=True, kw_only=True)
class ExpireOffer(Command):
    """Nobody answered in time."""

    offer_id: str


@dataclass(frozen=True, kw_only=True)
class WithdrawOffer(Command):
    """Take an offer back."""

    offer_id: str
    reason_code: str


@dataclass(frozen=True, kw_only=True)
class RankPlace(Command):
    """Put somebody on a waiting list, or move them within it."""

    run_id: str
    application_id: str
    cohort_id: str
    rank: int


@dataclass(frozen=True, kw_only=True)
class EndPlace(Command):
    """Take somebody off a waiting list."""

    place_id: str
    reason_code: str


@dataclass(frozen=True, kw_only=True)
class FileAppeal(Command):
    """The applicant who asks this objects to a decision."""

    appeal_id: str
    application_id: str
    ground_code: str


@dataclass(frozen=True, kw_only=True)
class ExamineAppeal(Command):
    """Say whether an appeal will be decided."""

    appeal_id: str
    admissible: bool


@dataclass(frozen=True, kw_only=True)
class DecideAppeal(Command):
    """Decide an appeal."""

    appeal_id: str
    granted: bool


@dataclass(frozen=True, kw_only=True)
class EraseRecord(Command):
    """Forget a person in one aggregate.

    Attributes:
        kind: screening, interview, offer, place or appeal.
    """

    kind: str
    record_id: str


@dataclass(frozen=True, kw_only=True)
class ConfirmErasure(Command):
    """Give the receipt that a person is forgotten."""

    subject_id: str
    country_code: str
    removed_count: int

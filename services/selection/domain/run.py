"""One allocation of seats and all its later rounds, provable from its manifest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from chassis.aggregate import Aggregate
from chassis.errors import RuleViolation
from contracts.selection import RunCommitted, RunCompleted
from services.selection.domain.allocation.market import Market, Result
from services.selection.domain.allocation.verify import require_verified
from services.selection.domain.audit.tree import inputs_root, sheets_root
from services.selection.domain.call import Call
from services.selection.domain.candidate import (
    Answers,
    Candidate,
    GroupRecord,
    QuotaRecord,
    Seat,
    SheetsRecord,
    market_of,
)
from services.selection.domain.canonical import sha256_of
from services.selection.domain.frozen_quotas import groups_of, quota_of
from services.selection.domain.lottery import commitment_sha256, lottery_seed, pool_sha256
from services.selection.domain.rule_set import RuleSet
from services.selection.domain.shortlist import Shortlist

ENGINE = "deferred-acceptance/1"
"""The rule and its version, not the program: every engine that keeps it gives the same result."""


class RunStatus(StrEnum):
    """Where a run stands.

    ``CLEARING``: a round is allocated and verified; offers it supersedes are taken back.
    ``OFFERING``: nothing is superseded any more; new offers go out.
    ``PUBLISHED``: the round's offers and waiting list are out.
    """

    COMMITTED = "committed"
    SNAPSHOT = "snapshot"
    DRAWN = "drawn"
    CLEARING = "clearing"
    OFFERING = "offering"
    PUBLISHED = "published"


@dataclass(frozen=True, kw_only=True)
class Round:
    """One allocation of the run: its number from 1, why, and what came out.

    Attributes:
        newly_gone_ids, newly_kept, released_ids: what changed in people's answers since the round
            before; released are those who keep their place no more without being gone.
        closed_ids: cohorts that had begun.
    """

    number: int
    cause_code: str
    gone_count: int
    kept_count: int
    placed_count: int
    result_sha256: str
    recorded_at: datetime
    newly_gone_ids: tuple[str, ...] = ()
    newly_kept: tuple[Seat, ...] = ()
    released_ids: tuple[str, ...] = ()
    closed_ids: tuple[str, ...] = ()


@dataclass(kw_only=True)
class Run(Aggregate):
    """Seats of a call's cohorts, allocated by deferred acceptance.

    Rules
      R1  the lottery's secret is bound, and a public value named, while the call is open
      R2  the snapshot is taken once, after the call closed; priorities never change afterwards
      R3  the public value is drawn once, after the snapshot; seed and numbers follow from it
      R4  a round enters the run only if it is complete and the verifier finds nothing wrong
      R5  a later round starts from the same priorities; people gone stay gone, and who accepted
          keeps their place
      R6  offers of a round go out only after those it supersedes were taken back, and the next
          round waits until they are out, so that seats are never over

    Attributes:
        secret: shown to nobody before the draw.
        seats: the latest round's outcome, gone people left out.
        gone_ids, kept: what the latest round knew of people's answers.
    """

    run_id: str
    call_id: str
    cohort_ids: tuple[str, ...]
    country_code: str
    secret: str
    lottery_commitment_sha256: str
    public_value_name: str
    status: RunStatus = RunStatus.COMMITTED
    quotas: tuple[QuotaRecord, ...] = ()
    groups: tuple[GroupRecord, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    sheets: tuple[SheetsRecord, ...] = ()
    pool_sha256: str | None = None
    public_value: str | None = None
    seed_hex: str | None = None
    seats: tuple[Seat, ...] = ()
    gone_ids: tuple[str, ...] = ()
    kept: tuple[Seat, ...] = ()
    rounds: tuple[Round, ...] = ()

    @classmethod
    def commit(
        cls, *, run_id: str, call: Call, secret: str, public_value_name: str, now: datetime
    ) -> Run:
        """Bind the lottery's secret; records ``RunCommitted`` (R1).

        Raises:
            RuleViolation: ``run.too_late``; the call is closed.
        """
        if not call.is_open(now):
            raise RuleViolation("run.too_late", "the secret is bound before the call closes")
        run = cls(
            run_id=run_id,
            call_id=call.call_id,
            cohort_ids=call.cohort_ids,
            country_code=call.country_code,
            secret=secret,
            lottery_commitment_sha256=commitment_sha256(secret),
            public_value_name=public_value_name,
        )
        run.record(
            RunCommitted(
                run_id=run_id,
                call_id=call.call_id,
                cohort_ids=call.cohort_ids,
                country_code=call.country_code,
                lottery_commitment_sha256=run.lottery_commitment_sha256,
                public_value_name=public_value_name,
                committed_at=now,
            )
        )
        return run

    def take_snapshot(
        self,
        *,
        call: Call,
        rule_sets: Sequence[RuleSet],
        candidates: Sequence[Candidate],
        shortlists: Iterable[Shortlist] = (),
    ) -> None:
        """Freeze quotas and priorities, and name the sheets that adjusted scores follow from (R2).

        Raises:
            RuleViolation: ``run.not_committed``, ``run.call_open``, ``run.rules_missing``
                or ``quota.*``; quotas of different cohorts contradict each other.
        """
        self._require(RunStatus.COMMITTED)
        if call.closed_at is None:
            raise RuleViolation("run.call_open", "people can still apply")
        if {r.cohort_id for r in rule_sets if r.frozen_at is not None} != set(self.cohort_ids):
            raise RuleViolation("run.rules_missing", "a cohort of the call has no frozen rule set")
        self.quotas = tuple(
            quota_of(r.cohort_id, r.sha256, r.rules)
            for r in sorted(rule_sets, key=lambda r: r.cohort_id)
        )
        self.groups = groups_of(rule_set.rules for rule_set in rule_sets)
        self.candidates = tuple(sorted(candidates, key=lambda c: c.application_id))
        self.sheets = tuple(
            SheetsRecord(
                cohort_id=s.cohort_id,
                count=len(s.calibration.sheets),
                merkle_root=sheets_root(s.calibration.sheets),
            )
            for s in sorted(shortlists, key=lambda s: s.cohort_id)
            if s.calibration is not None
        )
        self.pool_sha256 = pool_sha256(c.application_id for c in self.candidates)
        self.status = RunStatus.SNAPSHOT

    def draw(self, public_value: str) -> None:
        """Reveal the public value and with it everybody's lottery number (R3).

        Raises:
            RuleViolation: ``run.not_snapshot`` or ``lottery.secret_ambiguous``.
        """
        self._require(RunStatus.SNAPSHOT)
        assert self.pool_sha256 is not None, "the snapshot has set it"
        self.public_value = public_value
        self.seed_hex = lottery_seed(self.secret, public_value, self.pool_sha256).hex()
        self.status = RunStatus.DRAWN

    def market(self, answers: Answers) -> Market:
        """What the next round allocates (R5).

        Raises:
            RuleViolation: ``run.not_drawn``.
        """
        if self.seed_hex is None:
            raise RuleViolation("run.not_drawn", "the lottery is not drawn yet")
        return market_of(
            self.candidates,
            self.quotas,
            self.groups,
            seed=bytes.fromhex(self.seed_hex),
            answers=answers,
        )

    def record_round(
        self, result: Result, *, answers: Answers, cause_code: str, now: datetime
    ) -> None:
        """Take an allocation over; records ``RunCompleted`` (R4, R5, R6).

        Raises:
            RuleViolation: ``run.offering``, ``run.not_drawn``, ``run.answer_lost`` or
                ``run.not_verified``.
        """
        if self.status is RunStatus.OFFERING:
            raise RuleViolation("run.offering", "offers of the last round are still going out")
        market = self.market(answers)
        if not answers.gone_ids.issuperset(self.gone_ids):
            raise RuleViolation("run.answer_lost", "somebody who is gone came back")
        require_verified(market, result)
        self.seats = tuple(
            Seat(application_id=a, cohort_id=result.assignment[a])
            for a in sorted(result.assignment)
        )
        self.rounds = (*self.rounds, self._round(result, answers, cause_code, now))
        self.gone_ids = tuple(sorted(answers.gone_ids))
        self.kept = _seats(answers.kept)
        self.status = RunStatus.CLEARING
        self._announce(result, now)

    def begin_offering(self, round_number: int) -> None:
        """Every superseded offer is taken back; new ones may go out (R6).

        Raises:
            RuleViolation: ``run.round_over`` or ``run.not_clearing``.
        """
        self._require_round(round_number)
        self._require(RunStatus.CLEARING)
        self.status = RunStatus.OFFERING

    def finish_round(self, round_number: int) -> None:
        """Offers and waiting list of the round are out (R6).

        Raises:
            RuleViolation: ``run.round_over`` or ``run.not_offering``.
        """
        self._require_round(round_number)
        self._require(RunStatus.OFFERING)
        self.status = RunStatus.PUBLISHED

    def require_seat(self, round_number: int, seat: Seat) -> None:
        """Refuse an offer the round does not stand behind (R6).

        Raises:
            RuleViolation: ``run.round_over``, ``run.not_offering`` or ``run.no_such_seat``.
        """
        self._require_round(round_number)
        self._require(RunStatus.OFFERING)
        if seat not in self.seats:
            raise RuleViolation("run.no_such_seat", "the round gave this person another place")

    def accounts_for(self, answers: Answers) -> bool:
        """Whether the latest round knew these answers, so that another would change nothing."""
        kept = {(seat.application_id, seat.cohort_id) for seat in self.kept}
        placed = {(seat.application_id, seat.cohort_id) for seat in self.seats}
        return set(answers.gone_ids) == set(self.gone_ids) and all(
            pair in kept or pair in placed for pair in answers.kept.items()
        )

    def latest(self) -> tuple[Market, Result]:
        """What the latest round allocated, and what came out.

        Raises:
            RuleViolation: ``run.not_drawn``; there is no round yet.
        """
        if not self.rounds:
            raise RuleViolation("run.not_drawn", "there is no round yet")
        answers = Answers.of(
            gone_ids=self.gone_ids,
            kept={s.application_id: s.cohort_id for s in self.kept if s.cohort_id is not None},
            closed_ids=self.rounds[-1].closed_ids,
        )
        return self.market(answers), Result({s.application_id: s.cohort_id for s in self.seats})

    def waiting_list(self, cohort_id: str) -> tuple[str, ...]:
        """Application ids of those without a place who asked for the cohort, best first."""
        nowhere = {seat.application_id for seat in self.seats if seat.cohort_id is None}
        market = self.market(Answers.of(gone_ids=self.gone_ids, kept={}))
        waiting = [
            applicant
            for applicant in market.applicants
            if applicant.applicant_id in nowhere and cohort_id in applicant.preferences
        ]
        return tuple(
            applicant.applicant_id
            for applicant in sorted(waiting, key=lambda applicant: applicant.rank_key(cohort_id))
        )

    def manifest(self) -> dict[str, Any]:
        """What an outsider needs to compute the lottery and compare hashes; secret revealed."""
        drawn = self.seed_hex is not None
        return {
            "run_id": self.run_id,
            "engine": ENGINE,
            "rulesets": {quota.cohort_id: quota.ruleset_sha256 for quota in self.quotas},
            "lottery": {
                "commitment_sha256": self.lottery_commitment_sha256,
                "public_value_name": self.public_value_name,
                "public_value": self.public_value,
                "secret": self.secret if drawn else None,
                "seed": self.seed_hex,
            },
            "pool_sha256": self.pool_sha256,
            "inputs": None
            if self.pool_sha256 is None
            else {"count": len(self.candidates), "merkle_root": inputs_root(self.candidates)},
            "sheets": {
                one.cohort_id: {"count": one.count, "merkle_root": one.merkle_root}
                for one in self.sheets
            },
            "rounds": [
                {"number": r.number, "cause": r.cause_code, "result_sha256": r.result_sha256}
                for r in self.rounds
            ],
        }

    @property
    def manifest_sha256(self) -> str:
        """Hash of the manifest."""
        return sha256_of(self.manifest())

    @property
    def round_number(self) -> int:
        """Number of the latest round, 0 before the first."""
        return len(self.rounds)

    def _round(self, result: Result, answers: Answers, cause_code: str, now: datetime) -> Round:
        kept = {seat.application_id: seat.cohort_id for seat in self.kept}
        return Round(
            number=self.round_number + 1,
            cause_code=cause_code,
            gone_count=len(answers.gone_ids),
            kept_count=len(answers.kept),
            placed_count=result.placed_count,
            result_sha256=result.sha256,
            recorded_at=now,
            newly_gone_ids=tuple(sorted(answers.gone_ids.difference(self.gone_ids))),
            newly_kept=_seats({a: c for a, c in answers.kept.items() if kept.get(a) != c}),
            released_ids=tuple(sorted(kept.keys() - answers.kept.keys() - answers.gone_ids)),
            closed_ids=tuple(sorted(answers.closed_ids)),
        )

    def _announce(self, result: Result, now: datetime) -> None:
        assert self.pool_sha256 is not None, "a drawn run has a snapshot"
        self.record(
            RunCompleted(
                run_id=self.run_id,
                call_id=self.call_id,
                cohort_ids=self.cohort_ids,
                country_code=self.country_code,
                pool_sha256=self.pool_sha256,
                result_sha256=result.sha256,
                placed_count=result.placed_count,
                waitlisted_count=len(result.assignment) - result.placed_count,
                completed_at=now,
            )
        )

    def _require(self, status: RunStatus) -> None:
        if self.status is not status:
            raise RuleViolation(f"run.not_{status}", f"the run is {self.status}")

    def _require_round(self, round_number: int) -> None:
        if round_number != self.round_number:
            raise RuleViolation("run.round_over", f"round {self.round_number} came meanwhile")


def _seats(places: Mapping[str, str]) -> tuple[Seat, ...]:
    return tuple(Seat(application_id=a, cohort_id=places[a]) for a in sorted(places))

"""What of a person enters an allocation: frozen with the snapshot, pseudonymous."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from services.selection.domain.allocation.market import (
    Applicant,
    CohortQuota,
    GroupCap,
    Market,
    Priority,
)
from services.selection.domain.lottery import lottery_number
from services.selection.domain.scores import Scores

_HOLDS_A_PLACE = -1
"""Band of somebody who accepted a place: before everybody who has none."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A candidate at one cohort: band (lower is better) and final score in milli-points."""

    cohort_id: str
    band: int
    score_milli: int


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """One applicant of a run, by application id; standings in the order of preference."""

    application_id: str
    country_code: str
    scores: Scores
    standings: tuple[Standing, ...]


@dataclass(frozen=True, kw_only=True)
class Seat:
    """Where somebody is placed; ``None``: nowhere."""

    application_id: str
    cohort_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class QuotaRecord:
    """A cohort's quota and the rule set it comes from, as the run froze them."""

    cohort_id: str
    ruleset_sha256: str
    seats: int
    country_ceilings: Mapping[str, int]
    country_reserves: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class GroupRecord:
    """A group cap as the run froze it; cells as ``cohort id/country``."""

    cells: tuple[str, ...]
    cap: int


@dataclass(frozen=True, kw_only=True)
class SheetsRecord:
    """The sheets that a cohort's adjusted scores follow from: how many, and their tree's root."""

    cohort_id: str
    count: int
    merkle_root: str


@dataclass(frozen=True, kw_only=True)
class Answers:
    """What people did with their places since the first round.

    Attributes:
        gone_ids: declined, let expire, withdrew or left: out of every later round.
        kept: accepted places; these people want nothing else any more.
        closed_ids: cohorts that began: their vacancies are filled no more.
    """

    gone_ids: frozenset[str] = frozenset()
    kept: Mapping[str, str]
    closed_ids: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls, *, gone_ids: Iterable[str], kept: Mapping[str, str], closed_ids: Iterable[str] = ()
    ) -> Answers:
        """Answers, those gone never counted as keeping."""
        gone = frozenset(gone_ids)
        return cls(
            gone_ids=gone,
            kept={a: c for a, c in kept.items() if a not in gone},
            closed_ids=frozenset(closed_ids),
        )


def market_of(
    candidates: Iterable[Candidate],
    quotas: Iterable[QuotaRecord],
    groups: Iterable[GroupRecord],
    *,
    seed: bytes,
    answers: Answers,
) -> Market:
    """The market of a round: frozen priorities, without those gone, holders at their place."""
    return Market(
        cohorts=tuple(
            CohortQuota(q.cohort_id, q.seats, q.country_ceilings, q.country_reserves)
            for q in quotas
        ),
        group_caps=tuple(
            GroupCap(tuple(_cell(text) for text in group.cells), group.cap) for group in groups
        ),
        applicants=tuple(
            _applicant(candidate, seed, answers)
            for candidate in candidates
            if candidate.application_id not in answers.gone_ids
        ),
    )


def _cell(text: str) -> tuple[str, str]:
    cohort_id, _, country_code = text.rpartition("/")
    return cohort_id, country_code


def _applicant(candidate: Candidate, seed: bytes, answers: Answers) -> Applicant:
    number = lottery_number(seed, candidate.application_id)
    kept = answers.kept.get(candidate.application_id)
    standings = [
        standing
        for standing in candidate.standings
        if standing.cohort_id == kept
        or (kept is None and standing.cohort_id not in answers.closed_ids)
    ]
    return Applicant(
        candidate.application_id,
        candidate.country_code,
        tuple(standing.cohort_id for standing in standings),
        {
            standing.cohort_id: Priority(
                standing.band if kept is None else _HOLDS_A_PLACE, standing.score_milli, number
            )
            for standing in standings
        },
    )

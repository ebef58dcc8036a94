"""The verifier: looks only at a market and a result, in time linear in the preferences.

Shares no code with the engines. A result it passes is feasible, individually rational,
non-wasteful and free of justified envy under the quotas; because caps are laminar, looking at
one person joining and one leaving is enough (M-natural-concavity of the choice).

For somebody who prefers a cohort to what they got it must hold that
  V1  nobody of their own country who ranks below them is there
  V2  the reserve of their country there is filled
  V3  a cap over them is full
  V4  nobody who ranks below them there could leave for them: everybody below is protected by a
      reserve, or outside the smallest full cap
  V5  where that cap spans cohorts: none of these holds so many people more that the turns
      (fewest people first, then id) would have given the place to this cohort
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from chassis.errors import RuleViolation
from services.selection.domain.allocation.market import (
    ANY_COUNTRY,
    Applicant,
    CohortQuota,
    Market,
    Result,
)

RankKey = tuple[int, int, int, str]

_Bound = RankKey | tuple[()]
"""A rank, or before all ranks: the empty one."""


@dataclass(frozen=True, slots=True)
class Violation:
    """What is wrong: a code, the person and the cohort concerned, a sentence."""

    code: str
    applicant_id: str
    cohort_id: str
    detail: str


def verify(market: Market, result: Result) -> tuple[Violation, ...]:
    """Everything wrong with a result; empty when nothing is."""
    unfounded = tuple(_unfounded(market, result))
    if unfounded:
        return unfounded
    seating = Seating.of(market, result)
    return (*seating.overfull(), *(v for a in market.applicants for v in seating.claims(a)))


def require_verified(market: Market, result: Result) -> None:
    """Refuse a result that is not right.

    Raises:
        RuleViolation: ``run.not_verified`` with the first violation.
    """
    violations = verify(market, result)
    if violations:
        raise RuleViolation(
            "run.not_verified", f"{len(violations)} violations; first: {violations[0].detail}"
        )


def _unfounded(market: Market, result: Result) -> Iterator[Violation]:
    people = {applicant.applicant_id: applicant for applicant in market.applicants}
    for applicant_id in sorted(people.keys() ^ result.assignment.keys()):
        yield Violation(
            "result.people", applicant_id, "", f"{applicant_id} is not in both market and result"
        )
    for applicant_id, cohort_id in result.assignment.items():
        applicant = people.get(applicant_id)
        if cohort_id is not None and applicant and cohort_id not in applicant.preferences:
            yield Violation(
                "result.not_preferred",
                applicant_id,
                cohort_id,
                f"{applicant_id} is placed at {cohort_id}, which they did not ask for",
            )


def _named(market: Market) -> set[str]:
    """Countries of group caps, and "*" for all that nobody names: so a part is never a whole."""
    return {ANY_COUNTRY, *(country for group in market.group_caps for _, country in group.cells)}


@dataclass(slots=True)
class LaidCap:
    name: str
    size: int
    cells_of: dict[str, list[tuple[str, str]]]
    load: int = 0
    last_turn: tuple[int, str] | None = None
    """The cohort that took the last place anybody could give up, and its people by then."""

    @property
    def across_cohorts(self) -> bool:
        return len(self.cells_of) > 1

    @property
    def full(self) -> bool:
        return self.load >= self.size


@dataclass(slots=True)
class Seating:
    """The result seen from the cohorts."""

    quotas: dict[str, CohortQuota]
    assignment: dict[str, str | None]
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    country_counts: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    worst: dict[tuple[str, str], RankKey] = field(default_factory=dict)
    caps: list[LaidCap] = field(default_factory=list)
    caps_over: dict[tuple[str, str], list[LaidCap]] = field(default_factory=dict)
    safe_from: dict[tuple[str, str], _Bound | None] = field(default_factory=dict)
    """Cell -> the rank from which on nobody has a claim there; ``None``: everybody may have."""

    @classmethod
    def of(cls, market: Market, result: Result) -> Seating:
        seating = cls({c.cohort_id: c for c in market.cohorts}, dict(result.assignment))
        countries = sorted({a.country_code for a in market.applicants} | _named(market))
        seating._lay_caps(market, countries)
        for applicant in market.applicants:
            cohort_id = seating.assignment[applicant.applicant_id]
            if cohort_id is not None:
                seating._seat(applicant, cohort_id)
        return seating

    def _lay_caps(self, market: Market, countries: list[str]) -> None:
        def lay(name: str, size: int, cells: tuple[tuple[str, str], ...]) -> None:
            spread: dict[str, set[tuple[str, str]]] = defaultdict(set)
            for cohort_id, named in cells:
                for country_code in countries if named == ANY_COUNTRY else [named]:
                    spread[cohort_id].add((cohort_id, country_code))
            self.caps.append(LaidCap(name, size, {at: sorted(spread[at]) for at in spread}))

        for quota in market.cohorts:
            at = quota.cohort_id
            for named, size in quota.country_ceilings.items():
                lay(f"ceiling of {named}", size, ((at, named),))
            lay("seats", quota.seats, ((at, ANY_COUNTRY),))
        for group in market.group_caps:
            lay("group cap", group.cap, group.cells)
        over = defaultdict(list)
        for cap in sorted(self.caps, key=lambda cap: sum(map(len, cap.cells_of.values()))):
            for cells in cap.cells_of.values():
                for cell in cells:
                    over[cell].append(cap)  # innermost first: laminar, so by size
        self.caps_over = over

    def _seat(self, applicant: Applicant, cohort_id: str) -> None:
        cell = (cohort_id, applicant.country_code)
        self.counts[cohort_id] += 1
        self.country_counts[cell] += 1
        key = applicant.rank_key(cohort_id)
        self.worst[cell] = max(key, self.worst.get(cell, key))
        for cap in self.caps_over[cell]:
            cap.load += 1

    def overfull(self) -> Iterator[Violation]:
        """Caps that are broken."""
        for cap in self.caps:
            if cap.load > cap.size:
                where = ", ".join(sorted(cap.cells_of))
                yield Violation(
                    "result.overfull", "", where, f"{cap.name} of {where}: {cap.load} > {cap.size}"
                )

    def claims(self, applicant: Applicant) -> Iterator[Violation]:
        """Places this person rightly misses."""
        got = self.assignment[applicant.applicant_id]
        for cohort_id in applicant.preferences:
            if cohort_id == got:
                return
            safe_from = self._safe_from((cohort_id, applicant.country_code))
            if safe_from is not None and applicant.rank_key(cohort_id) >= safe_from:
                continue
            reason = self._reason(applicant, cohort_id)
            if reason is not None:
                code, sentence = reason
                yield Violation(
                    code,
                    applicant.applicant_id,
                    cohort_id,
                    f"{applicant.applicant_id} prefers {cohort_id} to {got}: {sentence}",
                )

    def _reason(self, applicant: Applicant, cohort_id: str) -> tuple[str, str] | None:
        cell = (cohort_id, applicant.country_code)
        key = applicant.rank_key(cohort_id)
        if self._worst_below(cell, key):  # V1
            return "result.envy", "a compatriot who ranks lower is there"
        reserve = self.quotas[cohort_id].country_reserves.get(applicant.country_code, 0)
        if self.country_counts.get(cell, 0) < reserve:  # V2
            return "result.reserve", "the reserve of their country is not filled"
        tight = next((cap for cap in self.caps_over[cell] if cap.full), None)
        if tight is None:  # V3
            return "result.waste", "there is room under every cap"
        for other in tight.cells_of[cohort_id]:
            if self._worst_below(other, key) and self.may_leave(other):
                return "result.envy", f"somebody of {other[1]} who ranks lower is there"  # V4
        if tight.across_cohorts and self._held_out_of_turn(tight, cohort_id):  # V5
            return "result.turns", "another cohort of the group took a place out of turn"
        return None

    def _safe_from(self, cell: tuple[str, str]) -> _Bound | None:
        if cell not in self.safe_from:
            self.safe_from[cell] = self._last_displaceable(cell)
        return self.safe_from[cell]

    def _last_displaceable(self, cell: tuple[str, str]) -> _Bound | None:
        reserve = self.quotas[cell[0]].country_reserves.get(cell[1], 0)
        tight = next((cap for cap in self.caps_over[cell] if cap.full), None)
        if tight is None or self.country_counts.get(cell, 0) < reserve:
            return None
        if tight.across_cohorts and self._held_out_of_turn(tight, cell[0]):
            return None
        rivals = [other for other in tight.cells_of[cell[0]] if self.may_leave(other)]
        last: _Bound = max(
            (self.worst[at] for at in (cell, *rivals) if at in self.worst), default=()
        )
        return last

    def _worst_below(self, cell: tuple[str, str], key: RankKey) -> bool:
        return cell in self.worst and self.worst[cell] > key

    def may_leave(self, cell: tuple[str, str]) -> bool:
        """Whether no reserve protects the last of these people."""
        reserve = self.quotas[cell[0]].country_reserves.get(cell[1], 0)
        return self.country_counts.get(cell, 0) > reserve

    def _held_out_of_turn(self, tight: LaidCap, cohort_id: str) -> bool:
        if tight.last_turn is None:
            tight.last_turn = max(
                (
                    (self.counts[cell[0]], cell[0])
                    for cells in tight.cells_of.values()
                    for cell in cells
                    if self.may_leave(cell)
                ),
                default=(0, ""),
            )
        return tight.last_turn > (self.counts.get(cohort_id, 0) + 1, cohort_id)

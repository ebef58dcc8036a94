"""The plain engine: applicant-proposing deferred acceptance, one proposal at a time.

Written to be read, not to be fast: whenever somebody proposes, the cohort (or the group of
cohorts that share a cap) chooses anew among those it holds and the newcomer, and whoever is left
out proposes to their next preference.

How a group chooses
  C1  in each cohort the best of each country take its reserve, as far as there are any
  C2  then cohorts take turns: always the one with the fewest people so far, equal ones in the
      order of their ids, takes its best remaining candidate who fits under every cap
  C3  who no longer fits under some cap is left out

A cohort that shares no cap with others is a group of one, so C2 reads "the best remaining who
fits". C2 is the fixed round-robin order of flexible deferred acceptance with equal targets.

Source: Gale and Shapley (1962); McVitie and Wilson (1971) for one proposal at a time; Hafalir,
Yenmez and Yildirim (2013) for reserves; Kamada and Kojima (2015) for groups of cohorts.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterable
from functools import partial

from services.selection.domain.allocation.laminar import check_market, covers
from services.selection.domain.allocation.market import (
    ANY_COUNTRY,
    Applicant,
    Cell,
    CohortQuota,
    Market,
    Result,
)


def allocate(market: Market) -> Result:
    """Place applicants.

    Raises:
        RuleViolation: the market is refused (``check_market``).
    """
    check_market(market)
    group_of = _groups(market)
    held: dict[frozenset[str], dict[str, list[Applicant]]] = {
        group: {cohort_id: [] for cohort_id in group} for group in group_of.values()
    }
    quotas = {cohort.cohort_id: cohort for cohort in market.cohorts}
    caps = _caps_by_cell(market)
    next_choice: Counter[str] = Counter()
    proposing = sorted(market.applicants, key=lambda a: a.applicant_id, reverse=True)
    while proposing:
        applicant = proposing.pop()
        if next_choice[applicant.applicant_id] == len(applicant.preferences):
            continue
        cohort_id = applicant.preferences[next_choice[applicant.applicant_id]]
        group = group_of[cohort_id]
        candidates = {c: list(people) for c, people in held[group].items()}
        candidates[cohort_id].append(applicant)
        held[group] = _choose(candidates, quotas, caps)
        for left_out in _missing(candidates, held[group]):
            next_choice[left_out.applicant_id] += 1
            proposing.append(left_out)
    placed = {
        applicant.applicant_id: cohort_id
        for cohorts in held.values()
        for cohort_id, people in cohorts.items()
        for applicant in people
    }
    return Result({a.applicant_id: placed.get(a.applicant_id) for a in market.applicants})


Cap = tuple[int, int]
"""Number of a cap, and its size."""


def _choose(
    candidates: dict[str, list[Applicant]],
    quotas: dict[str, CohortQuota],
    caps: dict[Cell, list[Cap]],
) -> dict[str, list[Applicant]]:
    chosen: dict[str, list[Applicant]] = {cohort_id: [] for cohort_id in candidates}
    waiting: dict[str, deque[Applicant]] = {cohort_id: deque() for cohort_id in candidates}
    load: Counter[int] = Counter()

    def take(applicant: Applicant, cohort_id: str) -> None:
        chosen[cohort_id].append(applicant)
        load.update(number for number, _ in caps[cohort_id, applicant.country_code])

    def fits(applicant: Applicant, cohort_id: str) -> bool:
        return all(load[no] < size for no, size in caps[cohort_id, applicant.country_code])

    for cohort_id, people in candidates.items():  # C1
        reserved = Counter(quotas[cohort_id].country_reserves)
        for applicant in sorted(people, key=partial(Applicant.rank_key, cohort_id=cohort_id)):
            if reserved[applicant.country_code] > 0:
                reserved[applicant.country_code] -= 1
                take(applicant, cohort_id)
            else:
                waiting[cohort_id].append(applicant)
    while True:
        for cohort_id, queue in waiting.items():  # C3: a full cap stays full, so forget them
            while queue and not fits(queue[0], cohort_id):
                queue.popleft()
        turns = [cohort_id for cohort_id, queue in waiting.items() if queue]
        if not turns:
            return chosen
        turn = min(turns, key=lambda cohort_id: (len(chosen[cohort_id]), cohort_id))  # C2
        take(waiting[turn].popleft(), turn)


def _missing(
    candidates: dict[str, list[Applicant]], chosen: dict[str, list[Applicant]]
) -> Iterable[Applicant]:
    for cohort_id, people in candidates.items():
        kept = {applicant.applicant_id for applicant in chosen[cohort_id]}
        yield from (applicant for applicant in people if applicant.applicant_id not in kept)


def _groups(market: Market) -> dict[str, frozenset[str]]:
    """Cohort id -> all cohorts it is tied to by group caps, itself included."""
    group_of = {c.cohort_id: frozenset({c.cohort_id}) for c in market.cohorts}
    for group in market.group_caps:
        tied = frozenset(tie for cohort_id, _ in group.cells for tie in group_of[cohort_id])
        group_of.update(dict.fromkeys(tied, tied))
    return group_of


def _caps_by_cell(market: Market) -> dict[Cell, list[Cap]]:
    """(cohort, country) -> every cap its people count under."""
    limits: list[tuple[tuple[Cell, ...], int]] = [(g.cells, g.cap) for g in market.group_caps]
    for cohort in market.cohorts:
        limits.append((((cohort.cohort_id, ANY_COUNTRY),), cohort.seats))
        for country_code, ceiling in cohort.country_ceilings.items():
            limits.append((((cohort.cohort_id, country_code),), ceiling))
    countries = {applicant.country_code for applicant in market.applicants}
    caps: dict[Cell, list[Cap]] = defaultdict(list)
    for cohort in market.cohorts:
        for country_code in countries:
            cell = (cohort.cohort_id, country_code)
            caps[cell] = [
                (no, size) for no, (cells, size) in enumerate(limits) if covers(cells, cell)
            ]
    return caps

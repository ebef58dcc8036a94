"""Why four natural rules are refused: each is written down here as it is, and breaks a promise."""

from collections import Counter
from dataclasses import replace
from itertools import chain, combinations, permutations, product

from services.selection.domain.allocation.market import Applicant, CohortQuota, Market, Priority
from services.selection.domain.allocation.plain import allocate
from tests.builders.selection_markets import a_random_market

MARKETS = 600


def _plain_seats(seed: int, *, most_cohorts: int = 3) -> Market:
    market = a_random_market(seed, most_applicants=5, most_cohorts=most_cohorts, with_groups=False)
    return replace(market, cohorts=tuple(CohortQuota(c.cohort_id, c.seats) for c in market.cohorts))


def _profitable_lies(mechanism, market: Market) -> int:
    """People who get something they prefer by another list."""
    honest, liars = mechanism(market), 0
    ids = [cohort.cohort_id for cohort in market.cohorts]
    for number, applicant in enumerate(market.applicants):
        order = [*applicant.preferences, None]
        better = order[: order.index(honest[applicant.applicant_id])]
        lies = chain.from_iterable(permutations(ids, size) for size in range(1, len(ids) + 1))
        people = market.applicants
        liars += any(
            mechanism(
                replace(
                    market,
                    applicants=(
                        *people[:number],
                        replace(applicant, preferences=lie),
                        *people[number + 1 :],
                    ),
                )
            )[applicant.applicant_id]
            in better
            for lie in (lies if better else ())
        )
    return liars


def first_preference_first(market: Market) -> dict[str, str | None]:
    """Seats go to those who listed the cohort first, then to those who listed it second, ..."""
    left = {cohort.cohort_id: cohort.seats for cohort in market.cohorts}
    placed: dict[str, str | None] = {a.applicant_id: None for a in market.applicants}
    for turn in range(len(left)):
        for cohort_id in left:
            asking = [
                a
                for a in market.applicants
                if placed[a.applicant_id] is None and a.preferences[turn : turn + 1] == (cohort_id,)
            ]
            asking.sort(key=lambda a: a.rank_key(cohort_id))
            for applicant in asking[: left[cohort_id]]:
                placed[applicant.applicant_id] = cohort_id
                left[cohort_id] -= 1
    return placed


def test_first_preferences_first_rewards_lying():
    found = sum(
        _profitable_lies(first_preference_first, _plain_seats(s)) > 0 for s in range(MARKETS)
    )
    assert found > MARKETS // 50


def country_cap_cut_afterwards(market: Market) -> dict[str, str | None]:
    """At most one person of each country over all cohorts, the best by score, cut at the end."""
    placed = dict(allocate(market).assignment)
    taken: Counter[str] = Counter()
    seated = [a for a in market.applicants if placed[a.applicant_id] is not None]
    seated.sort(key=lambda a: a.rank_key(str(placed[a.applicant_id])))
    for applicant in seated:
        taken[applicant.country_code] += 1
        if taken[applicant.country_code] > 1:
            placed[applicant.applicant_id] = None
    return placed


def test_cutting_a_country_afterwards_rewards_lying():
    found = sum(
        _profitable_lies(country_cap_cut_afterwards, _plain_seats(s)) > 0 for s in range(MARKETS)
    )
    assert found > MARKETS // 50


def cheapest_flow(market: Market) -> dict[str, str | None]:
    """Most people placed, then the smallest sum of preference numbers; every assignment tried."""
    seats = {cohort.cohort_id: cohort.seats for cohort in market.cohorts}
    people = market.applicants
    best, least = {}, (1, 0)
    for choice in product(*((None, *a.preferences) for a in people)):
        if any(count > seats[c] for c, count in Counter(filter(None, choice)).items()):
            continue
        ranks = [a.preferences.index(c) for a, c in zip(people, choice, strict=True) if c]
        if not best or (-len(ranks), sum(ranks)) < least:
            best = {a.applicant_id: c for a, c in zip(people, choice, strict=True)}
            least = (-len(ranks), sum(ranks))
    return best


def _envies(market: Market, placed: dict[str, str | None]) -> bool:
    """Whether somebody ranks above somebody who has what they prefer."""
    return any(
        placed[other.applicant_id] == wanted and a.rank_key(wanted) < other.rank_key(wanted)
        for a in market.applicants
        for wanted in a.preferences[: [*a.preferences, None].index(placed[a.applicant_id])]
        for other in market.applicants
    )


def test_minimum_cost_flow_leaves_people_with_justified_envy():
    markets = [_plain_seats(seed) for seed in range(MARKETS // 3)]
    assert sum(_envies(market, cheapest_flow(market)) for market in markets) > len(markets) // 50
    assert not any(_envies(market, dict(allocate(market).assignment)) for market in markets)


def open_seats_first(quota: CohortQuota, people: list[Applicant]) -> set[str]:
    """Open seats by rank, then the reserves, then what is left of them by rank; ceilings hold."""
    chosen: dict[str, str] = {}
    ranked = sorted(people, key=lambda a: a.rank_key(quota.cohort_id))

    def take(count: int, wanted: set[str]) -> None:
        for a in ranked:
            used = Counter(chosen.values())[a.country_code]
            fits = used < quota.country_ceilings.get(a.country_code, quota.seats)
            if count and a.applicant_id not in chosen and a.country_code in wanted and fits:
                chosen[a.applicant_id] = a.country_code
                count -= 1

    everybody = {a.country_code for a in people}
    take(quota.seats - sum(quota.country_reserves.values()), everybody)
    for country, reserve in sorted(quota.country_reserves.items()):
        take(reserve, {country})
    take(quota.seats - len(chosen), everybody)
    return set(chosen)


def reserves_first(quota: CohortQuota, people: list[Applicant]) -> set[str]:
    """The rule that is allowed, as the engine chooses."""
    only = tuple(replace(a, preferences=(quota.cohort_id,)) for a in people)
    placed = allocate(Market((quota,), only)).assignment
    return {a for a, cohort_id in placed.items() if cohort_id}


def _refused_yet_wanted_later(choose, quota: CohortQuota, people: tuple[Applicant, ...]) -> bool:
    """Whether somebody left out of a few is taken from more: then proposals cannot be final."""
    subsets = [list(some) for size in range(len(people) + 1) for some in combinations(people, size)]
    taken = {frozenset(a.applicant_id for a in some): choose(quota, some) for some in subsets}
    return any(
        (few - taken[few]) & taken[more] for few, more in product(taken, taken) if few < more
    )


def test_open_seats_first_with_ceilings_is_no_choice_that_proposals_can_be_made_to():
    """Once y has the open seat, A is at its ceiling and its reserve reverts: x is in after all."""
    quota = CohortQuota("c", 3, {"A": 1}, {"A": 1, "C": 1})
    ranked = [("y", "A"), ("c1", "C"), ("x", "X"), ("c2", "C"), ("a", "A")]
    people = tuple(
        Applicant(name, country, ("c",), {"c": Priority(0, 0, place)})
        for place, (name, country) in enumerate(ranked)
    )
    assert open_seats_first(quota, list(people[1:])) == {"c1", "c2", "a"}
    assert open_seats_first(quota, list(people)) == {"y", "c1", "x"}
    assert _refused_yet_wanted_later(open_seats_first, quota, people)
    assert not _refused_yet_wanted_later(reserves_first, quota, people)


def test_reserves_first_never_wants_somebody_back():
    for seed in range(300):
        market = a_random_market(seed, most_applicants=5, most_cohorts=1, with_groups=False)
        people = tuple(replace(a, preferences=("c0",)) for a in market.applicants)
        assert not _refused_yet_wanted_later(reserves_first, market.cohorts[0], people), seed

"""Markets for tests of allocation: from a short notation, and at random."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

from services.selection.domain.allocation.market import (
    Applicant,
    CohortQuota,
    GroupCap,
    Market,
    Priority,
)


def a_market(
    preferences: Mapping[str, Sequence[str]],
    rankings: Mapping[str, Sequence[str]],
    *,
    seats: Mapping[str, int] | None = None,
    countries: Mapping[str, str] | None = None,
    ceilings: Mapping[str, Mapping[str, int]] | None = None,
    reserves: Mapping[str, Mapping[str, int]] | None = None,
    group_caps: Sequence[GroupCap] = (),
) -> Market:
    """Applicant -> cohorts best first, cohort -> applicants best first; one seat unless said."""
    return Market(
        cohorts=tuple(
            CohortQuota(
                cohort_id,
                1 if seats is None else seats[cohort_id],
                (ceilings or {}).get(cohort_id, {}),
                (reserves or {}).get(cohort_id, {}),
            )
            for cohort_id in rankings
        ),
        applicants=tuple(
            Applicant(
                applicant_id,
                (countries or {}).get(applicant_id, "AZ"),
                tuple(c for c in wanted if applicant_id in rankings[c]),
                {
                    c: Priority(0, 0, rankings[c].index(applicant_id))
                    for c in wanted
                    if applicant_id in rankings[c]
                },
            )
            for applicant_id, wanted in preferences.items()
        ),
        group_caps=tuple(group_caps),
    )


def a_random_market(
    seed: int, *, most_applicants: int = 8, most_cohorts: int = 4, with_groups: bool = True
) -> Market:
    """A small market with every kind of quota, ties, empty lists and cohorts without seats."""
    draw = random.Random(seed)
    countries = ["AZ", "GE", "TR"][: draw.randint(1, 3)]
    cohorts = [
        _a_quota(draw, f"c{number}", countries) for number in range(draw.randint(1, most_cohorts))
    ]
    ids = [cohort.cohort_id for cohort in cohorts]
    applicants = tuple(
        _an_applicant(draw, f"a{number}", draw.choice(countries), ids)
        for number in range(draw.randint(0, most_applicants))
    )
    groups = _laminar_groups(draw, cohorts, countries) if with_groups else ()
    return Market(tuple(cohorts), applicants, groups)


def _a_quota(draw: random.Random, cohort_id: str, countries: list[str]) -> CohortQuota:
    seats = draw.randint(0, 4)
    reserves: dict[str, int] = {}
    ceilings: dict[str, int] = {}
    for country in countries:
        if draw.random() < 0.4:
            reserves[country] = draw.randint(0, max(0, seats - sum(reserves.values())))
        if draw.random() < 0.4:
            ceilings[country] = draw.randint(reserves.get(country, 0), max(seats, 1))
    return CohortQuota(cohort_id, seats, ceilings, reserves)


def _an_applicant(draw: random.Random, name: str, country: str, ids: list[str]) -> Applicant:
    wanted = draw.sample(ids, draw.randint(0, len(ids)))
    return Applicant(
        name,
        country,
        tuple(wanted),
        {c: Priority(draw.randint(0, 1), draw.randint(0, 3), draw.randint(0, 2)) for c in ids},
    )


def _laminar_groups(
    draw: random.Random, cohorts: list[CohortQuota], countries: list[str]
) -> tuple[GroupCap, ...]:
    """Nested caps over whole cohorts, and caps on some countries inside one cohort."""
    groups: list[GroupCap] = []
    tied = list(cohorts)
    draw.shuffle(tied)
    while len(tied) > 1 and draw.random() < 0.6:
        tied = tied[: draw.randint(2, len(tied))]
        promised = sum(sum(c.country_reserves.values()) for c in tied)
        total = max(promised, sum(c.seats for c in tied))
        cells = tuple((c.cohort_id, "*") for c in tied)
        groups.append(GroupCap(cells, draw.randint(promised, total)))
        tied = tied[:-1]
    for cohort in cohorts:
        if len(countries) > 1 and draw.random() < 0.3:
            some = draw.sample(countries, 2)
            promised = sum(cohort.country_reserves.get(country, 0) for country in some)
            cells = tuple((cohort.cohort_id, country) for country in some)
            groups.append(GroupCap(cells, draw.randint(promised, max(promised, cohort.seats))))
    return tuple(groups)

"""Programmes and cohorts."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from chassis.errors import RuleViolation
from contracts.registration import (
    CohortAnnounced,
    CohortChanged,
    CohortCompleted,
    ProgrammePublished,
)
from services.registration.domain.cohort import Cohort, CohortStatus, SeatPool
from services.registration.domain.programme import Programme
from tests.builders.registration import (
    COHORT_ID,
    NOON,
    PROGRAMME_ID,
    TITLES,
    a_cohort,
    a_programme,
)

END = datetime(2021, 7, 3, 20, tzinfo=UTC)  # midnight after 3 July in Baku
"""When the builder's cohort is over."""


def publish(**changes: Any) -> Programme:
    arguments: dict[str, Any] = {
        "programme_id": PROGRAMME_ID,
        "country_code": "AZ",
        "code": "migration-school",
        "titles": TITLES,
        "descriptions": TITLES,
        "gcm_objectives": (3, 7),
        "sdgs": (10,),
        "organisation_codes": (),
        "now": NOON,
        **changes,
    }
    return Programme.publish(**arguments)


def test_publishing_announces_the_programme() -> None:
    assert publish().recorded == [
        ProgrammePublished(
            programme_id=PROGRAMME_ID,
            country_code="AZ",
            code="migration-school",
            titles=TITLES,
            gcm_objectives=(3, 7),
            sdgs=(10,),
            published_at=NOON,
        )
    ]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"titles": {"az": "Məktəb"}}, "programme.text_missing"),  # R1
        ({"descriptions": {"az": " ", "en": "x"}}, "programme.text_missing"),
        ({"gcm_objectives": (24,)}, "programme.goal_unknown"),  # R2
        ({"sdgs": (0,)}, "programme.goal_unknown"),
        ({"sdgs": (4, 4)}, "programme.goal_unknown"),
    ],
)
def test_a_programme_that_breaks_a_rule_is_not_published(
    changes: dict[str, Any], code: str
) -> None:
    with pytest.raises(RuleViolation) as refused:
        publish(**changes)
    assert refused.value.code == code


def test_announcing_tells_dates_countries_and_seats() -> None:
    cohort = Cohort.announce(
        a_programme(),
        cohort_id=COHORT_ID,
        edition_code="ms-3",
        titles=TITLES,
        country_code="AZ",
        country_codes=("AZ", "KZ"),
        starts_on=date(2021, 1, 9),
        ends_on=date(2021, 7, 3),
        zone="Asia/Baku",
        delivery="hybrid",
        language_code="az",
        seat_count=24,
        seat_pools=(),
        details_form=None,
        now=NOON,
    )
    assert cohort.recorded == [
        CohortAnnounced(
            cohort_id=COHORT_ID,
            programme_id=PROGRAMME_ID,
            programme_code="migration-school",
            edition_code="ms-3",
            titles=TITLES,
            country_code="AZ",
            country_codes=("AZ", "KZ"),
            starts_on=date(2021, 1, 9),
            ends_on=date(2021, 7, 3),
            zone="Asia/Baku",
            delivery="hybrid",
            language_code="az",
            seat_count=24,
            announced_at=NOON,
        )
    ]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"ends_on": date(2021, 1, 8)}, "cohort.dates"),  # R1
        ({"zone": "Asia/Bakı"}, "cohort.zone_unknown"),
        ({"zone": "../etc/passwd"}, "cohort.zone_unknown"),
        ({"titles": {"en": "School"}}, "cohort.text_missing"),
        ({"seat_pools": (SeatPool(route="open", seat_count=25),)}, "cohort.seat_pools"),  # R2
        (
            {"seat_pools": (SeatPool(route="open", seat_count=1, country_code="GE"),)},
            "cohort.seat_pools",
        ),
        (
            {
                "seat_pools": (
                    SeatPool(route="open", seat_count=1),
                    SeatPool(route="open", seat_count=2),
                )
            },
            "cohort.seat_pools",
        ),
    ],
)
def test_a_cohort_that_breaks_a_rule_is_not_announced(changes: dict[str, Any], code: str) -> None:
    with pytest.raises(RuleViolation) as refused:
        a_cohort(**changes)
    assert refused.value.code == code


def test_rescheduling_tells_what_holds_now() -> None:  # R3
    cohort = a_cohort()

    cohort.reschedule(
        starts_on=date(2021, 1, 16),
        ends_on=date(2021, 7, 10),
        zone="UTC",
        delivery="online",
        now=NOON,
    )

    assert cohort.recorded == [
        CohortChanged(
            cohort_id=COHORT_ID,
            country_code="AZ",
            starts_on=date(2021, 1, 16),
            ends_on=date(2021, 7, 10),
            zone="UTC",
            delivery="online",
            changed_at=NOON,
        )
    ]
    assert cohort.ends_at == datetime(2021, 7, 11, tzinfo=UTC)


def test_completion_waits_for_the_last_day_in_the_cohorts_zone() -> None:  # R4
    cohort = a_cohort()
    assert cohort.ends_at == END

    with pytest.raises(RuleViolation) as early:
        cohort.complete(now=datetime(2021, 7, 3, 19, 59, 59, tzinfo=UTC))
    assert early.value.code == "cohort.not_over"

    cohort.complete(now=END)

    assert cohort.status is CohortStatus.COMPLETED
    assert cohort.recorded == [
        CohortCompleted(cohort_id=COHORT_ID, country_code="AZ", completed_at=END)
    ]


def test_a_completed_cohort_changes_no_more() -> None:  # R3, R4
    cohort = a_cohort()
    cohort.complete(now=END)

    with pytest.raises(RuleViolation) as again:
        cohort.complete(now=END)
    with pytest.raises(RuleViolation) as changed:
        cohort.reschedule(
            starts_on=cohort.starts_on,
            ends_on=cohort.ends_on,
            zone=cohort.zone,
            delivery=cohort.delivery,
            now=END,
        )

    assert {again.value.code, changed.value.code} == {"cohort.completed"}


def test_only_pools_without_review_enrol_at_once() -> None:
    of_country = SeatPool(route="nomination", country_code="KZ", seat_count=2, reviewed=False)
    cohort = a_cohort(seat_pools=(SeatPool(route="open", seat_count=5), of_country))

    assert cohort.enrols_at_once(route="nomination", country_code="KZ")
    assert not cohort.enrols_at_once(route="nomination", country_code="AZ")
    assert not cohort.enrols_at_once(route="open", country_code="KZ")

from datetime import UTC, date, datetime

import pytest

from chassis.errors import RuleViolation
from services.scheduling.domain.calendar import (
    ZONES,
    HolidayChange,
    closed_and_avoided,
    holidays_of,
    require_zone,
    zone_of,
)
from services.scheduling.domain.solver.candidates import local_start
from services.scheduling.domain.solver.problem import LocalHours

SPRING = (date(2021, 1, 9), date(2021, 7, 3))


def test_azerbaijan_2021_has_every_holiday_the_centre_names():
    named = {date(2021, 3, day) for day in range(20, 25)}
    named |= {date(2021, 5, 9), date(2021, 5, 28), date(2021, 6, 15), date(2021, 6, 26)}

    assert named <= holidays_of("AZ", *SPRING)


def test_an_ordinary_saturday_is_no_holiday():
    assert date(2021, 1, 16) not in holidays_of("AZ", *SPRING)


def test_a_change_closes_one_day_and_opens_another():
    changes = (
        HolidayChange(country_code="AZ", day=date(2021, 1, 16), closed=True),
        HolidayChange(country_code="AZ", day=date(2021, 5, 28), closed=False),
        HolidayChange(country_code="GE", day=date(2021, 1, 23), closed=True),
    )

    found = holidays_of("AZ", *SPRING, changes=changes)

    assert date(2021, 1, 16) in found
    assert date(2021, 5, 28) not in found
    assert date(2021, 1, 23) not in found


def test_an_unknown_country_is_refused():
    with pytest.raises(RuleViolation) as refused:
        holidays_of("XX", *SPRING)

    assert refused.value.code == "calendar.unknown_country"


def test_a_holiday_of_one_of_ten_countries_is_avoided_and_not_closed():
    region = ("AZ", "GE", "TR", "KZ", "KG", "UZ", "TJ", "UA", "MD", "BY")

    closed, avoided = closed_and_avoided(region, date(2021, 5, 24), date(2021, 5, 28))

    assert closed == ()
    assert avoided == (date(2021, 5, 26), date(2021, 5, 28))  # Georgia; Azerbaijan


def test_a_day_that_half_of_the_countries_keep_is_closed():
    closed, avoided = closed_and_avoided(("AZ", "GE"), date(2021, 5, 28), date(2021, 5, 28))

    assert (closed, avoided) == ((date(2021, 5, 28),), ())


def test_every_country_of_the_region_has_a_zone_that_exists():
    for country_code in ZONES:
        require_zone(zone_of(country_code))


@pytest.mark.parametrize("zone", ["Baku", "", "../etc/passwd", "Asia/Nowhere"])
def test_what_is_no_zone_is_refused(zone):
    with pytest.raises(RuleViolation) as refused:
        require_zone(zone)

    assert refused.value.code == "calendar.unknown_zone"


def test_a_local_start_keeps_its_hour_across_the_change_of_clocks():
    before = local_start(date(2021, 3, 27), 600, "Europe/Kyiv")
    after = local_start(date(2021, 3, 28), 600, "Europe/Kyiv")

    assert before == datetime(2021, 3, 27, 8, tzinfo=UTC)
    assert after == datetime(2021, 3, 28, 7, tzinfo=UTC)


def test_a_local_time_that_clocks_skip_has_no_start():
    assert local_start(date(2021, 3, 28), 3 * 60 + 30, "Europe/Kyiv") is None


def test_local_hours_are_those_of_the_country_and_not_of_the_cohort():
    bishkek = LocalHours(
        country_code="KG", zone="Asia/Bishkek", earliest_minute=540, latest_minute=1080
    )
    start = datetime(2021, 5, 25, 10, 30, tzinfo=UTC)  # 14:30 in Baku, 16:30 in Bishkek

    assert bishkek.hold(start, datetime(2021, 5, 25, 12, tzinfo=UTC))
    assert not bishkek.hold(start, datetime(2021, 5, 25, 12, 1, tzinfo=UTC))


def test_a_session_over_local_midnight_lies_outside_every_local_day():
    baku = LocalHours(country_code="AZ", zone="Asia/Baku", earliest_minute=0, latest_minute=1440)

    assert not baku.hold(
        datetime(2021, 5, 25, 19, tzinfo=UTC), datetime(2021, 5, 25, 21, tzinfo=UTC)
    )

from datetime import date, timedelta

import pytest

from chassis.errors import RuleViolation
from contracts.scheduling import PlacementCompleted, TrainerConfirmed
from services.scheduling.domain.availability import Availability, DateSpan
from services.scheduling.domain.member import Member
from services.scheduling.domain.placement import Placement, PlacementStatus
from services.scheduling.domain.room import Room
from services.scheduling.domain.trainer import TrainerStatus
from tests.builders.scheduling import COHORT_ID, NOON, a_cohort, a_trainer, an_id

MARCH = DateSpan(first_on=date(2021, 3, 1), last_on=date(2021, 3, 31))


@pytest.mark.parametrize(
    ("day", "allowed"),
    [
        (date(2021, 3, 6), True),
        (date(2021, 3, 7), False),  # a Sunday
        (date(2021, 3, 13), False),  # taken out
        (date(2021, 4, 3), False),  # outside the span
    ],
)
def test_availability_asks_weekday_span_and_single_days(day, allowed):
    saturdays = Availability(weekdays=(6,), spans=(MARCH,), unavailable_on=(date(2021, 3, 13),))

    assert saturdays.allows(day) is allowed


def test_nothing_said_means_always():
    assert Availability().allows(date(2021, 3, 7))


def test_a_span_that_ends_before_it_starts_is_refused():
    with pytest.raises(RuleViolation) as refused:
        DateSpan(first_on=date(2021, 3, 2), last_on=date(2021, 3, 1))

    assert refused.value.code == "span.ends_before_start"


def test_a_weekday_beyond_sunday_is_refused():
    with pytest.raises(RuleViolation) as refused:
        Availability(weekdays=(8,))

    assert refused.value.code == "availability.no_weekday"


def test_confirming_a_trainer_announces_the_organisation_and_no_name():  # R1
    trainer = a_trainer(confirmed=False)

    trainer.confirm(now=NOON)

    assert trainer.recorded == [
        TrainerConfirmed(
            trainer_id=trainer.trainer_id,
            country_code="AZ",
            kind_code="sms",
            organisation_code="sms",
            confirmed_at=NOON,
        )
    ]


def test_a_trainer_is_confirmed_once():  # R1
    with pytest.raises(RuleViolation) as refused:
        a_trainer().confirm(now=NOON)

    assert refused.value.code == "trainer.not_requested"


def test_a_withdrawn_trainer_stays_withdrawn():  # R2
    trainer = a_trainer()
    trainer.withdraw()

    assert trainer.status is TrainerStatus.WITHDRAWN
    for change in (trainer.withdraw, lambda: trainer.set_availability(Availability())):
        with pytest.raises(RuleViolation) as refused:
            change()
        assert refused.value.code == "trainer.withdrawn"


def test_a_trainer_without_language_is_refused():  # R3
    with pytest.raises(RuleViolation) as refused:
        a_trainer(language_codes=())

    assert refused.value.code == "trainer.no_language"


def test_a_forgotten_trainer_has_no_link_to_a_person():
    trainer = a_trainer(subject_id=an_id("person"))

    assert [trainer.forget(), trainer.forget(), trainer.subject_id] == [True, False, None]


def test_a_room_without_seats_is_refused():
    with pytest.raises(RuleViolation) as refused:
        Room(
            room_id="r", room_code="r", country_code="AZ", titles={}, kind_code="hall", seat_count=0
        )

    assert refused.value.code == "room.no_seats"


def test_a_member_who_left_belongs_to_earlier_sessions_only():
    member = Member(
        participant_id="p", cohort_id="c", country_code="AZ", subject_id="s", enrolled_at=NOON
    )
    member.leave(left_at=NOON + timedelta(days=7))
    member.leave(left_at=NOON)  # the first word stays

    assert member.attends(NOON + timedelta(days=6))
    assert not member.attends(NOON + timedelta(days=7))


def a_placement() -> Placement:
    return Placement(
        placement_id=an_id("placement"),
        participant_id=an_id("participant"),
        subject_id=an_id("person"),
        cohort_id=COHORT_ID,
        country_code="AZ",
        unit_code="asylum",
        starts_on=NOON.date(),
        ends_on=NOON.date() + timedelta(days=4),
    )


def test_a_completed_placement_announces_its_minutes():
    placement = a_placement()

    placement.complete(minutes=600, now=NOON)

    assert placement.recorded == [
        PlacementCompleted(
            placement_id=an_id("placement"),
            participant_id=an_id("participant"),
            cohort_id=COHORT_ID,
            subject_id=an_id("person"),
            country_code="AZ",
            unit_code="asylum",
            minutes=600,
            completed_at=NOON,
        )
    ]


@pytest.mark.parametrize(
    ("minutes", "now", "code"),
    [(600, NOON - timedelta(days=1), "placement.too_early"), (0, NOON, "placement.no_time")],
)
def test_a_placement_that_cannot_be_completed(minutes, now, code):  # R2
    placement = a_placement()

    with pytest.raises(RuleViolation) as refused:
        placement.complete(minutes=minutes, now=now)

    assert refused.value.code == code
    assert placement.status is PlacementStatus.PLANNED


def test_a_completed_placement_is_neither_cancelled_nor_completed_again():  # R3
    placement = a_placement()
    placement.complete(minutes=1, now=NOON)

    for change in (placement.cancel, lambda: placement.complete(minutes=1, now=NOON)):
        with pytest.raises(RuleViolation) as refused:
            change()
        assert refused.value.code == "placement.not_planned"


def test_a_cohort_refuses_dates_and_zones_that_cannot_be():
    cohort = a_cohort()

    for starts_on, zone, code in (
        (date(2022, 1, 1), "Asia/Baku", "cohort.ends_before_start"),
        (date(2021, 1, 9), "Asia/Bakı", "calendar.unknown_zone"),
    ):
        with pytest.raises(RuleViolation) as refused:
            cohort.change(
                starts_on=starts_on, ends_on=date(2021, 7, 3), zone=zone, delivery="hybrid"
            )
        assert refused.value.code == code

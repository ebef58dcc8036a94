"""Focal points and the officials they name."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chassis.access import Actor, Role
from chassis.errors import Forbidden, RuleViolation
from contracts.registration import FocalPointInvited, NominationConfirmed, NominationWithdrawn
from services.registration.domain.call import Route
from services.registration.domain.focal_point import FocalPoint
from services.registration.domain.nomination import Nomination, NominationStatus
from tests.builders.registration import (
    CALL_ID,
    CLOSES,
    COHORT_ID,
    FOCAL_PERSON,
    FOCAL_PERSON_ID,
    NOMINEE_ID,
    NOON,
    OPERATOR,
    OTHER_COHORT_ID,
    OTHER_NOMINEE_ID,
    SUBJECT_ID,
    a_call,
    a_cohort,
    a_focal_point,
    a_nomination,
    a_nominee,
    a_subject,
)

ENDS = CLOSES + timedelta(minutes=60)


def code_of(act: Any) -> str:
    with pytest.raises(RuleViolation) as refused:
        act()
    return refused.value.code


def invite(**changes: Any) -> FocalPoint:
    arguments: dict[str, Any] = {
        "call": a_call(),
        "cohort": a_cohort(),
        "subject": a_subject(FOCAL_PERSON_ID, country_code="KZ", language_code="ru"),
        **changes,
    }
    call, cohort, subject = (arguments.pop(name) for name in ("call", "cohort", "subject"))
    return FocalPoint.invite(
        call, cohort, subject, organisation_code="kz-migration", place_count=3, now=NOON
    )


def test_inviting_has_the_link_mailed() -> None:  # R1
    focal_point = invite()

    assert focal_point.recorded == [
        FocalPointInvited(
            focal_point_id=FocalPoint.id_for(
                cohort_id=COHORT_ID, organisation_code="kz-migration", country_code="KZ"
            ),
            call_id=CALL_ID,
            cohort_id=COHORT_ID,
            subject_id=FOCAL_PERSON_ID,
            country_code="KZ",
            organisation_code="kz-migration",
            place_count=3,
            language_code="ru",
            invited_at=NOON,
        )
    ]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"cohort": a_cohort(cohort_id=OTHER_COHORT_ID)}, "focal_point.other_cohort"),  # R2
        ({"subject": a_subject(country_code="GE")}, "focal_point.other_country"),
        ({"call": a_call(routes=(Route.OPEN,))}, "call.other_route"),
    ],
)
def test_only_bodies_the_call_is_for_are_invited(changes: dict[str, Any], code: str) -> None:
    assert code_of(lambda: invite(**changes)) == code


def test_the_lowest_free_place_is_taken_and_no_more_than_there_are() -> None:  # R3
    focal_point = a_focal_point(place_count=3)

    assert focal_point.free_place({1, 3}) == 2
    assert code_of(lambda: focal_point.free_place({1, 2, 3})) == "nomination.no_place_left"


def test_a_focal_point_acts_for_its_own_body_only() -> None:  # R4
    focal_point = a_focal_point()
    other = Actor(actor_id="other", roles=frozenset({Role.FOCAL_POINT}))

    focal_point.require_own(FOCAL_PERSON)
    focal_point.require_own(OPERATOR)
    with pytest.raises(Forbidden):
        focal_point.require_own(other)
    focal_point.erase()
    with pytest.raises(Forbidden):
        focal_point.require_own(FOCAL_PERSON)


def test_two_nominations_for_a_place_have_one_id() -> None:  # R1
    first = a_nomination()
    second = Nomination.nominate(
        a_focal_point(), a_call(), a_nominee(OTHER_NOMINEE_ID), place_no=1, now=NOON
    )

    assert first.nomination_id == second.nomination_id
    assert first.recorded == []


def test_a_person_is_named_while_the_call_is_open_and_from_the_bodys_country() -> None:  # R2, R3
    def name(subject: Any, now: Any) -> None:
        Nomination.nominate(a_focal_point(), a_call(), subject, place_no=1, now=now)

    assert code_of(lambda: name(a_nominee(), ENDS)) == "call.closed"
    assert code_of(lambda: name(a_subject(SUBJECT_ID), NOON)) == "nomination.other_country"


def confirmed_event(nomination: Nomination, subject_id: str, replaces: str | None) -> Any:
    return NominationConfirmed(
        nomination_id=nomination.nomination_id,
        call_id=CALL_ID,
        cohort_id=COHORT_ID,
        subject_id=subject_id,
        country_code="KZ",
        organisation_code="kz-migration",
        replaces_nomination_id=replaces,
        language_code="ru",
        confirmed_at=NOON,
    )


def withdrawn_event(nomination: Nomination, reason_code: str) -> Any:
    return NominationWithdrawn(
        nomination_id=nomination.nomination_id,
        call_id=CALL_ID,
        cohort_id=COHORT_ID,
        subject_id=NOMINEE_ID,
        country_code="KZ",
        reason_code=reason_code,
        withdrawn_at=NOON,
    )


def test_confirming_is_announced_once() -> None:  # R2
    nomination = a_nomination()

    nomination.confirm(a_call(), now=NOON)

    assert nomination.recorded == [confirmed_event(nomination, NOMINEE_ID, None)]
    assert code_of(lambda: nomination.confirm(a_call(), now=NOON)) == "nomination.not_nominated"
    assert code_of(lambda: a_nomination().confirm(a_call(), now=ENDS)) == "call.closed"


def test_a_replacement_takes_the_place_and_is_firm() -> None:  # R4
    present = a_nomination(confirmed=True)

    fresh = Nomination.replace(present, a_focal_point(), a_nominee(OTHER_NOMINEE_ID), now=NOON)

    assert (fresh.nomination_id, fresh.place_no) == (present.successor_id, present.place_no)
    assert fresh.status is NominationStatus.CONFIRMED
    assert fresh.recorded == [confirmed_event(fresh, OTHER_NOMINEE_ID, present.nomination_id)]


def test_retiring_announces_that_the_person_is_out() -> None:  # R4
    present = a_nomination(confirmed=True)

    present.retire(now=NOON)
    present.retire(now=NOON)

    assert present.status is NominationStatus.REPLACED
    assert present.recorded == [withdrawn_event(present, "replaced")]
    replaced = code_of(
        lambda: Nomination.replace(present, a_focal_point(), a_nominee("x"), now=NOON)
    )
    assert replaced == "nomination.replaced"


def test_a_person_does_not_replace_themselves() -> None:  # R4
    present = a_nomination()

    code = code_of(lambda: Nomination.replace(present, a_focal_point(), a_nominee(), now=NOON))

    assert code == "nomination.same_person"


def test_a_withdrawn_place_is_filled_by_replacement() -> None:  # R4, R5
    present = a_nomination(confirmed=True)
    present.withdraw(reason_code="ill", now=NOON)

    assert present.recorded == [withdrawn_event(present, "ill")]
    assert code_of(lambda: present.withdraw(reason_code="ill", now=NOON)) == "nomination.not_active"
    fresh = Nomination.replace(present, a_focal_point(), a_nominee(OTHER_NOMINEE_ID), now=NOON)
    assert fresh.place_no == present.place_no
    present.retire(now=NOON)
    assert len(present.recorded) == 1


def test_an_erased_nomination_is_withdrawn_and_stays_as_a_count() -> None:  # R6
    nomination = a_nomination(confirmed=True)

    nomination.erase(now=NOON)
    nomination.erase(now=NOON)

    assert nomination.subject_id is None
    assert nomination.recorded == [withdrawn_event(nomination, "erased")]

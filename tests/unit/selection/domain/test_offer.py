import pytest

from chassis.errors import RuleViolation
from contracts.selection import (
    OfferAccepted,
    OfferDeclined,
    OfferExpired,
    OfferMade,
    OfferWithdrawn,
    PlaceWaitlisted,
)
from services.selection.domain.offer import MOVED_UP, Offer, OfferStatus, Place
from services.selection.domain.screening import Screening
from tests.builders.selection import (
    APPLICATION,
    COHORT,
    HOUR,
    NOON,
    RUN,
    SUBJECT,
    a_shortlisted_screening,
    an_offer,
)

END = NOON + 72 * HOUR
MARKS = {
    "application_id": APPLICATION,
    "cohort_id": COHORT,
    "subject_id": SUBJECT,
    "country_code": "AZ",
}
OFFER = {
    "offer_id": Offer.id_for(run_id=RUN, round_number=1, application_id=APPLICATION),
    **MARKS,
    "route": "open",
}


def _refused(code, change, *arguments, **named):
    with pytest.raises(RuleViolation) as refused:
        change(*arguments, **named)
    assert refused.value.code == code


def test_offer_says_until_when_it_stands():
    offer = Offer.make(
        a_shortlisted_screening(),
        run_id=RUN, round_number=1, cohort_id=COHORT, answer_hours=72, now=NOON,
    )  # fmt: skip
    assert offer.recorded == [OfferMade(**OFFER, run_id=RUN, answer_by=END, made_at=NOON)]


@pytest.mark.parametrize(
    ("answer", "event"),
    [
        (lambda o: o.accept(now=NOON), OfferAccepted(**OFFER, accepted_at=NOON)),
        (lambda o: o.decline(now=NOON), OfferDeclined(**OFFER, declined_at=NOON)),
        (lambda o: o.expire(now=END), OfferExpired(**OFFER, expired_at=END)),
        (
            lambda o: o.withdraw(reason_code="application_withdrawn", now=NOON),
            OfferWithdrawn(**OFFER, reason_code="application_withdrawn", withdrawn_at=NOON),
        ),
    ],
)
def test_answer_is_announced_and_final(answer, event):  # R1
    offer = an_offer()
    answer(offer)
    assert offer.recorded == [event]
    _refused("offer.answered", offer.accept, now=NOON)
    _refused("offer.answered", offer.decline, now=NOON)
    _refused("offer.answered", offer.expire, now=END)


def test_answer_at_the_last_instant_is_too_late():  # R1
    offer = an_offer()
    _refused("offer.too_late", offer.accept, now=END)
    _refused("offer.too_late", offer.decline, now=END)


def test_offer_does_not_expire_early():  # R2
    _refused("offer.too_early", an_offer().expire, now=END - HOUR)


def test_accepted_offer_is_withdrawn_only_when_the_person_leaves():  # R3
    offer = an_offer()
    offer.accept(now=NOON)
    _refused("offer.answered", offer.withdraw, reason_code=MOVED_UP, now=NOON)
    offer.withdraw(reason_code="participant_left", now=NOON)
    assert offer.status is OfferStatus.WITHDRAWN
    assert offer.is_gone


@pytest.mark.parametrize(
    ("answer", "gone"),
    [
        (lambda o: None, False),
        (lambda o: o.accept(now=NOON), False),
        (lambda o: o.decline(now=NOON), True),
        (lambda o: o.expire(now=END), True),
        (lambda o: o.withdraw(reason_code=MOVED_UP, now=NOON), False),
        (lambda o: o.withdraw(reason_code="application_withdrawn", now=NOON), True),
    ],
)
def test_who_is_gone_from_the_run(answer, gone):
    offer = an_offer()
    answer(offer)
    assert offer.is_gone is gone


@pytest.mark.parametrize("leave", [Screening.erase, Screening.withdraw])
def test_nobody_who_left_is_offered_a_place(leave):
    screening = a_shortlisted_screening()
    leave(screening)
    _refused(
        "offer.person_gone",
        Offer.make, screening,
        run_id=RUN, round_number=1, cohort_id=COHORT, answer_hours=72, now=NOON,
    )  # fmt: skip


def test_place_is_announced_once_and_moves_silently():
    place = Place.waitlist(
        a_shortlisted_screening(), run_id=RUN, cohort_id=COHORT, rank=7, now=NOON
    )
    assert place.recorded == [
        PlaceWaitlisted(
            place_id=Place.id_for(run_id=RUN, cohort_id=COHORT, application_id=APPLICATION),
            run_id=RUN,
            **MARKS,
            rank=7,
            waitlisted_at=NOON,
        )
    ]
    place.rank_at(3)
    assert (place.rank, len(place.recorded)) == (3, 1)


def test_place_ends_once():
    place = Place.waitlist(
        a_shortlisted_screening(), run_id=RUN, cohort_id=COHORT, rank=7, now=NOON
    )
    place.end(reason_code="placed")
    _refused("place.ended", place.end, reason_code="placed")
    _refused("place.ended", place.rank_at, 1)

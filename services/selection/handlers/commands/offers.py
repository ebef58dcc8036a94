"""Offers, their answers, and the waiting list."""

from __future__ import annotations

from collections.abc import Callable

from chassis.clock import Clock
from chassis.ports import Jobs, Timers
from services.selection.domain.candidate import Seat
from services.selection.domain.commands import (
    AcceptOffer,
    DeclineOffer,
    EndPlace,
    ExpireOffer,
    MakeOffer,
    RankPlace,
    WithdrawOffer,
)
from services.selection.domain.offer import Offer, Place
from services.selection.domain.ports import Offers, Places, RuleSets, Runs, Screenings
from services.selection.domain.rule_set import RuleSet
from services.selection.domain.screening import Screening
from services.selection.handlers.job_kinds import ALLOCATE, OFFER_EXPIRY

_OneOffer = AcceptOffer | DeclineOffer | ExpireOffer | WithdrawOffer


def make_offer(
    command: MakeOffer,
    *,
    offers: Offers,
    runs: Runs,
    screenings: Screenings,
    rule_sets: RuleSets,
    timers: Timers,
    clock: Clock,
) -> None:
    """Offer one person the place a round gave them; it expires by itself.

    Raises:
        NotFound: ``run.not_found``, ``screening.not_found`` or ``ruleset.not_found``.
        AlreadyExists: ``offer.already_exists``.
        RuleViolation: ``run.*`` or ``offer.person_gone``.
    """
    scope = command.actor.scope
    seat = Seat(application_id=command.application_id, cohort_id=command.cohort_id)
    runs.get(command.run_id, scope=scope).require_seat(command.round_number, seat)
    rules = rule_sets.get(RuleSet.id_for(command.cohort_id), scope=scope).rules
    offer = Offer.make(
        screenings.get(Screening.id_for(command.application_id), scope=scope),
        run_id=command.run_id,
        round_number=command.round_number,
        cohort_id=command.cohort_id,
        answer_hours=rules.answer_hours,
        now=clock(),
    )
    offers.save(offer, scope=scope)
    timers.set(OFFER_EXPIRY, offer.offer_id, offer.answer_by)


def accept_offer(command: AcceptOffer, *, offers: Offers, timers: Timers, clock: Clock) -> None:
    """Take the place.

    Raises:
        NotFound: ``offer.not_found``.
        RuleViolation: ``offer.answered`` or ``offer.too_late``.
    """
    _answer(command, offers, lambda offer: offer.accept(now=clock()))
    timers.cancel(OFFER_EXPIRY, command.offer_id)


def decline_offer(
    command: DeclineOffer, *, offers: Offers, timers: Timers, jobs: Jobs, clock: Clock
) -> None:
    """Leave the place to others; the run allocates again.

    Raises:
        NotFound: ``offer.not_found``.
        RuleViolation: ``offer.answered`` or ``offer.too_late``.
    """
    offer = _answer(command, offers, lambda offer: offer.decline(now=clock()))
    timers.cancel(OFFER_EXPIRY, command.offer_id)
    _fill(offer, jobs)


def expire_offer(command: ExpireOffer, *, offers: Offers, jobs: Jobs, clock: Clock) -> None:
    """Nobody answered in time; the run allocates again.

    Raises:
        NotFound: ``offer.not_found``.
        RuleViolation: ``offer.answered`` or ``offer.too_early``.
    """
    _fill(_answer(command, offers, lambda offer: offer.expire(now=clock())), jobs)


def withdraw_offer(
    command: WithdrawOffer, *, offers: Offers, timers: Timers, jobs: Jobs, clock: Clock
) -> None:
    """Take an offer back; if its holder left, the run allocates again.

    Raises:
        NotFound: ``offer.not_found``.
        RuleViolation: ``offer.answered``.
    """
    offer = _answer(
        command,
        offers,
        lambda offer: offer.withdraw(reason_code=command.reason_code, now=clock()),
    )
    timers.cancel(OFFER_EXPIRY, command.offer_id)
    if offer.is_gone:
        _fill(offer, jobs)


def rank_place(command: RankPlace, *, places: Places, screenings: Screenings, clock: Clock) -> None:
    """Put somebody on a waiting list, or move them within it.

    Raises:
        NotFound: ``screening.not_found``.
        RuleViolation: ``place.ended`` or ``place.person_gone``.
    """
    scope = command.actor.scope
    place_id = Place.id_for(
        run_id=command.run_id, cohort_id=command.cohort_id, application_id=command.application_id
    )
    place = places.find(place_id, scope=scope)
    if place is None:
        place = Place.waitlist(
            screenings.get(Screening.id_for(command.application_id), scope=scope),
            run_id=command.run_id,
            cohort_id=command.cohort_id,
            rank=command.rank,
            now=clock(),
        )
    else:
        place.rank_at(command.rank)
    places.save(place, scope=scope)


def end_place(command: EndPlace, *, places: Places) -> None:
    """Take somebody off a waiting list.

    Raises:
        NotFound: ``place.not_found``.
        RuleViolation: ``place.ended``.
    """
    place = places.get(command.place_id, scope=command.actor.scope)
    place.end(reason_code=command.reason_code)
    places.save(place, scope=command.actor.scope)


def _answer(command: _OneOffer, offers: Offers, answer: Callable[[Offer], None]) -> Offer:
    scope = command.actor.scope
    offer = offers.get(command.offer_id, scope=scope, expected_version=command.expected_version)
    answer(offer)
    offers.save(offer, scope=scope)
    return offer


def _fill(offer: Offer, jobs: Jobs) -> None:
    jobs.add(ALLOCATE, f"{offer.run_id}:{offer.offer_id}", {"run_id": offer.run_id})

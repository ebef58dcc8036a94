"""Slow work and follow-ups over many aggregates: durable jobs, each safe to do twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from chassis.access import EVERYTHING, service_actor
from chassis.aggregate import Command, Handle
from chassis.clock import Clock
from chassis.errors import RuleViolation, Unavailable
from chassis.ports import Job, Timer
from services.selection.domain.allocation.decide import decide
from services.selection.domain.candidate import Answers
from services.selection.domain.commands import (
    AskForRound,
    BeginOffering,
    ConfirmErasure,
    EndPlace,
    EraseRecord,
    ExpireOffer,
    FinishRound,
    JudgeScreening,
    MakeOffer,
    RankPlace,
    RecordRound,
    RejectScreening,
    ShortlistScreening,
    WithdrawOffer,
)
from services.selection.domain.offer import MOVED_UP, OfferStatus
from services.selection.domain.ports import Cohorts, Register, Runs, Screenings, Shortlists
from services.selection.domain.run import Run, RunStatus
from services.selection.domain.screening import ScreeningStatus
from services.selection.domain.snapshot import answers_of

_ACTOR = service_actor("selection")
_LIVE = (OfferStatus.MADE, OfferStatus.ACCEPTED)

Completion = Callable[[], None]


def judge_waiting(job: Job, *, register: Register, handle: Handle) -> None:
    """Judge screenings that waited for a cohort's rules.

    Safe to repeat: one that is judged waits no more.
    """
    for screening_id in register.waiting_for_rules(job.payload["cohort_id"]):
        handle(JudgeScreening(actor=_ACTOR, screening_id=screening_id))


def apply_shortlist(
    job: Job, *, shortlists: Shortlists, screenings: Screenings, handle: Handle
) -> None:
    """Tell each screening what the shortlist decided.

    Safe to repeat: one that heard it, or was withdrawn since, is not told again.
    """
    shortlist = shortlists.get(job.payload["shortlist_id"], scope=EVERYTHING)
    adjusted = {} if shortlist.calibration is None else shortlist.calibration.adjusted()

    def waiting(screening_ids: Iterable[str]) -> Iterator[tuple[str, int | None]]:
        for screening_id in screening_ids:
            screening = screenings.get(screening_id, scope=EVERYTHING)
            if screening.status is ScreeningStatus.REVIEWED:
                yield screening_id, adjusted.get(screening.application_id)

    for screening_id, milli in waiting(shortlist.shortlisted_ids):
        handle(ShortlistScreening(actor=_ACTOR, screening_id=screening_id, adjusted_milli=milli))
    for screening_id, milli in waiting(shortlist.rejected_ids):
        handle(
            RejectScreening(
                actor=_ACTOR,
                screening_id=screening_id,
                reason_code="below_cut_off",
                adjusted_milli=milli,
            )
        )


def allocate_round(
    job: Job, *, runs: Runs, cohorts: Cohorts, register: Register, handle: Handle, clock: Clock
) -> Completion | None:
    """Compute a round if people's answers changed what the last one assumed.

    Safe to repeat: answers that a round accounts for ask for no other. While offers are going
    out nothing is computed; the end of the round looks again.
    """
    run = runs.get(job.payload["run_id"], scope=EVERYTHING)
    if run.seed_hex is None or run.status is RunStatus.OFFERING:
        return None
    answers = _answers(run, cohorts=cohorts, register=register, clock=clock)
    if run.round_number and run.accounts_for(answers):
        return None
    command = RecordRound(
        actor=_ACTOR,
        run_id=run.run_id,
        result=decide(run.market(answers)),
        answers=answers,
        cause_code="vacancy" if run.round_number else "first",
        expected_version=run.version,
    )
    return lambda: handle(command)


def place_people(job: Job, *, runs: Runs, register: Register, handle: Handle) -> Completion | None:
    """Take superseded offers back, then send the round's offers and waiting list out.

    Safe to repeat: ids of offers and places follow from run, round and person; what is there
    is not made again. Somebody who leaves between two steps makes a step fail; the next try
    leaves them out.
    """
    handle = _while_ours(job, handle)
    run_id, round_number = job.payload["run_id"], int(job.payload["round_number"])
    run = runs.get(run_id, scope=EVERYTHING)
    if run.round_number != round_number or run.status is RunStatus.PUBLISHED:
        return None
    if run.status is RunStatus.CLEARING:
        if not _clear(run, register, handle):
            cause = f"kept-{round_number}"
            return lambda: handle(AskForRound(actor=_ACTOR, run_id=run_id, cause_id=cause))
        handle(BeginOffering(actor=_ACTOR, run_id=run_id, round_number=round_number))
    _offer(run, register, handle)
    _rank(run, register, handle)
    finish = FinishRound(actor=_ACTOR, run_id=run_id, round_number=round_number)
    return lambda: handle(finish)


def erase_person(job: Job, *, register: Register, handle: Handle) -> Completion:
    """Forget a person everywhere; the receipt is given when nothing is left.

    Safe to repeat: what is forgotten is not found again, and there is one receipt.
    """
    subject_id = job.payload["subject_id"]
    for offer in register.live_offers(subject_id=subject_id):
        handle(WithdrawOffer(actor=_ACTOR, offer_id=offer.offer_id, reason_code="person_erased"))
    records = tuple(register.records_of(subject_id))
    for kind, record_id in records:
        handle(EraseRecord(actor=_ACTOR, kind=kind, record_id=record_id))
    command = ConfirmErasure(
        actor=_ACTOR,
        subject_id=subject_id,
        country_code=job.payload["country_code"],
        removed_count=len(records),
    )
    return lambda: handle(command)


def expire_offer_when_due(timer: Timer, *, handle: Handle) -> None:
    """Let an unanswered offer expire.

    Safe to repeat: a timer fires once, and answering cancels it in the same transaction.
    """
    handle(ExpireOffer(actor=_ACTOR, offer_id=timer.key))


def _answers(run: Run, *, cohorts: Cohorts, register: Register, clock: Clock) -> Answers:
    today = clock().date()
    begun = frozenset(
        cohort_id
        for cohort_id in run.cohort_ids
        if (cohort := cohorts.find(cohort_id, scope=EVERYTHING)) and cohort.has_started(today)
    )
    return answers_of(
        register.offers(run.run_id), withdrawn=_withdrawn(run, register), closed_ids=begun
    )


def _withdrawn(run: Run, register: Register) -> frozenset[str]:
    return register.withdrawn(candidate.application_id for candidate in run.candidates)


def _while_ours(job: Job, handle: Handle) -> Handle:
    """Stop before the next command when another process has taken the job over."""

    def guarded(command: Command) -> Any:
        if job.cancelled():
            raise Unavailable("job.taken_over", "another worker goes on with this round")
        return handle(command)

    return guarded


def _clear(run: Run, register: Register, handle: Handle) -> bool:
    """Withdraw offers of another place; ``False`` when one was accepted meanwhile."""
    seats = {seat.application_id: seat.cohort_id for seat in run.seats}
    for offer in register.offers(run.run_id):
        if offer.status not in _LIVE or seats.get(offer.application_id) == offer.cohort_id:
            continue
        # Somebody may have left in the very moment the offer was made: then it is still live.
        reason = "application_withdrawn" if offer.application_id in run.gone_ids else MOVED_UP
        try:
            handle(WithdrawOffer(actor=_ACTOR, offer_id=offer.offer_id, reason_code=reason))
        except RuleViolation:
            return False
    return True


def _offer(run: Run, register: Register, handle: Handle) -> None:
    offers = tuple(register.offers(run.run_id))
    placed = {o.application_id for o in offers if o.status in _LIVE}
    gone = {o.application_id for o in offers if o.is_gone}
    this_round = {o.application_id for o in offers if o.round_number == run.round_number}
    answered = placed | gone | this_round | _withdrawn(run, register)
    for seat in run.seats:
        if seat.cohort_id is None or seat.application_id in answered:
            continue
        handle(
            MakeOffer(
                actor=_ACTOR,
                run_id=run.run_id,
                round_number=run.round_number,
                application_id=seat.application_id,
                cohort_id=seat.cohort_id,
            )
        )


def _rank(run: Run, register: Register, handle: Handle) -> None:
    places = {(p.application_id, p.cohort_id): p for p in register.places(run.run_id)}
    gone = _withdrawn(run, register) | set(run.gone_ids)
    still = set()
    for cohort_id in run.cohort_ids:
        for rank, application_id in enumerate(run.waiting_list(cohort_id), start=1):
            if application_id in gone:
                continue
            still.add((application_id, cohort_id))
            place = places.get((application_id, cohort_id))
            if place is None or (place.ended_code is None and place.rank != rank):
                handle(
                    RankPlace(
                        actor=_ACTOR,
                        run_id=run.run_id,
                        application_id=application_id,
                        cohort_id=cohort_id,
                        rank=rank,
                    )
                )
    for key, place in places.items():
        if key not in still and place.ended_code is None:
            reason = "gone" if place.application_id in gone else "placed"
            handle(EndPlace(actor=_ACTOR, place_id=place.place_id, reason_code=reason))

"""From screenings and interviews to the candidates of a run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from chassis.errors import RuleViolation
from services.selection.domain.candidate import Answers, Candidate, Standing
from services.selection.domain.interview import Interview, InterviewStatus
from services.selection.domain.offer import Offer, OfferStatus
from services.selection.domain.rules import Rules
from services.selection.domain.scores import Scores
from services.selection.domain.screening import Screening


def candidates_of(
    screenings: Iterable[Screening],
    interviews: Iterable[Interview],
    rules: Mapping[str, Rules],
) -> tuple[Candidate, ...]:
    """Everybody who was interviewed, with band and final score at each cohort.

    Who missed the interview is left out.

    Raises:
        RuleViolation: ``run.interviews_open``, somebody shortlisted has no scores yet; or
            ``run.not_adjusted``.
    """
    held = {interview.application_id: interview for interview in interviews}
    found = []
    for screening in screenings:
        interview = held.get(screening.application_id)
        if interview is None or interview.status is InterviewStatus.BOOKED:
            raise RuleViolation(
                "run.interviews_open", "somebody on the shortlist is not interviewed yet"
            )
        if interview.status is InterviewStatus.SCORED:
            found.append(_candidate(screening, interview, rules))
    return tuple(found)


def _candidate(screening: Screening, interview: Interview, rules: Mapping[str, Rules]) -> Candidate:
    assert screening.review_milli is not None, "a shortlisted application is reviewed"
    assert interview.interview_milli is not None, "a scored interview has a score"
    scores = Scores(
        review_milli=screening.review_milli,
        adjusted_milli=screening.adjusted_milli,
        interview_milli=interview.interview_milli,
    )
    return Candidate(
        application_id=screening.application_id,
        country_code=screening.country_code,
        scores=scores,
        standings=tuple(
            Standing(
                cohort_id=cohort_id,
                band=rules[cohort_id].band(screening.coded_answers),
                score_milli=rules[cohort_id].final_milli(scores),
            )
            for cohort_id in screening.preferences
            if cohort_id in screening.eligible_cohort_ids
        ),
    )


def answers_of(
    offers: Iterable[Offer], *, withdrawn: frozenset[str], closed_ids: frozenset[str]
) -> Answers:
    """What people did with their places; an open offer of a cohort that began is kept."""
    offers = tuple(offers)
    kept = {
        offer.application_id: offer.cohort_id
        for offer in offers
        if offer.status is OfferStatus.ACCEPTED
        or (offer.status is OfferStatus.MADE and offer.cohort_id in closed_ids)
    }
    gone = {offer.application_id for offer in offers if offer.is_gone} | withdrawn
    return Answers.of(gone_ids=gone, kept=kept, closed_ids=closed_ids)

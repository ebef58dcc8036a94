"""Who of a cohort's reviewed applicants is interviewed: one decision, drawn once and kept."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from chassis.aggregate import Aggregate
from chassis.errors import RuleViolation
from chassis.ids import derived_id
from services.selection.domain.calibration.frozen import FrozenCalibration, freeze_calibration
from services.selection.domain.rubric import WHOLE_PERMILLE
from services.selection.domain.rules import Rules
from services.selection.domain.scores import ReviewScore
from services.selection.domain.screening import Screening


@dataclass(kw_only=True)
class Shortlist(Aggregate):
    """The cut after the reviews.

    Rules
      R1  it is drawn once, after the call closed, when no application of the cohort still waits
      R2  the best are in, and everybody who ties with the last of them; nobody below the minimum
      R3  where adjusted scores rank anybody here, they are frozen with it, or it is not drawn

    Attributes:
        ranked_by: which review score the rules rank by.
        cut_off_milli: the lowest of those scores that is in, milli-points; ``None`` when nobody is.
        shortlisted_ids, rejected_ids: screening ids.
        calibration: what adjusted scores follow from; ``None`` where they rank nobody.
    """

    shortlist_id: str
    cohort_id: str
    country_code: str
    ranked_by: ReviewScore = ReviewScore.RAW
    cut_off_milli: int | None = None
    shortlisted_ids: tuple[str, ...] = ()
    rejected_ids: tuple[str, ...] = ()
    calibration: FrozenCalibration | None = None
    drawn_at: datetime

    @staticmethod
    def id_for(cohort_id: str) -> str:
        """Each cohort has one shortlist."""
        return derived_id("shortlist", cohort_id)

    @classmethod
    def draw(
        cls,
        *,
        cohort_id: str,
        country_code: str,
        screenings: Collection[Screening],
        open_count: int,
        call_open: bool,
        rules: Rules,
        adjust: bool = False,
        now: datetime,
    ) -> Shortlist:
        """Cut.

        Args:
            screenings: all reviewed applications.
            open_count: applications of the cohort that are not decided yet.
            adjust: whether another cohort that somebody here asked for ranks by adjusted scores.

        Raises:
            RuleViolation: ``shortlist.call_open`` or ``shortlist.reviews_missing`` (R1);
                ``calibration.*`` (R3).
        """
        if call_open:
            raise RuleViolation("shortlist.call_open", "people can still apply")
        if open_count:
            raise RuleViolation(
                "shortlist.reviews_missing", f"{open_count} applications are not reviewed yet"
            )
        ranked_by = rules.review_score
        calibration = None
        if adjust or ranked_by is ReviewScore.ADJUSTED:
            calibration = freeze_calibration(screenings, rules)
        scores = _scores(screenings, calibration if ranked_by is ReviewScore.ADJUSTED else None)
        cut_off = _cut_off(scores, rules)
        chosen = sorted(
            i for i, milli in scores.items() if cut_off is not None and milli >= cut_off
        )
        return cls(
            shortlist_id=cls.id_for(cohort_id),
            cohort_id=cohort_id,
            country_code=country_code,
            ranked_by=ranked_by,
            cut_off_milli=cut_off,
            shortlisted_ids=tuple(chosen),
            rejected_ids=tuple(sorted(scores.keys() - set(chosen))),
            calibration=calibration,
            drawn_at=now,
        )


def _scores(
    screenings: Collection[Screening], calibration: FrozenCalibration | None
) -> dict[str, int]:
    """Screening id -> the score that ranks."""
    if calibration is None:
        return {s.screening_id: s.review_milli for s in screenings if s.review_milli is not None}
    adjusted = calibration.adjusted()
    return {s.screening_id: adjusted[s.application_id] for s in screenings}


def _cut_off(scores: Mapping[str, int], rules: Rules) -> int | None:
    minimum = rules.shortlist_minimum_points * WHOLE_PERMILLE
    good_enough = sorted((milli for milli in scores.values() if milli >= minimum), reverse=True)
    if not good_enough or not rules.shortlist_places:
        return None
    return good_enough[: rules.shortlist_places][-1]

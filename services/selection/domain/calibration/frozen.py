"""Adjusted scores that rank: whole milli-points, kept with the sheets they follow from.

Estimating is done with floating point, ranking is not: severities are rounded to milli-points once,
and every adjusted score follows from them and the sheets exactly, so that anybody can check it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from chassis.errors import RuleViolation
from services.selection.domain.calibration.severity import Calibration, Refusal
from services.selection.domain.calibration.sheets import calibrated, ratings_of
from services.selection.domain.rubric import WHOLE_PERMILLE
from services.selection.domain.rules import Rules
from services.selection.domain.screening import Screening

_REFUSED = {
    Refusal.NOT_CONNECTED: "reviewers share no applications, so their severity cannot be compared; "
    "ask one of each group for a further review of an application the other group read: ",
    Refusal.ONE_REVIEWER: "one reviewer read everything, so there is nobody to compare with: ",
}


@dataclass(frozen=True, kw_only=True)
class Sheets:
    """One application's sealed sheets: reviewer's code -> weighted milli-points."""

    application_id: str
    milli: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class FrozenCalibration:
    """What a cohort's adjusted scores follow from.

    Attributes:
        sheets: of every application that was ranked, by application.
        severity_milli: reviewer's code -> severity in milli-points, positive is strict. Codes are
            numbers in the order of the reviewers' ids; who they are is nobody's to see.
    """

    sheets: tuple[Sheets, ...] = ()
    severity_milli: Mapping[str, int]

    def adjusted(self) -> dict[str, int]:
        """Application id -> adjusted score in milli-points."""
        return {one.application_id: self.adjusted_milli(one) for one in self.sheets}

    def adjusted_milli(self, sheets: Sheets) -> int:
        """The mean of sheets with their reviewers' severities taken out, rounded down."""
        total = sum(milli + self.severity_milli[code] for code, milli in sheets.milli.items())
        return total // len(sheets.milli)


def freeze_calibration(screenings: Collection[Screening], rules: Rules) -> FrozenCalibration:
    """Calibrate the sealed sheets of a cohort.

    Raises:
        RuleViolation: ``calibration.not_connected``, ``calibration.one_reviewer`` or
            ``calibration.too_many_reviewers``; nothing is adjusted then.
    """
    ratings = ratings_of(screenings, rules)
    calibration = calibrated(ratings)
    if calibration is None:
        return FrozenCalibration(severity_milli={})
    _refuse(calibration)
    points = {severity.reviewer_id: severity.points for severity in calibration.severities}
    code = {reviewer_id: f"r{n}" for n, reviewer_id in enumerate(sorted(points), start=1)}
    sheets: dict[str, dict[str, int]] = {}
    for one in ratings:
        milli = round(one.score * WHOLE_PERMILLE)
        sheets.setdefault(one.applicant_id, {})[code[one.reviewer_id]] = milli
    return FrozenCalibration(
        sheets=tuple(Sheets(application_id=a, milli=sheets[a]) for a in sorted(sheets)),
        severity_milli={code[r]: round(points[r] * WHOLE_PERMILLE) for r in sorted(points)},
    )


def _refuse(calibration: Calibration) -> None:
    if calibration.refused is None:
        return
    groups = "; ".join(", ".join(group[:3]) for group in calibration.groups[:4])
    raise RuleViolation(
        f"calibration.{calibration.refused}", f"{_REFUSED[calibration.refused]}{groups}"
    )

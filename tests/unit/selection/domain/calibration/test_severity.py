"""Severity, taken out where reviewers can be compared and left where they cannot."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chassis.errors import RuleViolation
from services.selection.domain.calibration.drift import drifts, need_a_third_reader
from services.selection.domain.calibration.ratings import Rating, Ratings
from services.selection.domain.calibration.severity import Refusal, calibrate

# Worth 10, 20, 30; severities -2, 0, 2; no noise; each applicant read by two of three.
EXACT = [
    Rating("a", "mild", 12.0), Rating("a", "plain", 10.0),
    Rating("b", "plain", 20.0), Rating("b", "strict", 18.0),
    Rating("c", "strict", 28.0), Rating("c", "mild", 32.0),
]  # fmt: skip


def _simulated(seed, *, forms=200, reviewers=10, each=3, severity_sd=1.0, noise_sd=0.5):
    random = np.random.default_rng(seed)
    severity = random.normal(size=reviewers) * severity_sd
    ratings = []
    for form in range(forms):
        for reviewer in random.permutation(reviewers)[:each]:
            score = random.normal(scale=noise_sd) - severity[reviewer] + form % 7
            ratings.append(Rating(f"f{form:03}", f"r{reviewer:02}", float(score)))
    return Ratings.of(ratings), severity - severity.mean()


def test_scores_without_noise_give_the_severities_back():
    calibration = calibrate(Ratings.of(EXACT))
    assert calibration.refused is None
    assert [round(a.adjusted_mean, 9) for a in calibration.applicants] == [10.0, 20.0, 30.0]
    assert [a.raw_mean for a in calibration.applicants] == [11.0, 19.0, 30.0]
    found = {s.reviewer_id: round(s.points, 9) for s in calibration.severities}
    assert found == {"mild": -2.0, "plain": 0.0, "strict": 2.0}


def test_a_rasch_model_of_other_people_finds_the_same_order_of_severity():
    """Second implementation: another model (many-facet Rasch), fitted to the same ratings."""
    theirs = json.loads(Path(__file__).with_name("raters.json").read_text("utf-8"))
    ratings = [
        Rating(person, rater, float(total))
        for person, totals in theirs["sums"].items()
        for rater, total in totals.items()
    ]
    ours = {s.reviewer_id: s.points for s in calibrate(Ratings.of(ratings)).severities}
    logits = theirs["severity_logits"]
    assert sorted(ours, key=ours.__getitem__) == sorted(logits, key=logits.__getitem__)
    assert (
        np.corrcoef([ours[r] for r in sorted(ours)], [logits[r] for r in sorted(ours)])[0, 1] > 0.98
    )


def test_order_of_input_changes_nothing():
    forward, backward = calibrate(Ratings.of(EXACT)), calibrate(Ratings.of(reversed(EXACT)))
    assert (forward.applicants, forward.severities) == (backward.applicants, backward.severities)


def test_reviewers_who_share_no_applicant_are_refused_and_keep_raw_means():
    ratings = [*EXACT, Rating("d", "far", 50.0), Rating("e", "far", 40.0), Rating("e", "off", 1.0)]
    calibration = calibrate(Ratings.of(ratings))
    assert calibration.refused is Refusal.NOT_CONNECTED
    assert calibration.groups == (("far", "off"), ("mild", "plain", "strict"))
    assert [a.raw_mean for a in calibration.applicants] == [11.0, 19.0, 30.0, 50.0, 20.5]
    assert {a.adjusted_mean for a in calibration.applicants} == {None}
    assert calibration.severities == ()


def test_one_bridge_is_enough_to_connect():
    ratings = [*EXACT, Rating("d", "far", 50.0), Rating("c", "far", 30.0)]
    assert calibrate(Ratings.of(ratings)).refused is None


def test_a_single_reviewer_is_refused():
    ratings = Ratings.of([Rating("a", "r", 1.0), Rating("b", "r", 2.0)])
    assert calibrate(ratings).refused is Refusal.ONE_REVIEWER


def test_equal_scores_are_left_alone():
    ratings = Ratings.of([Rating(a, r, 5.0) for a in "abc" for r in "xyz"])
    calibration = calibrate(ratings)
    assert [s.points for s in calibration.severities] == [0.0, 0.0, 0.0]
    assert [a.adjusted_mean for a in calibration.applicants] == [5.0, 5.0, 5.0]


def test_without_a_score_to_spare_there_is_no_interval():
    ratings = Ratings.of([Rating("a", "x", 1.0), Rating("a", "y", 3.0), Rating("b", "y", 4.0)])
    calibration = calibrate(ratings)
    assert calibration.noise_sd is None
    assert [s.half_width for s in calibration.severities] == [None, None]


@given(st.integers(0, 10_000))
@settings(max_examples=15, deadline=None)
def test_severities_add_up_to_zero_and_shrink(seed):
    ratings, _ = _simulated(seed, forms=40, reviewers=6, severity_sd=0.4, noise_sd=1.0)
    calibration = calibrate(ratings)
    points = np.array([s.points for s in calibration.severities])
    assert abs(points.sum()) < 1e-9
    # Never wider than the plain least-squares fit.
    rows, width = len(ratings.score), len(ratings.reviewer_ids)
    design = np.zeros((rows, len(ratings.applicant_ids) + width))
    design[np.arange(rows), ratings.applicant] = 1
    design[np.arange(rows), len(ratings.applicant_ids) + ratings.reviewer] = -1
    fitted = np.linalg.lstsq(design, ratings.score, rcond=None)[0][-width:]
    fitted = fitted - fitted.mean()
    assert (points**2).sum() <= (fitted**2).sum() + 1e-9


def test_intervals_hold_the_truth_as_often_as_they_say():
    inside = []
    for seed in range(20):
        ratings, truth = _simulated(seed)
        calibration = calibrate(ratings)
        for severity, true in zip(calibration.severities, truth, strict=True):
            inside.append(abs(severity.points - true) <= severity.half_width)
    assert 0.91 <= np.mean(inside) <= 0.99


def test_adding_a_constant_to_one_reviewer_moves_nobody_far():
    ratings, _ = _simulated(3, severity_sd=0.3)
    shifted = Ratings.of(
        Rating(
            ratings.applicant_ids[a],
            ratings.reviewer_ids[r],
            s - (4.0 if ratings.reviewer_ids[r] == "r00" else 0.0),
        )
        for a, r, s in zip(ratings.applicant, ratings.reviewer, ratings.score.tolist(), strict=True)
    )
    before, after = (
        np.array([a.adjusted_mean for a in calibrate(each).applicants])
        for each in (ratings, shifted)
    )
    # A harsher reviewer shifts the common level by 4 / 10 reviewers, and hardly any rank.
    assert np.ptp(after - before) < 0.25
    raw = np.ptp(shifted.raw_means - ratings.raw_means)
    assert raw > 1.3


def test_a_reviewer_who_grows_stricter_is_flagged():
    random = np.random.default_rng(1)
    ratings, given_at = [], {}
    for form in range(120):
        for reviewer in random.permutation(6)[:3]:
            turns = reviewer == 2 and form >= 60
            score = form % 5 + random.normal(scale=0.3) - (1.5 if turns else 0.0)
            ratings.append(Rating(f"f{form:03}", f"r{reviewer}", float(score)))
            given_at[f"f{form:03}", f"r{reviewer}"] = float(form)
    columns = Ratings.of(ratings)
    found = drifts(columns, calibrate(columns), given_at)
    most = max(found, key=lambda drift: drift.points)
    assert (most.reviewer_id, most.flagged) == ("r2", True)
    assert most.points == pytest.approx(1.0, abs=0.4)
    # Colleagues who read the same forms look milder by what r2 became stricter, shared out.
    assert all(-0.5 < d.points < 0.1 for d in found if d.reviewer_id != "r2")


def test_scores_too_far_apart_ask_for_a_third_reader():
    ratings = Ratings.of(
        [Rating("a", "x", 10), Rating("a", "y", 40), Rating("b", "x", 10), Rating("b", "y", 41)]
    )
    assert need_a_third_reader(ratings, apart=30) == ("b",)


@pytest.mark.parametrize(
    ("ratings", "code"),
    [
        ([], "ratings.none"),
        ([Rating("a", "x", 1.0), Rating("a", "x", 2.0)], "ratings.twice"),
        ([Rating("a", "x", float("nan"))], "ratings.not_a_score"),
        ([Rating("a", "x", float("inf"))], "ratings.not_a_score"),
        ([Rating("a", "x", 1e300)], "ratings.not_a_score"),
    ],
)
def test_what_are_no_ratings_is_refused(ratings, code):
    with pytest.raises(RuleViolation) as refused:
        Ratings.of(ratings)
    assert refused.value.code == code

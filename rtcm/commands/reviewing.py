"""What reviews say, computed from a file of scores."""

from __future__ import annotations

import math
import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from rtcm.commands.files import Unreadable, write_json
from rtcm.commands.options import AS_JSON, print_json
from rtcm.commands.tables import Row, read_table
from services.selection.domain.calibration.drift import drifts, need_a_third_reader
from services.selection.domain.calibration.ratings import MOST_SCORE, Rating, Ratings
from services.selection.domain.calibration.severity import Calibration, Refusal, calibrate
from services.selection.domain.reliability.alpha import Scale, krippendorff_alpha

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)


@click.command("calibrate")
@click.argument("scores", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="Write the whole result as JSON.")
@click.option(
    "--third-reader-above",
    "apart",
    type=click.FloatRange(min=0),
    help="Name applicants whose scores differ by more points than this.",
)
@AS_JSON
def calibrate_scores(scores: Path, out: Path | None, apart: float | None, as_json: bool) -> None:
    """Take reviewers' severity out of SCORES.csv: applicant,reviewer,score (and given_at).

    Ends with 0 where scores were adjusted, with 1 where they cannot be (reviewers that share no
    applicants; the raw means are still shown), with 2 where the file cannot be taken.
    """
    ratings, given_at = _read(scores)
    calibration = calibrate(ratings)
    result = _result(ratings, calibration, given_at, apart)
    if out is not None:
        write_json(out, result)
    if as_json:
        print_json(result)
    else:
        _show(result)
    if calibration.refused is not None:
        sys.exit(1)


def _read(path: Path) -> tuple[Ratings, dict[tuple[str, str], float]]:
    rows = read_table(path, needed=("applicant", "reviewer", "score"), optional=("given_at",))
    first_line: dict[tuple[str, str], int] = {}
    given_at: dict[tuple[str, str], float] = {}
    ratings = []
    row = None
    for row in rows:
        pair = row.text("applicant"), row.text("reviewer")
        if pair in first_line:
            row.refuse(f"{pair[1]} scored {pair[0]} already on line {first_line[pair]}")
        first_line[pair] = row.line
        ratings.append(Rating(*pair, _score(row)))
        if "given_at" in row.cells:
            given_at[pair] = _moment(row)
    if row is None:
        raise Unreadable(f"{path}: line 2: there are no scores")
    if len({rating.reviewer_id for rating in ratings}) == 1:
        row.refuse(f"{ratings[0].reviewer_id} is the only reviewer: nothing to compare with")
    return Ratings.of(ratings), given_at


def _score(row: Row) -> float:
    text = row.text("score")
    if not _NUMBER.fullmatch(text):
        row.refuse(f"score {text[:40]!r} is no number (write 71.5, without units)")
    score = float(text)
    if not math.isfinite(score) or abs(score) > MOST_SCORE:
        row.refuse(f"score {text[:40]!r} is beyond {MOST_SCORE:,.0f}")
    return score


def _moment(row: Row) -> float:
    text = row.text("given_at")
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        row.refuse(f"given_at {text[:40]!r} is no ISO 8601 instant")


def _result(
    ratings: Ratings,
    calibration: Calibration,
    given_at: dict[tuple[str, str], float],
    apart: float | None,
) -> dict[str, Any]:
    by_applicant: dict[int, list[float]] = {}
    for applicant, score in zip(ratings.applicant.tolist(), ratings.score.tolist(), strict=True):
        by_applicant.setdefault(applicant, []).append(score)
    units = list(by_applicant.values())
    result: dict[str, Any] = {
        "connected": calibration.refused is not Refusal.NOT_CONNECTED,
        "refused": calibration.refused,
        "reviewer_groups": calibration.groups,
        "noise_sd": _rounded(calibration.noise_sd),
        "severity_sd": _rounded(calibration.severity_sd),
        "krippendorff_alpha": {
            scale: _rounded(krippendorff_alpha(units, scale))
            for scale in (Scale.ORDINAL, Scale.INTERVAL)
        },
        "applicants": [
            {
                "applicant": a.applicant_id,
                "reviews": a.review_count,
                "raw_mean": _rounded(a.raw_mean),
                "adjusted_mean": _rounded(a.adjusted_mean),
            }
            for a in calibration.applicants
        ],
        "reviewers": [
            {
                "reviewer": s.reviewer_id,
                "reviews": s.review_count,
                "severity": _rounded(s.points),
                "half_width_95": _rounded(s.half_width),
                "misfit": _rounded(s.misfit),
            }
            for s in calibration.severities
        ],
    }
    if given_at:
        result["drift"] = [
            {
                "reviewer": d.reviewer_id,
                "points": _rounded(d.points),
                "half_width": _rounded(d.half_width),
                "flagged": d.flagged,
            }
            for d in drifts(ratings, calibration, given_at)
        ]
    if apart is not None:
        result["third_reader"] = need_a_third_reader(ratings, apart=apart)
    return result


def _show(result: dict[str, Any]) -> None:
    if result["refused"]:
        count = len(result["reviewer_groups"])
        click.echo(
            f"refused: the reviewers fall into {count} groups without an applicant in common; "
            "scores of different groups cannot be compared. Ask for bridge reviews."
        )
        for number, group in enumerate(result["reviewer_groups"], 1):
            click.echo(f"  group {number}: {', '.join(group)}")
    else:
        click.echo("connected; positive severity is strict")
        for line in result["reviewers"]:
            width = line["half_width_95"]
            within = "" if width is None else f" +- {width:.3f}"
            text = f"  {line['reviewer']}: {line['severity']:+.3f}{within} ({line['reviews']})"
            click.echo(text)
    click.echo("applicant, reviews, raw mean, adjusted mean")
    for line in result["applicants"]:
        adjusted = line["adjusted_mean"]
        after = "-" if adjusted is None else f"{adjusted:.3f}"
        click.echo(
            f"  {line['applicant']}, {line['reviews']}, {line['raw_mean']:.3f}, {after}",
        )
    for applicant in result.get("third_reader", ()):
        click.echo(f"  third reader: {applicant}")
    for line in result.get("drift", ()):
        if line["flagged"]:
            click.echo(f"  drift: {line['reviewer']} {line['points']:+.3f}")


def _rounded(value: float | None) -> float | None:
    """Six decimals: what is behind them depends on the machine."""
    return None if value is None else round(value, 6) + 0.0

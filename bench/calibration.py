"""Share of the true top fifth that a selection by score picks: raw means against adjusted ones.

Six settings, each simulated many times with seeds of its own: a true worth (SD 1), reviewers with
a severity, noise (SD 0.7, so that with equal severities raw means pick about .78). In the last two
settings two countries, whose true worth differs by one SD, are read by reviewers of their own; in
the last of them a tenth of the reviews crosses. Where calibration is refused, people are picked by
raw mean, as the service does. The figures of the JSON line are of the setting with severities as
large as the differences between people.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass

import numpy as np

from bench.result import report
from services.selection.domain.calibration.ratings import Rating, Ratings
from services.selection.domain.calibration.severity import Refusal, calibrate

TOP_SHARE = 0.2
NOISE_SD = 0.7


@dataclass(frozen=True, kw_only=True)
class Setting:
    """One way in which reviews may come about."""

    name: str
    forms: int
    reviewers: int
    reviews: int
    severity_sd: float
    country_gap: float = 0.0
    bridge_share: float | None = None  # of reviews by the other country; None: no countries


SETTINGS = (
    Setting(name="300 forms, 12 reviewers, 2 each, severity SD 0.5",
            forms=300, reviewers=12, reviews=2, severity_sd=0.5),
    Setting(name="300 forms, 12 reviewers, 2 each, severity SD 1.0",
            forms=300, reviewers=12, reviews=2, severity_sd=1.0),
    Setting(name="2000 forms, 40 reviewers, 3 each, severity SD 0.8",
            forms=2000, reviewers=40, reviews=3, severity_sd=0.8),
    Setting(name="2000 forms, 40 reviewers, 3 each, severity SD 0",
            forms=2000, reviewers=40, reviews=3, severity_sd=0.0),
    Setting(name="two countries, gap 1 SD, no bridge",
            forms=600, reviewers=24, reviews=3, severity_sd=0.5, country_gap=1.0, bridge_share=0.0),
    Setting(name="two countries, gap 1 SD, 10 % bridges",
            forms=600, reviewers=24, reviews=3, severity_sd=0.5, country_gap=1.0, bridge_share=0.1),
)  # fmt: skip
HEADLINE = SETTINGS[1]


def simulated(setting: Setting, random: np.random.Generator) -> tuple[Ratings, np.ndarray]:
    """Scores, and what each form is truly worth."""
    country = np.arange(setting.forms) % 2
    worth = random.normal(size=setting.forms) + country * setting.country_gap
    severity = random.normal(size=setting.reviewers) * setting.severity_sd
    # Reviewers in an order drawn for each form; in settings with countries their own come first,
    # but for the reviews that cross.
    order = random.random((setting.forms, setting.reviewers))
    if setting.bridge_share is not None:
        order += np.arange(setting.reviewers) % 2 != country[:, None]
    chosen = np.argsort(order, axis=1)[:, : setting.reviews]
    if setting.bridge_share is not None:
        strangers = np.argsort(-order, axis=1)[:, : setting.reviews]
        crosses = random.random(chosen.shape) < setting.bridge_share
        chosen = np.where(crosses, strangers, chosen)
    noise = random.normal(scale=NOISE_SD, size=chosen.shape)
    scores = worth[:, None] - severity[chosen] + noise
    return Ratings.of(
        Rating(f"{form:05}", f"{reviewer:03}", float(scores[form, place]))
        for form in range(setting.forms)
        for place, reviewer in enumerate(chosen[form])
    ), worth


def picked(scores: np.ndarray, worth: np.ndarray) -> float:
    """Share of the truly best fifth among the best fifth by score."""
    count = round(TOP_SHARE * len(worth))
    return len(set(np.argsort(-scores)[:count]) & set(np.argsort(-worth)[:count])) / count


def shares(setting: Setting, seed: int) -> tuple[float, float, bool]:
    """Raw, adjusted, and whether calibration was refused; one simulation."""
    ratings, worth = simulated(setting, np.random.default_rng(seed))
    calibration = calibrate(ratings)
    raw = np.array([a.raw_mean for a in calibration.applicants])
    refused = calibration.refused is Refusal.NOT_CONNECTED
    adjusted = raw if refused else np.array([a.adjusted_mean for a in calibration.applicants])
    return picked(raw, worth), picked(adjusted, worth), refused


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=60, help="simulations per setting")
    asked = parser.parse_args()
    began = time.process_time()
    lines, settings, headline = [], {}, (0.0, 0.0)
    for setting in SETTINGS:
        results = [shares(setting, seed) for seed in range(asked.repeats)]
        raw, adjusted = (float(np.mean([r[n] for r in results])) for n in (0, 1))
        refused = sum(r[2] for r in results)
        note = f", refused {refused} of {asked.repeats} times" if refused else ""
        lines.append(f"{setting.name}: raw {raw:.3f}, adjusted {adjusted:.3f}{note}")
        settings[setting.name] = {"raw": round(raw, 4), "adjusted": round(adjusted, 4)}
        if setting is HEADLINE:
            headline = raw, adjusted
    report(
        "calibration",
        ours=headline[1],
        baseline=headline[0],
        unit="share of the true top fifth picked, severity SD 1.0",
        lines=lines,
        gain=round(headline[1] - headline[0], 4),
        least_gain=round(min(s["adjusted"] - s["raw"] for s in settings.values()), 4),
        settings=settings,
        cpu_seconds=round(time.process_time() - began, 2),
    )


if __name__ == "__main__":
    main()

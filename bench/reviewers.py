"""CPU seconds to assign reviewers: ours against the usual random draw in the same run.

Forms from ten countries, reviewers with organisations and languages, a few declared conflicts. The
baseline draws, form by form, k of the least loaded allowed reviewers at random, as admission
products do; it is quick, but its loads come out as they may and nothing proves that it ends.
"""

from __future__ import annotations

import argparse
import random
import resource
import time
from collections import Counter

from bench.result import report
from services.selection.domain.reviewing.assignment import Assignment, assign_reviewers
from services.selection.domain.reviewing.people import Form, Reviewer, Terms

COUNTRIES = ("AZ", "GE", "KZ", "KG", "MD", "TJ", "TM", "TR", "UA", "UZ")
LANGUAGES = ("en", "ru", "az", "tr")


def people(forms: int, reviewers: int, seed: int) -> tuple[list[Form], list[Reviewer]]:
    """Made-up forms and reviewers."""
    draw = random.Random(seed)
    reviewer_ids = [f"r{number:04}" for number in range(reviewers)]
    panel = [
        Reviewer(
            reviewer_id=reviewer_id,
            country_code=COUNTRIES[number % len(COUNTRIES)],
            organisation_codes=frozenset({f"org-{draw.randrange(200)}"}),
            language_codes=frozenset({"en", *draw.sample(LANGUAGES, 2)}),
        )
        for number, reviewer_id in enumerate(reviewer_ids)
    ]
    read = [
        Form(
            form_id=f"f{number:06}",
            country_code=draw.choice(COUNTRIES),
            organisation_codes=frozenset({f"org-{draw.randrange(400)}"}),
            language_code=draw.choice((None, "en", "ru")),
            refused_reviewer_ids=frozenset(draw.sample(reviewer_ids, draw.choice((0, 0, 0, 1)))),
        )
        for number in range(forms)
    ]
    return read, panel


def conflicts(
    assignment: dict[str, tuple[str, ...]], forms: list[Form], panel: list[Reviewer]
) -> int:
    """Pairs that must not be."""
    by_id = {reviewer.reviewer_id: reviewer for reviewer in panel}
    return sum(
        reviewer_id in form.refused_reviewer_ids
        or bool(by_id[reviewer_id].organisation_codes & form.organisation_codes)
        or form.language_code not in {None, *by_id[reviewer_id].language_codes}
        for form in forms
        for reviewer_id in assignment[form.form_id]
    )


def drawn(
    forms: list[Form], panel: list[Reviewer], reviews: int, seed: int
) -> dict[str, tuple[str, ...]]:
    """The baseline: form by form, the least loaded of those allowed, ties at random."""
    draw = random.Random(seed)
    loads: Counter[str] = Counter()
    found = {}
    for form in forms:
        allowed = [
            (loads[r.reviewer_id], draw.random(), r.reviewer_id)
            for r in panel
            if r.reviewer_id not in form.refused_reviewer_ids
            and not r.organisation_codes & form.organisation_codes
            and form.language_code in {None, *r.language_codes}
        ]
        chosen = tuple(reviewer_id for _, _, reviewer_id in sorted(allowed)[:reviews])
        loads.update(chosen)
        found[form.form_id] = chosen
    return found


def spread(assignment: dict[str, tuple[str, ...]], panel: list[Reviewer]) -> int:
    """Largest load minus smallest."""
    loads = Counter(reviewer_id for chosen in assignment.values() for reviewer_id in chosen)
    return max(loads.values()) - min(loads[r.reviewer_id] for r in panel)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--forms", type=int, default=50_000)
    parser.add_argument("--reviewers", type=int, default=300)
    parser.add_argument("--reviews", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    forms, panel = people(asked.forms, asked.reviewers, asked.seed)
    terms = Terms(reviews=asked.reviews)
    began = time.process_time()
    ours: Assignment = assign_reviewers(forms, panel, terms, seed=b"bench")
    seconds = time.process_time() - began
    peak_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    began = time.process_time()
    theirs = drawn(forms, panel, asked.reviews, asked.seed)
    baseline = time.process_time() - began
    report(
        "reviewers",
        ours=seconds,
        baseline=baseline,
        unit="CPU seconds",
        lines=[
            f"{asked.forms} forms x {asked.reviewers} reviewers x {asked.reviews}",
            f"flow: {seconds:.2f} s, spread {ours.spread}, bridges {ours.bridge_permille} permille",
            f"draw: {baseline:.2f} s, spread {spread(theirs, panel)}",
        ],
        spread=ours.spread,
        baseline_spread=spread(theirs, panel),
        conflicts=conflicts(ours.reviewer_ids, forms, panel),
        complete=all(len(set(ids)) == asked.reviews for ids in ours.reviewer_ids.values()),
        bridge_permille=ours.bridge_permille,
        peak_mib=round(peak_mib),
    )


if __name__ == "__main__":
    main()

"""Random forms and reviewers, and a check of an assignment that knows nothing of how it is made."""

from __future__ import annotations

import random
from collections.abc import Sequence

from services.selection.domain.reviewing.assignment import Assignment
from services.selection.domain.reviewing.people import Form, Reviewer, Terms

COUNTRIES = ("AZ", "GE", "UZ")


def people(
    seed: int, *, most_forms: int = 25, most_reviewers: int = 9
) -> tuple[list[Form], list[Reviewer]]:
    """Forms and reviewers of three countries with organisations, languages and conflicts."""
    draw = random.Random(seed)
    reviewers = [
        Reviewer(
            reviewer_id=f"r{number}",
            country_code=draw.choice(COUNTRIES),
            organisation_codes=frozenset(draw.sample("uvw", draw.randint(0, 1))),
            language_codes=frozenset(draw.sample(("en", "ru", "az"), draw.randint(1, 3))),
        )
        for number in range(draw.randint(3, most_reviewers))
    ]
    forms = [
        Form(
            form_id=f"f{number}",
            country_code=draw.choice(COUNTRIES),
            organisation_codes=frozenset(draw.sample("uvwxyz", draw.randint(0, 1))),
            language_code=draw.choice((None, None, "en")),
            refused_reviewer_ids=frozenset(
                r.reviewer_id for r in reviewers if draw.random() < 0.05
            ),
        )
        for number in range(draw.randint(2, most_forms))
    ]
    return forms, reviewers


def allowed(form: Form, reviewer: Reviewer) -> bool:
    """Whether the reviewer may be asked to read the form."""
    return (
        reviewer.reviewer_id not in form.refused_reviewer_ids
        and not reviewer.organisation_codes & form.organisation_codes
        and form.language_code in {None, *reviewer.language_codes}
    )


def breaches(
    assignment: Assignment, forms: Sequence[Form], reviewers: Sequence[Reviewer], terms: Terms
) -> list[str]:
    """What is wrong with an assignment, in words; empty: nothing."""
    by_id = {reviewer.reviewer_id: reviewer for reviewer in reviewers}
    found = []
    bridges = total = 0
    for form in forms:
        ids = assignment.reviewer_ids[form.form_id]
        if len(set(ids)) != max(terms.reviews, len(form.kept_reviewer_ids)):
            found.append(f"{form.form_id} has {ids}")
        if not form.kept_reviewer_ids <= set(ids):
            found.append(f"{form.form_id} lost a kept review")
        found.extend(
            f"{reviewer_id} must not read {form.form_id}"
            for reviewer_id in set(ids) - form.kept_reviewer_ids
            if not allowed(form, by_id[reviewer_id])
        )
        total += len(ids)
        bridges += sum(by_id[id_].country_code != form.country_code for id_ in ids)
    countries = {form.country_code for form in forms}
    if len(countries) > 1 and 1000 * bridges < terms.bridge_permille * total:
        found.append(f"{bridges} bridges among {total}")
    return found

"""A thousand random assignments: every one is right, or says who cannot be served."""

from __future__ import annotations

from services.selection.domain.reviewing.assignment import Impossible, assign_reviewers
from services.selection.domain.reviewing.people import Terms
from tests.builders.selection_reviewing import allowed, breaches, people


def test_a_thousand_random_cases():
    solved = refused = 0
    for seed in range(1000):
        forms, reviewers = people(1000 + seed, most_forms=30, most_reviewers=12)
        terms = Terms(reviews=1 + seed % 3)
        try:
            assignment = assign_reviewers(forms, reviewers, terms, seed=b"case")
        except Impossible as impossible:
            refused += 1
            for lacking in impossible.lacking:
                form = next(form for form in forms if form.form_id == lacking.form_id)
                assert sum(allowed(form, one) for one in reviewers) < terms.reviews
            continue
        solved += 1
        assert breaches(assignment, forms, reviewers, terms) == [], seed
    assert solved > 500
    assert refused > 50

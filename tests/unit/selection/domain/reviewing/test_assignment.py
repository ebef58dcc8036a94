"""Reviewers for forms: enough, even, without conflicts, across countries, kept, explained."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from chassis.errors import RuleViolation
from services.selection.domain.reviewing.assignment import Impossible, assign_reviewers
from services.selection.domain.reviewing.people import Form, Reviewer, Terms
from tests.builders.selection_reviewing import breaches, people

TWO = Terms(reviews=2)


def _form(form_id, country_code="AZ", **more):
    return Form(form_id=form_id, country_code=country_code, **more)


def _reviewer(reviewer_id, country_code="AZ", **more):
    return Reviewer(reviewer_id=reviewer_id, country_code=country_code, **more)


def _forms(count, country_code="AZ"):
    return [_form(f"{country_code}{n:03}", country_code) for n in range(count)]


@pytest.mark.parametrize("seed", range(40))
def test_random_cases_are_right_or_named(seed):
    forms, reviewers = people(seed)
    try:
        assignment = assign_reviewers(forms, reviewers, TWO, seed=b"s")
    except Impossible as impossible:
        assert impossible.lacking or "across countries" in str(impossible)
        return
    assert breaches(assignment, forms, reviewers, TWO) == []


def test_loads_differ_by_one_at_most():
    reviewers = [_reviewer(f"r{n}") for n in range(7)]
    assignment = assign_reviewers(_forms(40), reviewers, Terms(reviews=3), seed=b"s")
    assert sorted(assignment.loads.values()) == [17, 17, 17, 17, 17, 17, 18]
    assert assignment.spread == 1


def test_order_of_people_changes_nothing_and_another_seed_does():
    forms, reviewers = people(5, most_forms=60)
    forms = [replace(form, organisation_codes=frozenset()) for form in forms]
    first = assign_reviewers(forms, reviewers, TWO, seed=b"one")
    random.Random(2).shuffle(forms)
    assert assign_reviewers(forms, reviewers[::-1], TWO, seed=b"one") == first
    assert assign_reviewers(forms, reviewers, TWO, seed=b"two") != first


def test_bridges_are_made_where_lots_alone_make_none():
    # Each country's forms fit its own reviewers by language, but for one reviewer who reads all.
    forms = [replace(f, language_code=c.lower()) for c in ("AZ", "GE") for f in _forms(20, c)]
    reviewers = [
        *(_reviewer(f"a{n}", "AZ", language_codes=frozenset({"az"})) for n in range(4)),
        *(_reviewer(f"g{n}", "GE", language_codes=frozenset({"ge"})) for n in range(4)),
        _reviewer("both", "UZ", language_codes=frozenset({"az", "ge"})),
    ]
    assignment = assign_reviewers(forms, reviewers, TWO, seed=b"s")
    assert assignment.bridge_permille >= 100
    assert breaches(assignment, forms, reviewers, TWO) == []


def test_too_few_bridges_are_refused_with_the_numbers():
    forms = [replace(f, language_code=c.lower()) for c in ("AZ", "GE") for f in _forms(5, c)]
    reviewers = [
        _reviewer(f"{c}{n}", c, language_codes=frozenset({c.lower()}))
        for c in ("AZ", "GE")
        for n in range(3)
    ]
    with pytest.raises(Impossible, match="only 0 reviews can be across countries, 2 are asked"):
        assign_reviewers(forms, reviewers, TWO, seed=b"s")
    free = Terms(reviews=2, bridge_permille=0)
    assert assign_reviewers(forms, reviewers, free, seed=b"s").bridge_permille == 0


def test_one_country_asks_for_no_bridges():
    reviewers = [_reviewer(f"r{n}") for n in range(3)]
    assert assign_reviewers(_forms(4), reviewers, TWO, seed=b"s").bridge_permille == 0


def test_kept_reviews_stay_and_count_into_loads():
    forms = [
        _form("f1", kept_reviewer_ids=frozenset({"busy"})),
        _form("f2", kept_reviewer_ids=frozenset({"busy", "gone"})),
        _form("f3"),
        _form("f4"),
    ]
    reviewers = [_reviewer(name) for name in ("busy", "calm", "new")]
    assignment = assign_reviewers(forms, reviewers, TWO, seed=b"s")
    assert set(assignment.reviewer_ids["f2"]) == {"busy", "gone"}
    assert "busy" in assignment.reviewer_ids["f1"]
    assert assignment.spread <= 1
    again = assign_reviewers(
        [
            replace(f, kept_reviewer_ids=frozenset(assignment.reviewer_ids[f.form_id]))
            for f in forms
        ],
        reviewers,
        TWO,
        seed=b"another",
    )
    assert again.reviewer_ids == assignment.reviewer_ids


def test_own_country_can_be_forbidden():
    reviewers = [_reviewer("a", "AZ"), _reviewer("g", "GE"), _reviewer("u", "UZ")]
    abroad = Terms(reviews=2, own_country=False)
    assignment = assign_reviewers(_forms(3), reviewers, abroad, seed=b"s")
    assert set(assignment.reviewer_ids.values()) == {("g", "u")}
    with pytest.raises(Impossible, match="1 of another country"):
        assign_reviewers(_forms(1), reviewers[:2], abroad, seed=b"s")


def test_a_form_without_enough_reviewers_is_named_with_what_stands_in_the_way():
    forms = [
        _form("fine"),
        _form("hard", organisation_codes=frozenset({"uni"}), language_code="ka"),
    ]
    reviewers = [
        _reviewer("a", language_codes=frozenset({"ka"}), organisation_codes=frozenset({"uni"})),
        _reviewer("b", language_codes=frozenset({"ka"})),
        _reviewer("c", language_codes=frozenset({"az"})),
    ]
    with pytest.raises(Impossible) as impossible:
        assign_reviewers(forms, reviewers, TWO, seed=b"s")
    (lacking,) = impossible.value.lacking
    assert (lacking.form_id, lacking.needed_count, lacking.allowed_count) == ("hard", 2, 1)
    assert lacking.reason == (
        "needs 2: 3 reviewers beside those kept, 2 of them read ka, "
        "1 without a conflict of interest"
    )


def test_limits_are_kept_and_what_they_make_impossible_is_named():
    reviewers = [_reviewer("a", most_reviews=1), _reviewer("b"), _reviewer("c")]
    assignment = assign_reviewers(_forms(6), reviewers, TWO, seed=b"s")
    assert assignment.loads["a"] == 1
    limited = [replace(reviewer, most_reviews=3) for reviewer in reviewers]
    with pytest.raises(Impossible, match="12 reviews are needed, the reviewers together take 9"):
        assign_reviewers(_forms(6), limited, TWO, seed=b"s")
    # Enough in all, but two forms compete for one reviewer of their language.
    forms = [_form("f1", language_code="ka"), _form("f2", language_code="ka"), _form("f3")]
    reviewers = [
        _reviewer("only", most_reviews=1, language_codes=frozenset({"ka"})),
        _reviewer("b"),
        _reviewer("c"),
    ]
    with pytest.raises(Impossible, match="1 forms cannot get their reviews") as impossible:
        assign_reviewers(forms, reviewers, Terms(reviews=1), seed=b"s")
    assert impossible.value.lacking[0].form_id in {"f1", "f2"}


def test_uneven_languages_make_loads_as_even_as_they_can_be():
    forms = [_form(f"k{n}", language_code="ka") for n in range(12)] + _forms(4)
    reviewers = [
        *(_reviewer(f"k{n}", language_codes=frozenset({"ka"})) for n in range(2)),
        *(_reviewer(f"o{n}") for n in range(4)),
    ]
    assignment = assign_reviewers(forms, reviewers, TWO, seed=b"s")
    assert assignment.loads == {"k0": 12, "k1": 12, "o0": 2, "o1": 2, "o2": 2, "o3": 2}


@pytest.mark.parametrize(
    ("forms", "reviewers", "terms", "code"),
    [
        ([], [_reviewer("a")], TWO, "assignment.nobody"),
        (_forms(1), [], TWO, "assignment.nobody"),
        (_forms(1) * 2, [_reviewer("a")], TWO, "assignment.twice"),
        (_forms(1), [_reviewer("a")] * 2, TWO, "assignment.twice"),
        (_forms(1), [_reviewer("a")], Terms(reviews=0), "assignment.terms"),
        (_forms(1), [_reviewer("a")], Terms(reviews=1, bridge_permille=1001), "assignment.terms"),
    ],
)
def test_what_is_no_input_is_refused(forms, reviewers, terms, code):
    with pytest.raises(RuleViolation) as refused:
        assign_reviewers(forms, reviewers, terms, seed=b"s")
    assert refused.value.code == code

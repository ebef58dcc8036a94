"""What an assignment of reviewers starts from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from chassis.errors import RuleViolation


@dataclass(frozen=True, kw_only=True)
class Form:
    """One application to be read.

    Attributes:
        organisation_codes: where the applicant studies or works, and who nominated them.
        language_code: only reviewers who read it are asked; ``None``: anybody.
        kept_reviewer_ids: reviewers whose reviews are finished or under way; they stay.
        refused_reviewer_ids: who declared a conflict of interest, or is the applicant.
        reviews: how many it takes, kept ones included; ``None``: as the terms say.
    """

    form_id: str
    country_code: str
    organisation_codes: frozenset[str] = frozenset()
    language_code: str | None = None
    kept_reviewer_ids: frozenset[str] = frozenset()
    refused_reviewer_ids: frozenset[str] = frozenset()
    reviews: int | None = None


@dataclass(frozen=True, kw_only=True)
class Reviewer:
    """Somebody who reads applications.

    Attributes:
        organisation_codes: belonging to one of them is a conflict of interest.
        language_codes: languages they read.
        most_reviews: they take no more, kept ones included; ``None``: no limit of their own.
    """

    reviewer_id: str
    country_code: str
    organisation_codes: frozenset[str] = frozenset()
    language_codes: frozenset[str] = frozenset()
    most_reviews: int | None = None


@dataclass(frozen=True, kw_only=True)
class Terms:
    """How reviewers are assigned.

    Attributes:
        reviews: per form, kept ones included.
        bridge_permille: least share of reviews across countries, of all that are assigned; asked
            only where forms come from several countries.
        own_country: whether a form may be read by a reviewer of the same country.
    """

    reviews: int
    bridge_permille: int = 100
    own_country: bool = True


def check_people(forms: Iterable[Form], reviewers: Iterable[Reviewer], terms: Terms) -> None:
    """Refuse what no assignment can start from.

    Raises:
        RuleViolation: ``assignment.*``.
    """
    for kind, ids in (
        ("form", [form.form_id for form in forms]),
        ("reviewer", [reviewer.reviewer_id for reviewer in reviewers]),
    ):
        if not ids:
            raise RuleViolation("assignment.nobody", f"there is no {kind}")
        if len(set(ids)) != len(ids):
            twice = next(one for one, other in pairwise(sorted(ids)) if one == other)
            raise RuleViolation("assignment.twice", f"the {kind} {twice} is there twice")
    if terms.reviews < 1 or not 0 <= terms.bridge_permille <= 1000:
        raise RuleViolation("assignment.terms", "needs a review or more, bridges of 0 to 1000")

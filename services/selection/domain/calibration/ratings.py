"""Scores that reviewers gave, as columns: sorted, so that nothing depends on the order of input."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from chassis.errors import RuleViolation

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]

MOST_SCORE = 1e9
"""Larger numbers are mistakes, and their squares would drown everything else; ours."""


class Rating(NamedTuple):
    """One score of one reviewer; on any scale, the higher the better."""

    applicant_id: str
    reviewer_id: str
    score: float


@dataclass(frozen=True, kw_only=True)
class Ratings:
    """All scores of one stage; row ``i`` says who scored whom how.

    Attributes:
        applicant_ids, reviewer_ids: sorted, each once.
        applicant, reviewer: per row the place in those lists.
        score: per row.
    """

    applicant_ids: tuple[str, ...]
    reviewer_ids: tuple[str, ...]
    applicant: Integers
    reviewer: Integers
    score: Floats

    @classmethod
    def of(cls, ratings: Iterable[Rating]) -> Ratings:
        """Put scores into columns.

        Raises:
            RuleViolation: ``ratings.none``, ``ratings.twice`` (a reviewer scored an applicant two
                times) or ``ratings.not_a_score``.
        """
        rows = sorted(ratings)
        if not rows:
            raise RuleViolation("ratings.none", "there are no scores")
        for row, following in pairwise(rows):
            if row[:2] == following[:2]:
                raise RuleViolation(
                    "ratings.twice", f"{row.reviewer_id} scored {row.applicant_id} twice"
                )
        for row in rows:
            if not math.isfinite(row.score) or abs(row.score) > MOST_SCORE:
                raise RuleViolation("ratings.not_a_score", f"{row.score} is no score")
        applicant_ids, applicant = np.unique(
            [row.applicant_id for row in rows], return_inverse=True
        )
        reviewer_ids, reviewer = np.unique([row.reviewer_id for row in rows], return_inverse=True)
        return cls(
            applicant_ids=tuple(applicant_ids.tolist()),
            reviewer_ids=tuple(reviewer_ids.tolist()),
            applicant=applicant.astype(np.int64),
            reviewer=reviewer.astype(np.int64),
            score=np.array([row.score for row in rows], dtype=np.float64),
        )

    @property
    def review_counts(self) -> Integers:
        """Scores per applicant."""
        return np.bincount(self.applicant, minlength=len(self.applicant_ids))

    @property
    def load_counts(self) -> Integers:
        """Scores per reviewer."""
        return np.bincount(self.reviewer, minlength=len(self.reviewer_ids))

    @property
    def raw_means(self) -> Floats:
        """Plain mean per applicant."""
        return self.per_applicant(self.score) / self.review_counts

    def per_applicant(self, values: Floats) -> Floats:
        """Sum of one value per row, for each applicant."""
        return _sums(self.applicant, values, len(self.applicant_ids))

    def per_reviewer(self, values: Floats) -> Floats:
        """Sum of one value per row, for each reviewer."""
        return _sums(self.reviewer, values, len(self.reviewer_ids))

    def incidence(self) -> Any:
        """Sparse matrix, reviewers x applicants, 1 where one scored the other."""
        from scipy import sparse

        shape = (len(self.reviewer_ids), len(self.applicant_ids))
        return sparse.csr_array((np.ones(len(self.score)), (self.reviewer, self.applicant)), shape)

    def reviewer_groups(self) -> tuple[tuple[str, ...], ...]:
        """Reviewers joined by common applicants, directly or in steps; one group: connected."""
        from scipy import sparse
        from scipy.sparse.csgraph import connected_components

        met = self.incidence()
        count, label = connected_components(sparse.block_array([[None, met], [met.T, None]]))
        groups: list[list[str]] = [[] for _ in range(count)]
        for reviewer_id, group in zip(self.reviewer_ids, label, strict=False):
            groups[group].append(reviewer_id)
        return tuple(sorted(tuple(group) for group in groups))


def _sums(place: Integers, values: Floats, count: int) -> Floats:
    sums: Floats = np.bincount(place, weights=values, minlength=count).astype(np.float64)
    return sums

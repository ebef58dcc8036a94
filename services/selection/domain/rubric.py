"""Criteria with weights and anchors, and the score they give: whole milli-points, never floats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chassis.errors import RuleViolation
from chassis.language_map import LanguageMap
from services.selection.domain.reading import Node

MOST_POINTS = 100
WHOLE_PERMILLE = 1000

Points = Mapping[str, int]
"""Criterion code -> 0 to 100 points."""


@dataclass(frozen=True, kw_only=True)
class Anchor:
    """What a number of points looks like, so that two people mean the same by it."""

    code: str
    points: int
    texts: LanguageMap


@dataclass(frozen=True, kw_only=True)
class Criterion:
    """One thing that is scored.

    Attributes:
        weight_permille: share of the whole; those of a rubric add up to 1000.
        anchored_only: only the points of an anchor may be given (levels like CEFR).
    """

    code: str
    titles: LanguageMap
    weight_permille: int
    anchors: tuple[Anchor, ...]
    anchored_only: bool

    def check(self, points: int) -> None:
        """Refuse points that this criterion does not know.

        Raises:
            RuleViolation: ``scores.out_of_range`` or ``scores.not_an_anchor``.
        """
        if not 0 <= points <= MOST_POINTS:
            raise RuleViolation("scores.out_of_range", f"{self.code}: {points} is not 0 to 100")
        if self.anchored_only and points not in {anchor.points for anchor in self.anchors}:
            raise RuleViolation("scores.not_an_anchor", f"{self.code}: no anchor has {points}")


@dataclass(frozen=True, kw_only=True)
class Rubric:
    """The criteria of one stage."""

    criteria: tuple[Criterion, ...]

    def check(self, points: Points) -> None:
        """Refuse a sheet that is not complete and right.

        Raises:
            RuleViolation: ``scores.incomplete``, ``scores.unknown_criterion`` or as
                ``Criterion.check``.
        """
        codes = [criterion.code for criterion in self.criteria]
        for code in points:
            if code not in codes:
                raise RuleViolation("scores.unknown_criterion", f"there is no criterion {code}")
        for criterion in self.criteria:
            if criterion.code not in points:
                raise RuleViolation("scores.incomplete", f"{criterion.code} has no points")
            criterion.check(points[criterion.code])

    def weighted_milli(self, points: Points) -> int:
        """One sheet as milli-points, 0 to 100,000; exact."""
        return sum(c.weight_permille * points[c.code] for c in self.criteria)

    def mean_milli(self, sheets: Sequence[Points]) -> int:
        """The mean of several sheets as milli-points, rounded down to a whole one.

        Raises:
            RuleViolation: ``scores.incomplete``; there is no sheet.
        """
        if not sheets:
            raise RuleViolation("scores.incomplete", "there are no scores yet")
        return sum(self.weighted_milli(sheet) for sheet in sheets) // len(sheets)


def read_rubric(node: Node, *, needed_codes: Sequence[str] = ()) -> Rubric:
    """A list of criteria whose weights add up to 1000; some codes must be among them."""
    criteria = tuple(_read_criterion(item) for item in node.items())
    codes = [criterion.code for criterion in criteria]
    for code in codes:
        if codes.count(code) > 1:
            node.refuse(f"criterion {code!r} is there twice")
    for code in needed_codes:
        if code not in codes:
            node.refuse(f"has no criterion {code!r}")
    total = sum(criterion.weight_permille for criterion in criteria)
    if total != WHOLE_PERMILLE:
        node.refuse(f"the weights add up to {total}, not to {WHOLE_PERMILLE} per mille")
    return Rubric(criteria=criteria)


def _read_criterion(node: Node) -> Criterion:
    node.fields("code", "titles", "weight_permille", "anchors", "anchored_only")
    anchors = tuple(_read_anchor(item) for item in node["anchors"].items())
    points = [anchor.points for anchor in anchors]
    if points != sorted(set(points)):
        node["anchors"].refuse("must have different points, in rising order")
    if len(anchors) < 2:
        node["anchors"].refuse("needs at least a low and a high anchor")
    only = node.get("anchored_only", False)
    if not isinstance(only.value, bool):
        only.refuse("must be true or false")
    return Criterion(
        code=node["code"].code(),
        titles=node["titles"].texts(),
        weight_permille=node["weight_permille"].whole(at_least=0, at_most=WHOLE_PERMILLE),
        anchors=anchors,
        anchored_only=only.value,
    )


def _read_anchor(node: Node) -> Anchor:
    node.fields("code", "points", "texts")
    return Anchor(
        code=node["code"].code(),
        points=node["points"].whole(at_least=0, at_most=MOST_POINTS),
        texts=node["texts"].texts(),
    )

"""In which order a waiting list is called under minimum rates for one or two groups.

Source: the French Parcoursup rule for holders of a grant and for residents; its properties are
proved at parcoursup.labri.fr/why3/calcul_ordre_appel.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chassis.errors import RuleViolation

MOST_GROUPS = 2


@dataclass(frozen=True, kw_only=True)
class RateGroup:
    """People who make up at least ``rate_percent`` of every start of the order."""

    name: str
    rate_percent: int
    members: frozenset[str]

    def is_due(self, *, members_called: int, called: int) -> bool:
        """Whether calling an outsider next would break the rate."""
        return 100 * members_called < self.rate_percent * (called + 1)


def call_order(merit: Sequence[str], groups: Sequence[RateGroup]) -> tuple[str, ...]:
    """The order of calling.

    Args:
        merit: ids, best first.
        groups: at most two, the first one winning where both are due and nobody is in both.

    Raises:
        RuleViolation: ``call_order.*``; the lists contradict each other.
    """
    _check(merit, groups)
    lines = [
        [person for person in merit if all(person in group.members for group in wanted)]
        for wanted in _wanted_lines(groups)
    ]
    queues = [iter(line) for line in lines]
    heads = [next(queue, None) for queue in queues]
    called: dict[str, None] = {}
    counts = [0] * len(groups)
    while len(called) < len(merit):
        for number, queue in enumerate(queues):
            while heads[number] in called:
                heads[number] = next(queue, None)
        person = _next(heads, groups, counts, len(called))
        called[person] = None
        counts = [n + (person in group.members) for n, group in zip(counts, groups, strict=True)]
    return tuple(called)


def _wanted_lines(groups: Sequence[RateGroup]) -> list[Sequence[RateGroup]]:
    """Everybody, each group, and (of two) who is in both."""
    return [(), *((group,) for group in groups), *([groups] if len(groups) == MOST_GROUPS else [])]


def _next(
    heads: list[str | None], groups: Sequence[RateGroup], counts: list[int], called: int
) -> str:
    due = [
        number
        for number, group in enumerate(groups)
        if heads[number + 1] is not None
        and group.is_due(members_called=counts[number], called=called)
    ]
    in_both = heads[-1] if len(due) == MOST_GROUPS else None
    person = in_both or (heads[due[0] + 1] if due else heads[0])
    assert person is not None, "somebody remains, or the loop had ended"
    return person


def _check(merit: Sequence[str], groups: Sequence[RateGroup]) -> None:
    if len(set(merit)) != len(merit):
        raise RuleViolation("call_order.person_twice", "somebody is in the merit list twice")
    if len(groups) > MOST_GROUPS:
        raise RuleViolation("call_order.groups", f"at most {MOST_GROUPS} groups have a fixed order")
    for group in groups:
        if not 0 <= group.rate_percent <= 100:
            raise RuleViolation("call_order.rate", f"the rate of {group.name} is not 0 to 100")
        unknown = group.members - set(merit)
        if unknown:
            raise RuleViolation(
                "call_order.stranger", f"{min(unknown)} of {group.name} is not in the merit list"
            )

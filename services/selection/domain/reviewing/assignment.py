"""Assigning reviewers: k per form, loads even, no conflict of interest, bridges across countries.

A min-cost flow. Arcs that would be a conflict are not there at all. Each form gets some allowed
reviewers drawn by lot as candidates; only where these do not suffice are all of them tried. A lot
rather than an order of preference keeps the graph of forms and reviewers connected, which
calibration needs.

Source: C. J. Taylor, On the Optimal Assignment of Conference Papers to Reviewers (2008), for
the flow; bridges and lots are ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from services.selection.domain.reviewing.flow import Arcs, Work, any_flow, even_flow
from services.selection.domain.reviewing.pairs import Flags, Pairs, Places
from services.selection.domain.reviewing.people import Form, Reviewer, Terms, check_people

_CANDIDATES = 5  # per form at first, ours: fewer seldom suffice, more are slower
_MOST_ARCS = 4_000_000
_NO_LIMIT = 2**40


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """Who reads what.

    Attributes:
        reviewer_ids: form id -> reviewers, kept ones included, sorted.
        loads: reviewer id -> reviews.
        bridge_permille: share of reviews across countries, rounded down.
    """

    reviewer_ids: dict[str, tuple[str, ...]]
    loads: dict[str, int]
    bridge_permille: int

    @property
    def spread(self) -> int:
        """Largest load minus smallest."""
        return max(self.loads.values()) - min(self.loads.values())


@dataclass(frozen=True, kw_only=True)
class Lacking:
    """A form that cannot get its reviews.

    Attributes:
        allowed_count: reviewers who may be asked newly.
        needed_count: how many are needed beside those kept.
        reason: what stands in the way, a sentence.
    """

    form_id: str
    needed_count: int
    allowed_count: int
    reason: str


class Impossible(Exception):
    """There is no such assignment; ``lacking`` names the forms, ``str()`` says why."""

    def __init__(self, reason: str, lacking: Sequence[Lacking] = ()) -> None:
        super().__init__(reason)
        self.lacking = tuple(lacking)


def assign_reviewers(
    forms: Iterable[Form], reviewers: Iterable[Reviewer], terms: Terms, *, seed: bytes
) -> Assignment:
    """Give each form its reviewers; the same seed gives the same, in whatever order people come.

    Args:
        seed: 1 to 59 bytes.

    Raises:
        RuleViolation: ``assignment.*``; people or terms are no input.
        Impossible: some form cannot get its reviews, or there cannot be enough bridges.
    """
    forms, reviewers = tuple(forms), tuple(reviewers)
    check_people(forms, reviewers, terms)
    pairs = Pairs.of(forms, reviewers, terms, seed=seed)
    work = _work(pairs, terms)
    _check_counts(pairs, work, terms)
    chosen = _assigned(pairs, work, terms)
    return _result(pairs, chosen | pairs.kept)


def _work(pairs: Pairs, terms: Terms) -> Work:
    limits = [_NO_LIMIT if r.most_reviews is None else r.most_reviews for r in pairs.reviewers]
    return Work(
        # A kept reviewer who is no longer among the reviewers has read the form all the same.
        needed=np.array(
            [max(0, (f.reviews or terms.reviews) - len(f.kept_reviewer_ids)) for f in pairs.forms]
        ),
        loads=pairs.kept.sum(axis=0),
        limits=np.array(limits),
    )


def _check_counts(pairs: Pairs, work: Work, terms: Terms) -> None:
    allowed = pairs.allowed.sum(axis=1)
    short = np.flatnonzero(allowed < work.needed)
    if len(short):
        lacking = [_lacking(pairs, work, terms, int(n), int(allowed[n])) for n in short]
        raise Impossible(
            f"{len(lacking)} forms have too few reviewers who may read them; the first: "
            f"{lacking[0].form_id}, {lacking[0].reason}",
            lacking,
        )
    room = int(np.clip(work.limits - work.loads, 0, None).sum())
    if room < work.needed.sum():
        raise Impossible(
            f"{int(work.needed.sum())} reviews are needed, the reviewers together take {room}"
        )


def _lacking(pairs: Pairs, work: Work, terms: Terms, row: int, allowed: int) -> Lacking:
    form = pairs.forms[row]
    others = [r for n, r in enumerate(pairs.reviewers) if not pairs.kept[row, n]]
    reads = [r for r in others if form.language_code in {None, *r.language_codes}]
    free = [
        r
        for r in reads
        if r.reviewer_id not in form.refused_reviewer_ids
        and not r.organisation_codes & form.organisation_codes
    ]
    steps = [f"{len(others)} reviewers beside those kept"]
    if form.language_code is not None:
        steps.append(f"{len(reads)} of them read {form.language_code}")
    steps.append(f"{len(free)} without a conflict of interest")
    if not terms.own_country:
        steps.append(f"{allowed} of another country")
    return Lacking(
        form_id=form.form_id,
        needed_count=int(work.needed[row]),
        allowed_count=allowed,
        reason=f"needs {int(work.needed[row])}: {', '.join(steps)}",
    )


def _assigned(pairs: Pairs, work: Work, terms: Terms) -> Flags:
    """New pairs, with enough bridges among them."""
    open_rows = np.flatnonzero(work.needed)
    open_work = replace(work, needed=work.needed[open_rows])
    wanted = _bridges_wanted(pairs, work, terms)
    # Forms where a bridge is wanted; none at first, since lots alone mostly give enough.
    wanting = 0
    while True:
        chosen = np.zeros(pairs.kept.shape, dtype=np.bool_)
        if len(open_rows):
            chosen[open_rows] = _flow(pairs, open_work, open_rows, wanting)
        bridges = int(((chosen | pairs.kept) & pairs.bridge).sum())
        if bridges >= wanted:
            return chosen
        if wanting >= len(open_rows):
            raise Impossible(
                f"only {bridges} reviews can be across countries, {wanted} are asked for: too few "
                "reviewers of other countries may read the forms"
            )
        wanting = min(len(open_rows), wanting + wanted - bridges + len(open_rows) // 10)


def _bridges_wanted(pairs: Pairs, work: Work, terms: Terms) -> int:
    if len({form.country_code for form in pairs.forms}) < 2:
        return 0
    total = int(work.needed.sum()) + int(pairs.kept.sum())
    return -(-terms.bridge_permille * total // 1000)


def _flow(pairs: Pairs, work: Work, rows: Places, wanting: int) -> Flags:
    """Rows of chosen reviewers for the forms that need some."""
    count = max(_CANDIDATES, int(work.needed.max()) + 2)
    while True:
        arcs = _arcs(pairs, rows, count, wanting)
        chosen = even_flow(work, arcs)
        whole = count >= len(pairs.reviewers)
        if chosen is not None:
            return _table(arcs, chosen, len(rows), len(pairs.reviewers))
        if whole or 3 * count * len(rows) > _MOST_ARCS:
            break
        count *= 3
    if not whole:
        count = max(count, min(len(pairs.reviewers), _MOST_ARCS // len(rows)))
        arcs = _arcs(pairs, rows, count, wanting)
    chosen, complete = any_flow(work, arcs)
    if not complete:
        given = np.bincount(arcs.form[chosen], minlength=len(rows))
        raise _unplaced(pairs, work, rows, given)
    return _table(arcs, chosen, len(rows), len(pairs.reviewers))


def _unplaced(pairs: Pairs, work: Work, rows: Places, given: Places) -> Impossible:
    lacking = [
        Lacking(
            form_id=pairs.forms[rows[n]].form_id,
            needed_count=int(work.needed[n]),
            allowed_count=int(pairs.allowed[rows[n]].sum()),
            reason=f"gets {int(given[n])} of {int(work.needed[n])}: those who may read it are full",
        )
        for n in np.flatnonzero(given < work.needed)
    ]
    return Impossible(
        f"{len(lacking)} forms cannot get their reviews within the reviewers' limits; one of "
        f"them: {lacking[0].form_id}, {lacking[0].reason}",
        lacking,
    )


def _arcs(pairs: Pairs, rows: Places, count: int, wanting: int) -> Arcs:
    candidates = pairs.candidates(rows, count)
    form, place = np.nonzero(candidates >= 0)
    reviewer = candidates[form, place]
    home = ~pairs.bridge[rows[form], reviewer]
    return Arcs(form=form, reviewer=reviewer, dear=home & (form < wanting))


def _table(arcs: Arcs, chosen: Flags, rows: int, columns: int) -> Flags:
    table = np.zeros((rows, columns), dtype=np.bool_)
    table[arcs.form[chosen], arcs.reviewer[chosen]] = True
    return table


def _result(pairs: Pairs, pairs_chosen: Flags) -> Assignment:
    ids = [reviewer.reviewer_id for reviewer in pairs.reviewers]
    found: dict[str, set[str]] = {f.form_id: set(f.kept_reviewer_ids) for f in pairs.forms}
    for row, column in np.argwhere(pairs_chosen).tolist():
        found[pairs.forms[row].form_id].add(ids[column])
    total = int(pairs_chosen.sum())
    bridges = int((pairs_chosen & pairs.bridge).sum())
    return Assignment(
        reviewer_ids={form_id: tuple(sorted(found[form_id])) for form_id in sorted(found)},
        loads=dict(sorted(zip(ids, pairs_chosen.sum(axis=0).tolist(), strict=True))),
        bridge_permille=1000 * bridges // total if total else 0,
    )

"""Which reviewer may read which form, and an order of them drawn from the seed.

Forms and reviewers are put in the order of a keyed hash of their ids, and each pair has a number
drawn from both hashes: nothing depends on the order of input, and nobody can choose their place.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from services.selection.domain.reviewing.people import Form, Reviewer, Terms

Hashes = NDArray[np.uint64]
Flags = NDArray[np.bool_]
Places = NDArray[np.int64]

_ROWS = 4096  # of the pair table at a time: 300 reviewers make 10 MB
_NEVER = np.uint64(2**64 - 1)

P = TypeVar("P")


@dataclass(frozen=True, kw_only=True)
class Pairs:
    """Forms x reviewers, both in drawn order.

    Attributes:
        kept: the reviewer has read it or is reading it.
        allowed: the reviewer may be asked newly.
        bridge: they are of different countries.
    """

    forms: Sequence[Form]
    reviewers: Sequence[Reviewer]
    form_hashes: Hashes
    reviewer_hashes: Hashes
    kept: Flags
    allowed: Flags
    bridge: Flags

    @classmethod
    def of(
        cls, forms: Iterable[Form], reviewers: Iterable[Reviewer], terms: Terms, *, seed: bytes
    ) -> Pairs:
        """The pair table of an assignment."""
        rows, form_hashes = _drawn(((f.form_id, f) for f in forms), seed + b"form")
        columns, reviewer_hashes = _drawn(((r.reviewer_id, r) for r in reviewers), seed + b"reader")
        homes = np.array([reviewer.country_code for reviewer in columns])
        bridge = np.array([form.country_code for form in rows])[:, None] != homes[None, :]
        kept = _kept(rows, columns)
        allowed = _readable(rows, columns) & ~_conflicts(rows, columns) & ~kept
        if not terms.own_country:
            allowed &= bridge
        return cls(
            forms=rows,
            reviewers=columns,
            form_hashes=form_hashes,
            reviewer_hashes=reviewer_hashes,
            kept=kept,
            allowed=allowed,
            bridge=bridge,
        )

    def candidates(self, rows: Places, count: int) -> Places:
        """For each of these forms ``count`` allowed reviewers drawn by lot, -1 where none is left.

        A third of them are of another country, as far as there are any.
        """
        width = len(self.reviewers)
        if count >= width:
            return np.where(self.allowed[rows], np.arange(width), -1)
        found = np.empty((len(rows), count), dtype=np.int64)
        for begin in range(0, len(rows), _ROWS):
            some = rows[begin : begin + _ROWS]
            numbers = _mixed(self.form_hashes[some][:, None] ^ self.reviewer_hashes[None, :])
            numbers[~self.allowed[some]] = _NEVER
            across = _lowest(np.where(self.bridge[some], numbers, _NEVER), max(1, count // 3))
            _strike(numbers, across)
            others = _lowest(numbers, count - across.shape[1])
            found[begin : begin + len(some)] = np.sort(np.hstack([across, others]), axis=1)
        return found


def _drawn(people: Iterable[tuple[str, P]], seed: bytes) -> tuple[list[P], Hashes]:
    """People in the order of a keyed hash of their ids, and those hashes."""
    drawn = sorted(
        (hashlib.blake2b(id_.encode(), key=seed, digest_size=8).digest(), id_, person)
        for id_, person in people
    )
    hashes = np.frombuffer(b"".join(digest for digest, _, _ in drawn), dtype=">u8")
    return [person for _, _, person in drawn], hashes.astype(np.uint64)


def _mixed(numbers: Hashes) -> Hashes:
    """Spread 64 bits (the finaliser of splitmix64), wrapping as that does."""
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        numbers ^= numbers >> np.uint64(shift)
        numbers *= np.uint64(factor)
    numbers ^= numbers >> np.uint64(31)
    return numbers


def _lowest(numbers: Hashes, count: int) -> Places:
    """Per row the places of the lowest numbers, -1 where there are none."""
    places = np.argpartition(numbers, count, axis=1)[:, :count]
    return np.where(np.take_along_axis(numbers, places, 1) == _NEVER, -1, places)


def _strike(numbers: Hashes, places: Places) -> None:
    """Take places out of a row's numbers."""
    rows, columns = np.nonzero(places >= 0)
    numbers[rows, places[rows, columns]] = _NEVER


def _readable(rows: Sequence[Form], columns: Sequence[Reviewer]) -> Flags:
    languages = sorted({form.language_code for form in rows if form.language_code is not None})
    reads = np.ones((len(languages) + 1, len(columns)), dtype=np.bool_)
    for number, language_code in enumerate(languages):
        reads[number] = [language_code in reviewer.language_codes for reviewer in columns]
    place = {language_code: number for number, language_code in enumerate(languages)}
    readable: Flags = reads[[place.get(form.language_code or "", -1) for form in rows]]
    return readable


def _conflicts(rows: Sequence[Form], columns: Sequence[Reviewer]) -> Flags:
    conflicts = np.zeros((len(rows), len(columns)), dtype=np.bool_)
    number = {reviewer.reviewer_id: n for n, reviewer in enumerate(columns)}
    members: dict[str, list[int]] = {}
    for n, reviewer in enumerate(columns):
        for organisation_code in reviewer.organisation_codes:
            members.setdefault(organisation_code, []).append(n)
    for n, form in enumerate(rows):
        for organisation_code in form.organisation_codes & members.keys():
            conflicts[n, members[organisation_code]] = True
        for reviewer_id in form.refused_reviewer_ids & number.keys():
            conflicts[n, number[reviewer_id]] = True
    return conflicts


def _kept(rows: Sequence[Form], columns: Sequence[Reviewer]) -> Flags:
    kept = np.zeros((len(rows), len(columns)), dtype=np.bool_)
    number = {reviewer.reviewer_id: n for n, reviewer in enumerate(columns)}
    for n, form in enumerate(rows):
        for reviewer_id in form.kept_reviewer_ids & number.keys():
            kept[n, number[reviewer_id]] = True
    return kept

"""Candidates to seats of panels by flow: all are placed whenever all can be.

A seat is one interview of one panel. A candidate fits where the panel examines their language,
where no panelist has a conflict of interest, and at times that are decent where they live. Some
seats of each day are kept free for those who miss theirs or move it.

Source: maximum matching in a bipartite graph; what is left over is proved by a cover of the same
size (Koenig's theorem).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching

Places = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class InterviewSeat:
    """One interview that a panel can hold; ``starts_at`` in UTC."""

    seat_id: str
    starts_at: datetime
    language_code: str
    panelist_ids: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """Somebody to be interviewed.

    Attributes:
        zone: where they live; interviews are between ``earliest`` and ``latest`` there.
        conflict_ids: panelists who must not see them.
        missed_seat_ids: seats they could not take; not offered again.
    """

    candidate_id: str
    zone: str
    language_code: str
    conflict_ids: frozenset[str] = frozenset()
    missed_seat_ids: frozenset[str] = frozenset()
    earliest: time = time(8)
    latest: time = time(20)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Who sits where.

    Attributes:
        seat_ids: candidate id -> seat.
        reserve_seat_ids: seats kept free for those who miss theirs or move it.
        unplaced_ids: candidates without a seat; more cannot be placed in the seats that were open.
    """

    seat_ids: dict[str, str]
    reserve_seat_ids: tuple[str, ...]
    unplaced_ids: tuple[str, ...]


def plan_interviews(
    candidates: Iterable[Candidate],
    seats: Iterable[InterviewSeat],
    *,
    seed: bytes,
    reserve_permille: int = 0,
) -> Plan:
    """Place as many candidates as can be placed; order of input changes nothing.

    Args:
        reserve_permille: share of each day's seats (UTC) that is kept free, rounded up; drawn by
            the seed. They are opened only for those who cannot be placed without them.
    """
    people = _drawn(list(candidates), seed)
    open_ = sorted(seats, key=lambda seat: (seat.starts_at, seat.seat_id))
    kept = _reserve(open_, seed, reserve_permille)
    regular = np.array([seat.seat_id not in kept for seat in open_], dtype=np.bool_)
    fits = _fits(people, open_)
    placed = _matched(fits * regular[None, :])
    if (placed < 0).any():
        placed = _matched(fits)
    taken = {open_[seat].seat_id for seat in placed[placed >= 0]}
    return Plan(
        seat_ids={
            person.candidate_id: open_[seat].seat_id
            for person, seat in sorted(
                zip(people, placed, strict=True), key=lambda pair: pair[0].candidate_id
            )
            if seat >= 0
        },
        reserve_seat_ids=tuple(sorted(kept - taken)),
        unplaced_ids=tuple(
            sorted(p.candidate_id for p, seat in zip(people, placed, strict=True) if seat < 0)
        ),
    )


def rebook(candidate: Candidate, plan: Plan, seats: Iterable[InterviewSeat]) -> str | None:
    """The earliest reserve seat for who missed theirs or moves it; nobody else moves."""
    free = [seat for seat in seats if seat.seat_id in plan.reserve_seat_ids]
    for seat in sorted(free, key=lambda seat: (seat.starts_at, seat.seat_id)):
        if _admits(candidate, seat):
            return seat.seat_id
    return None


def _admits(person: Candidate, seat: InterviewSeat) -> bool:
    local = seat.starts_at.astimezone(ZoneInfo(person.zone)).time()
    return (
        seat.language_code == person.language_code
        and person.earliest <= local < person.latest
        and not seat.panelist_ids & person.conflict_ids
        and seat.seat_id not in person.missed_seat_ids
    )


def _drawn(people: list[Candidate], seed: bytes) -> list[Candidate]:
    def lot(person: Candidate) -> bytes:
        return hashlib.blake2b(person.candidate_id.encode(), key=seed, digest_size=16).digest()

    return sorted(people, key=lot)


def _reserve(seats: Sequence[InterviewSeat], seed: bytes, permille: int) -> frozenset[str]:
    days: dict[tuple[date, str], list[str]] = {}
    for seat in seats:
        days.setdefault((seat.starts_at.date(), seat.language_code), []).append(seat.seat_id)
    kept: set[str] = set()
    for ids in days.values():
        drawn = sorted(
            ids, key=lambda id_: hashlib.blake2b(id_.encode(), key=seed, digest_size=16).digest()
        )
        kept.update(drawn[: -(-permille * len(ids) // 1000)])
    return frozenset(kept)


def _fits(people: Sequence[Candidate], seats: Sequence[InterviewSeat]) -> NDArray[np.bool_]:
    """Candidates x seats; people of one zone, language and day are looked at together."""
    kinds: dict[tuple[str, str, time, time], NDArray[np.bool_]] = {}
    of_panelist: dict[str, list[int]] = {}
    number = {seat.seat_id: n for n, seat in enumerate(seats)}
    for n, seat in enumerate(seats):
        for panelist_id in seat.panelist_ids:
            of_panelist.setdefault(panelist_id, []).append(n)
    fits = np.zeros((len(people), len(seats)), dtype=np.bool_)
    for row, person in enumerate(people):
        kind = (person.zone, person.language_code, person.earliest, person.latest)
        if kind not in kinds:
            plain = Candidate(
                candidate_id="", zone=person.zone, language_code=person.language_code,
                earliest=person.earliest, latest=person.latest,
            )  # fmt: skip
            kinds[kind] = np.array([_admits(plain, seat) for seat in seats], dtype=np.bool_)
        fits[row] = kinds[kind]
        for panelist_id in person.conflict_ids & of_panelist.keys():
            fits[row, of_panelist[panelist_id]] = False
        for seat_id in person.missed_seat_ids & number.keys():
            fits[row, number[seat_id]] = False
    return fits


def _matched(fits: NDArray[np.bool_]) -> Places:
    if not fits.size:
        return np.full(fits.shape[0], -1)
    matched: Places = maximum_bipartite_matching(csr_array(fits), perm_type="column")
    return matched

"""Pairs of entries that may be one person.

A pair is *strong* where names sound the same and the day of birth is the same, or the document is.
It is *possible* where one of these is nearly so. Brothers and sisters share a family name, twins
the day as well: their given names differ, so they are never strong. Whatever it is, a person
decides; there is no merging here.

The more people bear a name, the more of them are born nearly on the same day by chance: so the
commoner the name, the more similar a day has to be that is not the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import combinations, permutations

from rapidfuzz.distance import Indel

from services.registration.domain.duplicates.name_key import NameKey, consonants, name_key

_NEAR = 0.75  # share of sounds in common (Indel), where the consonants differ
_SAME_CONSONANTS_NEAR = 0.6
_CARRYING = 4  # consonants that identify a word whatever its vowels
_MOST_PARTS = 5
_MOST_IN_BLOCK = 400  # a day of birth that more people give is a placeholder

# Bearers of a name up to which an unsure day is worth a look. Among them a chance pair is to be met
# once in fifty entries at most: some 30 of the 7,300 days of twenty years differ from a day in one
# digit, some 8 by a likely slip.
_FEW_BEARERS = 10
_MANY_BEARERS = 40


class Strength(StrEnum):
    """How much speaks for one person."""

    STRONG = "strong"
    POSSIBLE = "possible"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One registered person, as far as duplicates are looked for.

    Attributes:
        names: in Latin letters and in the person's own script.
        document_hash: hash of a document's number, where one is known.
        contact_hashes: addresses and telephone numbers in canonical form, or hashes of them.
    """

    entry_id: str
    names: tuple[str, ...]
    birth_on: date | None = None
    document_hash: str | None = None
    contact_hashes: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True, order=True)
class Proposal:
    """Two entries to be looked at; ``reasons`` are codes, for the one who decides."""

    first_id: str
    second_id: str
    strength: Strength
    reasons: tuple[str, ...]


def propose(entries: Iterable[Entry]) -> tuple[Proposal, ...]:
    """All pairs worth a look, ordered by ids; the order of entries changes nothing."""
    ordered = sorted(entries, key=lambda entry: entry.entry_id)
    keys = {e.entry_id: tuple({name_key(name) for name in e.names}) for e in ordered}
    bearers = Counter(parts for e in ordered for parts in {key.parts for key in keys[e.entry_id]})
    found = {}
    for first, second in _neighbours(ordered, keys):
        pair = first.entry_id, second.entry_id
        if pair not in found:
            found[pair] = _judged(first, second, keys, bearers)
    return tuple(sorted(proposal for proposal in found.values() if proposal is not None))


def _neighbours(
    entries: list[Entry], keys: dict[str, tuple[NameKey, ...]]
) -> Iterator[tuple[Entry, Entry]]:
    """Pairs that share something; everybody with everybody would be too many."""
    shared: tuple[Callable[[Entry], Iterable[Hashable]], ...] = (
        lambda e: [e.birth_on] if e.birth_on else [],
        lambda e: [e.document_hash] if e.document_hash else [],
        lambda e: e.contact_hashes,
        lambda e: {key.parts for key in keys[e.entry_id] if len(key.parts) > 1},
    )
    for traits in shared:
        blocks: dict[Hashable, list[Entry]] = {}
        for entry in entries:
            for trait in traits(entry):
                blocks.setdefault(trait, []).append(entry)
        for block in blocks.values():
            if len(block) <= _MOST_IN_BLOCK:
                yield from combinations(block, 2)


def _judged(
    first: Entry,
    second: Entry,
    keys: dict[str, tuple[NameKey, ...]],
    bearers: Mapping[tuple[str, ...], int],
) -> Proposal | None:
    same, near = _names(keys[first.entry_id], keys[second.entry_id])
    same_document = first.document_hash is not None and first.document_hash == second.document_hash
    other_document = (
        first.document_hash is not None and second.document_hash is not None and not same_document
    )
    same_day = first.birth_on is not None and first.birth_on == second.birth_on
    reasons = [
        code
        for code, holds in (
            ("same_document", same_document),
            ("same_name", same),
            ("similar_name", near and not same),
            ("same_birth_date", same_day),
            ("similar_birth_date", not same_day and _day_is_near(first.birth_on, second.birth_on)),
            ("no_birth_date", first.birth_on is None or second.birth_on is None),
            ("same_contact", bool(first.contact_hashes & second.contact_hashes)),
        )
        if holds
    ]
    strong = (same_document and near) or (same and same_day and not other_document)
    worth = (
        same_document
        or (near and same_day)
        or (near and "same_contact" in reasons)
        # Of many people some have the same name and nearly the same day; papers tell them apart.
        or (same and not other_document and _unsure_day_is_worth(first, second, keys, bearers))
    )
    if not worth:
        return None
    return Proposal(
        first_id=first.entry_id,
        second_id=second.entry_id,
        strength=Strength.STRONG if strong else Strength.POSSIBLE,
        reasons=tuple(reasons),
    )


def _unsure_day_is_worth(
    first: Entry,
    second: Entry,
    keys: dict[str, tuple[NameKey, ...]],
    bearers: Mapping[tuple[str, ...], int],
) -> bool:
    """Whether people of one name are so few that days so similar hardly come by chance."""
    shared = {a.parts for a in keys[first.entry_id]} & {b.parts for b in keys[second.entry_id]}
    count = min(bearers[parts] for parts in shared)
    if first.birth_on is None or second.birth_on is None:
        return count <= _FEW_BEARERS
    if _is_slip(first.birth_on, second.birth_on):
        return count <= _MANY_BEARERS
    return count <= _FEW_BEARERS and _day_is_near(first.birth_on, second.birth_on)


def _names(first: tuple[NameKey, ...], second: tuple[NameKey, ...]) -> tuple[bool, bool]:
    """Whether some spellings of two people sound the same; and at least nearly."""
    same = any(
        len(a.parts) > 1 and a.parts == b.parts and a.feminine == b.feminine
        for a in first
        for b in second
    )
    return same, same or any(_near(a, b) for a in first for b in second)


def _near(first: NameKey, second: NameKey) -> bool:
    """Whether each word of the shorter name has a counterpart in the longer."""
    short, long = sorted((first.parts, second.parts), key=len)
    if len(short) < 2 or len(long) > _MOST_PARTS:
        return False
    return any(
        all(_alike(a, b) for a, b in zip(short, order, strict=True))
        for order in permutations(long, len(short))
    )


def _alike(one: str, other: str) -> bool:
    if one == other:
        return True
    likeness = Indel.normalized_similarity(one, other)
    bones = consonants(one)
    if bones == consonants(other):
        return len(bones) >= _CARRYING or likeness >= _SAME_CONSONANTS_NEAR
    return min(len(one), len(other)) > 3 and likeness >= _NEAR


def _day_is_near(one: date | None, other: date | None) -> bool:
    """One digit is another, or it is a likely slip."""
    if one is None or other is None:
        return False
    return len(_differing(one, other)) == 1 or _is_slip(one, other)


def _is_slip(one: date, other: date) -> bool:
    """The day after or before, day and month exchanged, or one digit hit on the key beside it."""
    if abs((one - other).days) == 1:
        return True
    if (one.year, one.month, one.day) == (other.year, other.day, other.month):
        return True
    differing = _differing(one, other)
    return len(differing) == 1 and abs(int(differing[0][0]) - int(differing[0][1])) == 1


def _differing(one: date, other: date) -> list[tuple[str, str]]:
    """Digits that are not the same."""
    return [(a, b) for a, b in zip(one.isoformat(), other.isoformat(), strict=True) if a != b]

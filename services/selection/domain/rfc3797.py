"""Publicly verifiable random selection by RFC 3797, as an option beside the lottery.

Unlike the lottery, one person more or less in the pool changes everybody's luck, so the pool
must be published, numbered, before the random sources are known.
"""

from __future__ import annotations

import hashlib

from chassis.errors import RuleViolation


def rfc3797_picks(key: str, *, pool_size: int, pick_count: int) -> tuple[int, ...]:
    """Numbers (from 1) of those picked, in the order of picking.

    Args:
        key: the sources in their order, each with its final "/", as section 4.1 writes them:
            ``9319./2.5.8.10.12./9.18.26.34.41.45./``.
        pool_size: people in the pool, at most 65,535 (the RFC counts in 16 bits).

    Raises:
        RuleViolation: ``lottery.pool_size``, ``lottery.pick_count`` or ``lottery.key``.

    Source: RFC 3797, sections 4 and 6.
    """
    if not 1 <= pool_size <= 0xFFFF:
        raise RuleViolation("lottery.pool_size", "the pool must hold 1 to 65535 people")
    if not 0 <= pick_count <= pool_size:
        raise RuleViolation("lottery.pick_count", f"{pick_count} cannot be picked from {pool_size}")
    try:
        sources = key.encode()
    except UnicodeEncodeError as error:
        raise RuleViolation("lottery.key", "the key is not UTF-8 text") from error
    remaining = list(range(1, pool_size + 1))
    return tuple(remaining.pop(_draw(sources, turn) % len(remaining)) for turn in range(pick_count))


def _draw(sources: bytes, turn: int) -> int:
    bracket = turn.to_bytes(2, "big")
    digest = hashlib.md5(bracket + sources + bracket, usedforsecurity=False).digest()
    return int.from_bytes(digest, "big")

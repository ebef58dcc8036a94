"""One whole number for everybody's standing at each cohort they list; lower is better."""

from __future__ import annotations

import numpy as np

from services.selection.domain.allocation.columns import NOWHERE, ColumnMarket, IntArray

_BITS = 63


def row_bits(people: int) -> int:
    """Low bits of a key that hold the person's row."""
    return max(1, (people - 1).bit_length())


def sort_keys(market: ColumnMarket) -> IntArray:
    """Keys of shape (people, most preferences): band, score downwards, lottery, then the row.

    The row in the low bits tells equal standings apart by id and leads back to the person.
    Nothing is sorted where band, score and lottery fit into one machine word side by side, as
    they do for a million people; else their places among each other are taken.
    """
    people, _ = market.preferences.shape
    if not people:
        return np.empty(market.preferences.shape, dtype=np.int64)
    spare = row_bits(people)
    parts = (market.band, market.score_milli, market.lottery)
    ranges = [(int(part.min()), int(part.max())) for part in parts]
    widths = [(highest - lowest).bit_length() for lowest, highest in ranges]
    if sum(widths) + spare > _BITS:
        standing = _places(market)
    else:
        band = market.band - ranges[0][0]
        score = ranges[1][1] - market.score_milli
        lottery = market.lottery - ranges[2][0]
        standing = ((band << widths[1] | score) << widths[2]) | lottery
    keys: IntArray = standing << spare | np.arange(people, dtype=np.int64)[:, None]
    return keys


def _places(market: ColumnMarket) -> IntArray:
    """Place of each standing among all there are, equal ones sharing it."""
    listed = market.preferences != NOWHERE
    band, score, lottery = (
        np.broadcast_to(part, listed.shape)[listed]
        for part in (market.band, market.score_milli, market.lottery)
    )
    down = np.invert(score)  # reverses the order and, unlike the minus sign, cannot overflow
    order = np.lexsort((lottery, down, band))
    changes = np.zeros(order.size, dtype=bool)
    for part in (band, down, lottery):
        changes[1:] |= part[order][1:] != part[order][:-1]
    places = np.empty(order.size, dtype=np.int64)
    places[order] = np.cumsum(changes)
    table = np.zeros(listed.shape, dtype=np.int64)
    table[listed] = places
    return table

"""The lottery for very many at once: everybody's place in the draw instead of their number.

Deferred acceptance only asks whose number is lower, so places lead to the same result.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np

from services.selection.domain.allocation.columns import IntArray

_BLOCK = 64
"""Bytes that SHA-256 takes at once; HMAC (RFC 2104) fills the key up to it."""


def lottery_places(seed: bytes, applicant_ids: Sequence[str]) -> IntArray:
    """Place of each person, from 0, by ``lottery_number``; equal numbers in the order given.

    Args:
        seed: 32 bytes (``lottery_seed``); the two key blocks of HMAC-SHA-256 are hashed once.
    """
    key = seed.ljust(_BLOCK, b"\0")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in key))
    outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in key))
    digests = bytearray()
    for applicant_id in applicant_ids:
        first, second = inner.copy(), outer.copy()
        first.update(applicant_id.encode())
        second.update(first.digest())
        digests += second.digest()
    words = np.frombuffer(digests, dtype=">u8").reshape(-1, 4)
    order = np.argsort(words[:, 0].astype(np.uint64), kind="stable")
    leading = words[order, 0]
    if (leading[1:] == leading[:-1]).any():
        order = np.lexsort((words[:, 3], words[:, 2], words[:, 1], words[:, 0]))
    places = np.empty(order.size, dtype=np.int64)
    places[order] = np.arange(order.size)
    return places

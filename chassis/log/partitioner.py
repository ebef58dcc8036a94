"""Which partition a key belongs to: the same on both engines and in every process.

Kafka's own rule (murmur2 of the UTF-8 key, sign dropped, modulo the partition count), so a centre
that moves from the embedded log to Kafka finds every key in the partition it was in.
"""

from __future__ import annotations

_MULTIPLIER = 0x5BD1E995
_SEED = 0x9747B28C
_WORD = 0xFFFFFFFF


def partition_number(key: str, partition_count: int) -> int:
    """The partition of ``key``, 0 to ``partition_count - 1``."""
    return (murmur2(key.encode()) & 0x7FFFFFFF) % partition_count


def murmur2(text: bytes) -> int:
    """MurmurHash2, 32 bit, seeded as Kafka seeds it; unsigned."""
    hashed = _SEED ^ len(text)
    whole = len(text) & ~3
    for at in range(0, whole, 4):
        word = (int.from_bytes(text[at : at + 4], "little") * _MULTIPLIER) & _WORD
        word = ((word ^ (word >> 24)) * _MULTIPLIER) & _WORD
        hashed = ((hashed * _MULTIPLIER) & _WORD) ^ word
    if whole < len(text):
        hashed ^= int.from_bytes(text[whole:], "little")
        hashed = (hashed * _MULTIPLIER) & _WORD
    hashed = ((hashed ^ (hashed >> 13)) * _MULTIPLIER) & _WORD
    return hashed ^ (hashed >> 15)

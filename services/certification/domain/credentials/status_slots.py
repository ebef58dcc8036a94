"""Where a certificate's bit lies: one number, out of which list and index follow.

A certificate has the same index in the revocation list and in the suspension list of its number.
Indices are drawn at random, so that neighbours in a list have nothing to do with each other.
"""

from __future__ import annotations

from collections.abc import Callable

from services.certification.domain.credentials.status_list import LENGTH, PURPOSES, status_entries

FULLEST = LENGTH // 2
"""Entries in use at which the next list is begun: a free one is then found at the second try."""


def draw_slot(certificate_count: int, random_below: Callable[[int], int]) -> int:
    """A place in the list that is being filled; whether it is free is for the caller to see."""
    return certificate_count // FULLEST * LENGTH + random_below(LENGTH)


def list_number_of(slot: int) -> int:
    """The list, counted from 1."""
    return slot // LENGTH + 1


def index_of(slot: int) -> int:
    """The entry in its lists."""
    return slot % LENGTH


def slots_of(list_number: int) -> range:
    """All places of a list."""
    return range((list_number - 1) * LENGTH, list_number * LENGTH)


def list_url(address: str, list_number: int, purpose: str) -> str:
    """Where a list is published; ``address`` ends without a slash."""
    return f"{address}/{list_number}/{purpose}"


def list_of_url(url: str, address: str) -> tuple[int, str]:
    """Number and purpose of the list at a URL; ``(0, "")`` when it is none of that address."""
    number, _, purpose = url.removeprefix(f"{address}/").partition("/")
    is_ours = url.startswith(f"{address}/") and number.isdecimal() and len(number) < 7
    return (int(number), purpose) if is_ours else (0, "")


def entries_of(slot: int, address: str) -> list[dict[str, str]]:
    """``credentialStatus`` of the certificate at a place."""
    number, index = list_number_of(slot), index_of(slot)
    return status_entries(
        {purpose: list_url(address, number, purpose) for purpose in PURPOSES},
        dict.fromkeys(PURPOSES, index),
    )

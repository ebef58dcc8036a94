"""Passwords: hashed by argon2id with OWASP's least cost, a few at a time."""

from __future__ import annotations

import threading

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

_AT_ONCE = 2
"""Each check takes 19 MiB: more at once would let strangers exhaust the memory."""


class Passwords:
    """Hashes and checks (argon2id, 19 MiB, 2 rounds, 1 lane).

    Args:
        memory_kib, rounds: the cost; less only where nothing is protected.
    """

    def __init__(self, *, memory_kib: int = 19 * 1024, rounds: int = 2) -> None:
        self._hasher = PasswordHasher(memory_cost=memory_kib, time_cost=rounds, parallelism=1)
        self._room = threading.BoundedSemaphore(_AT_ONCE)
        self._nobody = self._hasher.hash("nobody has this password")

    def hash(self, password: str) -> str:
        """What is stored of a password."""
        with self._room:
            return self._hasher.hash(password)

    def matches(self, password: str, stored: str | None) -> bool:
        """Whether it is the password; takes as long when there is no account at all."""
        with self._room:
            try:
                self._hasher.verify(stored or self._nobody, password)
            except (Argon2Error, InvalidHashError):
                return False
        return stored is not None

"""Hashing of passwords."""

from __future__ import annotations

from services.console.handlers.passwords import Passwords


def test_cost_is_what_owasp_asks_for() -> None:
    assert "$argon2id$" in Passwords().hash("x")
    assert "m=19456,t=2,p=1" in Passwords().hash("x")


def test_only_the_password_matches() -> None:
    passwords = Passwords(memory_kib=64, rounds=1)
    stored = passwords.hash("correct horse")

    assert passwords.matches("correct horse", stored)
    assert not passwords.matches("Correct horse", stored)
    assert not passwords.matches("correct horse", "not a hash")
    assert not passwords.matches("nobody has this password", None)

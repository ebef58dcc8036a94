"""The issuer's key files: one a key, never deleted, private for their owner only."""

from __future__ import annotations

import json
import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from chassis.ids import new_id
from services.certification.domain.credentials.keys import KeyRing, SigningKey
from services.certification.domain.credentials.multikey import (
    private_multikey,
    public_multikey,
    read_private_multikey,
)


class KeyFiles:
    """Keys ``key-1.json``, ``key-2.json`` ... in one folder (``domain.ports.KeySource``).

    Several processes share the folder: a file appears whole or not at all, and the first to make
    a number wins.
    """

    def __init__(self, folder: Path, issuer_did: str) -> None:
        self._folder = folder
        self._issuer_did = issuer_did

    def ring(self) -> KeyRing:
        """All keys; the first is made when there is none."""
        if not self._numbers():
            self._make(1)
        keys = {f"key-{number}": self._read(number) for number in self._numbers()}
        name, private = list(keys.items())[-1]
        return KeyRing(
            issuer_did=self._issuer_did,
            current=SigningKey(
                verification_method=f"{self._issuer_did}#{name}", private_key=private
            ),
            public_keys={name: key.public_key() for name, key in keys.items()},
        )

    def rotate(self) -> KeyRing:
        """Make a new key that signs from now on; the older ones still verify."""
        self._make(max(self._numbers(), default=0) + 1)
        return self.ring()

    def _numbers(self) -> list[int]:
        names = [path.stem.removeprefix("key-") for path in self._folder.glob("key-*.json")]
        return sorted(int(name) for name in names if name.isdecimal())

    def _read(self, number: int) -> Ed25519PrivateKey:
        stored = json.loads((self._folder / f"key-{number}.json").read_text("utf-8"))
        return read_private_multikey(stored["privateKeyMultibase"])

    def _make(self, number: int) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        private = Ed25519PrivateKey.generate()
        content = {
            "publicKeyMultibase": public_multikey(private.public_key()),
            "privateKeyMultibase": private_multikey(private),
        }
        fresh = self._folder / f".key-{number}.{new_id()}"
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(json.dumps(content))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(fresh, self._folder / f"key-{number}.json")
        except FileExistsError:
            pass  # another process was faster: its key is the one
        finally:
            fresh.unlink()

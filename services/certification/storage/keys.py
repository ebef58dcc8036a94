"""Where the issuer's keys lie: in files, or in a setting (``domain.ports.KeySource``)."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from chassis.errors import RuleViolation, StaleVersion
from chassis.ids import new_id
from services.certification.domain.credentials.keys import KeyRing, SigningKey
from services.certification.domain.credentials.multikey import (
    private_multikey,
    public_multikey,
    read_private_multikey,
)


class KeyFiles:
    """Keys ``key-1.json``, ``key-2.json`` ... in one folder, never changed, never deleted.

    Several processes share the folder: a file appears whole or not at all, and the first to make
    a number wins.
    """

    def __init__(self, folder: Path, issuer_did: str) -> None:
        self._folder = folder
        self._issuer_did = issuer_did
        self._known: dict[int, Ed25519PrivateKey] = {}
        self._rings: dict[tuple[int, ...], KeyRing] = {}

    def ring(self) -> KeyRing:
        """All keys; the first is made when there is none."""
        if not self._numbers():
            self._make(1)
        numbers = tuple(self._numbers())
        if numbers not in self._rings:
            keys = {f"key-{number}": self._read(number) for number in numbers}
            self._rings[numbers] = _ring(self._issuer_did, keys)
        return self._rings[numbers]

    def rotate(self, current_name: str) -> KeyRing:
        """Make a key that signs from now on; the older ones still verify.

        Raises:
            StaleVersion: ``key.changed_meanwhile``: neither this nor the one after it is current.
        """
        now = self.ring().current.name
        number = int(now.removeprefix("key-"))
        if current_name == now:
            self._make(number + 1)
        elif current_name != f"key-{number - 1}":
            raise StaleVersion("key.changed_meanwhile", f"{now} signs, not {current_name}")
        return self.ring()

    def _numbers(self) -> list[int]:
        names = [path.stem.removeprefix("key-") for path in self._folder.glob("key-*.json")]
        return sorted(int(name) for name in names if name.isdecimal())

    def _read(self, number: int) -> Ed25519PrivateKey:
        if number not in self._known:
            stored = json.loads((self._folder / f"key-{number}.json").read_text("utf-8"))
            self._known[number] = read_private_multikey(stored["privateKeyMultibase"])
        return self._known[number]

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


class KeySetting:
    """Keys given in a setting, oldest first; whoever runs the platform changes them there."""

    def __init__(self, private_multikeys: str, issuer_did: str) -> None:
        self._texts = private_multikeys.split()
        self._issuer_did = issuer_did

    def ring(self) -> KeyRing:
        """All keys; the last one signs."""
        return self._ring

    def rotate(self, current_name: str) -> KeyRing:
        """Refused: a setting is not ours to change.

        Raises:
            RuleViolation: ``key.fixed``.
        """
        raise RuleViolation(
            "key.fixed", f"add a key behind {current_name} in RTCM_CERTIFICATION_SIGNING_KEYS"
        )

    @cached_property
    def _ring(self) -> KeyRing:
        keys = {
            f"key-{number}": read_private_multikey(text)
            for number, text in enumerate(self._texts, 1)
        }
        return _ring(self._issuer_did, keys)


def _ring(issuer_did: str, keys: Mapping[str, Ed25519PrivateKey]) -> KeyRing:
    name, private = list(keys.items())[-1]
    return KeyRing(
        issuer_did=issuer_did,
        current=SigningKey(verification_method=f"{issuer_did}#{name}", private_key=private),
        public_keys={name: key.public_key() for name, key in keys.items()},
    )

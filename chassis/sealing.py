"""Sealing personal data: AES-256-GCM under a key per person, those keys under one master key.

What is sealed is bound to a purpose and a person: sealed for one, it opens for no other. A
destroyed key makes every copy of what was sealed under it mute, in backups and logs too.

Sealed form, base64: one byte that names the form, 12 random bytes, ciphertext with its 16-byte
tag. Source: NIST SP 800-38D; random nonces are safe far beyond what one person's data need.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from chassis.ids import random_bytes

KEY_BYTES = 32
_NONCE_BYTES = 12
_TAG_BYTES = 16
_FORM = b"\x01"

CONTACT = "contact"
"""Purpose of the sealed contact that travels to the service that writes to people: an object with
``legal_name``, ``email`` and ``language_code``."""


class SealBroken(Exception):
    """The text was not sealed with this key for this purpose and person, or was changed."""


def new_key() -> bytes:
    """A fresh key for one person."""
    return random_bytes(KEY_BYTES)


def seal(key: bytes, content: Mapping[str, Any], *, purpose: str, subject_id: str) -> str:
    """JSON content as ciphertext in base64."""
    plain = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    return _seal(key, plain, _binding(purpose, subject_id))


def open_sealed(key: bytes, sealed: str, *, purpose: str, subject_id: str) -> dict[str, Any]:
    """The content of ``seal``.

    Raises:
        SealBroken: wrong key, purpose or person, or the text was changed.
    """
    content: dict[str, Any] = json.loads(_open(key, sealed, _binding(purpose, subject_id)))
    return content


class MasterKey:
    """The key all persons' keys are wrapped under; it lies in a file apart from the database."""

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError(f"a master key has {KEY_BYTES} bytes")
        self._wrapping = _derived(key, "wrap")
        self._hashing = _derived(key, "address")

    @classmethod
    def in_file(cls, path: Path) -> MasterKey:
        """Read the file, or make it (mode 0600) where there is none yet.

        Raises:
            ValueError: it holds no master key.
        """
        if not path.exists():
            _write_once(path, base64.b64encode(random_bytes(KEY_BYTES)))
        try:
            return cls(base64.b64decode(path.read_bytes().strip(), validate=True))
        except (binascii.Error, ValueError):
            raise ValueError(f"{path.name} holds no master key of {KEY_BYTES} bytes") from None

    def wrap(self, key: bytes, *, subject_id: str) -> str:
        """A person's key as it may be stored."""
        return _seal(self._wrapping, key, _binding("key", subject_id))

    def unwrap(self, wrapped: str, *, subject_id: str) -> bytes:
        """The person's key.

        Raises:
            SealBroken: wrapped under another master key, or for another person.
        """
        return _open(self._wrapping, wrapped, _binding("key", subject_id))

    def keyed_hash(self, text: str) -> str:
        """A hash nobody can compute without the master key: finds equals, tells nothing."""
        return hmac.new(self._hashing, text.encode(), hashlib.sha256).hexdigest()


def _seal(key: bytes, plain: bytes, binding: bytes) -> str:
    nonce = random_bytes(_NONCE_BYTES)
    return base64.b64encode(_FORM + nonce + AESGCM(key).encrypt(nonce, plain, binding)).decode()


def _open(key: bytes, sealed: str, binding: bytes) -> bytes:
    try:
        raw = base64.b64decode(sealed, validate=True)
        if raw[:1] != _FORM or len(raw) < 1 + _NONCE_BYTES + _TAG_BYTES:
            raise SealBroken("not a sealed text of ours")
        return AESGCM(key).decrypt(raw[1 : 1 + _NONCE_BYTES], raw[1 + _NONCE_BYTES :], binding)
    except (InvalidTag, ValueError) as error:
        raise SealBroken("the seal does not fit key, purpose and person") from error


def _binding(purpose: str, subject_id: str) -> bytes:
    return f"rtcm|{purpose}|{subject_id}".encode()


def _derived(key: bytes, use: str) -> bytes:
    derivation = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=f"rtcm {use}".encode())
    return derivation.derive(key)


def _write_once(path: Path, content: bytes) -> None:
    """Whole or not at all, and never over a file another process made meanwhile."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}.draft")
    draft.touch(mode=0o600)
    draft.write_bytes(content)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass  # the other process's key holds
    finally:
        draft.unlink()

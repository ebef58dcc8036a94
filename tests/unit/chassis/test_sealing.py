"""What is sealed opens for the same key, purpose and person alone."""

from __future__ import annotations

import base64
import stat
from pathlib import Path

import pytest

from chassis.sealing import KEY_BYTES, MasterKey, SealBroken, new_key, open_sealed, seal

CONTENT = {"legal_name": "Sınaq Əliyeva", "levels": {"en": "b2"}, "birth_on": None}


def test_sealed_content_opens_as_it_was() -> None:
    key = new_key()

    sealed = seal(key, CONTENT, purpose="answers", subject_id="s1")

    assert "Sınaq" not in base64.b64decode(sealed).decode("latin-1")
    assert open_sealed(key, sealed, purpose="answers", subject_id="s1") == CONTENT
    assert seal(key, CONTENT, purpose="answers", subject_id="s1") != sealed


@pytest.mark.parametrize(("purpose", "subject_id"), [("contact", "s1"), ("answers", "s2")])
def test_another_purpose_or_person_opens_nothing(purpose: str, subject_id: str) -> None:
    key = new_key()
    sealed = seal(key, CONTENT, purpose="answers", subject_id="s1")

    with pytest.raises(SealBroken):
        open_sealed(key, sealed, purpose=purpose, subject_id=subject_id)


def test_another_key_opens_nothing() -> None:
    sealed = seal(new_key(), CONTENT, purpose="answers", subject_id="s1")

    with pytest.raises(SealBroken):
        open_sealed(new_key(), sealed, purpose="answers", subject_id="s1")


def test_any_changed_byte_is_noticed() -> None:
    key = new_key()
    raw = base64.b64decode(seal(key, {"a": 1}, purpose="p", subject_id="s"))

    for place in range(len(raw)):
        changed = raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]
        with pytest.raises(SealBroken):
            open_sealed(key, base64.b64encode(changed).decode(), purpose="p", subject_id="s")


@pytest.mark.parametrize("text", ["", "AQ==", "not base64!", "AAAA" * 20])
def test_what_was_never_sealed_is_refused(text: str) -> None:
    with pytest.raises(SealBroken):
        open_sealed(new_key(), text, purpose="p", subject_id="s")


def test_a_persons_key_is_wrapped_for_that_person() -> None:
    master, key = MasterKey(new_key()), new_key()

    wrapped = master.wrap(key, subject_id="s1")

    assert master.unwrap(wrapped, subject_id="s1") == key
    with pytest.raises(SealBroken):
        master.unwrap(wrapped, subject_id="s2")
    with pytest.raises(SealBroken):
        MasterKey(new_key()).unwrap(wrapped, subject_id="s1")


def test_the_keyed_hash_finds_equals_under_one_master_key_only() -> None:
    raw = new_key()

    assert MasterKey(raw).keyed_hash("a@b.org") == MasterKey(raw).keyed_hash("a@b.org")
    assert MasterKey(raw).keyed_hash("a@b.org") != MasterKey(new_key()).keyed_hash("a@b.org")


def test_the_master_key_file_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "master.key"
    wrapped = MasterKey.in_file(path).wrap(b"k" * KEY_BYTES, subject_id="s1")

    assert MasterKey.in_file(path).unwrap(wrapped, subject_id="s1") == b"k" * KEY_BYTES
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["master.key"]


@pytest.mark.parametrize("content", [b"", b"short", base64.b64encode(b"x" * 31), b"\xff" * 44])
def test_a_file_without_master_key_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "master.key"
    path.write_bytes(content)

    with pytest.raises(ValueError, match=r"master\.key holds no master key"):
        MasterKey.in_file(path)

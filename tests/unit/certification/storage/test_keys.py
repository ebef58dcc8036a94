import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from chassis.errors import RuleViolation, StaleVersion
from services.certification.domain.credentials.multikey import private_multikey
from services.certification.domain.credentials.proofs import add_proof, check_proofs
from services.certification.storage.keys import KeyFiles, KeySetting
from tests.builders.certification import NOON, a_key

DID = "did:web:rtcm.example"


def test_the_first_key_is_made_for_its_owner_only(tmp_path):
    ring = KeyFiles(tmp_path / "issuer", DID).ring()
    (file,) = (tmp_path / "issuer").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert ring.current.verification_method == f"{DID}#key-1"


def test_processes_that_start_together_share_one_key(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        rings = list(pool.map(lambda _: KeyFiles(tmp_path, DID).ring(), range(16)))
    keys = {ring.public_keys["key-1"].public_bytes_raw() for ring in rings}
    assert len(keys) == 1
    assert [file.name for file in tmp_path.iterdir()] == ["key-1.json"]


def test_after_a_rotation_the_new_key_signs_and_the_old_one_verifies(tmp_path):
    files = KeyFiles(tmp_path, DID)
    old = add_proof({"a": 1}, key=files.ring().current, created_at=NOON)
    ring = files.rotate("key-1")
    assert ring.current.verification_method == f"{DID}#key-2"
    (proof,) = check_proofs(old, did_documents=[ring.did_document])
    assert proof.method.name == f"{DID}#key-1"


def test_a_repeated_rotation_makes_no_further_key(tmp_path):
    files = KeyFiles(tmp_path, DID)
    files.ring()
    for _ in range(2):
        assert files.rotate("key-1").current.name == "key-2"
    files.rotate("key-2")
    with pytest.raises(StaleVersion):
        files.rotate("key-1")


def test_keys_of_a_setting_sign_and_are_rotated_elsewhere():
    texts = [private_multikey(a_key(number).private_key) for number in (1, 2)]
    keys = KeySetting(" ".join(texts), DID)
    assert keys.ring().current.name == "key-2"
    assert list(keys.ring().public_keys) == ["key-1", "key-2"]
    with pytest.raises(RuleViolation) as refused:
        keys.rotate("key-2")
    assert refused.value.code == "key.fixed"

from types import SimpleNamespace
from typing import Any

from services.certification.api.verification import Seals
from services.certification.domain.credentials.keys import KeyRing, SigningKey
from services.certification.domain.credentials.proofs import add_proof
from tests.builders.certification import NOON, a_key
from tests.builders.credentials import a_badge, bent

WEB = "did:web:rtcm.example"


def a_ring(number: int) -> KeyRing:
    private = a_key(number).private_key
    key = SigningKey(verification_method=f"{WEB}#key-1", private_key=private)
    return KeyRing(issuer_did=WEB, current=key, public_keys={"key-1": private.public_key()})


def test_what_is_remembered_counts_for_the_same_credential_and_the_same_keys_only():
    ring = a_ring(1)
    keys: Any = SimpleNamespace(ring=lambda: ring)
    seals = Seals(keys)
    credential = add_proof(a_badge(issuer=WEB), key=ring.current, created_at=NOON)
    altered = bent(credential, "name", "Another")
    assert [seals.hold(one) for one in (credential, dict(credential), altered, credential)] == [
        True,
        True,
        False,
        True,
    ]
    ring = a_ring(2)
    assert seals.hold(credential) is False
    assert seals.hold(None) is None

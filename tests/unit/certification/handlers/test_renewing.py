from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from services.certification.domain.credentials.keys import KeyRing, SigningKey
from services.certification.domain.credentials.proofs import JCS, RDFC, add_proof, check_proofs
from services.certification.handlers.renewing import Renewals
from tests.builders.certification import NOON, a_key
from tests.builders.credentials import a_badge

WEB = "did:web:rtcm.example"
KEYS = {f"key-{number}": a_key(number).private_key for number in (1, 2)}


def a_ring(current: str) -> KeyRing:
    key = SigningKey(verification_method=f"{WEB}#{current}", private_key=KEYS[current])
    public = {name: private.public_key() for name, private in KEYS.items()}
    return KeyRing(issuer_did=WEB, current=key, public_keys=public)


def test_only_what_another_key_signed_is_proved_anew_and_says_the_same():
    ring = a_ring("key-1")
    keys: Any = SimpleNamespace(ring=lambda: ring)
    renewals = Renewals(keys=keys, clock=lambda: NOON + timedelta(days=400))
    frozen = add_proof(a_badge(issuer=WEB), key=ring.current, created_at=NOON)
    assert renewals.of(frozen) is frozen

    ring = a_ring("key-2")
    renewed = renewals.of(frozen)

    assert {**renewed, "proof": None} == {**frozen, "proof": None}
    proofs = check_proofs(renewed, did_documents=[ring.did_document])
    assert [(one.cryptosuite, one.method.standing) for one in proofs] == [
        (RDFC, "asserting"),
        (JCS, "asserting"),
    ]
    assert renewals.of(dict(frozen)) is renewed
    assert renewals.of({**frozen, "name": "Another"}) is not renewed
    assert frozen["proof"]["verificationMethod"] == f"{WEB}#key-1"

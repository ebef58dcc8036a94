"""Byte-exact on the published vectors of W3C (Data Integrity EdDSA) and RFC 8785.

They lie beside the project, not in it; where they are absent this says so and skips.
"""

import copy
import json
from datetime import datetime
from pathlib import Path

import pytest

from services.certification.domain.credentials.canonical import canonical_json
from services.certification.domain.credentials.keys import SigningKey
from services.certification.domain.credentials.multikey import (
    did_key_method,
    private_multikey,
    public_multikey,
    read_private_multikey,
)
from services.certification.domain.credentials.problems import CredentialError
from services.certification.domain.credentials.proofs import (
    JCS,
    RDFC,
    add_proof,
    check_proofs,
    digest,
)
from services.certification.domain.credentials.rdf import ClosedLoader, canonical_rdf

VECTORS = Path(__file__).parents[6] / "shared" / "vectors"
if not VECTORS.is_dir():
    pytest.skip(f"published test vectors: there is no {VECTORS}", allow_module_level=True)
W3C = VECTORS / "w3c-vc-di-eddsa" / "TestVectors"
CREATED = datetime.fromisoformat("2023-02-24T23:36:38Z")


def key() -> SigningKey:
    pair = json.loads((W3C / "keyPair.json").read_text())
    private = read_private_multikey(pair["privateKeyMultibase"])
    assert private_multikey(private) == pair["privateKeyMultibase"]
    assert public_multikey(private.public_key()) == pair["publicKeyMultibase"]
    return SigningKey(verification_method=did_key_method(private.public_key()), private_key=private)


@pytest.mark.parametrize("name", sorted(p.name for p in (VECTORS / "jcs" / "input").iterdir()))
def test_canonical_json_equals_the_published_form(name):
    value = json.loads((VECTORS / "jcs" / "input" / name).read_text("utf-8"))
    assert canonical_json(value) == (VECTORS / "jcs" / "output" / name).read_bytes().rstrip(b"\n")


@pytest.mark.parametrize(
    ("suite", "signed"),
    [(JCS, "eddsa-jcs-2022/signedJCS.json"), (RDFC, "eddsa-rdfc-2022/signedDataInt.json")],
)
def test_proof_equals_the_published_one(suite, signed):
    expected = json.loads((W3C / signed).read_text())
    unsigned = json.loads((W3C / "unsigned.json").read_text())
    loader = ClosedLoader()

    made = add_proof(unsigned, key=key(), created_at=CREATED, cryptosuite=suite, loader=loader)

    assert made == expected
    (proof,) = check_proofs(expected, loader=loader)
    assert proof.method.name == key().verification_method


def test_what_is_signed_equals_the_published_hashes():
    unsigned = json.loads((W3C / "unsigned.json").read_text())
    jcs, rdfc = W3C / "eddsa-jcs-2022", W3C / "eddsa-rdfc-2022"
    assert canonical_json(unsigned) == (jcs / "canonDocJCS.txt").read_bytes()
    options = json.loads((jcs / "proofConfigJCS.json").read_text())
    combined = digest(unsigned, options, canonical_json).hex()
    assert combined == (jcs / "combinedHashJCS.txt").read_text()
    quads = canonical_rdf(unsigned, ClosedLoader())
    assert quads == (rdfc / "canonDocDataInt.txt").read_bytes()


@pytest.mark.parametrize(
    ("signed", "count"),
    [
        ("Ed25519Signature2020/signedEdSig.json", 1),
        ("proof-set-chain/signedProofSet1.json", 1),
        ("proof-set-chain/signedProofSet2.json", 2),
        ("proof-set-chain/signedProofChain1.json", 3),
        ("proof-set-chain/signedProofChain2.json", 4),
    ],
)
def test_sets_chains_and_the_older_suite_hold_as_published(signed, count):
    document = json.loads((W3C / signed).read_text())
    assert len(check_proofs(document)) == count
    for number in range(count):
        tampered = copy.deepcopy(document)
        proofs = tampered["proof"] if isinstance(tampered["proof"], list) else [tampered["proof"]]
        proofs[number]["created"] = "2024-01-01T00:00:00Z"
        with pytest.raises(CredentialError) as refused:
            check_proofs(tampered)
        assert refused.value.code == "proof.invalid"


def test_a_chain_without_its_first_link_is_broken():
    document = json.loads((W3C / "proof-set-chain/signedProofChain1.json").read_text())
    with pytest.raises(CredentialError) as refused:
        check_proofs({**document, "proof": document["proof"][1:]})
    assert refused.value.code == "proof.chain_broken"

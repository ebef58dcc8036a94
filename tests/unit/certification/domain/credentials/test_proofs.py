import copy

import pytest

from services.certification.domain.credentials.keys import KeyRing, SigningKey, did_web, did_web_url
from services.certification.domain.credentials.open_badge import open_badge
from services.certification.domain.credentials.problems import CredentialError
from services.certification.domain.credentials.proofs import JCS, RDFC, add_proof, check_proofs
from tests.builders.certification import NOON, a_key, an_id, content

DID = "did:web:rtcm.example"


def ring(*numbers: int) -> KeyRing:
    keys = {f"key-{n}": a_key(n).private_key for n in numbers}
    name = f"key-{numbers[-1]}"
    current = SigningKey(verification_method=f"{DID}#{name}", private_key=keys[name])
    return KeyRing(
        issuer_did=DID,
        current=current,
        public_keys={name: key.public_key() for name, key in keys.items()},
    )


def signed(*suites: str, keys: KeyRing | None = None) -> dict:
    credential = open_badge(content(), certificate_id=an_id(9), issuer_did=DID)
    for suite in suites or (JCS,):
        credential = add_proof(
            credential, key=(keys or ring(1)).current, created_at=NOON, cryptosuite=suite
        )
    return credential


def refusal(credential: dict, *documents: dict) -> str:
    with pytest.raises(CredentialError) as refused:
        check_proofs(credential, did_documents=documents or (ring(1).did_document,))
    return refused.value.code


@pytest.mark.parametrize("suites", [(JCS,), (RDFC,), (RDFC, JCS)])
def test_a_credential_of_ours_verifies(suites):
    used = check_proofs(signed(*suites), did_documents=[ring(1).did_document])
    assert [proof.method.name for proof in used] == [f"{DID}#key-1"] * len(suites)


def paths(value, at=()):
    """Every place in a JSON value that holds a text, number or truth value."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from paths(item, (*at, name))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from paths(item, (*at, index))
    else:
        yield at


def test_any_changed_value_breaks_the_proof():
    whole = signed(JCS)
    changed = 0
    for path in paths({name: item for name, item in whole.items() if name != "proof"}):
        tampered = copy.deepcopy(whole)
        place = tampered
        for step in path[:-1]:
            place = place[step]
        old = place[path[-1]]
        place[path[-1]] = f"{old}x" if isinstance(old, str) else 1
        assert refusal(tampered) in ("proof.invalid", "proof.context_differs"), path
        changed += 1
    assert changed > 25


@pytest.mark.parametrize("field", ["created", "verificationMethod", "proofValue"])
def test_a_changed_proof_is_refused(field):
    tampered = signed(JCS)
    text = tampered["proof"][field]
    tampered["proof"][field] = (
        text.replace("2021", "2022") if field == "created" else text[:-1] + "2"
    )
    assert refusal(tampered) in ("proof.invalid", "key.unknown", "proof.malformed")


def test_one_bad_proof_of_a_set_refuses_it():
    tampered = signed(RDFC, JCS)
    tampered["proof"][1]["created"] = "2022-01-01T00:00:00Z"
    assert refusal(tampered) == "proof.invalid"


def test_a_member_no_context_defines_is_refused_by_rdfc():
    credential = open_badge(content(), certificate_id=an_id(9), issuer_did=DID)
    with pytest.raises(CredentialError) as refused:
        add_proof({**credential, "grade": "A"}, key=a_key(), created_at=NOON, cryptosuite=RDFC)
    assert refused.value.code == "rdf.undefined_term"


def test_an_unknown_context_is_refused_without_asking_the_network():
    credential = signed(RDFC)
    credential["@context"] = [*credential["@context"], "https://elsewhere.example/v1"]
    assert refusal(credential) == "context.unknown"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"type": "RsaSignature2018"}, "proof.unsupported"),
        ({"cryptosuite": "ecdsa-sd-2023"}, "proof.unsupported"),
        ({"proofPurpose": "authentication"}, "proof.wrong_purpose"),
        ({"previousProof": "urn:x"}, "proof.chain_broken"),
        ({"verificationMethod": "did:web:other.example#key-1"}, "key.unknown"),
        ({"verificationMethod": f"{DID}#key-9"}, "key.unknown"),
        ({"verificationMethod": None}, "proof.malformed"),
        ({"proofValue": "mAAAA"}, "proof.malformed"),
        ({"@context": ["https://elsewhere.example"]}, "proof.context_differs"),
    ],
)
def test_a_proof_of_another_make_is_refused_for_its_reason(change, code):
    credential = signed(JCS)
    credential["proof"] = {**credential["proof"], **change}
    assert refusal(credential) == code


@pytest.mark.parametrize(
    ("proof", "code"), [(None, "proof.missing"), ([], "proof.missing"), (["x"], "proof.malformed")]
)
def test_without_a_proof_nothing_verifies(proof, code):
    assert refusal({**signed(JCS), "proof": proof}) == code


def test_after_a_rotation_old_credentials_verify_and_only_the_new_key_asserts():
    old = signed(JCS, keys=ring(1))
    document = ring(1, 2).did_document
    (proof,) = check_proofs(old, did_documents=[document])
    assert (proof.method.name, proof.method.standing) == (f"{DID}#key-1", "retired")
    assert document["assertionMethod"] == [f"{DID}#key-2"]
    assert [method["id"] for method in document["verificationMethod"]] == [
        f"{DID}#key-1",
        f"{DID}#key-2",
    ]


def test_did_web_of_a_host_with_port_and_path():
    did = did_web("127.0.0.1:8443", "certification")
    assert did == "did:web:127.0.0.1%3A8443:certification"
    assert did_web_url(did) == "https://127.0.0.1:8443/certification/did.json"
    assert did_web_url(DID) == "https://rtcm.example/.well-known/did.json"
    with pytest.raises(CredentialError):
        did_web_url("did:key:z6Mk")

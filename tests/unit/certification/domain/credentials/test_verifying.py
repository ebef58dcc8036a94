import base64
import json

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc import jws
from joserfc.jwk import ECKey, OKPKey, RSAKey

from services.certification.domain.credentials.keys import SigningKey
from services.certification.domain.credentials.multikey import public_multikey
from services.certification.domain.credentials.presented import read_presented
from services.certification.domain.credentials.proofs import JCS, RDFC, add_proof
from services.certification.domain.credentials.status_list import status_entries
from services.certification.domain.credentials.verifying import Material, verify
from tests.builders.certification import a_key
from tests.builders.credentials import (
    AT,
    LIST_URL,
    OB,
    V2,
    a_badge,
    a_credential,
    a_status_list,
    as_bytes,
    bent,
    key_issuer,
    signed,
)

WEB = "did:web:centre.example"


def verdict(document, *, at=AT, dids=(), lists=()):
    content = document if isinstance(document, bytes) else as_bytes(document)
    material = Material(at=at, did_documents=dids, status_lists=lists)
    return verify(read_presented(content), material)


def reasons(document, **material):
    return [finding.code for finding in verdict(document, **material).findings]


def document_of(**changes):
    """A DID document that publishes the fixed key under a name of its own."""
    method = {
        "id": f"{WEB}#key-1",
        "type": "Multikey",
        "controller": WEB,
        "publicKeyMultibase": public_multikey(a_key().private_key.public_key()),
    }
    return {
        "id": WEB,
        "verificationMethod": [method | changes],
        "assertionMethod": [f"{WEB}#key-1"],
    }


def web_signed(document):
    key = SigningKey(verification_method=f"{WEB}#key-1", private_key=a_key().private_key)
    return add_proof(document | {"issuer": WEB}, key=key, created_at=AT)


@pytest.mark.parametrize("suites", [(JCS,), (RDFC,), (RDFC, JCS)])
def test_a_credential_whose_issuer_is_its_key_is_valid(suites):
    found = verdict(signed(a_badge(), *suites))
    assert (found.findings, found.kind, found.issuer) == ((), "open_badge", key_issuer())


def test_an_issuer_that_nobody_vouches_for_is_untrusted():
    assert reasons(signed(a_credential(issuer="https://elsewhere.example"))) == ["issuer.untrusted"]
    assert reasons(web_signed(a_credential())) == ["issuer.untrusted"]


def test_a_document_at_hand_vouches_for_its_keys():
    assert reasons(web_signed(a_credential()), dids=[document_of()]) == []


def test_a_document_may_vouch_for_a_key_that_names_itself():
    credential = signed(a_credential(issuer="https://elsewhere.example"))
    document = {
        "id": "https://elsewhere.example",
        "assertionMethod": [a_key().verification_method],
    }
    assert reasons(credential, dids=[document]) == []


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (document_of(controller="did:web:other.example"), "issuer.untrusted"),
        (document_of(revoked="2021-07-01T00:00:00Z"), "key.revoked"),
        (document_of(expires="2021-07-01T00:00:00Z"), "key.expired"),
        (document_of(publicKeyMultibase="z6Mk"), "key.unsupported"),
        (document_of() | {"verificationMethod": []}, "issuer.untrusted"),
        (
            document_of() | {"assertionMethod": [], "authentication": [f"{WEB}#key-1"]},
            "issuer.untrusted",
        ),
        (
            document_of(publicKeyMultibase=public_multikey(a_key(2).private_key.public_key())),
            "proof.invalid",
        ),
    ],
)
def test_a_key_that_may_not_assert_is_refused(document, reason):
    assert reasons(web_signed(a_credential()), dids=[document]) == [reason]


def test_a_replaced_key_still_verifies_and_the_verdict_says_so():
    document = document_of() | {"assertionMethod": [f"{WEB}#key-2"]}
    found = verdict(web_signed(a_credential()), dids=[document])
    assert (found.is_valid, found.retired_keys) == (True, (f"{WEB}#key-1",))


def test_times_are_judged_at_the_instant_asked_about():
    badge = signed(a_badge(validUntil="2021-07-31T00:00:00Z"))
    assert reasons(badge, at=AT) == ["expired"]
    assert reasons(badge, at=AT.replace(year=2020)) == ["not_yet_valid"]
    assert reasons(badge, at=AT.replace(month=7, day=10)) == []


def test_everything_that_is_wrong_is_told():
    badge = bent(signed(a_badge()), "credentialSubject.achievement.name")
    badge["validUntil"] = "2021-07-31T00:00:00Z"
    assert reasons(badge) == ["schema.name", "proof.invalid", "expired"]


def with_status(**changes):
    urls = {"revocation": LIST_URL, "suspension": LIST_URL.replace("revocation", "suspension")}
    entries = status_entries(urls, {"revocation": 94_567, "suspension": 7})
    return signed(a_credential(credentialStatus=[entries[0] | changes, entries[1]]))


CLEAR = a_status_list(1, 2, purpose="suspension")


@pytest.mark.parametrize(
    ("lists", "found"),
    [
        ((a_status_list(1, 2), CLEAR), []),
        ((a_status_list(94_567), CLEAR), ["status.revoked"]),
        ((a_status_list(), a_status_list(7, purpose="suspension")), ["status.suspended"]),
        ((CLEAR,), ["status.unknown"]),
        ((), ["status.unknown", "status.unknown"]),
        ((a_status_list(number=2), CLEAR), ["status.list_invalid"]),
        ((a_status_list(validUntil="2021-07-20T00:00:00Z"), CLEAR), ["status.list_expired"]),
        (
            (a_status_list().replace(b"revocation", b"suspension"), CLEAR),
            ["status.unknown", "status.list_invalid"],
        ),
    ],
)
def test_the_lists_at_hand_decide(lists, found):
    assert reasons(with_status(), lists=lists) == found


def test_a_list_counts_for_the_address_it_was_got_from():
    listed = a_status_list(94_567, id="urn:uuid:00000000-0000-4000-8000-000000000009")
    assert reasons(with_status(), lists=(listed, CLEAR)) == ["status.unknown"]
    content = as_bytes(with_status())
    material = Material(at=AT, status_lists=(CLEAR,), lists_at={LIST_URL: listed})
    findings = verify(read_presented(content), material).findings
    assert [finding.code for finding in findings] == ["status.revoked"]


def test_a_changed_list_is_refused():
    listed = json.loads(a_status_list(94_567))
    listed["credentialSubject"]["encodedList"] = json.loads(a_status_list())["credentialSubject"][
        "encodedList"
    ]
    assert reasons(with_status(), lists=(as_bytes(listed), CLEAR)) == ["status.list_invalid"]


def test_an_index_beyond_the_list_is_refused():
    beyond = with_status(statusListIndex="131072")
    assert reasons(beyond, lists=(a_status_list(), CLEAR)) == ["status.list_invalid"]


def test_another_status_method_leaves_the_status_unknown():
    odd = signed(a_credential(credentialStatus={"type": "LedgerStatus"}))
    assert reasons(odd) == ["status.unknown"]


KEYS = {
    "ES256": (ECKey, ec.generate_private_key(ec.SECP256R1())),
    "RS256": (RSAKey, rsa.generate_private_key(65537, 2048)),
    "Ed25519": (OKPKey, Ed25519PrivateKey.from_private_bytes(bytes([7]) * 32)),
}


def jwk_of(algorithm):
    kind, private = KEYS[algorithm]
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return kind.import_key(pem)


def token(algorithm, claims=None, **header):
    key = jwk_of(algorithm)
    public = key.as_dict(private=False)
    name = "did:jwk:" + base64.urlsafe_b64encode(json.dumps(public).encode()).rstrip(b"=").decode()
    credential = a_badge(issuer=name)
    head = {"alg": algorithm, "typ": "vc+jwt", "kid": f"{name}#0"} | header
    head = {key: value for key, value in head.items() if value is not None}
    registry = jws.JWSRegistry(algorithms=[algorithm], strict_check_header=False)
    payload = json.dumps(credential | (claims or {})).encode()
    return jws.serialize_compact(head, payload, key, registry=registry).encode(), public


@pytest.mark.parametrize("algorithm", sorted(KEYS))
def test_a_token_of_another_library_is_valid(algorithm):
    content, _ = token(algorithm)
    assert reasons(content) == []


@pytest.mark.parametrize("algorithm", sorted(KEYS))
def test_a_changed_token_is_refused(algorithm):
    content, _ = token(algorithm)
    head, body, signature = content.split(b".")
    flipped = b"A" if signature[10:11] != b"A" else b"B"
    assert reasons(b".".join((head, body, signature[:10] + flipped + signature[11:]))) == [
        "proof.invalid"
    ]


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"iss": "did:example:other"}, "proof.claims_differ"),
        ({"jti": "urn:uuid:other"}, "proof.claims_differ"),
        ({"vc": {}}, "proof.claims_differ"),
        ({"exp": int(AT.timestamp()) - 1}, "expired"),
        ({"exp": "soon"}, "jwt.malformed"),
    ],
)
def test_claims_that_contradict_the_credential_are_refused(claims, reason):
    content, _ = token("ES256", claims)
    assert reasons(content) == [reason]


def test_times_of_a_vc_jwt_are_its_signatures_and_those_of_a_badge_token_the_credentials():
    claims = {"nbf": 1, "exp": int(AT.timestamp()) + 60}
    assert reasons(token("ES256", claims)[0]) == []
    assert reasons(token("ES256", claims, typ="JWT")[0]) == ["proof.claims_differ"]


def test_a_key_in_the_header_counts_only_when_the_issuer_vouches_for_it():
    content, public = token(
        "ES256", {"issuer": "https://centre.example"}, jwk=token("ES256")[1], kid=None
    )
    document = {
        "id": "https://centre.example",
        "assertionMethod": [
            {"id": "https://centre.example#k", "type": "JsonWebKey", "publicKeyJwk": public}
        ],
    }
    assert reasons(content) == ["issuer.untrusted"]
    assert reasons(content, dids=[document]) == []


def test_an_unsigned_token_is_refused():
    head = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=")
    content = head + b"." + token("ES256")[0].split(b".")[1] + b".AAAA"
    assert reasons(content) == ["proof.unsupported"]


def test_a_presentation_is_as_good_as_what_it_holds():
    whole = {"@context": [V2, OB], "type": ["VerifiablePresentation"]}
    assert reasons(whole | {"verifiableCredential": [signed(a_badge())]}) == []
    broken = bent(signed(a_badge()), "name", "Another")
    assert reasons(whole | {"verifiableCredential": [signed(a_badge()), broken]}) == [
        "proof.invalid"
    ]


def test_an_enveloped_credential_is_opened():
    content, _ = token("ES256")
    whole = {
        "@context": V2,
        "type": "EnvelopedVerifiableCredential",
        "id": f"data:application/vc+jwt,{content.decode()}",
    }
    assert reasons(whole) == []
    assert reasons(whole | {"id": whole["id"][:-4]}) != []


@pytest.mark.parametrize("is_first", [True, False])
@pytest.mark.parametrize(
    ("stranger", "said"),
    [
        ({"type": "SomeSignature2030", "proofValue": "z11"}, "type 'SomeSignature2030'"),
        ({"type": "DataIntegrityProof", "cryptosuite": "some-2030"}, "cryptosuite 'some-2030'"),
        ({"type": "DataIntegrityProof", "cryptosuite": ["some"]}, "cryptosuite ['some']"),
    ],
)
def test_a_proof_of_an_unknown_make_refuses_the_whole_set(stranger, said, is_first):
    good = signed(a_credential())
    assert reasons(good) == []
    needed = {
        "verificationMethod": good["proof"]["verificationMethod"],
        "proofPurpose": "assertionMethod",
        "proofValue": "z11",
    }
    proofs = [needed | stranger, good["proof"]]

    findings = verdict(good | {"proof": proofs if is_first else proofs[::-1]}).findings

    (unknown,) = (one for one in findings if not one.code.startswith("schema."))
    assert (unknown.code, unknown.place) == ("proof.unsupported", "$.proof")
    assert unknown.detail == f"proof {1 if is_first else 2} of 2: {said} is not known"


@pytest.mark.parametrize("suite", [JCS, RDFC])
def test_names_in_several_languages_are_signed(suite):
    names = [
        {"@value": "Təsdiq", "@language": "az"},
        {"@value": "شهادة", "@language": "ar", "@direction": "rtl"},
    ]
    good = signed(a_credential() | {"name": names, "description": names[0]}, suite)
    assert reasons(good) == []
    assert reasons(bent(good, "name", names[:1])) == ["proof.invalid"]
    assert reasons(bent(good, "description", names[1])) == ["proof.invalid"]

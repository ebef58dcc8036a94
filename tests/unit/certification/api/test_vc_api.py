import json
from types import SimpleNamespace
from typing import Any

import pytest

from chassis.http.app import create_app
from chassis.http.door import Doorway
from chassis.running import Platform
from chassis.settings import SERVICES, load
from chassis.tokens import ensure_keys
from services.certification.api.vc_api import vc_api_blueprint
from services.certification.domain.credentials.keys import KeyRing, SigningKey
from services.certification.domain.credentials.proofs import JCS, RDFC, add_proof
from services.certification.domain.credentials.status_slots import entries_of
from services.certification.handlers.status_lists import StatusLists
from services.certification.settings import CertificationSettings
from services.certification.wiring import build
from tests.builders.certification import a_key
from tests.builders.credentials import AT, a_badge, a_credential, bent, key_issuer, signed

WEB = "did:web:rtcm.example"
LISTS = "https://rtcm.example/status-lists"
PRIVATE = a_key().private_key
RING = KeyRing(
    issuer_did=WEB,
    current=SigningKey(verification_method=f"{WEB}#key-1", private_key=PRIVATE),
    public_keys={"key-1": PRIVATE.public_key()},
)


class Slots:
    """One list in which entry 7 is revoked."""

    def list_count(self) -> int:
        return 1

    def set_indices(self, list_number: int, purpose: str) -> list[int]:
        return [7] if purpose == "revocation" else []


@pytest.fixture
def client():
    keys: Any = SimpleNamespace(ring=lambda: RING)
    slots: Any = Slots()
    lists = StatusLists(slots=slots, keys=keys, clock=lambda: AT, address=LISTS)
    app = create_app(
        service="certification",
        blueprints=[vc_api_blueprint(keys, lists, lambda: AT)],
        way=Doorway(verifier=None, unit_of_work=None, answers=None),
        readiness={},
        translate=lambda error: error,
    )
    return app.test_client()


def issue(client, credential, **options):
    return client.post("/credentials/issue", json={"credential": credential, "options": options})


def verify(client, credential, **options):
    body = {"verifiableCredential": credential, "options": options}
    return client.post("/credentials/verify", json=body)


def reasons(answer):
    return [one["code"] for one in answer.json["problems"]]


@pytest.mark.parametrize("issuer", [WEB, key_issuer()])
@pytest.mark.parametrize(
    ("options", "suites"),
    [({}, [RDFC, JCS]), ({"cryptosuite": RDFC}, [RDFC]), ({"cryptosuite": JCS}, [JCS])],
)
def test_what_is_issued_verifies(client, issuer, options, suites):
    answer = issue(client, a_credential(issuer=issuer), **options)
    assert answer.status_code == 201, answer.text
    credential = answer.json["verifiableCredential"]
    proofs = credential["proof"] if isinstance(credential["proof"], list) else [credential["proof"]]
    assert [proof["cryptosuite"] for proof in proofs] == suites
    answer = verify(client, credential, checks=["proof"])
    assert (answer.status_code, answer.json["verified"], answer.json["errors"]) == (200, True, [])


def test_a_badge_of_somebody_else_verifies(client):
    assert verify(client, signed(a_badge(), JCS, RDFC, number=1)).status_code == 200


@pytest.mark.parametrize(
    ("credential", "reason"),
    [
        (a_credential(issuer=None), "schema.issuer"),
        (a_credential(type=["VerifiableCredential", "Undefined"]), "schema.type"),
        (a_credential(credentialSubject={}), "schema.credential_subject"),
        (a_badge(name=5), "schema.name"),
        ({}, "schema.context"),
    ],
)
def test_what_is_no_credential_is_not_signed(client, credential, reason):
    answer = issue(client, credential)
    assert (answer.status_code, answer.json["code"]) == (400, "credential.malformed")
    assert reason in reasons(answer)


def test_what_cannot_be_canonicalised_is_not_signed(client):
    unknown = ["https://www.w3.org/ns/credentials/v2", "https://elsewhere.example/v1"]
    answer = issue(client, a_credential(**{"@context": unknown}))
    assert (answer.status_code, answer.json["detail"][:15]) == (400, "context.unknown")
    assert issue(client, a_credential(), cryptosuite="bbs-2023").status_code == 422


@pytest.mark.parametrize(
    ("credential", "reason"),
    [
        (a_credential(), "proof.missing"),
        (bent(signed(a_badge()), "name", "Another"), "proof.invalid"),
        (bent(signed(a_badge()), "proof.proofValue", "z0O"), "proof.malformed"),
        (bent(signed(a_badge()), "proof.verificationMethod"), "proof.malformed"),
        (bent(signed(a_badge()), "proof.cryptosuite", "x-2022"), "proof.unsupported"),
        (signed(a_credential(issuer="https://elsewhere.example")), "issuer.untrusted"),
        (signed(a_badge(validUntil="2021-07-31T00:00:00Z")), "expired"),
        (signed(a_credential(credentialStatus={"type": "Other"})), "status.unknown"),
        ({"type": ["NonconformingDocument"]}, "schema.context"),
    ],
)
def test_what_does_not_verify_is_a_problem_that_says_why(client, credential, reason):
    answer = verify(client, credential)
    assert (answer.status_code, answer.json["code"]) == (400, "credential.not_verified")
    assert (answer.json["verified"], reason in reasons(answer)) == (False, True), answer.text
    assert answer.json["errors"]


@pytest.mark.parametrize(("index", "reason"), [(6, None), (7, "status.revoked")])
def test_our_own_status_lists_are_looked_at(client, index, reason):
    answer = issue(client, a_credential(issuer=WEB, credentialStatus=entries_of(index, LISTS)))
    answer = verify(client, answer.json["verifiableCredential"])
    assert answer.status_code == (200 if reason is None else 400)
    assert reason is None or reasons(answer) == [reason]


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"expectedProofPurpose": "assertionMethod"}, None),
        ({"expectedProofPurpose": "authentication"}, "proof.wrong_purpose"),
        ({"domain": "suite.example"}, "proof.wrong_domain"),
        ({"challenge": "1234"}, "proof.wrong_challenge"),
    ],
)
def test_proofs_have_to_be_what_was_asked_for(client, options, reason):
    answer = verify(client, signed(a_badge()), **options)
    assert answer.status_code == (200 if reason is None else 400)
    assert reason is None or reasons(answer) == [reason]


def test_a_presentation_is_verified_with_what_it_holds(client):
    whole = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "holder": key_issuer(),
        "verifiableCredential": [signed(a_badge())],
    }
    proved = add_proof(whole, key=a_key(), created_at=AT, purpose="authentication")
    for document, status in ((proved, 200), (bent(proved, "holder", "did:key:z6Mk"), 400)):
        answer = client.post("/presentations/verify", json={"verifiablePresentation": document})
        assert answer.status_code == status, answer.text


@pytest.mark.parametrize(
    "body", [b"", b"x", b"[]", b"{}", b'{"verifiableCredential": 7}', b'{"verifiableCredential": {']
)
def test_a_body_that_is_none_is_refused(client, body):
    answer = client.post("/credentials/verify", data=body, content_type="application/json")
    assert answer.status_code in (400, 422)
    assert json.loads(answer.text)["code"] in ("body.not_json", "body.invalid")


@pytest.mark.parametrize(
    ("mode", "there"), [("test", True), ("demo", False), ("production", False)]
)
def test_only_test_mode_has_the_routes(tmp_path, mode, there):
    environ = {"RTCM_MODE": mode, "RTCM_KEYS_DIR": str(tmp_path), "RTCM_LOG_URL": "sqlite:///x.db"}
    ensure_keys(tmp_path, SERVICES)
    parts = build(Platform("certification", load(CertificationSettings, environ)))
    assert ("vc_api" in {blueprint.name for blueprint in parts.blueprints}) is there

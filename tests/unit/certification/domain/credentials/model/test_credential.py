import pytest

from services.certification.domain.credentials.model.checking import check_model
from tests.builders.credentials import V1, V2, a_credential, bent

TEXTS = [
    {"@value": "Təsdiq", "@language": "az"},
    {"@value": "x", "@language": "ar", "@direction": "rtl"},
]
ENTRY = {
    "type": "BitstringStatusListEntry",
    "statusPurpose": "revocation",
    "statusListIndex": "94567",
    "statusListCredential": "https://issuer.example/status/3",
}
RESOURCE = {"id": "https://issuer.example/logo", "digestSRI": "sha256-abc"}
NOTHING_U = "uEiDjsMRCmPwcFJr79MiZb7kkJ65B5GSbk0yklZkbeFK4VQ"
NOTHING_Z = "zQmdfTbBqBPQ7VNxZEYEj14VmRuZBkqFbiwReogJgS1zR1n"
EXAMPLES = "https://www.w3.org/ns/credentials/examples/v2"


def related(**digest):
    return {"relatedResource": {"id": "https://issuer.example/logo", **digest}}


def codes(document):
    return [finding.code for finding in check_model(document).findings]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33"},
        {"@context": [V2, {"grade": "https://issuer.example/terms#grade"}], "grade": "A"},
        {"@context": [V2, "https://somewhere.example/v1"], "type": ["VerifiableCredential", "Own"]},
        {"@context": [V2, EXAMPLES], "type": ["VerifiableCredential", "Degree"]},
        {"type": ["VerifiableCredential", "https://issuer.example/terms#Degree"]},
        {"type": "VerifiableCredential"},
        {"issuer": {"id": "https://issuer.example/1", "name": TEXTS, "description": "x"}},
        {"name": "x", "description": TEXTS[0]},
        {"name": TEXTS},
        {"credentialSubject": [{"id": "did:example:a"}, {"name": "x"}]},
        {"validFrom": "2020-01-01T00:00:00Z", "validUntil": "2020-01-01T04:00:00+04:00"},
        {"validFrom": "2020-02-29T23:59:59.123456789-05:00"},
        {"validUntil": "2020-12-31T24:00:00Z"},
        {"credentialStatus": ENTRY},
        {"credentialStatus": [ENTRY, {"type": "OtherStatus"}]},
        {"credentialSchema": {"id": "https://issuer.example/schema", "type": "JsonSchema"}},
        {"termsOfUse": [{"type": "Policy"}], "evidence": {"type": ["Visit"], "seen": True}},
        {"refreshService": {"type": "Refresh"}, "relatedResource": [RESOURCE]},
    ],
)
def test_what_the_data_model_allows_is_good(changes):
    assert codes(a_credential(**changes)) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"@context": None}, "schema.context"),
        ({"@context": []}, "schema.context"),
        ({"@context": [V1]}, "schema.context"),
        ({"@context": [EXAMPLES, V2]}, "schema.context"),
        ({"@context": [V2, 7]}, "schema.context"),
        ({"@context": [V2, "not a url"]}, "schema.context"),
        ({"@context": [V2, {"VerifiableCredential": "https://e.example/x"}]}, "schema.context"),
        ({"@context": [V2, {"type": "https://e.example/x"}]}, "schema.context"),
        ({"@context": [V2, {"term": 7}]}, "schema.context"),
        ({"type": None}, "schema.type"),
        ({"type": []}, "schema.type"),
        ({"type": ["Degree"]}, "schema.type"),
        ({"type": ["VerifiableCredential", "Undefined"]}, "schema.type"),
        ({"type": ["VerifiableCredential", 7]}, "schema.type"),
        ({"id": "not-a-url"}, "schema.id"),
        ({"id": ["urn:a:b", "urn:c:d"]}, "schema.id"),
        ({"id": 7}, "schema.id"),
        ({"issuer": None}, "schema.issuer"),
        ({"issuer": "issuer"}, "schema.issuer"),
        ({"issuer": ["did:example:1"]}, "schema.issuer"),
        ({"issuer": {"name": "x"}}, "schema.issuer"),
        ({"issuer": {"id": 7}}, "schema.issuer"),
        ({"issuer": {"id": "did:example:1", "name": {"@value": "x", "extra": 1}}}, "schema.name"),
        ({"name": 7}, "schema.name"),
        ({"name": {"@language": "en"}}, "schema.name"),
        ({"name": {"az": "Təsdiq", "en": "Proof"}}, "schema.name"),
        ({"name": [{"@value": "x", "@language": "en", "url": "x"}]}, "schema.name"),
        ({"name": {"@value": "x", "@language": 7}}, "schema.name"),
        ({"description": {"@value": "x", "@direction": "up"}}, "schema.description"),
        ({"credentialSubject": None}, "schema.credential_subject"),
        ({"credentialSubject": {}}, "schema.credential_subject"),
        ({"credentialSubject": []}, "schema.credential_subject"),
        ({"credentialSubject": [{"name": "x"}, {}]}, "schema.credential_subject"),
        ({"credentialSubject": "did:example:1"}, "schema.credential_subject"),
        ({"credentialSubject": {"id": "x"}}, "schema.credential_subject"),
        ({"validFrom": "2020-01-01"}, "schema.valid_from"),
        ({"validFrom": "2020-01-01T00:00:00"}, "schema.valid_from"),
        ({"validFrom": "2021-02-29T00:00:00Z"}, "schema.valid_from"),
        ({"validFrom": "2021-02-28T00:00:00+15:00"}, "schema.valid_from"),
        ({"validFrom": 1609459200}, "schema.valid_from"),
        ({"validUntil": "tomorrow"}, "schema.valid_until"),
        (
            {"validFrom": "2020-01-01T00:00:00Z", "validUntil": "2019-12-31T18:59:59-05:00"},
            "schema.valid_until",
        ),
        ({"credentialStatus": {"id": "https://issuer.example/3"}}, "schema.credential_status"),
        ({"credentialStatus": []}, "schema.credential_status"),
        ({"credentialStatus": ENTRY | {"id": "x"}}, "schema.credential_status"),
        ({"credentialStatus": ENTRY | {"statusListIndex": 7}}, "schema.credential_status"),
        ({"credentialStatus": ENTRY | {"statusPurpose": ""}}, "schema.credential_status"),
        ({"credentialStatus": ENTRY | {"statusSize": 0}}, "schema.credential_status"),
        ({"credentialStatus": ENTRY | {"statusPurpose": "message"}}, "schema.credential_status"),
        ({"credentialSchema": {"id": "https://issuer.example/1"}}, "schema.credential_schema"),
        ({"credentialSchema": {"type": "JsonSchema"}}, "schema.credential_schema"),
        ({"credentialSchema": "https://issuer.example/1"}, "schema.credential_schema"),
        ({"termsOfUse": {"id": "https://issuer.example/1"}}, "schema.terms_of_use"),
        ({"termsOfUse": {"type": "Policy", "id": "x"}}, "schema.terms_of_use"),
        ({"evidence": {"id": "https://issuer.example/1"}}, "schema.evidence"),
        ({"evidence": ["seen"]}, "schema.evidence"),
        ({"refreshService": {"id": "https://issuer.example/1"}}, "schema.refresh_service"),
        ({"relatedResource": {"id": "https://issuer.example/1"}}, "schema.related_resource"),
        ({"relatedResource": {"digestSRI": "sha256-abc"}}, "schema.related_resource"),
        ({"relatedResource": [RESOURCE, RESOURCE]}, "schema.related_resource"),
        ({"relatedResource": ["https://issuer.example/1"]}, "schema.related_resource"),
        ({"proof": []}, "schema.proof"),
        ({"proof": "x"}, "schema.proof"),
        ({"proof": {"type": "DataIntegrityProof", "proofValue": "zA"}}, "schema.proof"),
        ({"proof": {"type": "OtherProof", "created": "yesterday"}}, "schema.proof"),
        ({"refreshService": {"type": "urn:x:y", "id": "no url"}}, "schema.refresh_service"),
        ({"evidence": {"type": "urn:x:y", "id": "relative"}}, "schema.evidence"),
        (related(digestMultibase="uZTQ0MjM1NiAgcmVwb3J0"), "schema.related_resource"),
        (related(digestMultibase="zQ0"), "schema.related_resource"),
        (related(digestSRI="md5-1234"), "schema.related_resource"),
        (related(digestSRI="sha256-"), "schema.related_resource"),
    ],
)
def test_what_the_data_model_forbids_is_named(changes, code):
    assert codes(a_credential(**changes)) == [code]


def test_a_vocabulary_that_is_taken_away_leaves_types_undefined():
    contexts = [V2, {"@vocab": None}]
    assert codes(a_credential(**{"@context": contexts})) == []
    types = ["VerifiableCredential", "Undefined"]
    assert codes(a_credential(**{"@context": contexts}, type=types)) == ["schema.type"]
    again = [*contexts, {"@vocab": "https://terms.example/"}]
    assert codes(a_credential(**{"@context": again}, type=types)) == []


def test_digests_of_related_resources_have_the_form_their_name_says():
    # SHA-256 of nothing, as Multihash in both bases, and as integrity metadata.
    assert codes(a_credential(**related(digestMultibase=NOTHING_U))) == []
    assert codes(a_credential(**related(digestMultibase=NOTHING_Z))) == []
    whole = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
    assert codes(a_credential(**related(digestSRI=whole))) == []
    assert codes(a_credential(**related(digestSRI=[whole, f"{whole} {whole}"]))) == []


def test_a_place_is_named_by_its_path():
    (finding,) = check_model(a_credential(credentialSubject=[{"a": 1}, {"id": 7}])).findings
    assert finding.place == "$.credentialSubject[1]"


def test_a_value_object_with_more_members_is_no_json_ld_wherever_it_stands():
    subject = {"name": {"@value": "x", "extra": 1}}
    assert codes(a_credential(credentialSubject=subject)) == ["schema.name"]


PRESENTATION = {
    "@context": [V2],
    "type": ["VerifiablePresentation"],
    "holder": "did:example:holder",
    "verifiableCredential": [
        a_credential(),
        {
            "@context": V2,
            "type": "EnvelopedVerifiableCredential",
            "id": "data:application/vc+jwt,eyJ.eyJ.abc",
        },
    ],
}


def test_a_presentation_is_judged_with_what_it_holds():
    assert codes(PRESENTATION) == []
    assert check_model(PRESENTATION).kind == "presentation"


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("type", ["Presentation", "VerifiableCredential"], "schema.issuer"),
        ("id", "x", "schema.id"),
        ("holder", {"name": "x"}, "schema.holder"),
        ("holder", 7, "schema.holder"),
        ("verifiableCredential.0", "https://issuer.example/1", "schema.verifiable_credential"),
        ("verifiableCredential.0.issuer", None, "schema.issuer"),
        ("verifiableCredential.1.id", "https://issuer.example/1", "schema.id"),
        ("verifiableCredential.1.id", "data:application/json,{}", "schema.id"),
        ("verifiableCredential.1.id", "data:application/vp+jwt,eyJ.eyJ.abc", "schema.id"),
        ("verifiableCredential.1.@context", None, "schema.context"),
        ("verifiableCredential.1.type", ["EnvelopedVerifiableCredential", "x"], "schema.type"),
    ],
)
def test_a_bent_presentation_is_refused_for_its_reason(path, value, code):
    assert code in codes(bent(PRESENTATION, path, value))


def test_an_enveloped_presentation_needs_a_data_url():
    whole = {"@context": V2, "type": "EnvelopedVerifiablePresentation"}
    assert codes(whole | {"id": "data:application/vp+jwt,eyJ.eyJ.abc"}) == []
    assert codes(whole | {"id": "urn:x:y"}) == ["schema.id"]


@pytest.mark.parametrize("value", [7, "x", [], None, True, {}])
def test_anything_else_is_refused_and_never_stumbles(value):
    assert codes(value) != []

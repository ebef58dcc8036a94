import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.certification.domain.credentials.model.checking import check_model
from services.certification.domain.credentials.open_badge import open_badge
from tests.builders.certification import an_id, content
from tests.builders.credentials import OB, V1, V2, a_badge, bent

SUBJECT = "credentialSubject"
ACHIEVEMENT = f"{SUBJECT}.achievement"
IMAGE = {"id": "data:image/png;base64,iVBORw0KGgo=", "type": "Image"}


def codes(document):
    return [finding.code for finding in check_model(document).findings]


def test_our_own_credential_is_an_open_badge():
    ours = open_badge(content(), certificate_id=an_id(9), issuer_did="did:web:rtcm.example")
    judged = check_model(ours)
    assert (judged.kind, judged.findings) == ("open_badge", ())


def an_old_badge():
    """On VC data model 1.1, as the first editions of Open Badges 3.0 were."""
    badge = a_badge(validFrom=None, issuanceDate="2021-07-05T12:00:00Z")
    return bent(badge, "@context", [V1, OB.replace("3.0.3", "3.0.1")])


@pytest.mark.parametrize(
    "badge",
    [
        a_badge(),
        a_badge(name=None),
        a_badge(issuer="https://centre.example/1"),
        a_badge(image=IMAGE, evidence=[{"type": ["Evidence"], "narrative": "x"}]),
        a_badge(
            credentialStatus={"id": "https://centre.example/s", "type": "1EdTechRevocationList"}
        ),
        bent(a_badge(), "type", ["VerifiableCredential", "AchievementCredential"]),
        bent(a_badge(), f"{ACHIEVEMENT}.achievementType", "ext:Placement"),
        bent(a_badge(), f"{ACHIEVEMENT}.image", IMAGE),
        bent(a_badge(), f"{ACHIEVEMENT}.inLanguage", "az-Latn"),
        bent(a_badge(), f"{ACHIEVEMENT}.creditsAvailable", 3.5),
        bent(a_badge(), f"{SUBJECT}.activityEndDate", "2021-07-03T00:00:00Z"),
        bent(a_badge(), f"{SUBJECT}.identifier.0.hashed", False),
        an_old_badge(),
    ],
)
def test_what_open_badges_allow_is_good(badge):
    assert codes(badge) == []


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("@context", [V2], "schema.context"),
        ("@context", [OB, V2], "schema.context"),
        ("@context", [V2, "https://elsewhere.example/v1", OB], "schema.context"),
        ("type", ["VerifiableCredential", "BadgeCredential"], "schema.type"),
        ("type", ["OpenBadgeCredential"], "schema.type"),
        ("id", None, "schema.id"),
        ("validFrom", None, "schema.valid_from"),
        ("validFrom", "2021-07-05", "schema.valid_from"),
        ("name", 7, "schema.name"),
        ("issuer", None, "schema.issuer"),
        ("issuer.type", None, "schema.type"),
        ("issuer.type", ["Organisation"], "schema.type"),
        ("issuer.email", "nobody", "schema.email"),
        ("issuer.url", "centre", "schema.url"),
        (SUBJECT, [{"type": ["AchievementSubject"]}], "schema.credential_subject"),
        (f"{SUBJECT}.type", ["Person"], "schema.type"),
        (f"{SUBJECT}.identifier", None, "schema.id"),
        (f"{SUBJECT}.identifier.0.hashed", "yes", "schema.hashed"),
        (f"{SUBJECT}.identifier.0.identityHash", "sha256$123", "schema.identity_hash"),
        (f"{SUBJECT}.identifier.0.identityType", "passport", "schema.identity_type"),
        (f"{SUBJECT}.identifier.0.more", "x", "schema.more"),
        (f"{SUBJECT}.identifier.0.type", ["IdentityObject"], "schema.type"),
        (f"{SUBJECT}.creditsEarned", "3", "schema.credits_earned"),
        (f"{SUBJECT}.activityStartDate", "May", "schema.activity_start_date"),
        (ACHIEVEMENT, None, "schema.achievement"),
        (ACHIEVEMENT, "https://centre.example/1", "schema.achievement"),
        (f"{ACHIEVEMENT}.id", None, "schema.id"),
        (f"{ACHIEVEMENT}.type", "Badge", "schema.type"),
        (f"{ACHIEVEMENT}.name", None, "schema.name"),
        (f"{ACHIEVEMENT}.description", None, "schema.description"),
        (f"{ACHIEVEMENT}.criteria", None, "schema.criteria"),
        (f"{ACHIEVEMENT}.criteria", "Attend.", "schema.criteria"),
        (f"{ACHIEVEMENT}.achievementType", "Medal", "schema.achievement_type"),
        (f"{ACHIEVEMENT}.inLanguage", "??", "schema.in_language"),
        (f"{ACHIEVEMENT}.tag", "migration", "schema.tag"),
        (f"{ACHIEVEMENT}.image", "https://centre.example/1.png", "schema.image"),
        (f"{ACHIEVEMENT}.image", IMAGE | {"more": 1}, "schema.more"),
        (f"{ACHIEVEMENT}.image", {"type": "Image"}, "schema.id"),
        (f"{ACHIEVEMENT}.alignment.0.targetUrl", None, "schema.target_url"),
        (f"{ACHIEVEMENT}.alignment.0.targetName", None, "schema.target_name"),
        (f"{ACHIEVEMENT}.alignment.0.targetType", "Goal", "schema.target_type"),
        (f"{ACHIEVEMENT}.resultDescription.0.resultType", "Mark", "schema.result_type"),
        (f"{SUBJECT}.result.0.resultDescription", "urn:a:b", "schema.result_description"),
        (f"{SUBJECT}.result.0.value", "101", "schema.value"),
        (f"{SUBJECT}.result.1.status", None, "schema.status"),
        (f"{SUBJECT}.result.1.status", "ext:Done", "schema.status"),
        ("endorsementJwt", ["x"], "schema.endorsement_jwt"),
        ("endorsement", [{"type": ["EndorsementCredential"]}], "schema.credential_subject"),
        ("evidence", [{"narrative": "x"}], "schema.type"),
        (
            "proof",
            {"type": "DataIntegrityProof", "proofPurpose": "authentication"},
            "schema.proof_purpose",
        ),
        ("credentialSchema", [{"type": "1EdTechJsonSchemaValidator2019"}], "schema.id"),
        ("refreshService", {"type": "Refresh"}, "schema.id"),
    ],
)
def test_what_open_badges_forbid_is_named(path, value, code):
    assert code in codes(bent(a_badge(), path, value))


def test_an_old_badge_needs_its_date_and_name():
    assert codes(bent(an_old_badge(), "issuanceDate")) == ["schema.issuance_date"]
    assert codes(bent(an_old_badge(), "name")) == ["schema.name"]


def places(value, at=()):
    yield at
    if isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for name, item in items:
            yield from places(item, (*at, name))


JUNK = st.sampled_from([7, "x", [], {}, True, [{}], {"id": []}, [[]], {"type": [7, {}]}, 1e999])


@settings(max_examples=200, deadline=None)
@given(place=st.sampled_from([p for p in places(a_badge()) if p]), junk=JUNK)
def test_junk_in_any_place_never_stumbles(place, junk):
    check_model(bent(a_badge(), ".".join(str(step) for step in place), junk))

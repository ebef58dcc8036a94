"""From a certificate's content to an Open Badges 3.0 credential, still unsigned.

Open Badges wants plain texts where VC 2.0 would allow language maps, so titles in all languages
stand beside them under terms of our own, defined in the credential itself: what is printed is
signed, in every language, and no verifier has to fetch anything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from chassis.ids import derived_id
from chassis.language_map import text_in
from services.certification.domain.awarding.terms import Kind
from services.certification.domain.content import CertificateContent, holder_hash
from services.certification.domain.credentials.proofs import instant

_TERMS = {
    "titles": {"@id": "urn:rtcm:vocabulary:titles", "@container": "@language"},
    "centreNames": {"@id": "urn:rtcm:vocabulary:centreNames", "@container": "@language"},
    "creditedMinutes": {
        "@id": "urn:rtcm:vocabulary:creditedMinutes",
        "@type": "http://www.w3.org/2001/XMLSchema#integer",
    },
    "serial": "urn:rtcm:vocabulary:serial",
    "verification": {"@id": "urn:rtcm:vocabulary:verification", "@type": "@id"},
    "contentDigest": "urn:rtcm:vocabulary:contentDigest",
}

CONTEXTS: tuple[Any, ...] = (
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    _TERMS,
)

_NARRATIVES = {
    Kind.COMPLETION: "Completed the programme: the hours, parts and trainings its award rule asks.",
    Kind.PARTICIPATION: "Took part in the programme for the hours its award rule asks.",
}
_TYPES = {Kind.COMPLETION: "CertificateOfCompletion", Kind.PARTICIPATION: "Certificate"}


def open_badge(
    content: CertificateContent,
    *,
    certificate_id: str,
    issuer_did: str,
    statuses: Sequence[Mapping[str, str]] = (),
) -> dict[str, Any]:
    """The credential of a certificate, without proof.

    Args:
        statuses: entries of status lists in which it can be looked up.
    """
    title, title_language = text_in(content.titles, "en")
    return {
        "@context": list(CONTEXTS),
        "id": f"urn:uuid:{certificate_id}",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": title,
        "issuer": {
            "id": issuer_did,
            "type": ["Profile"],
            "name": text_in(content.centre_names, "en")[0],
        },
        "validFrom": instant(content.issued_at),
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": _identifiers(content),
            "activityStartDate": f"{content.starts_on.isoformat()}T00:00:00Z",
            "activityEndDate": f"{content.ends_on.isoformat()}T00:00:00Z",
            "achievement": _achievement(content, title, title_language),
        },
        "titles": dict(content.titles),
        "centreNames": dict(content.centre_names),
        "creditedMinutes": content.minutes,
        "serial": content.serial,
        "verification": content.verify_url,
        "contentDigest": f"sha256:{content.sha256()}",
        **({"credentialStatus": [dict(one) for one in statuses]} if statuses else {}),
    }


def _identifiers(content: CertificateContent) -> list[dict[str, Any]]:
    """The name as printed, and its salted hash, which stays with us when the name is erased."""
    return [
        {
            "type": "IdentityObject",
            "hashed": False,
            "identityHash": content.holder_name,
            "identityType": "name",
        },
        {
            "type": "IdentityObject",
            "hashed": True,
            "identityHash": holder_hash(content.holder_name, content.salt),
            "identityType": "name",
            "salt": content.salt,
        },
    ]


def _achievement(content: CertificateContent, title: str, language_code: str) -> dict[str, Any]:
    narrative = _NARRATIVES[content.kind_code]
    achievement_id = derived_id("achievement", content.rule_sha256, content.kind_code)
    return {
        "id": f"urn:uuid:{achievement_id}",
        "type": ["Achievement"],
        "achievementType": _TYPES[content.kind_code],
        "name": title,
        "description": narrative,
        "criteria": {
            "narrative": f"{narrative} Award rule version {content.rule_version}, "
            f"SHA-256 {content.rule_sha256}."
        },
        "inLanguage": language_code,
        "humanCode": content.edition_code,
    }

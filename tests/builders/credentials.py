"""Credentials that were made elsewhere, and small ones to bend."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime
from typing import Any

from services.certification.domain.credentials.proofs import JCS, add_proof
from services.certification.domain.credentials.status_list import list_credential
from tests.builders.certification import a_key, later

V2 = "https://www.w3.org/ns/credentials/v2"
V1 = "https://www.w3.org/2018/credentials/v1"
OB = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
AT = datetime(2021, 8, 1, tzinfo=UTC)
LIST_URL = "https://rtcm.example/status/revocation"


def key_issuer(number: int = 1) -> str:
    """The ``did:key`` of a fixed key."""
    return a_key(number).verification_method.partition("#")[0]


def a_credential(**changes: Any) -> dict[str, Any]:
    """The smallest one, of an issuer that is its own key; ``None`` leaves a member out."""
    whole: dict[str, Any] = {
        "@context": [V2],
        "type": ["VerifiableCredential"],
        "issuer": key_issuer(),
        "credentialSubject": {"id": "did:example:subject"},
    }
    return {name: value for name, value in (whole | changes).items() if value is not None}


def a_badge(**changes: Any) -> dict[str, Any]:
    """An Open Badge with results, as somebody else might issue it."""
    whole: dict[str, Any] = {
        "@context": [V2, OB],
        "id": "urn:uuid:00000000-0000-4000-8000-000000000001",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": "Border procedures",
        "issuer": {"id": key_issuer(), "type": ["Profile"], "name": "A training centre"},
        "validFrom": "2021-07-05T12:00:00Z",
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [
                {
                    "type": "IdentityObject",
                    "hashed": True,
                    "identityHash": "sha256$" + "0f" * 32,
                    "identityType": "emailAddress",
                    "salt": "abc",
                }
            ],
            "achievement": {
                "id": "https://centre.example/achievements/1",
                "type": ["Achievement"],
                "achievementType": "Certificate",
                "name": "Border procedures",
                "description": "Five days on procedures at borders.",
                "criteria": {"narrative": "Attend all days."},
                "alignment": [
                    {
                        "type": ["Alignment"],
                        "targetName": "GCM objective 11",
                        "targetUrl": "https://centre.example/gcm/11",
                        "targetType": "CFItem",
                    }
                ],
                "resultDescription": [
                    {
                        "id": "urn:uuid:00000000-0000-4000-8000-000000000002",
                        "type": ["ResultDescription"],
                        "name": "Score",
                        "resultType": "RawScore",
                        "valueMin": "0",
                        "valueMax": "100",
                    },
                    {
                        "id": "urn:uuid:00000000-0000-4000-8000-000000000003",
                        "type": ["ResultDescription"],
                        "name": "Status",
                        "resultType": "Status",
                    },
                ],
            },
            "result": [
                {
                    "type": ["Result"],
                    "resultDescription": "urn:uuid:00000000-0000-4000-8000-000000000002",
                    "value": "88",
                },
                {
                    "type": ["Result"],
                    "resultDescription": "urn:uuid:00000000-0000-4000-8000-000000000003",
                    "status": "Completed",
                },
            ],
        },
    }
    return {name: value for name, value in (whole | changes).items() if value is not None}


def bent(document: dict[str, Any], path: str, value: Any = None) -> dict[str, Any]:
    """A copy in which one place is changed; ``None`` removes it. ``path``: ``a.b.0.c``."""
    copied = copy.deepcopy(document)
    place: Any = copied
    *steps, last = [int(step) if step.isdecimal() else step for step in path.split(".")]
    for step in steps:
        place = place[step]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return copied


def signed(document: dict[str, Any], *suites: str, number: int = 1) -> dict[str, Any]:
    """With a proof of each suite by a fixed ``did:key``."""
    for suite in suites or (JCS,):
        document = add_proof(
            document, key=a_key(number), created_at=later(days=1), cryptosuite=suite
        )
    return document


def a_status_list(
    *indices: int, purpose: str = "revocation", number: int = 1, **changes: Any
) -> bytes:
    """A signed list in which these bits are set."""
    listed = list_credential(
        url=LIST_URL.replace("revocation", purpose),
        purpose=purpose,
        indices=indices,
        issuer_did=key_issuer(number),
        made_at=later(days=1),
        lifetime=later(days=90) - later(days=1),
        ttl=later(minutes=5) - later(),
    )
    return as_bytes(signed(listed | changes, number=number))


def as_bytes(document: Any) -> bytes:
    """As it lies in a file."""
    return json.dumps(document, ensure_ascii=False).encode()

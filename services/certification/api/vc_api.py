"""Routes of the W3C VC API for test suites of others: only there when ``RTCM_MODE=test``.

They sign what they are sent, so no centre may have them.

Source: W3C CCG "Verifiable Credentials API", sections 3.2 and 3.3. What does not verify is
answered with 400, as the suites expect it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint
from marshmallow import INCLUDE, Schema, fields, validate

from chassis.clock import Clock
from chassis.errors import BadInput, FieldProblem, NotFound
from chassis.http.operation import ApiCall, operation
from services.certification.domain.credentials.canonical import canonical_json
from services.certification.domain.credentials.expected import unmet
from services.certification.domain.credentials.keys import KeyRing, SigningKey
from services.certification.domain.credentials.model.checking import check_model
from services.certification.domain.credentials.multikey import did_key_method
from services.certification.domain.credentials.presented import Presented
from services.certification.domain.credentials.problems import CredentialError, Finding
from services.certification.domain.credentials.proofs import JCS, RDFC, add_proof
from services.certification.domain.credentials.rdf import ClosedLoader
from services.certification.domain.credentials.status_slots import list_of_url
from services.certification.domain.credentials.statuses import list_urls
from services.certification.domain.credentials.verifying import Material, issuer_of, verify
from services.certification.domain.ports import KeySource
from services.certification.handlers.status_lists import StatusLists

_CHECKED = ("schema", "proof", "issuer", "validity", "status")


class _IssueOptions(Schema):
    """Options of issuing; others are passed over."""

    class Meta:
        """The suites send options of their own."""

        unknown = INCLUDE

    cryptosuite = fields.String(load_default=None, validate=validate.OneOf((JCS, RDFC)))


class IssueBody(Schema):
    """Body of an issue."""

    credential = fields.Dict(keys=fields.String(), required=True)
    options = fields.Nested(_IssueOptions, load_default=dict)


class IssuedView(Schema):
    """The credential with its proofs."""

    verifiableCredential = fields.Dict(required=True)  # noqa: N815 -- the VC API's name


class VerifyCredentialBody(Schema):
    """Body of a verification of a credential."""

    verifiableCredential = fields.Dict(keys=fields.String(), required=True)  # noqa: N815 -- same
    options = fields.Dict(keys=fields.String(), load_default=dict)


class VerifyPresentationBody(Schema):
    """Body of a verification of a presentation."""

    verifiablePresentation = fields.Dict(keys=fields.String(), required=True)  # noqa: N815 -- same
    options = fields.Dict(keys=fields.String(), load_default=dict)


class VerifiedView(Schema):
    """Something that holds; what does not is answered as a problem."""

    verified = fields.Boolean(required=True)
    checks = fields.List(fields.String(), required=True)
    warnings = fields.List(fields.String(), required=True)
    errors = fields.List(fields.String(), required=True)


def vc_api_blueprint(keys: KeySource, lists: StatusLists, clock: Clock) -> Blueprint:
    """Build the routes."""
    routes = Blueprint("vc_api", __name__)
    desk = _Desk(keys=keys, lists=lists, clock=clock)

    @routes.post("/credentials/issue")
    @operation(
        summary="Sign a credential (test mode only)",
        public=True,
        body=IssueBody,
        answer=IssuedView,
        status=201,
        transactional=False,
    )
    def issue(call: ApiCall) -> dict[str, Any]:
        return {"verifiableCredential": desk.issued(call.body["credential"], call.body["options"])}

    @routes.post("/credentials/verify")
    @operation(
        summary="Verify a credential (test mode only)",
        public=True,
        body=VerifyCredentialBody,
        answer=VerifiedView,
        transactional=False,
    )
    def verify_credential(call: ApiCall) -> dict[str, Any]:
        return desk.verified(call.body["verifiableCredential"], call.body["options"])

    @routes.post("/presentations/verify")
    @operation(
        summary="Verify a presentation (test mode only)",
        public=True,
        body=VerifyPresentationBody,
        answer=VerifiedView,
        transactional=False,
    )
    def verify_presentation(call: ApiCall) -> dict[str, Any]:
        return desk.verified(call.body["verifiablePresentation"], call.body["options"])

    return routes


@dataclass(frozen=True, kw_only=True)
class _Desk:
    keys: KeySource
    lists: StatusLists
    clock: Clock
    loader: ClosedLoader = field(default_factory=ClosedLoader)

    def issued(self, credential: dict[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
        """The credential with a proof of the suite asked for, or of both."""
        findings = check_model(credential).findings
        if findings:
            raise BadInput("credential.malformed", _first(findings), **_told(findings))
        suite = options.get("cryptosuite")
        key = _key_for(issuer_of(credential), self.keys.ring())
        signed = credential
        try:
            for one in (suite,) if suite else (RDFC, JCS):
                signed = add_proof(
                    signed,
                    key=key,
                    created_at=self.clock(),
                    cryptosuite=one,
                    loader=self.loader,
                )
        except CredentialError as problem:
            raise BadInput("credential.malformed", f"{problem.code}: {problem.detail}") from None
        return signed

    def verified(self, document: dict[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
        """What holds; whatever does not is a problem that names everything."""
        try:
            canonical_json(document)
        except CredentialError as problem:
            raise BadInput("credential.malformed", problem.detail) from None
        material = Material(
            at=self.clock(),
            did_documents=[self.keys.ring().did_document],
            lists_at=self._own_lists(document),
            loader=self.loader,
        )
        verdict = verify(Presented(form="json", document=document), material)
        findings = (*verdict.findings, *unmet(document, options))
        if findings:
            raise BadInput("credential.not_verified", _first(findings), **_told(findings))
        return {"verified": True, "checks": list(_CHECKED), "warnings": [], "errors": []}

    def _own_lists(self, document: Mapping[str, Any]) -> dict[str, bytes]:
        """Our own status lists that the document names: nothing is fetched."""
        found = {}
        for url in list_urls(document):
            number, purpose = list_of_url(url, self.lists.address)
            try:
                found[url] = canonical_json(self.lists.published(number, purpose).credential)
            except NotFound:
                continue  # somebody else's, or none
        return found


def _key_for(issuer: str | None, ring: KeyRing) -> SigningKey:
    """Our key under our name; for any other issuer under the name it has by itself."""
    if issuer == ring.issuer_did:
        return ring.current
    private = ring.current.private_key
    method = did_key_method(private.public_key())
    return SigningKey(verification_method=method, private_key=private)


def _first(findings: Sequence[Finding]) -> str:
    return f"{findings[0].code}: {findings[0].detail}"


def _told(findings: Sequence[Finding]) -> dict[str, Any]:
    errors = [f"{one.code}: {one.detail}" for one in findings]
    return {
        "problems": [FieldProblem(one.place, one.code, one.detail) for one in findings],
        "members": {"verified": False, "errors": errors},
    }

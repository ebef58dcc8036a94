"""Certification's settings."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from chassis.settings import ServiceSettings, setting, starting_with
from services.certification.domain.credentials.keys import did_web


@dataclass(frozen=True, kw_only=True)
class CertificationSettings(ServiceSettings):
    """What certification needs to know beside what every service does."""

    issuer_did: str = setting(
        "RTCM_CERTIFICATION_ISSUER_DID",
        doc="did:web that credentials are issued under; unset: the one of the console's host",
        default="",
        parse=starting_with("did:web:"),
    )

    @property
    def issuer(self) -> str:
        """The issuer's DID."""
        return self.issuer_did or did_web(urlsplit(self.console_url).netloc)

    @property
    def verify_address(self) -> str:
        """What the check code is put behind in QR codes."""
        return f"{self.console_url}/verify"

"""Certification's settings."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from chassis.settings import ServiceSettings, setting, starting_with
from services.certification.domain.credentials.keys import did_web
from services.certification.domain.credentials.multikey import read_private_multikey
from services.certification.domain.credentials.problems import CredentialError
from services.certification.sealing import PdfSeal


def _multikeys(text: str) -> str:
    try:
        for one in text.split():
            read_private_multikey(one)
    except CredentialError:
        raise ValueError("private Ed25519 Multikeys that begin with z3u2") from None
    return text


@dataclass(frozen=True, kw_only=True)
class CertificationSettings(ServiceSettings):
    """What certification needs to know beside what every service does."""

    issuer_did: str = setting(
        "RTCM_CERTIFICATION_ISSUER_DID",
        doc="did:web that credentials are issued under; unset: the one of the console's host",
        default="",
        parse=starting_with("did:web:"),
    )

    signing_keys: str = setting(
        "RTCM_CERTIFICATION_SIGNING_KEYS",
        doc="private Multikeys (z3u2...) of the issuer, oldest first, spaces between; unset: files",
        default="",
        parse=_multikeys,
        secret=True,
    )

    seal_file: Path | None = setting(
        "RTCM_CERTIFICATION_SEAL_FILE",
        doc="PKCS#12 file of the seal put on PDFs (extra `seal`); unset: PDFs are not sealed",
        default=None,
        parse=Path,
    )

    seal_passphrase: str = setting(
        "RTCM_CERTIFICATION_SEAL_PASSPHRASE",
        doc="opens the PKCS#12 file of the seal",
        default="",
        secret=True,
    )

    def __post_init__(self) -> None:
        """A seal that cannot be used is told before anything starts.

        Raises:
            ValueError.
        """
        self.seal()

    def seal(self) -> PdfSeal | None:
        """The seal, if there is one.

        Raises:
            ValueError: it cannot be used.
        """
        if self.seal_file is None:
            return None
        try:
            return PdfSeal.of_file(self.seal_file, self.seal_passphrase)
        except ValueError as problem:
            raise ValueError(f"RTCM_CERTIFICATION_SEAL_FILE: {problem}") from None

    @property
    def issuer(self) -> str:
        """The issuer's DID."""
        return self.issuer_did or did_web(urlsplit(self.console_url).netloc)

    @property
    def lists_address(self) -> str:
        """What number and purpose of a status list are put behind in credentials."""
        return f"{self.console_url}/status-lists"

    @property
    def verify_address(self) -> str:
        """What the check code is put behind in QR codes."""
        return f"{self.console_url}/verify"

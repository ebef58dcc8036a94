"""The centre's seal on PDFs: PAdES by pyhanko, an optional extra (``domain.ports.Sealer``)."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from chassis.clock import wall_now
from chassis.errors import RuleViolation

if TYPE_CHECKING:
    from pyhanko.sign.signers import SimpleSigner

FIELD = "Seal"


class PdfSeal:
    """Seals with a key and certificate of a PKCS#12 file.

    The profile is PAdES-B-B: no time stamp, no network. The document is kept byte by byte and the
    seal stands behind it; it forbids every later change. It has no place on the page, so that the
    document stays PDF/A-2a and PDF/UA-1.
    """

    def __init__(self, signer: SimpleSigner) -> None:
        self._signer = signer

    @classmethod
    def of_file(cls, file: Path, passphrase: str) -> PdfSeal:
        """Read the key.

        Raises:
            ValueError: pyhanko is not installed, or the file is not what it has to be; the message
                says which.
        """
        try:
            from pyhanko.sign.signers import SimpleSigner
        except ImportError:
            raise ValueError("seals need the extra `seal` (pyhanko)") from None
        try:
            content = file.read_bytes()
        except OSError as problem:
            raise ValueError(f"{file} cannot be read: {problem.strerror}") from None
        try:
            signer = SimpleSigner.load_pkcs12_data(
                content, other_certs=[], passphrase=passphrase.encode() or None
            )
        except (ValueError, AttributeError):  # the latter where it holds no key
            raise ValueError(f"{file} is no PKCS#12 file with a key for this passphrase") from None
        return cls(signer)

    def seal(self, document: bytes) -> bytes:
        """The document with the seal behind it.

        Raises:
            RuleViolation: ``seal.expired``: the certificate is not valid today.
        """
        from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
        from pyhanko.sign import fields, signers

        self._require_valid(wall_now())
        # An object has to begin on a line of its own (PDF/A-2, 6.1.9).
        writer = IncrementalPdfFileWriter(io.BytesIO(document + b"\n"))
        signing = signers.PdfSigner(
            signers.PdfSignatureMetadata(
                field_name=FIELD,
                md_algorithm="sha256",
                subfilter=fields.SigSeedSubFilter.PADES,
                certify=True,
                docmdp_permissions=fields.MDPPerm.NO_CHANGES,
            ),
            signer=self._signer,
            new_field_spec=fields.SigFieldSpec(
                FIELD,
                # PDF/UA wants what nobody sees outside the page.
                invis_sig_settings=fields.InvisSigSettings(box_out_of_bounds=True),
                readable_field_name="Seal of the centre",
            ),
        )
        sealed: bytes = signing.sign_pdf(writer).getvalue()
        return sealed

    def _require_valid(self, now: datetime) -> None:
        certificate = self._signer.signing_cert
        assert certificate is not None, "read with its key"
        if not certificate.not_valid_before <= now <= certificate.not_valid_after:
            raise RuleViolation(
                "seal.expired",
                f"the seal's certificate is valid from {certificate.not_valid_before:%F} to "
                f"{certificate.not_valid_after:%F} only",
            )

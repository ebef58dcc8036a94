"""Sealed documents, judged by pyhanko's validator and by poppler's ``pdfsig``."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import x509
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from chassis.mongo.connection import Database
from tests.builders.seal import a_seal
from tests.integration.certification.scene import SEAL_PASSPHRASE, Scene, Vault, person
from tests.integration.certification.test_story import begin, facts, facts_of, issue_all

pytestmark = pytest.mark.mongo


@pytest.fixture
def scene(database: Database, tmp_path: Path) -> Iterator[Scene]:
    (tmp_path / "seal.p12").write_bytes(a_seal(SEAL_PASSPHRASE))
    vault = Vault()
    with vault.serving() as url:
        yield Scene(database, tmp_path, vault, url)


def judged(document: bytes, seal: bytes) -> PdfSignatureStatus:
    """What pyhanko says of the one seal, trusting nobody but who holds this key."""
    _, certificate, _ = pkcs12.load_key_and_certificates(seal, SEAL_PASSPHRASE.encode())
    assert certificate is not None
    root = x509.Certificate.load(certificate.public_bytes(Encoding.DER))
    (signature,) = PdfFileReader(io.BytesIO(document)).embedded_signatures
    trust = ValidationContext(trust_roots=[root], allow_fetching=False)
    return validate_pdf_signature(signature, signer_validation_context=trust)


def sealed(scene: Scene) -> tuple[dict[str, Any], bytes]:
    """A certificate and its document after all jobs."""
    begin(scene)
    scene.hear(*facts())
    certificate = issue_all(scene)[person(0)[1]]
    path = f"/verify/{certificate['check_code']}/document"
    return certificate, scene.call("GET", path, role=None).data


def test_a_document_is_sealed_whole_and_stays_what_it_was(scene: Scene, tmp_path: Path) -> None:
    certificate, document = sealed(scene)

    status = judged(document, (tmp_path / "seal.p12").read_bytes())
    assert (status.intact, status.valid, status.trusted, status.bottom_line) == (True,) * 4
    assert status.coverage is SignatureCoverageLevel.ENTIRE_FILE
    page = facts_of(scene, certificate)
    assert sha256(document).hexdigest() == page["document_sha256"]
    stored = scene.platform.database.pymongo["certificate"].find_one({"_id": certificate["id"]})
    plain = document[: document.index(b"%%EOF") + len(b"%%EOF")]
    assert sha256(plain).hexdigest() == stored["paperwork"]["document_sha256"]
    for shown in (document, plain):
        sent = {"content": b64encode(shown).decode()}
        compared = scene.call("POST", "/verify/comparison", role=None, json=sent).json
        assert (compared["is_same_file"], compared["differences"]) == (True, [])
        assert compared["proof_holds"] is True
    altered = {"content": b64encode(document + b"\n").decode()}
    compared = scene.call("POST", "/verify/comparison", role=None, json=altered).json
    assert compared["is_same_file"] is False


def test_a_letter_changed_or_another_key_is_found(scene: Scene, tmp_path: Path) -> None:
    _, document = sealed(scene)
    seal = (tmp_path / "seal.p12").read_bytes()

    at = document.index(b"/Lang")
    altered = judged(document[:at] + b"/Lung" + document[at + 5 :], seal)
    strange = judged(document, a_seal(SEAL_PASSPHRASE))

    assert (altered.intact, altered.bottom_line) == (False, False)
    assert (strange.intact, strange.trusted, strange.bottom_line) == (True, False, False)


def test_pdfsig_finds_the_seal_valid_and_an_altered_one_not(scene: Scene, tmp_path: Path) -> None:
    if shutil.which("pdfsig") is None:
        said = "NOT TESTED: pdfsig (this machine lacks poppler-utils)"
        if os.environ.get("CI") == "true":
            pytest.fail(said)
        pytest.skip(said)
    _, document = sealed(scene)
    at = document.index(b"/Lang")
    said = {}
    for name, content in (
        ("whole", document),
        ("altered", document[:at] + b"/Lung" + document[at + 5 :]),
    ):
        file = tmp_path / f"{name}.pdf"
        file.write_bytes(content)
        command = ["pdfsig", "-nocert", str(file)]
        said[name] = subprocess.run(command, capture_output=True, text=True, check=False).stdout

    assert "Signature is Valid." in said["whole"]
    assert "Total document signed" in said["whole"]
    assert "ETSI.CAdES.detached" in said["whole"]
    assert "Signature is Valid." not in said["altered"]


def test_without_a_seal_nothing_is_sealed(database: Database, tmp_path: Path) -> None:
    vault = Vault()
    with vault.serving() as url:
        scene = Scene(database, tmp_path, vault, url)
        _, document = sealed(scene)

    assert list(PdfFileReader(io.BytesIO(document)).embedded_signatures) == []
    kinds = {row["kind"] for row in database.pymongo["job"].find()}
    assert kinds == {"issue_certificate", "prove_certificate"}

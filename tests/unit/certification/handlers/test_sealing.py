"""The job that seals: once, never after an erasure, and not with a seal that has expired."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from chassis.access import EVERYTHING
from chassis.clock import wall_now
from chassis.settings import load
from chassis.worker.jobber import JobFailed
from services.certification.domain.commands import AttachSeal
from services.certification.handlers.certificates import attach_seal
from services.certification.handlers.kinds import SEAL
from services.certification.handlers.sealing import Sealing
from services.certification.sealing import PdfSeal
from services.certification.settings import CertificationSettings
from tests.builders.certification import NOON, a_certificate, certificate_id
from tests.builders.seal import a_seal
from tests.fakes_ports import FakeBus, a_job
from tests.shelf import Shelf
from tests.unit.certification.handlers.test_commands import Papers


def a_sealing(certificates: Shelf, papers: Papers, sealer: Any) -> Sealing:
    handle = FakeBus(
        handlers={AttachSeal: partial(attach_seal, certificates=certificates, documents=papers)}
    )
    return Sealing(certificates=certificates, documents=papers, sealer=sealer, handle=handle)


def test_a_document_is_sealed_once_however_many_workers_seal_it():
    certificates = Shelf(a_certificate(), key="certificate_id")
    papers = Papers({certificate_id(1): b"%PDF"})
    seals = iter((b" sealed", b" sealed again"))
    sealer = SimpleNamespace(seal=lambda document: document + next(seals))
    sealing = a_sealing(certificates, papers, sealer)
    job = a_job(SEAL, certificate_id(1))
    first, second = sealing.on_seal(job), sealing.on_seal(job)
    assert first is not None
    assert second is not None

    first()
    second()

    assert papers == {certificate_id(1): b"%PDF sealed"}
    kept = certificates.get(certificate_id(1), scope=EVERYTHING).paperwork
    assert kept.sealed_document_sha256 == sha256(b"%PDF sealed").hexdigest()
    assert kept.document_sha256 == "1" * 64
    assert sealing.on_seal(job) is None


def test_a_seal_that_comes_after_the_erasure_brings_nothing_back():
    certificates = Shelf(a_certificate(), key="certificate_id")
    papers = Papers({certificate_id(1): b"%PDF"})
    sealing = a_sealing(certificates, papers, SimpleNamespace(seal=lambda document: document))
    completion = sealing.on_seal(a_job(SEAL, certificate_id(1)))
    assert completion is not None
    certificate = certificates.get(certificate_id(1), scope=EVERYTHING)
    certificate.erase(now=NOON)
    certificates.save(certificate, scope=EVERYTHING)
    papers.remove(certificate_id(1))

    completion()

    assert papers == {}
    assert sealing.on_seal(a_job(SEAL, certificate_id(1))) is None


def test_an_expired_seal_is_for_a_person_to_look_at(tmp_path: Path):
    file = tmp_path / "seal.p12"
    file.write_bytes(a_seal("x", ends_at=wall_now() - timedelta(seconds=1)))
    certificates = Shelf(a_certificate(), key="certificate_id")
    papers = Papers({certificate_id(1): b"%PDF"})
    sealing = a_sealing(certificates, papers, PdfSeal.of_file(file, "x"))

    with pytest.raises(JobFailed) as failed:
        sealing.on_seal(a_job(SEAL, certificate_id(1)))

    assert failed.value.code == "seal.expired"


@pytest.mark.parametrize(
    ("content", "passphrase", "said"),
    [
        (None, "x", "cannot be read: No such file"),
        (b"no PKCS#12", "x", "no PKCS#12 file with a key"),
        (a_seal("x"), "y", "no PKCS#12 file with a key"),
        (a_seal("x"), "", "no PKCS#12 file with a key"),
    ],
)
def test_a_seal_that_cannot_be_used_is_told_at_the_start(tmp_path, content, passphrase, said):
    file = tmp_path / "seal.p12"
    if content is not None:
        file.write_bytes(content)
    environ = {
        "RTCM_KEYS_DIR": str(tmp_path),
        "RTCM_CERTIFICATION_SEAL_FILE": str(file),
        "RTCM_CERTIFICATION_SEAL_PASSPHRASE": passphrase,
    }
    with pytest.raises(ValueError, match=f"RTCM_CERTIFICATION_SEAL_FILE: .*{said}"):
        load(CertificationSettings, environ)

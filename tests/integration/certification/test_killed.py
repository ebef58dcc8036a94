"""Killed (`kill -9`) at the worst moments and started again: each effect is there exactly once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from chassis.ids import new_id
from chassis.mongo.connection import Database, end_open_transactions
from chassis.mongo.documents import AuditRow, JobRow
from services.certification.domain.credentials.proofs import JCS, RDFC, check_proofs
from services.certification.domain.credentials.status_list import decode_bits
from services.certification.handlers.kinds import PROVE, SEAL
from tests.builders.seal import a_seal
from tests.integration.certification.scene import (
    COHORT,
    SEAL_PASSPHRASE,
    Scene,
    Vault,
    erasure_requested,
    person,
)
from tests.integration.certification.test_story import begin, facts, issue_all

pytestmark = [pytest.mark.mongo, pytest.mark.own_server]
ROOT = Path(__file__).parents[3]

Start = Callable[..., subprocess.CompletedProcess[str]]
"""Start a process: what it does, and the failpoints of which it dies (none: it lives)."""


@pytest.fixture
def vault_url(vault: Vault) -> Iterator[str]:
    with vault.serving() as url:
        yield url


@pytest.fixture
def vault() -> Vault:
    return Vault()


@pytest.fixture
def scene(database: Database, tmp_path: Path, vault: Vault, vault_url: str) -> Scene:
    return Scene(database, tmp_path, vault, vault_url)


@pytest.fixture
def start(mongo_server: Any, database: Database, tmp_path: Path, vault_url: str) -> Start:
    def run(*what: str, dies_at: str | None = None) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "tests.integration.certification.dying"]
        place = [mongo_server.uri, database.name, str(tmp_path), vault_url]
        failpoints = f"{dies_at}=kill" if dies_at else ""
        ended = subprocess.run(
            [*command, *place, *what],
            cwd=ROOT,
            env={**os.environ, "RTCM_MODE": "test", "RTCM_FAILPOINTS": failpoints},
            capture_output=True,
            text=True,
            timeout=240,
        )
        assert ended.returncode == (-signal.SIGKILL if dies_at else 0), ended.stderr
        # What it had open would lock others out, and its lease would keep its job, for a while.
        end_open_transactions(mongo_server.uri)
        JobRow._get_collection().update_many(
            {"status": "running"}, {"$set": {"waiting_until": datetime(2021, 1, 1, tzinfo=UTC)}}
        )
        return ended

    return run


def jobs() -> list[dict[str, Any]]:
    return list(JobRow._get_collection().find().sort("_id", 1))


def test_a_certificate_is_issued_and_proved_once_though_whoever_does_it_is_killed(
    scene: Scene, start: Start
) -> None:
    begin(scene)
    scene.hear(*facts(), erasure_requested(2))  # one award is left to be reached
    scene.now += timedelta(minutes=61)
    scene.fire()
    certificates = scene.platform.database.pymongo["certificate"]

    for point in ("job.after_claim", "job.after_work", "unit_of_work.before_commit"):
        start("jobs", dies_at=point)
        assert list(certificates.find()) == []
    start("jobs", dies_at="job.after_completion")
    (issued,) = certificates.find()
    assert issued["paperwork"]["credential"]["proof"]["cryptosuite"] == JCS
    for point in ("job.after_claim", "job.after_work", "unit_of_work.before_commit"):
        start("jobs", dies_at=point)
        assert list(certificates.find()) == [issued]
    start("jobs", dies_at="unit_of_work.after_commit")
    (proved,) = certificates.find()
    start("jobs")

    assert list(certificates.find()) == [proved]
    assert proved["version"] == issued["version"] + 1
    document = json.loads(scene.call("GET", "/.well-known/did.json", role=None).data)
    proofs = check_proofs(proved["paperwork"]["credential"], did_documents=[document])
    assert [proof.cryptosuite for proof in proofs] == [RDFC, JCS]
    assert [(job["status"], job["attempts"]) for job in jobs()] == [("done", 4), ("done", 4)]
    assert len(scene.announced("rtcm.certification.certificate.issued.v1")) == 1
    assert len(scene.call("GET", f"/alumni?cohort_id={COHORT}").json["items"]) == 1


def test_a_document_is_sealed_once_though_whoever_does_it_is_killed(
    scene: Scene, start: Start, tmp_path: Path
) -> None:
    (tmp_path / "seal.p12").write_bytes(a_seal(SEAL_PASSPHRASE))
    begin(scene)
    scene.hear(*facts(), erasure_requested(2))
    scene.now += timedelta(minutes=61)
    scene.fire()
    database = scene.platform.database.pymongo
    start("jobs", dies_at="job.after_completion")  # issued, with two jobs behind it
    database["job"].delete_many({"kind": PROVE})
    (paper,) = database["paper"].find()

    for point in ("job.after_claim", "job.after_work", "unit_of_work.before_commit"):
        start("jobs", dies_at=point)
        assert list(database["paper"].find()) == [paper]
    start("jobs", dies_at="unit_of_work.after_commit")
    (sealed,) = database["paper"].find()
    start("jobs")

    assert list(database["paper"].find()) == [sealed]
    assert sealed["document"].startswith(paper["document"])
    assert sealed["document"].count(b"/ByteRange") == 1
    (certificate,) = database["certificate"].find()
    kept = certificate["paperwork"]
    assert kept["document_sha256"] == sha256(paper["document"]).hexdigest()
    assert kept["sealed_document_sha256"] == sha256(sealed["document"]).hexdigest()
    (job,) = (row for row in jobs() if row["kind"] == SEAL)
    assert (job["status"], job["attempts"]) == ("done", 4)


@pytest.mark.parametrize("point", ["unit_of_work.before_commit", "unit_of_work.after_commit"])
def test_a_key_is_rotated_once_though_the_service_is_killed(
    scene: Scene, start: Start, tmp_path: Path, point: str
) -> None:
    scene.call("GET", "/.well-known/did.json")
    request = ("POST", "/issuer-keys/rotation", '{"current_name": "key-1"}', new_id())

    start(*request, dies_at=point)
    # The file of the new key is whole or not there; here the process died behind it.
    made = sorted(file.name for file in (tmp_path / "certification-issuer").iterdir())
    assert made == ["key-1.json", "key-2.json"]
    contents = {name: (tmp_path / "certification-issuer" / name).read_text() for name in made}
    assert [start(*request).stdout for _ in range(2)] == ["200\n"] * 2

    after = {file.name: file.read_text() for file in (tmp_path / "certification-issuer").iterdir()}
    assert after == contents
    document = json.loads(scene.call("GET", "/.well-known/did.json", role=None).data)
    names = [method["id"] for method in document["verificationMethod"]]
    assert (len(names), document["assertionMethod"]) == (2, names[1:])
    (noted,) = AuditRow._get_collection().find({"action": "issuer_key.rotated"})
    assert (noted["target"], noted["details"]) == ("key-2", ["replaces key-1"])


@pytest.mark.parametrize("point", ["unit_of_work.before_commit", "unit_of_work.after_commit"])
def test_a_revocation_is_published_once_though_the_service_is_killed(
    scene: Scene, start: Start, point: str
) -> None:
    begin(scene)
    scene.hear(*facts())
    certificate = issue_all(scene)[person(0)[1]]
    slot = int(certificate_status(scene, certificate)["statusListIndex"])
    path = f"/certificates/{certificate['id']}/revocation"
    request = ("POST", path, '{"reason_code": "inquiry"}', new_id())
    assert set_bits(scene) == []

    start(*request, dies_at=point)
    survived = point == "unit_of_work.after_commit"
    assert set_bits(scene) == ([slot] if survived else [])
    assert [start(*request).stdout for _ in range(2)] == ["204\n"] * 2

    assert set_bits(scene) == [slot]
    assert len(scene.announced("rtcm.certification.certificate.revoked.v1")) == 1
    facts_shown = scene.call("GET", f"/verify/{certificate['check_code']}", role=None).json
    assert [change["status"] for change in facts_shown["history"]] == ["revoked"]


def certificate_status(scene: Scene, certificate: dict[str, Any]) -> dict[str, Any]:
    """The credential's entry in the list of revocations."""
    shown = scene.call("GET", f"/verify/{certificate['check_code']}/credential", role=None)
    entries = json.loads(shown.data)["credentialStatus"]
    found: dict[str, Any] = next(one for one in entries if one["statusPurpose"] == "revocation")
    return found


def set_bits(scene: Scene) -> list[int]:
    """Which places of the published list are set; its proofs have to hold."""
    listed = json.loads(scene.call("GET", "/status-lists/1/revocation", role=None).data)
    document = json.loads(scene.call("GET", "/.well-known/did.json", role=None).data)
    check_proofs(listed, did_documents=[document])
    bits = decode_bits(listed["credentialSubject"]["encodedList"])
    return [
        8 * number + place
        for number, byte in enumerate(bits)
        if byte
        for place in range(8)
        if byte & (0x80 >> place)
    ]

"""Credentials: issued beside bare cryptography, and verified over the API beside bare Flask.

``python -m bench.credentials [--credentials N] [--requests N]``

Issuing is compared with the least that signing takes: canonical form by ``rfc8785``, SHA-256 and
Ed25519 over documents that are made already. Ours makes the document, hashes its content, gives it
status entries and proves it; ``eddsa-rdfc-2022`` beside PyLD's bare normalisation.

Verifying is one request of the public route beside bare Flask behind the same server: a route that
reads the same document by the raw driver from the same database, and one that reads nothing. Each
certificate is asked for many times, as on a day when it is shown around: its signature is computed
once, afterwards the stored credential is compared with the one that was computed.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import rfc8785
import urllib3
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pyld import jsonld

from bench.certificates import ISSUED, a_content
from bench.intake import Request, asked_round, free_port, middle, serving
from bench.result import percentile, report
from chassis.access import EVERYTHING
from chassis.clock import system_clock
from chassis.ids import derived_id, new_id
from chassis.mongo.connection import connect
from chassis.mongo.outbox import Outbox
from chassis.mongo.unit_of_work import UnitOfWork
from chassis.tokens import ensure_keys
from rtcm.mongo_server import MongoServer
from services.certification.domain.certificate import Certificate, Holder, Paperwork
from services.certification.domain.content import CertificateContent
from services.certification.domain.credentials.keys import SigningKey
from services.certification.domain.credentials.open_badge import open_badge
from services.certification.domain.credentials.proofs import JCS, RDFC, add_proof
from services.certification.domain.credentials.rdf import RELATIVE, ClosedLoader
from services.certification.domain.credentials.status_slots import entries_of
from services.certification.storage.keys import KeyFiles
from services.certification.storage.repositories import Repositories

THREADS = 8
ISSUER = "did:web:rtcm.example"
LISTS = "https://rtcm.example/status-lists"
KEY = SigningKey(
    verification_method=f"{ISSUER}#key-1",
    private_key=Ed25519PrivateKey.from_private_bytes(b"7" * 32),
)


def issued(content: CertificateContent, number: int, key: SigningKey = KEY) -> dict[str, Any]:
    """A credential with status entries and its proof, as the service issues it."""
    badge = open_badge(
        content,
        certificate_id=derived_id("bench", str(number)),
        issuer_did=key.verification_method.partition("#")[0],
        statuses=entries_of(number, LISTS),
    )
    return add_proof(badge, key=key, created_at=ISSUED)


def parts_of(credential: dict[str, Any], suite: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Proof options and document: what a suite signs."""
    bare = {name: value for name, value in credential.items() if name != "proof"}
    options = {name: value for name, value in credential["proof"].items() if name != "proofValue"}
    return {**options, "cryptosuite": suite, "@context": bare["@context"]}, bare


def rate(do: Callable[[int], object], count: int) -> float:
    """Times a second of CPU, after one that warms up."""
    do(0)
    began = time.process_time()
    for number in range(count):
        do(number)
    return count / (time.process_time() - began)


def by_jcs(count: int) -> tuple[float, float]:
    """Ours and the bare one."""
    contents = [a_content(number) for number in range(count)]
    parts = [parts_of(issued(content, 0), JCS) for content in contents]

    def bare(number: int) -> bytes:
        digests = (sha256(rfc8785.dumps(part)).digest() for part in parts[number])
        return KEY.private_key.sign(b"".join(digests))

    return rate(lambda number: issued(contents[number], number), count), rate(bare, count)


def by_rdf(count: int) -> tuple[float, float]:
    """Ours and the bare one."""
    loader = ClosedLoader()
    credentials = [issued(a_content(number), number) for number in range(count)]
    options = {
        "documentLoader": loader,
        "contextResolver": loader.resolver,
        "algorithm": "URDNA2015",
        "format": "application/n-quads",
        "base": RELATIVE,
    }

    def bare(number: int) -> bytes:
        digests = (
            sha256(str(jsonld.normalize(part, options)).encode()).digest()
            for part in parts_of(credentials[number], RDFC)
        )
        return KEY.private_key.sign(b"".join(digests))

    def ours(number: int) -> object:
        return add_proof(
            credentials[number], key=KEY, created_at=ISSUED, cryptosuite=RDFC, loader=loader
        )

    return rate(ours, count), rate(bare, count)


def a_certificate(number: int, key: SigningKey) -> Certificate:
    """One in force."""
    content = a_content(number)
    return Certificate.issue(
        holder=Holder(
            award_id=derived_id("bench award", str(number)),
            participant_id=derived_id("bench participant", str(number)),
            subject_id=derived_id("bench subject", str(number)),
            cohort_id=derived_id("bench cohort"),
            country_code="AZ",
        ),
        ordinal=1,
        check_code=content.verify_url.rpartition("/")[2],
        status_slot=number,
        content=content,
        paperwork=Paperwork(credential=issued(content, number, key), document_sha256="0" * 64),
    )


def store(mongo_uri: str, keys: Path, count: int, *, issuer_did: str = ISSUER) -> list[Certificate]:
    """Put certificates into certification's database, as its worker would."""
    key = KeyFiles(keys / "certification-issuer", issuer_did).ring().current
    database = connect(mongo_uri, "rtcm_certification")
    unit_of_work = UnitOfWork(database)
    shelf = Repositories.of(Outbox(system_clock)).certificates
    made = [a_certificate(number, key) for number in range(count)]
    try:
        for certificate in made:
            unit_of_work.run(
                lambda kept=certificate: shelf.save(kept, scope=EVERYTHING), command_id=new_id()
            )
    finally:
        database.close()
    return made


def over_the_api(clients: int, per_client: int, rounds: int) -> dict[str, Any]:
    """Requests a CPU second, ours and bare, behind the same server, asked in turns."""
    with tempfile.TemporaryDirectory() as directory:
        folder = Path(directory)
        keys, own_port, plain_port = folder / "keys", free_port(), free_port()
        ensure_keys(keys, ["cli", "certification"])
        mongo = MongoServer(folder / "mongo")
        mongo.start()
        environ = {
            "RTCM_MODE": "production",
            "RTCM_MONGO_URI": mongo.uri,
            "RTCM_LOG_URL": f"sqlite:///{folder / 'log.db'}",
            "RTCM_KEYS_DIR": str(keys),
            "RTCM_CERTIFICATION_URL": f"http://127.0.0.1:{own_port}",
            "RTCM_CERTIFICATION_ISSUER_DID": ISSUER,
            "RTCM_LOG_LEVEL": "WARNING",
        }
        ours, reading, idle = [], [], []
        try:
            with serving(["-m", "services.certification", "api"], own_port, environ) as (url, pid):
                codes = [one.check_code for one in store(mongo.uri, keys, 200)]
                pool = urllib3.PoolManager()
                answers = {
                    code: pool.request("GET", f"{url}/verify/{code}").data.decode()
                    for code in codes
                }
                assert all(json.loads(answer)["proof_holds"] for answer in answers.values())
                file = folder / "answers.json"
                file.write_text(json.dumps(answers))
                plain = ["-m", "bench.plain_page", mongo.uri, "rtcm_certification", str(file)]
                plain += [str(plain_port), str(THREADS)]
                with serving(plain, plain_port, {}) as (plain_url, plain_pid):
                    for _ in range(rounds + 1):
                        asked = [f"/verify/{code}" for code in codes[:clients]]
                        ready = [f"/ready/{code}" for code in codes[:clients]]
                        pids = [plain_pid, mongo.pid]
                        reading.append(asked_round(_gets(plain_url, asked), per_client, pids))
                        idle.append(asked_round(_gets(plain_url, ready), per_client, [plain_pid]))
                        pids = [pid, mongo.pid]
                        ours.append(asked_round(_gets(url, asked), per_client, pids))
        finally:
            mongo.stop()
    del ours[0], reading[0], idle[0]  # they warmed all up
    taken = [seconds for one in ours for seconds in one.seconds_taken]
    own, bare, nothing = (
        1000 / middle([one.cpu_ms_per_request for one in side]) for side in (ours, reading, idle)
    )
    return {
        "ours": round(own, 1),
        "bare_flask_with_a_read": round(bare, 1),
        "bare_flask": round(nothing, 1),
        "ratio": round(own / bare, 4),
        "ratio_to_reading_nothing": round(own / nothing, 4),
        "requests_per_second": round(middle([one.requests_per_second for one in ours]), 1),
        "p50_ms": round(percentile(taken, 0.5) * 1000, 2),
        "p99_ms": round(percentile(taken, 0.99) * 1000, 2),
    }


def _gets(url: str, paths: list[str]) -> list[Request]:
    return [("GET", f"{url}{path}", {}, None) for path in paths]


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--credentials", type=int, default=2_000)
    parser.add_argument("--clients", type=int, default=4)
    parser.add_argument("--requests", type=int, default=150, help="of each client, in a round")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    ours, bare = by_jcs(options.credentials)
    rdf, bare_rdf = by_rdf(max(20, options.credentials // 50))
    requests = over_the_api(options.clients, options.requests, options.rounds)
    report(
        "credentials",
        ours=ours,
        baseline=bare,
        unit="credentials per CPU second (eddsa-jcs-2022 and status entries)",
        lines=[
            f"issuing by JCS: {ours:.0f}, bare canonical form and signature {bare:.0f}",
            f"second proof by RDF: {rdf:.1f}, bare normalisation and signature {bare_rdf:.1f}",
            f"verification over the API: {requests}",
        ],
        rdfc={
            "ours": round(rdf, 2),
            "baseline": round(bare_rdf, 2),
            "ratio": round(rdf / bare_rdf, 4),
        },
        verification=requests,
    )


if __name__ == "__main__":
    main()

"""From a revocation to what the public sees: page and signed status list, over HTTP.

``python -m bench.revocation [--certificates N] [--revocations N]``

Certification and console run as in a centre, on the embedded database, certificates of ours in it.
One is revoked over the API; then its public facts and the status list at the console's address are
asked until both say so. ``baseline`` is the goal, in seconds of the clock on the wall.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path

import urllib3

from bench.credentials import ISSUER, store
from bench.result import percentile, report
from rtcm.stack import OPERATOR, Plan, Stack
from services.certification.domain.certificate import Certificate
from services.certification.domain.credentials.status_list import decode_bits, value_at
from services.certification.domain.credentials.status_slots import index_of

GOAL_SECONDS = 2.0


def seen_after(stack: Stack, pool: urllib3.PoolManager, certificate: Certificate) -> float:
    """Seconds from the command until page and list say that it is revoked."""
    client = stack.client("certification")
    began = time.perf_counter()
    path = f"/certificates/{certificate.certificate_id}/revocation"
    client.post(path, {"reason_code": "issued_in_error"}, actor=OPERATOR)
    while not (_page_says_so(stack, pool, certificate) and _list_says_so(stack, pool, certificate)):
        assert time.perf_counter() - began < 60, "nobody heard of it"
    return time.perf_counter() - began


def _page_says_so(stack: Stack, pool: urllib3.PoolManager, certificate: Certificate) -> bool:
    url = f"{stack.urls['certification']}/verify/{certificate.check_code}"
    return bool(json.loads(pool.request("GET", url).data)["status"] == "revoked")


def _list_says_so(stack: Stack, pool: urllib3.PoolManager, certificate: Certificate) -> bool:
    listed = json.loads(
        pool.request("GET", f"{stack.urls['console']}/status-lists/1/revocation").data
    )
    bits = decode_bits(listed["credentialSubject"]["encodedList"])
    return value_at(bits, index_of(certificate.status_slot)) == 1


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--certificates", type=int, default=1_000)
    parser.add_argument("--revocations", type=int, default=200)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        extra = (("RTCM_CERTIFICATION_ISSUER_DID", ISSUER),)
        services = ("certification", "console")
        stack = Stack(Plan(data=Path(directory), mode="production", services=services, extra=extra))
        try:
            stack.start()
            made = store(stack.mongo.uri, stack.keys, asked.certificates)
            pool = urllib3.PoolManager()
            seconds = [seen_after(stack, pool, one) for one in made[: asked.revocations + 1]][1:]
        finally:
            stack.stop()
    p50, p99 = percentile(seconds, 0.5), percentile(seconds, 0.99)
    report(
        "revocation",
        ours=p99,
        baseline=GOAL_SECONDS,
        unit="seconds from command to public page and signed list, p99 (less is better)",
        lines=[
            f"{len(seconds)} of {asked.certificates} revoked, one after the other",
            f"p50 {p50 * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms, worst {max(seconds) * 1000:.0f} ms",
        ],
        p50=round(p50, 4),
        worst=round(max(seconds), 4),
    )


if __name__ == "__main__":
    main()

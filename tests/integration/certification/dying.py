"""Certification in a process of its own, made to die by ``RTCM_FAILPOINTS``.

``jobs`` does the waiting jobs and ends; ``METHOD PATH BODY KEY`` is one request by an operator,
its status on standard output.
"""

from __future__ import annotations

import json
import sys
import threading
from pathlib import Path

from chassis import failpoints
from chassis.mongo.connection import connect
from chassis.mongo.jobs import claim
from chassis.worker.jobber import JobLoop
from tests.integration.certification.scene import Scene, Vault


def do_jobs(scene: Scene) -> None:
    """As the loop does them, until none is left."""
    loop = JobLoop(
        handlers=scene.parts.on_job,
        unit_of_work=scene.platform.unit_of_work,
        wake=threading.Event(),
        stop=threading.Event(),
    )
    while (job := claim(tuple(scene.parts.on_job))) is not None:
        failpoints.reach("job.after_claim")
        loop._do(job)


def main(uri: str, name: str, folder: str, vault_url: str, what: str, *request: str) -> None:
    """Do what is asked, or die of it."""
    scene = Scene(connect(uri, name), Path(folder), Vault(), vault_url)
    if what == "jobs":
        do_jobs(scene)
        return
    path, body, key = request
    headers = {"Idempotency-Key": key}
    answer = scene.call(what, path, json=json.loads(body), headers=headers)
    print(answer.status_code)


if __name__ == "__main__":
    main(*sys.argv[1:])

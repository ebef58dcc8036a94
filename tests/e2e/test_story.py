"""The centre's main job, from the call to the certificate, on real processes and both logs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from rtcm.kafka_jars import missing_tools

RTCM = Path(sys.executable).parent / "rtcm"


def told(data: Path, engine: str) -> dict[str, Any]:
    summary = data / "summary.json"
    command = [str(RTCM), "demo", "--exit", "--engine", engine, "--data", str(data / "demo")]
    done = subprocess.run(
        [*command, "--summary", str(summary)], capture_output=True, text=True, timeout=900
    )
    assert done.returncode == 0, done.stdout + done.stderr
    found: dict[str, Any] = json.loads(summary.read_text())
    return found


@pytest.mark.timeout(1000)
@pytest.mark.parametrize("engine", ["embedded", pytest.param("kafka", marks=pytest.mark.kafka)])
def test_the_story_ends_with_the_right_numbers(engine: str, tmp_path: Path) -> None:
    if engine == "kafka" and (missing := missing_tools()):
        if os.environ.get("CI") == "true":
            pytest.fail(f"CI must tell the story on Apache Kafka, but: {missing}")
        pytest.skip(f"Apache Kafka: {missing}")

    summary = told(tmp_path, engine)

    assert summary["parked"] == 0
    assert summary["failed_jobs"] == 0
    assert summary["people"] == {
        "applications": 120,
        "screened": 120,
        "ineligible": 2,
        "interviewed": 48,
        "offers": 27,
        "accepted": 24,
        "declined": 2,
        "expired": 1,
        "participants": 24,
        "left": 2,
        "officials": 30,
        "erased": 1,
    }
    assert summary["trainings"] == 33
    assert summary["certificates"] == {"issued": 17, "revoked": 1, "superseded": 1}
    assert summary["course_certificates"] == 30
    assert summary["plan"]["progress"]["1.1"] == 100
    assert Path(summary["links"]["certificate_pdf"]).read_bytes().startswith(b"%PDF-")
    # Everything is stopped: nothing answers any more.
    with pytest.raises(OSError):
        urllib.request.urlopen(summary["addresses"]["console"], timeout=2)

"""The last step: a cohort's people are forgotten, and their certificates answer all the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rtcm.demo.scenes.certifying import material_of, reason_of
from rtcm.demo.stage import Stage

_STAYS = (
    "serial",
    "check_code",
    "kind_code",
    "status",
    "is_valid",
    "issued_at",
    "content_sha256",
    "history",
    "replaces_serial",
    "successor_serial",
)
"""What a public page says of a certificate whose holder is forgotten."""


def erase_course(stage: Stage, documents: Path) -> None:
    """Everybody of the regional course goes; the page behind each QR code is opened after."""
    cast = stage.cast
    school = f"/cohorts/{cast.school_id}/erasure"
    stage.refused("cohort.kept", lambda: stage.post("registration", school, key="too-early"))
    issued = stage.all("certification", "/certificates", cohort_id=cast.course_id)
    codes = [certificate["check_code"] for certificate in issued]
    before = {code: stage.get("certification", f"/verify/{code}") for code in codes}
    saved = json.dumps(stage.get("certification", f"/verify/{codes[0]}/credential")).encode()
    path = f"/cohorts/{cast.course_id}/erasure"
    people = stage.all("registration", f"{path}/people")
    kept = [one for one in people if one["reasons"]]
    stage.hold(not kept, f"of the course some should stay: {kept}")
    stage.post("registration", path, key="erase-course")
    stage.settle()
    state = stage.get("registration", path)
    stage.hold(state["status"] == "done", f"the course's erasure stands at {state['status']}")
    left = stage.all("registration", f"{path}/people")
    stage.hold(not left, f"{len(left)} of the course are known still")
    for person in people:
        erasure = stage.get("registration", f"/subjects/{person['subject_id']}/erasure")
        stage.hold(erasure["status"] == "erased", f"an erasure stands at {erasure['status']}")
    for code, facts in before.items():
        _answers_without_a_name(stage, code, facts)
    found = reason_of(saved, material_of(stage, documents))
    stage.hold(found is None, f"a credential saved before verifies no more: {found}")
    cast.counts["course_erased"] = len(people)
    cast.counts["course_pages"] = len(before)
    stage.say(
        f"The regional course's {len(people)} officials were forgotten together. The QR codes of "
        f"its {len(before)} certificates still answer: number, status and hash, and no name; a "
        "credential that its holder had saved still verifies."
    )


def _answers_without_a_name(stage: Stage, code: str, before: dict[str, Any]) -> None:
    name = before["holder_name"]
    facts = stage.get("certification", f"/verify/{code}")
    expected = {fact: before[fact] for fact in _STAYS} | {"is_erased": True}
    stage.hold({fact: facts[fact] for fact in expected} == expected, f"{code} says {facts}")
    stage.hold("holder_name" not in facts, f"{code} still names its holder")
    page = stage.get("console", f"/verify/{code}").decode()
    stage.hold(before["serial"] in page, f"the page of {code} does not show its number")
    stage.hold(name not in page, f"the page of {code} still names its holder")

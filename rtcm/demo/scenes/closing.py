"""Steps 7 to 9: the partner, an erasure, the annual plan."""

from __future__ import annotations

import time
from typing import Any

from chassis.clock import monotonic
from rtcm.demo.receiver import Receiver
from rtcm.demo.stage import Stage

_PARTNER_TYPES = (
    "rtcm.registration.cohort.announced.v1",
    "rtcm.scheduling.timetable.released.v1",
    "rtcm.certification.certificate.issued.v1",
    "rtcm.certification.certificate.revoked.v1",
)


def subscribe(stage: Stage, receiver: Receiver) -> None:
    """Before anything happens: a partner system subscribes to some types of one country."""
    body = {
        "partner_code": "sister-centre",
        "agreement_reference": "2020/17",
        "event_types": list(_PARTNER_TYPES),
        "country_codes": ["AZ", "*"],
        "endpoint_url": receiver.url,
    }
    made = stage.post("partners", "/subscriptions", body, key="subscribe").body
    receiver.secret = made["webhook_secret"]
    receiver.api_key = made["api_key"]
    stage.cast.links["partner_subscription"] = made["id"]


def compare(stage: Stage, receiver: Receiver) -> None:
    """What came by webhook is what the feed has, and nothing else."""
    deadline = monotonic() + 20
    fed = receiver.read_feed(stage.theatre.urls["partners"])
    while len(receiver.received) < len(fed) and monotonic() < deadline:
        time.sleep(0.1)
    by_webhook = sorted(event["id"] for event in receiver.received)
    stage.hold(by_webhook == sorted(event["id"] for event in fed), "webhooks and feed differ")
    stage.hold(receiver.unsigned == 0, "a webhook came with a wrong signature")
    types = {event["type"] for event in fed}
    stage.hold(types <= set(_PARTNER_TYPES), f"the partner saw {types}")
    stage.cast.counts["partner_events"] = len(fed)
    stage.say(
        f"The partner received {len(fed)} signed webhooks, read the same events from its feed, and "
        "saw no other type, no other country and nobody's id of ours."
    )


def erase(stage: Stage) -> None:
    """One person asks to be forgotten: every service answers, the counts stay."""
    applicant = stage.cast.applicants[-1]
    for one in reversed(stage.cast.applicants):
        if not one.participant_id:
            applicant = one
            break
    before = _funnel(stage)
    path = f"/subjects/{applicant.subject_id}/erasure"
    stage.post("registration", path, key="erase")
    stage.settle()
    state = stage.get("registration", path)
    stage.hold(state["status"] == "erased", f"the erasure stands at {state['status']}")
    stage.hold(len(state["receipts"]) == 5, f"receipts: {state['receipts']}")
    stage.refused("subject.erased", lambda: _ask_name(stage, applicant.subject_id))
    stage.hold(_funnel(stage) == before, "the counts changed")
    stage.cast.counts["erased"] = 1
    stage.say("One person was forgotten: five services gave their receipt, the counts stayed.")


def _ask_name(stage: Stage, subject_id: str) -> Any:
    return stage.get("registration", f"/subjects/{subject_id}")


def _funnel(stage: Stage) -> Any:
    return stage.get("registration", "/statistics", cohort_id=stage.cast.school_id)["counts"]


def import_plan(stage: Stage) -> None:
    """The annual activity plan of 2025, rows tied to the programme filled by events."""
    plan = stage.facts["activity_plan"]
    items = [
        {
            "item_no": row["no"],
            **{name: {"en": row[name]} for name in ("direction", "task", "expected_result")},
            **{name: [{"en": text} for text in row[name]] for name in ("methods", "responsible")},
            "when": {"en": row["when"]},
            "strategy_clauses": row["strategy_clauses"],
        }
        for row in plan["rows"]
    ]
    body = {
        "country_code": "AZ",
        "year": plan["year"],
        "organisation": {"en": plan["organisation"]},
        "items": items,
    }
    made = stage.post("scheduling", "/work-plans", body, key="plan")
    path = f"/work-plans/{made.body['id']}"
    school = [stage.cast.school_id]
    for item_no, counts, target in (
        ("1.1", "attendance.recorded", 33),
        ("2.1", "participant.enrolled", 48),
    ):
        rule = {"counts": counts, "target_count": target, "cohort_ids": school}
        stage.put("scheduling", f"{path}/items/{item_no}/rule", rule)
    stage.put("scheduling", f"{path}/items/5.1/progress", {"progress_percent": 40})
    stage.settle()
    shown = stage.get("scheduling", path)
    progress = {row["item_no"]: row["progress_percent"] for row in shown["items"]}
    stage.hold(progress["1.1"] == 100, f"row 1.1 stands at {progress['1.1']} %")
    stage.hold(0 < progress["2.1"] < 100, f"row 2.1 stands at {progress['2.1']} %")
    stage.cast.counts["plan"] = {"rows": len(items), "progress": progress}
    stage.say(
        f"The plan of {plan['year']} has {len(items)} rows; 1.1 and 2.1 filled themselves from "
        f"events to {progress['1.1']} % and {progress['2.1']} %."
    )

"""Step 3: eligibility, blind reviews, interviews, allocation, offers."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from chassis.access import Role
from rtcm.commands.audit import read_bundle, write_bundle
from rtcm.demo.rules import INTERVIEW_PLACES, SEATS, selection_rules
from rtcm.demo.stage import Stage, baku, person_actor, staff
from services.selection.domain.audit.verify import check

_REVIEWERS = [staff(f"reviewer {number}", Role.REVIEWER) for number in range(8)]
_PUBLIC_VALUE_NAME = "state-lottery-2020-12-14"
_PUBLIC_VALUE = "08 15 16 23 42 04"


def set_rules(stage: Stage) -> None:
    """Before the call opens: who may apply and how people are chosen."""
    cast = stage.cast
    edition = next(one for one in stage.facts["editions"] if one["code"] == "ms-3")
    body = {"cohort_id": cast.school_id, "document": selection_rules(edition)}
    stage.post("selection", "/rulesets", body, key="rules")


def bind_lottery(stage: Stage) -> None:
    """Before the call closes: the lottery's secret is bound, a future public value named."""
    cast = stage.cast
    run = {"call_id": cast.school_call_id, "public_value_name": _PUBLIC_VALUE_NAME}
    cast.run_id = stage.post("selection", "/runs", run, key="run").body["id"]


def review(stage: Stage) -> None:
    """Two blind reviews of everybody who may take part, then the cut."""
    stage.settle()
    cohort_id = stage.cast.school_id
    screenings = stage.all("selection", "/screenings", cohort_id=cohort_id)
    refused = [one for one in screenings if one["status"] == "rejected"]
    waiting = [one for one in screenings if one["status"] == "eligible"]
    stage.say(
        f"Eligibility decided on {len(screenings)} forms by itself: {len(refused)} lie outside the "
        f"target group, each with the clause that says why."
    )
    stage.cast.counts |= {"screened": len(screenings), "ineligible": len(refused)}

    def read_twice(numbered: tuple[int, dict[str, Any]]) -> None:
        number, screening = numbered
        draw = stage.people.chance("review", screening["id"])
        talent = draw.randrange(30, 95)
        for step in range(2):
            reviewer = _REVIEWERS[(number + step) % len(_REVIEWERS)]
            path = f"/screenings/{screening['id']}/reviewers"
            key = f"assign-{screening['id']}-{step}"
            stage.post("selection", path, {"reviewer_id": reviewer.actor_id}, key=key)
            scores = [
                {"criterion_code": code, "points": min(100, max(0, talent + draw.randint(-8, 8)))}
                for code in ("motivation", "ideas")
            ]
            stage.post(
                "selection",
                f"/reviews/{screening['id']}/sealing",
                {"scores": scores},
                actor=reviewer,
                key=f"seal-{screening['id']}-{step}",
            )

    stage.each(list(enumerate(waiting)), read_twice, what="two blind reviews each")
    stage.post("selection", "/shortlists", {"cohort_id": cohort_id}, key="shortlist")
    stage.settle()


def interview(stage: Stage) -> None:
    """Everybody on the shortlist is heard by a panel of two."""
    shortlisted = stage.all(
        "selection", "/screenings", cohort_id=stage.cast.school_id, status="shortlisted"
    )
    stage.hold(
        len(shortlisted) >= INTERVIEW_PLACES,
        f"{len(shortlisted)} on the shortlist, {INTERVIEW_PLACES} were to be heard",
    )
    first = baku("2020-12-02 09:00")
    panel = [one.actor_id for one in _REVIEWERS[:2]]

    def book(numbered: tuple[int, dict[str, Any]]) -> tuple[str, datetime]:
        number, screening = numbered
        starts_at = first + timedelta(days=number // 16, minutes=30 * (number % 16))
        body = {
            "application_id": screening["application_id"],
            "panelist_ids": panel,
            "starts_at": starts_at.isoformat(),
            "ends_at": (starts_at + timedelta(minutes=25)).isoformat(),
            "zone": "Asia/Baku",
            "mode": "onsite",
        }
        made = stage.post("selection", "/interviews", body, key=f"book-{screening['id']}")
        return made.body["id"], starts_at

    booked = stage.each(list(enumerate(shortlisted)), book, what="interviews booked")
    stage.until(max(starts_at for _, starts_at in booked) + timedelta(hours=1))

    def score(made: tuple[str, datetime]) -> None:
        draw = stage.people.chance("interview", made[0])
        for member in _REVIEWERS[:2]:
            scores = [
                {"criterion_code": "world_view", "points": draw.randrange(40, 100, 5)},
                {"criterion_code": "logical_thinking", "points": draw.randrange(40, 100, 5)},
                {"criterion_code": "foreign_languages", "points": draw.choice((45, 65, 85))},
            ]
            path = f"/interviews/{made[0]}/scores"
            key = f"score-{made[0]}-{member.actor_id}"
            stage.post("selection", path, {"scores": scores}, actor=member, key=key)

    stage.each(booked, score, what="sealed interview scores")
    stage.cast.counts["interviewed"] = len(booked)
    stage.say(
        f"{len(booked)} were heard on world view, logical thinking and foreign languages; scores "
        "stay sealed until the whole panel has handed in."
    )


def allocate(stage: Stage) -> None:
    """The seats by deferred acceptance; ties by the lottery whose secret was bound before."""
    run_path = f"/runs/{stage.cast.run_id}"
    stage.until(baku("2020-12-14 20:00"))
    stage.post("selection", f"{run_path}/snapshot", key="snapshot")
    stage.settle()
    stage.post("selection", f"{run_path}/draw", {"public_value": _PUBLIC_VALUE}, key="draw")
    stage.settle()
    offers = stage.all("selection", "/offers", run_id=stage.cast.run_id)
    places = stage.all("selection", "/places", run_id=stage.cast.run_id)
    stage.hold(len(offers) == SEATS, f"{len(offers)} offers for {SEATS} seats")
    stage.cast.links["run_manifest"] = f"{stage.theatre.urls['selection']}{run_path}/manifest"
    stage.say(
        f"{len(offers)} offers went out and {len(places)} wait in line; anybody can check the draw "
        "from its public manifest."
    )


def answer(stage: Stage) -> None:
    """Most accept, two decline, one lets the offer expire; the waiting list moves up."""
    offers = sorted(
        stage.all("selection", "/offers", run_id=stage.cast.run_id), key=lambda one: one["id"]
    )
    silent, declining, accepting = offers[0], offers[1:3], offers[3:]
    stage.each(accepting, lambda one: _say_yes(stage, one), what="offers accepted")
    for offer in declining:
        me = person_actor(offer["subject_id"])
        stage.post("selection", f"/offers/{offer['id']}/refusal", actor=me, key=offer["id"])
    stage.settle()
    moved_up = 0
    while True:
        fresh = [
            one
            for one in stage.all("selection", "/offers", run_id=stage.cast.run_id, status="made")
            if one["id"] != silent["id"]
        ]
        if not fresh:
            if _offer(stage, silent["id"])["status"] != "made":
                break
            stage.until(datetime.fromisoformat(silent["answer_by"]) + timedelta(minutes=1))
            stage.settle()
            continue
        for offer in fresh:
            _say_yes(stage, offer)
            moved_up += 1
        stage.settle()
    ended = stage.all("selection", "/offers", run_id=stage.cast.run_id)
    states = [one["status"] for one in ended]
    stage.hold(states.count("accepted") == SEATS, f"{states.count('accepted')} accepted")
    stage.hold(states.count("expired") == 1, "one offer should have expired")
    stage.cast.counts |= {
        "offers": len(ended),
        "accepted": states.count("accepted"),
        "declined": states.count("declined"),
        "expired": states.count("expired"),
    }
    stage.say(
        f"{states.count('declined')} declined and one offer expired; {moved_up} people moved "
        "up, by running the allocation again with the same priorities."
    )


def prove(stage: Stage, folder: Path) -> None:
    """The run's bundle is exported and decided again from the file alone."""
    folder.mkdir(parents=True, exist_ok=True)
    archive = folder / "run-audit.zip"
    write_bundle(archive, stage.get("selection", f"/runs/{stage.cast.run_id}/audit"))
    found = check(read_bundle(archive))
    manifest = stage.get("selection", f"/runs/{stage.cast.run_id}/manifest")
    stage.hold(found.manifest_sha256 == manifest["manifest_sha256"], "another manifest is public")
    stage.cast.links["audit_bundle"] = str(archive)
    stage.say(
        f"The second engine decided all {found.rounds} rounds again from the audit bundle: "
        f"rtcm audit verify {archive}"
    )


def _offer(stage: Stage, offer_id: str) -> dict[str, Any]:
    found: dict[str, Any] = stage.get("selection", f"/offers/{offer_id}")
    return found


def _say_yes(stage: Stage, offer: dict[str, Any]) -> None:
    me = person_actor(offer["subject_id"])
    stage.post("selection", f"/offers/{offer['id']}/acceptance", actor=me, key=offer["id"])

"""What a partner may know comes once, in order, under ids of its own."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from chassis.access import Role, Scope
from chassis.mongo.connection import Database
from chassis.mongo.documents import AnswerRow
from chassis.mongo.inbox import Verdict
from contracts.partners import ErasureConfirmed, SubscriptionActivated, SubscriptionEnded
from services.partners.storage.documents import EndpointDocument, SubscriptionDocument
from tests.builders.partners import (
    COMPLETED,
    ENROLLED,
    ISSUED,
    a_person,
    completed,
    enrolled,
    erased,
    erasure_requested,
)
from tests.integration.partners.scene import Scene


@pytest.fixture
def scene(database: Database, tmp_path: Path) -> Iterator[Scene]:
    yield Scene(database, tmp_path)


def test_feed_holds_what_type_and_country_allow_in_order(scene: Scene) -> None:
    shown = scene.subscribe()

    scene.hear(enrolled(1), completed(1), enrolled(2, country_code="GE"))
    scene.hear(completed(2, country_code="*"), enrolled(3))

    events = scene.feed(shown["api_key"], limit=2)
    assert [event["type"] for event in events] == [ENROLLED, COMPLETED, ENROLLED]
    assert [event["sequence"] for event in events] == [1, 2, 3]
    assert all(event["countrycode"] == "AZ" for event in events)


def test_feed_holds_the_centres_events_where_they_are_listed(scene: Scene) -> None:
    shown = scene.subscribe(country_codes=["*"])

    scene.hear(completed(1, country_code="*"), completed(2))

    assert [event["countrycode"] for event in scene.feed(shown["api_key"])] == ["*"]


def test_event_heard_twice_is_in_the_feed_once(scene: Scene) -> None:
    shown = scene.subscribe()

    verdicts = scene.hear(enrolled(1), enrolled(1))

    assert verdicts == [Verdict.TAKE, Verdict.REPEAT]
    assert [event["sequence"] for event in scene.feed(shown["api_key"])] == [1]


def test_numbers_have_no_gap_when_many_come_at_once(scene: Scene) -> None:
    shown = scene.subscribe()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: scene.hear(completed(number)), range(20)))

    numbers = [event["sequence"] for event in scene.feed(shown["api_key"], limit=7)]
    assert numbers == list(range(1, 21))


def test_people_have_other_ids_for_each_partner(scene: Scene) -> None:
    first, second = scene.subscribe(), scene.subscribe(partner_code="other-centre")

    scene.hear(enrolled(1))

    (here,), (there,) = scene.feed(first["api_key"]), scene.feed(second["api_key"])
    event = enrolled(1)
    assert here["data"]["cohort_id"] == there["data"]["cohort_id"] == event.cohort_id
    assert here["id"] != there["id"]
    for name in ("subject_id", "participant_id", "cause_id"):
        assert len({here["data"][name], there["data"][name], getattr(event, name)}) == 3
    assert event.subject_id not in str(here)
    assert "language_code" not in here["data"]


def test_the_same_partner_knows_people_by_the_same_ids_again(scene: Scene) -> None:
    first, second = scene.subscribe(), scene.subscribe(agreement_reference="2021/3")

    scene.hear(enrolled(1))

    (here,), (there,) = scene.feed(first["api_key"]), scene.feed(second["api_key"])
    assert here["data"] == there["data"]


def test_erasure_is_confirmed_once_and_told_to_those_who_knew(scene: Scene) -> None:
    knew, other = scene.subscribe(), scene.subscribe(partner_code="other", country_codes=["GE"])
    scene.hear(enrolled(1))

    scene.hear(erasure_requested(1), erasure_requested(1), erasure_requested(2))
    scene.hear(erased(1), erased(2), sequence=2)

    receipts = scene.announced(ErasureConfirmed.event_type)
    people = sorted(receipt.subject_id for receipt in receipts)  # type: ignore[attr-defined]  # -- ErasureConfirmed
    assert people == sorted([a_person(1), a_person(2)])
    met, told = scene.feed(knew["api_key"])
    assert told["type"] == "rtcm.registration.subject.erased.v1"
    assert told["data"]["subject_id"] == met["data"]["subject_id"]
    assert scene.feed(other["api_key"]) == []


def test_secrets_are_shown_once_and_stored_nowhere_in_the_clear(
    scene: Scene, database: Database
) -> None:
    body = {
        "partner_code": "sister-centre",
        "agreement_reference": "2020/17",
        "event_types": [ISSUED],
        "country_codes": ["AZ", "*"],
    }
    once = {"Idempotency-Key": "subscribe"}
    shown = scene.call("POST", "/subscriptions", json=body, headers=dict(once)).json
    again = scene.call("POST", "/subscriptions", json=body, headers=dict(once))

    assert again.status_code == 201
    assert again.json == {"id": shown["id"]}
    seen = scene.call("GET", f"/subscriptions/{shown['id']}").get_data(True)
    for document in (AnswerRow, SubscriptionDocument, EndpointDocument):
        stored = str(list(document._get_collection().find()))
        for secret in (shown["api_key"], shown["webhook_secret"].removeprefix("whsec_")):
            assert secret not in stored
            assert secret not in seen
    (activated,) = scene.announced(SubscriptionActivated.event_type)
    assert "rtcm.registration.subject.erased.v1" in activated.event_types  # type: ignore[attr-defined]  # -- SubscriptionActivated


def test_key_reads_its_own_feed_only_and_nothing_else(scene: Scene) -> None:
    mine, other = scene.subscribe(), scene.subscribe(partner_code="other", country_codes=["GE"])
    scene.hear(enrolled(1))

    assert scene.feed(other["api_key"]) == []
    listed = scene.call("GET", "/subscriptions", key=mine["api_key"])
    assert (listed.status_code, listed.json["code"]) == (403, "access.role_missing")
    assert scene.call("GET", "/feed", key="rtcm_pk_guessed").json["code"] == "key.unknown"
    assert scene.call("GET", "/feed", role=None).json["code"] == "token.missing"
    assert scene.call("GET", "/feed", role=Role.OPERATOR).json["code"] == "access.role_missing"
    assert scene.call("GET", "/feed", role=Role.PARTNER).json["code"] == "feed.key_missing"


def test_key_stops_when_it_is_replaced(scene: Scene) -> None:
    shown = scene.subscribe()
    scene.hear(enrolled(1))

    answer = scene.call("POST", f"/subscriptions/{shown['id']}/key-rotation")

    assert scene.call("GET", "/feed", key=shown["api_key"]).status_code == 401
    assert len(scene.feed(answer.json["api_key"])) == 1


def test_subscription_ends_at_the_agreed_instant(scene: Scene) -> None:
    shown = scene.subscribe(expires_at="2021-01-10T08:00:00Z")
    scene.later(days=1)
    refused = scene.call("GET", "/feed", key=shown["api_key"])
    scene.settle()
    scene.hear(enrolled(1))

    assert refused.status_code == 401
    seen = scene.call("GET", f"/subscriptions/{shown['id']}").json
    assert (seen["status"], seen["end_reason_code"], seen["entry_count"]) == ("ended", "expired", 0)
    assert len(scene.announced(SubscriptionEnded.event_type)) == 1


def test_subscription_is_ended_once(scene: Scene) -> None:
    path = f"/subscriptions/{scene.subscribe(expires_at='2022-01-01T00:00:00Z')['id']}"

    assert scene.call("POST", f"{path}/end", json={}).status_code == 204
    assert scene.call("POST", f"{path}/end", json={}).json["code"] == "subscription.ended"
    scene.later(days=400)
    scene.settle()
    assert len(scene.announced(SubscriptionEnded.event_type)) == 1


@pytest.mark.parametrize("cursor", ["x", "bjotMQ", "bjp4", "é", "YToxMg", "bjoxCg"])
def test_cursor_that_was_never_given_is_refused(scene: Scene, cursor: str) -> None:
    shown = scene.subscribe()

    answer = scene.call("GET", "/feed", key=shown["api_key"], query_string={"after": cursor})

    assert (answer.status_code, answer.json["code"]) == (400, "cursor.invalid")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"event_types": ["rtcm.registration.contact.sealed.v1"]}, "body.invalid"),
        ({"event_types": []}, "body.invalid"),
        ({"country_codes": ["az"]}, "body.invalid"),
        ({"expires_at": "2021-01-09T08:00:00Z"}, "subscription.ends_in_past"),
        ({"expires_at": "2021-02-09T08:00:00"}, "body.invalid"),
        ({"endpoint_url": "https://10.0.0.1/"}, "endpoint.url_refused"),
        ({"api_key": "mine"}, "body.invalid"),
    ],
)
def test_subscription_that_may_not_be_is_refused(
    scene: Scene, changes: dict[str, object], code: str
) -> None:
    body = {
        "partner_code": "sister-centre",
        "agreement_reference": "2020/17",
        "event_types": [ISSUED],
        "country_codes": ["AZ"],
    } | changes

    assert scene.call("POST", "/subscriptions", json=body).json["code"] == code


def test_country_sees_only_its_own_subscriptions(scene: Scene) -> None:
    path = f"/subscriptions/{scene.subscribe()['id']}"
    georgia = Scope(countries=frozenset({"GE"}))

    assert scene.call("GET", path, scope=georgia).status_code == 404
    assert scene.call("GET", "/subscriptions", scope=georgia).json["items"] == []
    assert scene.call("POST", f"{path}/end", json={}, scope=georgia).status_code == 404
    assert scene.call("GET", f"{path}/deliveries", scope=georgia).status_code == 404


def test_document_describes_the_feed_and_every_command(scene: Scene) -> None:
    document = scene.http.get("/openapi.json").json

    assert document["paths"]["/feed"]["get"]["x-roles"] == ["partner"]
    writing = [path for path, doors in document["paths"].items() if "post" in doors]
    mine = {path for path in writing if path.startswith("/subscriptions")}
    assert {door.rpartition("/")[2] for door in mine} == {
        "subscriptions",
        "end",
        "key-rotation",
        "secret-rotation",
        "endpoint",
        "replay",
    }

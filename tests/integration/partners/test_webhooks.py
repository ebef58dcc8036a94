"""Webhooks by Standard Webhooks 1.0.0, to a receiver on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks.webhooks import WebhookVerificationError

from chassis.mongo.connection import Database
from contracts.partners import EndpointDisabled
from services.partners.domain.schedule import PAUSES_SECONDS
from tests.builders.partners import completed, enrolled
from tests.integration.partners.scene import PartnerSystem, Scene


@pytest.fixture
def scene(database: Database, tmp_path: Path) -> Iterator[Scene]:
    yield Scene(database, tmp_path)


@pytest.fixture
def partner() -> Iterator[PartnerSystem]:
    system = PartnerSystem()
    yield system
    system.close()


def _deliveries(scene: Scene, id_: str) -> list[dict[str, Any]]:
    items = scene.call("GET", f"/subscriptions/{id_}/deliveries").json["items"]
    return sorted(items, key=lambda item: item["sequence"])


def test_webhooks_carry_what_the_feed_holds_and_their_signatures_hold(
    scene: Scene, partner: PartnerSystem
) -> None:
    shown = scene.subscribe(endpoint_url=partner.url)

    scene.hear(enrolled(1), completed(1))
    scene.settle()

    received = partner.verified(shown["webhook_secret"])
    assert sorted(received, key=lambda event: event["sequence"]) == scene.feed(shown["api_key"])
    for (headers, _), event in zip(partner.came, received, strict=True):
        assert headers["webhook-id"] == event["id"]
        assert headers["content-type"] == "application/cloudevents+json"
        assert headers["host"].startswith("127.0.0.1:")
    with pytest.raises(WebhookVerificationError):
        partner.verified("whsec_" + "A" * 43 + "=")
    assert [d["status"] for d in _deliveries(scene, shown["id"])] == ["delivered", "delivered"]


def test_failed_try_is_made_again_under_the_same_id(scene: Scene, partner: PartnerSystem) -> None:
    shown = scene.subscribe(endpoint_url=partner.url)
    partner.answers = [(500, {}), (302, {"Location": "http://127.0.0.1:1/"})]

    scene.hear(enrolled(1))
    scene.settle()
    first = scene.pull_retries_forward()
    scene.settle()
    second = scene.pull_retries_forward()
    scene.settle()

    assert 4 < first[0] <= 6  # a job is written down a little after its try
    assert 299 < second[0] <= 330
    assert len({headers["webhook-id"] for headers, _ in partner.came}) == 1
    (delivery,) = _deliveries(scene, shown["id"])
    outcomes = [attempt["outcome_code"] for attempt in delivery["attempts"]]
    assert outcomes == ["refused", "redirected", "delivered"]
    assert scene.announced(EndpointDisabled.event_type) == []


def test_retry_after_is_heeded(scene: Scene, partner: PartnerSystem) -> None:
    scene.subscribe(endpoint_url=partner.url)
    partner.answers = [(503, {"Retry-After": "7200"})]

    scene.hear(enrolled(1))
    scene.settle()

    assert 7_199 < scene.pull_retries_forward()[0] <= 7_200


def test_gone_endpoint_is_disabled_at_once_and_can_be_enabled_and_replayed(
    scene: Scene, partner: PartnerSystem
) -> None:
    shown = scene.subscribe(endpoint_url=partner.url)
    path = f"/subscriptions/{shown['id']}"
    scene.hear(enrolled(1))
    partner.answers = [(410, {})]
    scene.settle()
    scene.hear(enrolled(2))
    scene.settle()

    (disabled,) = scene.announced(EndpointDisabled.event_type)
    assert disabled.reason_code == "gone"  # type: ignore[attr-defined]  # -- EndpointDisabled
    assert scene.call("GET", path).json["endpoint"]["status"] == "disabled"
    assert len(partner.came) == 1
    refused = scene.call("POST", f"{path}/replay", json={"after_sequence": 0})
    assert refused.json["code"] == "endpoint.not_enabled"

    scene.call("POST", f"{path}/endpoint", json={"endpoint_url": partner.url})
    answer = scene.call("POST", f"{path}/replay", json={"after_sequence": 0})
    scene.settle()

    assert (answer.status_code, answer.json) == (202, {"entry_count": 2})
    received = partner.verified(shown["webhook_secret"])
    assert {event["id"] for event in received} == {e["id"] for e in scene.feed(shown["api_key"])}
    assert [d["status"] for d in _deliveries(scene, shown["id"])] == ["delivered", "delivered"]


def test_endpoint_is_disabled_after_the_last_try(scene: Scene, partner: PartnerSystem) -> None:
    shown = scene.subscribe(endpoint_url=partner.url)
    partner.answers = [(500, {})] * 20
    scene.hear(enrolled(1))
    scene.settle()

    pauses = []
    for _ in PAUSES_SECONDS:
        pauses += scene.pull_retries_forward()
        scene.settle()

    assert len(partner.came) == 10
    for pause, planned in zip(pauses, PAUSES_SECONDS, strict=True):
        assert planned - 1 < pause <= planned * 1.1 + 1
    (disabled,) = scene.announced(EndpointDisabled.event_type)
    assert disabled.reason_code == "deliveries_failed"  # type: ignore[attr-defined]  # -- EndpointDisabled
    assert [d["status"] for d in _deliveries(scene, shown["id"])] == ["failed"]


def test_both_secrets_sign_while_a_rotation_lasts(scene: Scene, partner: PartnerSystem) -> None:
    shown = scene.subscribe(endpoint_url=partner.url)
    path = f"/subscriptions/{shown['id']}/secret-rotation"
    newer = scene.call("POST", path).json["webhook_secret"]

    scene.hear(enrolled(1))
    scene.settle()
    assert partner.verified(shown["webhook_secret"]) == partner.verified(newer)

    partner.came.clear()
    scene.later(hours=25)
    scene.hear(enrolled(2))
    scene.settle()
    assert len(partner.verified(newer)) == 1
    with pytest.raises(WebhookVerificationError):
        partner.verified(shown["webhook_secret"])


def test_ended_subscription_gets_nothing_that_still_waited(
    scene: Scene, partner: PartnerSystem
) -> None:
    shown = scene.subscribe(endpoint_url=partner.url)
    scene.hear(enrolled(1))
    scene.call("POST", f"/subscriptions/{shown['id']}/end", json={"reason_code": "agreement_over"})
    scene.settle()

    assert partner.came == []
    assert [d["status"] for d in _deliveries(scene, shown["id"])] == ["dropped"]


def test_long_feed_is_replayed_whole(scene: Scene, partner: PartnerSystem) -> None:
    shown = scene.subscribe()
    scene.hear(*(completed(number) for number in range(105)))
    path = f"/subscriptions/{shown['id']}"
    scene.call("POST", f"{path}/endpoint", json={"endpoint_url": partner.url})

    scene.call("POST", f"{path}/replay", json={"after_sequence": 2})
    scene.settle()

    numbers = sorted(event["sequence"] for event in partner.verified(shown["webhook_secret"]))
    assert numbers == list(range(3, 106))

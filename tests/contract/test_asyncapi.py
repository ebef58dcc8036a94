"""The AsyncAPI document: sound in its structure, and true to what the services really send."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import jsonschema
import pytest

from chassis.codec import decode, enclose
from chassis.envelope import CONTENT_TYPE, Envelope
from contracts.event import REGISTRY, private_topics, topic_of
from contracts.publish import Places

DOCUMENT: dict[str, Any] = json.loads(Places().asyncapi.read_text())
TYPES = sorted(REGISTRY)
COMPONENT_KEY = re.compile(r"[\w.-]+")


def all_references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        for each in part.values():
            yield from all_references(each)
    elif isinstance(part, list):
        for each in part:
            yield from all_references(each)


def resolved(reference: str) -> Any:
    assert reference.startswith("#/"), reference
    part: Any = DOCUMENT
    for step in reference.removeprefix("#/").split("/"):
        part = part[step.replace("~1", "/").replace("~0", "~")]
    return part


def payload_validator(event_type: str) -> jsonschema.Draft202012Validator:
    reference = f"#/components/messages/{event_type}/payload"
    return jsonschema.Draft202012Validator({**DOCUMENT, "$ref": reference})


def test_head_is_of_version_three():
    assert DOCUMENT["asyncapi"] == "3.0.0"
    assert {"title", "version"} <= DOCUMENT["info"].keys()
    assert DOCUMENT["defaultContentType"] == CONTENT_TYPE
    assert set(DOCUMENT) <= {
        "asyncapi",
        "id",
        "info",
        "servers",
        "defaultContentType",
        "channels",
        "operations",
        "components",
    }


def test_every_reference_leads_somewhere():
    references = set(all_references(DOCUMENT))

    assert len(references) > 100
    for each in references:
        assert isinstance(resolved(each), dict)


def test_component_keys_are_of_the_permitted_signs():
    for section in DOCUMENT["components"].values():
        assert [key for key in section if not COMPONENT_KEY.fullmatch(key)] == []


def test_channels_are_the_topics():
    assert set(DOCUMENT["channels"]) == {topic_of(event_type) for event_type in TYPES}
    for topic, channel in DOCUMENT["channels"].items():
        assert channel["address"] == topic
        assert channel["bindings"]["kafka"]["topic"] == topic


def test_each_type_is_a_message_of_its_topic_alone():
    placed = {
        message: topic
        for topic, channel in DOCUMENT["channels"].items()
        for message in channel["messages"]
    }

    assert placed == {event_type: topic_of(event_type) for event_type in TYPES}
    assert sum(len(each["messages"]) for each in DOCUMENT["channels"].values()) == len(TYPES)
    for topic, channel in DOCUMENT["channels"].items():
        for name, reference in channel["messages"].items():
            assert reference == {"$ref": f"#/components/messages/{name}"}, topic


def test_each_topic_has_one_operation_that_sends():
    assert {
        (each["action"], each["channel"]["$ref"]) for each in DOCUMENT["operations"].values()
    } == {("send", f"#/channels/{topic}") for topic in DOCUMENT["channels"]}


def test_private_topic_is_marked_and_compacted():
    marked = {topic for topic, each in DOCUMENT["channels"].items() if each["x-private"]}
    compacted = {
        topic
        for topic, each in DOCUMENT["channels"].items()
        if each["bindings"]["kafka"]["topicConfiguration"]["cleanup.policy"] == ["compact"]
    }

    assert marked == compacted == private_topics()
    for topic in marked:
        assert DOCUMENT["channels"][topic]["description"].startswith("Private")


@pytest.mark.parametrize("event_type", TYPES)
def test_message_is_described_and_its_example_is_the_sample(event_type):
    message = DOCUMENT["components"]["messages"][event_type]
    sample = json.loads((Places().samples / f"{event_type}.json").read_text())

    assert message["name"] == event_type
    assert message["title"] == REGISTRY[event_type].__name__
    assert message["summary"].endswith(".")
    assert [example["payload"]["data"] for example in message["examples"]] == [sample]


@pytest.mark.parametrize("event_type", TYPES)
def test_example_fits_its_schema_and_is_read_by_the_services(event_type):
    (example,) = DOCUMENT["components"]["messages"][event_type]["examples"]

    assert list(payload_validator(event_type).iter_errors(example["payload"])) == []
    read = Envelope.from_bytes(json.dumps(example["payload"]).encode())
    assert read.to_json() == example["payload"]
    assert decode(read.event_type, read.body).key == read.key


@pytest.mark.parametrize("event_type", TYPES)
def test_what_the_chassis_writes_fits_the_document(event_type):
    sample = json.loads((Places().samples / f"{event_type}.json").read_text())
    envelope = enclose(
        decode(event_type, sample),
        event_id="01900000-0000-7000-8000-0000000e0002",
        sequence=7,
        occurred_at=datetime(2021, 1, 9, 8, tzinfo=UTC),
        traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    )

    written = json.loads(envelope.to_bytes())

    assert list(payload_validator(event_type).iter_errors(written)) == []
    written["data"] = {}
    assert not payload_validator(event_type).is_valid(written)

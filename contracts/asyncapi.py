"""The AsyncAPI 3.0 document: topics as channels, event types as messages, samples as examples."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contracts.event import Event, service_of, topic_of
from contracts.schema import Schema, schema_of

CLOUD_EVENT: Schema = {
    "title": "CloudEvent",
    "description": "The envelope of every event: CloudEvents 1.0, structured JSON.",
    "type": "object",
    "properties": {
        "specversion": {"const": "1.0"},
        "id": {
            "type": "string",
            "minLength": 1,
            "description": "Unique for ever; a repeat has the same.",
        },
        "type": {"type": "string"},
        "source": {"type": "string", "pattern": "^/rtcm/[a-z]+$"},
        "subject": {"type": "string", "description": "Id of the aggregate."},
        "time": {"type": "string", "format": "date-time", "description": "When it happened."},
        "datacontenttype": {"const": "application/json"},
        "dataschema": {"type": "string", "format": "uri"},
        "sequence": {
            "type": "string",
            "pattern": "^[0-9]{10}$",
            "description": "Place in the aggregate's history, from 1, without gaps.",
        },
        "partitionkey": {"type": "string", "description": "The record's key: the subject."},
        "cohortid": {"type": "string", "description": "Where the fact is one cohort's."},
        "countrycode": {
            "type": "string",
            "pattern": "^([A-Z]{2}|\\*)$",
            "description": "ISO 3166-1 alpha-2, or * for the whole centre.",
        },
        "traceparent": {"type": "string", "description": "W3C trace context."},
        "data": {"type": "object"},
    },
    "required": [
        "specversion",
        "id",
        "type",
        "source",
        "subject",
        "time",
        "datacontenttype",
        "dataschema",
        "sequence",
        "partitionkey",
        "data",
    ],
}

_MARKS = {"cohort_id": "cohortid", "country_code": "countrycode"}


def document(
    registry: Mapping[str, type[Event]], samples: Mapping[str, dict[str, Any]]
) -> dict[str, Any]:
    """The whole document.

    Args:
        registry: event type -> class.
        samples: event type -> body; each type has one.
    """
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Events of the RTCM platform",
            "version": "1.0.0",
            "description": (
                "What the services of a Regional Training Centre on Migration announce. Records "
                "are keyed by the aggregate's id, so the events of one aggregate keep their order. "
                "No event carries personal data, but for ciphertext on private channels."
            ),
            "license": {
                "name": "Apache-2.0",
                "url": "https://www.apache.org/licenses/LICENSE-2.0",
            },
        },
        "defaultContentType": "application/cloudevents+json",
        "channels": _channels(registry),
        "operations": {
            f"announce.{topic}": {
                "action": "send",
                "channel": {"$ref": f"#/channels/{topic}"},
                "summary": f"{service_of(topic)} announces what happened.",
            }
            for topic in _topics(registry)
        },
        "components": {
            "messages": {
                event_type: _message(event_type, registry[event_type], samples[event_type])
                for event_type in sorted(registry)
            },
            "schemas": {
                "CloudEvent": CLOUD_EVENT,
                **{
                    event_type: _embedded(schema_of(registry[event_type]))
                    for event_type in sorted(registry)
                },
            },
        },
    }


def example(event_class: type[Event], body: dict[str, Any]) -> dict[str, Any]:
    """A sample in its envelope."""
    event_type, key = event_class.event_type, body[event_class.key_field]
    occurred_at = [value for name, value in body.items() if name.endswith("_at")]
    return {
        "specversion": "1.0",
        "id": "01900000-0000-7000-8000-0000000e0001",
        "type": event_type,
        "source": f"/rtcm/{service_of(event_type)}",
        "subject": key,
        "time": occurred_at[-1] if occurred_at else "2021-01-04T09:30:00Z",
        "datacontenttype": "application/json",
        "dataschema": f"urn:rtcm:schema:{event_type}",
        "sequence": "0000000001",
        "partitionkey": key,
        **{mark: body[field] for field, mark in _MARKS.items() if field in body},
        "data": body,
    }


def _topics(registry: Mapping[str, type[Event]]) -> list[str]:
    return sorted({topic_of(event_type) for event_type in registry})


def _channels(registry: Mapping[str, type[Event]]) -> dict[str, Any]:
    channels: dict[str, Any] = {}
    for topic in _topics(registry):
        types = sorted(each for each in registry if topic_of(each) == topic)
        private = any(registry[each].private for each in types)
        cleanup = ["compact"] if private else ["delete"]
        channels[topic] = {
            "address": topic,
            "title": topic,
            "description": _audience(private=private),
            "messages": {each: {"$ref": f"#/components/messages/{each}"} for each in types},
            "bindings": {
                "kafka": {
                    "topic": topic,
                    "topicConfiguration": {"cleanup.policy": cleanup},
                    "bindingVersion": "0.5.0",
                }
            },
            "x-private": private,
        }
    return channels


def _audience(*, private: bool) -> str:
    if private:
        return (
            "Private: sealed personal data, closed to all but the services that write to people. "
            "Compacted; never mirrored and never shown to partners."
        )
    return "Open to all services; ids are opaque."


def _message(event_type: str, event_class: type[Event], sample: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": event_type,
        "title": event_class.__name__,
        "summary": schema_of(event_class)["description"],
        "contentType": "application/cloudevents+json",
        "bindings": {
            "kafka": {
                "key": {"type": "string", "description": f"The {event_class.key_field}."},
                "bindingVersion": "0.5.0",
            }
        },
        "payload": {
            "allOf": [
                {"$ref": "#/components/schemas/CloudEvent"},
                {
                    "type": "object",
                    "properties": {
                        "type": {"const": event_type},
                        "data": {"$ref": f"#/components/schemas/{event_type}"},
                    },
                },
            ]
        },
        "examples": [{"name": "sample", "payload": example(event_class, sample)}],
    }


def _embedded(schema: Schema) -> Schema:
    # Inside the document a "$id" would turn every "$ref" below it to another place.
    return {word: value for word, value in schema.items() if not word.startswith("$")}

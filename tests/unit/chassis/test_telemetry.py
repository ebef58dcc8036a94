"""One trace from the request to the last effect; one JSON object a line."""

from __future__ import annotations

import json
import logging
import re

import pytest

from chassis.telemetry import (
    JsonLines,
    continued_trace,
    current_trace_id,
    current_traceparent,
)

TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736"
SENDER = f"00-{TRACE_ID}-00f067aa0ba902b7-01"


def test_senders_trace_goes_on_under_a_span_of_our_own():
    with continued_trace(SENDER) as trace_id:
        ours = current_traceparent()
        assert trace_id == current_trace_id() == TRACE_ID
    assert ours is not None
    assert re.fullmatch(rf"00-{TRACE_ID}-[0-9a-f]{{16}}-01", ours)
    assert ours != SENDER


@pytest.mark.parametrize("malformed", [None, "", "00-abc-def-01", SENDER.upper(), SENDER + "\n"])
def test_what_is_no_trace_begins_a_new_one(malformed: str | None):
    with continued_trace(malformed) as trace_id:
        assert re.fullmatch("[0-9a-f]{32}", trace_id)
        assert trace_id != TRACE_ID


def test_outside_a_trace_there_is_none_and_an_inner_one_ends_with_its_block():
    assert (current_traceparent(), current_trace_id()) == (None, None)
    with continued_trace(SENDER):
        outer = current_traceparent()
        with continued_trace(SENDER):
            assert current_traceparent() != outer
        assert current_traceparent() == outer
    assert current_traceparent() is None


def test_entry_is_one_json_object_on_one_line_with_its_extras():
    record = logging.makeLogRecord(
        {"name": "chassis.x", "levelname": "INFO", "msg": "two\nlines %s", "args": ("ə",),
         "created": 0.5, "operation": "loaves.bake", "status": 201}
    )  # fmt: skip
    with continued_trace(SENDER):
        line = JsonLines("bakery").format(record)
    assert "\n" not in line
    assert json.loads(line) == {
        "at": "1970-01-01T00:00:00.500+00:00",
        "level": "info",
        "service": "bakery",
        "logger": "chassis.x",
        "message": "two\nlines ə",
        "trace_id": TRACE_ID,
        "operation": "loaves.bake",
        "status": 201,
    }

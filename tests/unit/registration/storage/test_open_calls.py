"""Open calls are remembered for a moment; nothing else is."""

from __future__ import annotations

import pytest

from chassis.access import EVERYTHING, Scope
from chassis.errors import NotFound
from services.registration.storage import open_calls
from services.registration.storage.open_calls import OpenCalls
from tests.builders.registration import CALL_ID, a_call
from tests.shelf import Shelf


class Watched(Shelf):  # type: ignore[type-arg]  # -- of calls
    """Counts how often it was asked."""

    asked = 0

    def get(self, id_, *, scope, expected_version=None):
        self.asked += 1
        return super().get(id_, scope=scope, expected_version=expected_version)


@pytest.fixture
def at(monkeypatch):
    """Sets the machine's clock, in seconds; it is read by name and cannot be handed in."""
    now = [0.0]
    monkeypatch.setattr(open_calls, "monotonic", lambda: now[0])
    return lambda seconds: now.__setitem__(0, seconds)


def test_an_open_call_is_read_once_in_two_seconds(at):
    calls = Watched(a_call(), key="call_id")
    remembered = OpenCalls(calls)
    for seconds in (0.0, 1.0, 1.9):
        at(seconds)
        assert remembered.get(CALL_ID, scope=EVERYTHING).call_id == CALL_ID
    assert calls.asked == 1
    at(2.0)
    remembered.get(CALL_ID, scope=EVERYTHING)
    assert calls.asked == 2


def test_a_draft_is_read_each_time(at):
    calls = Watched(a_call(opened=False), key="call_id")
    remembered = OpenCalls(calls)
    remembered.get(CALL_ID, scope=EVERYTHING)
    remembered.get(CALL_ID, scope=EVERYTHING)
    assert calls.asked == 2


def test_whoever_sees_less_is_answered_by_the_shelf(at):
    calls = Watched(a_call(), key="call_id")
    remembered = OpenCalls(calls)
    remembered.get(CALL_ID, scope=EVERYTHING)
    with pytest.raises(NotFound):
        remembered.get(CALL_ID, scope=Scope(countries=frozenset({"GE"})))

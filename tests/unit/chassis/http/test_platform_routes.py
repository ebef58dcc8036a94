"""What every service answers about itself."""

from __future__ import annotations

import pytest
from flask import Blueprint

from chassis.errors import Unavailable
from chassis.http.app import create_app
from chassis.http.door import Doorway
from chassis.http.operation import operation
from tests.unit.chassis.http.bakery import Bakery


def test_alive_while_a_part_is_away_but_not_ready(bakery: Bakery):
    assert bakery.client.get("/readyz").status_code == 200
    bakery.away.append("oven")
    not_ready = bakery.client.get("/readyz")
    assert bakery.client.get("/healthz").status_code == 200
    assert (not_ready.status_code, not_ready.headers["Retry-After"]) == (503, "3")
    assert not_ready.json["code"] == "oven.unavailable"


def sample(bakery: Bakery, line: str) -> float:
    for found in bakery.client.get("/metrics").text.splitlines():
        if found.startswith(f"{line} "):
            return float(found.rpartition(" ")[2])
    return 0.0


@pytest.mark.parametrize(
    "line",
    [
        'rtcm_http_requests_total{operation="loaves.bake",status="422"}',
        'rtcm_http_refused_total{code="body.invalid"}',
        'rtcm_http_request_seconds_count{operation="loaves.bake"}',
    ],
)
def test_metrics_count_requests_refusals_and_time(bakery: Bakery, line: str):
    before = sample(bakery, line)
    bakery.bake({"name": ""})
    assert sample(bakery, line) == before + 1


def test_addresses_that_are_not_there_make_one_series_not_many(bakery: Bakery):
    bakery.client.get("/who/knows")
    assert "/who/knows" not in bakery.client.get("/metrics").text


def test_answers_are_taken_for_what_they_say(bakery: Bakery):
    assert bakery.client.get("/healthz").headers["X-Content-Type-Options"] == "nosniff"


def test_trace_of_the_caller_goes_on(bakery: Bakery):
    trace_id = "4bf92f3577b34da6a3ce929d0e0e4736"
    response = bakery.client.get(
        "/nothing", headers={"traceparent": f"00-{trace_id}-00f067aa0ba902b7-01"}
    )
    assert response.json["trace_id"] == trace_id


def test_view_without_operation_stops_the_start():
    routes = Blueprint("r", __name__)
    routes.get("/x")(lambda: "open to all")
    with pytest.raises(ValueError, match="lacks @operation"):
        create_app(
            service="s",
            blueprints=[routes],
            way=Doorway(verifier=None, unit_of_work=None, answers=None),  # type: ignore[arg-type]  # -- unused
            readiness={},
            translate=lambda _: None,
        )


@pytest.mark.parametrize("who", [{}, {"public": True, "roles": ("operator",)}])
def test_operation_is_either_for_roles_or_public(who: dict[str, object]):
    with pytest.raises(ValueError, match="either roles or public"):
        operation(summary="s", **who)  # type: ignore[arg-type]  # -- wrong on purpose


def test_unavailable_without_a_time_still_says_when_to_come_back(bakery: Bakery):
    with bakery.app.test_request_context("/"):
        from chassis.http.problems import problem

        assert problem(Unavailable("x.y", "z")).headers["Retry-After"] == "2"

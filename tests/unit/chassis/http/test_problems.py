"""Every refusal is a problem+json, and nothing internal leaves."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest

from chassis.ids import new_id
from tests.unit.chassis.http.bakery import TRAINER, Bakery


def problem_of(response: Any) -> dict[str, Any]:
    assert response.mimetype == "application/problem+json"
    assert response.headers["Cache-Control"] == "no-store"
    read: dict[str, Any] = json.loads(response.data)
    assert read["status"] == response.status_code
    assert len(read.pop("trace_id")) == 32
    return read


def test_problem_says_what_and_why(bakery: Bakery):
    response = bakery.client.get(f"/loaves/{new_id()}")
    assert problem_of(response) == {
        "type": "urn:rtcm:problem:loaf.not_found",
        "title": "Not Found",
        "status": 404,
        "code": "loaf.not_found",
        "detail": "no such loaf",
    }


@pytest.mark.parametrize("path", ["/nothing", "/loaves/not-a-uuid", "//healthz", "/loaves//x"])
def test_unknown_address_is_a_problem_and_never_a_redirect(bakery: Bakery, path: str):
    assert problem_of(bakery.client.get(path))["code"] == "route.not_found"


def test_method_that_is_not_there_is_a_problem_that_names_those_that_are(bakery: Bakery):
    response = bakery.client.patch("/loaves", headers=bakery.headers())
    assert problem_of(response)["code"] == "route.method_not_allowed"
    assert response.headers["Allow"] == "GET, HEAD, OPTIONS, POST"


def test_failure_inside_tells_nothing(bakery: Bakery):
    response = bakery.client.get("/faults/any")
    assert response.status_code == 500
    assert problem_of(response)["code"] == "internal.error"
    assert b"hunter2" not in response.data
    assert b"LookupError" not in response.data


def test_part_that_is_away_is_503_with_a_time_to_wait(bakery: Bakery):
    response = bakery.client.get("/faults/database")
    assert (problem_of(response)["code"], response.headers["Retry-After"]) == (
        "database.unavailable",
        "7",
    )
    assert b"hunter2" not in response.data


def test_role_that_may_not_is_403(bakery: Bakery):
    response = bakery.client.post("/loaves", json={"name": "rye"}, headers=bakery.headers(TRAINER))
    assert (response.status_code, problem_of(response)["code"]) == (403, "access.role_missing")


def test_without_token_is_401_that_says_which_kind(bakery: Bakery):
    response = bakery.client.get("/loaves")
    assert (response.status_code, problem_of(response)["code"]) == (401, "token.missing")
    assert response.headers["WWW-Authenticate"] == "Bearer"


def test_log_entry_names_who_and_what_but_holds_nothing_that_was_sent(
    bakery: Bakery, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.INFO, "chassis.http.app")
    bakery.bake({"name": "x" * 41})
    entry = next(record for record in caplog.records if record.getMessage() == "request")
    assert (entry.operation, entry.status, entry.code, entry.actor_id) == (
        "loaves.bake",
        422,
        "body.invalid",
        "o1",
    )
    assert "xxx" not in str(vars(entry))

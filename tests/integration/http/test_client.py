"""The client against a real server: errors come back as they were, nothing else gets through."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, Response, redirect, request
from werkzeug.serving import WSGIRequestHandler, make_server

from chassis.errors import (
    FieldProblem,
    Forbidden,
    InvalidBody,
    NotFound,
    RtcmError,
    StaleVersion,
    Unauthenticated,
    Unavailable,
)
from chassis.http.client import ServiceClient
from chassis.ids import new_id
from chassis.telemetry import continued_trace
from tests.unit.chassis.http.bakery import OPERATOR, TRAINER, Bakery, open_bakery


class Quiet(WSGIRequestHandler):
    """Logs no requests."""

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 -- the base's name
        pass


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The app on a free port."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def bakery(tmp_path: Path) -> Bakery:
    return open_bakery(tmp_path / "keys")


@pytest.fixture
def client(bakery: Bakery) -> Iterator[ServiceClient]:
    with served(bakery.app) as url:
        yield ServiceClient("bakery", url, bakery.issuer)


def refusal(call: Callable[[], object]) -> RtcmError:
    with pytest.raises(RtcmError) as refused:
        call()
    return refused.value


def test_command_is_sent_once_however_often_it_is_repeated(client: ServiceClient, bakery: Bakery):
    replies = [client.post("/loaves", {"name": "çörək"}, actor=OPERATOR, key="k") for _ in range(2)]
    assert [reply.status for reply in replies] == [201, 201]
    assert replies[0].body == replies[1].body
    assert replies[0].body["name"] == "çörək"
    assert len(bakery.loaves) == 1


def test_actor_arrives_with_scope(client: ServiceClient, bakery: Bakery):
    client.get("/loaves", actor=TRAINER, query={"limit": 3, "cursor": None})
    assert [(call.actor, call.query["limit"]) for call in bakery.seen] == [(TRAINER, 3)]


def test_change_of_what_was_read(client: ServiceClient):
    made = client.post("/loaves", {"name": "rye"}, actor=OPERATOR)
    path = made.headers["Location"]
    assert made.etag == '"1"'
    client.put(path, {"name": "oat"}, actor=OPERATOR, if_match=made.etag)
    stale = refusal(lambda: client.put(path, {"name": "x"}, actor=OPERATOR, if_match=made.etag))
    assert (type(stale), stale.code) == (StaleVersion, "loaf.changed_meanwhile")


@pytest.mark.parametrize(
    ("kind", "code", "call"),
    [
        (NotFound, "loaf.not_found", lambda c: c.get(f"/loaves/{new_id()}")),
        (
            Forbidden,
            "access.role_missing",
            lambda c: c.post("/loaves", {"name": "rye"}, actor=TRAINER),
        ),
        (RtcmError, "internal.error", lambda c: c.get("/faults/any")),
    ],
)
def test_refusals_come_back_as_they_were(
    client: ServiceClient, kind: type[RtcmError], code: str, call: Callable[[ServiceClient], object]
):
    error = refusal(lambda: call(client))
    assert (type(error), error.code) == (kind, code)


def test_problems_of_fields_come_back(client: ServiceClient):
    error = refusal(lambda: client.post("/loaves", {"nme": 1}, actor=OPERATOR))
    assert isinstance(error, InvalidBody)
    assert {(one.field, one.code) for one in error.problems} == {
        ("name", "field.missing"),
        ("nme", "field.unknown"),
    }
    assert all(isinstance(one, FieldProblem) and one.detail for one in error.problems)


def test_time_to_wait_comes_back(client: ServiceClient):
    error = refusal(lambda: client.get("/faults/database"))
    assert (type(error), error.retry_after_seconds) == (Unavailable, 7)


def test_without_issuer_nobody_signs(bakery: Bakery):
    with served(bakery.app) as url:
        error = refusal(lambda: ServiceClient("bakery", url, None).get("/loaves"))
    assert (type(error), error.code) == (Unauthenticated, "token.missing")


def odd_app() -> Flask:
    app = Flask("odd")
    app.add_url_rule("/elsewhere", "a", lambda: redirect("/here"))
    app.add_url_rule("/here", "b", lambda: {"reached": True})
    app.add_url_rule("/half", "c", lambda: Response("{", mimetype="application/json"))
    app.add_url_rule("/html", "d", lambda: Response("<h1>502</h1>", status=502))
    app.add_url_rule("/bare", "e", lambda: ({"message": "no"}, 404))
    app.add_url_rule("/trace", "f", lambda: {"traceparent": request.headers.get("traceparent")})
    return app


@pytest.mark.parametrize("path", ["/elsewhere", "/half", "/html", "/bare"])
def test_what_no_service_answers_is_unavailable_and_no_redirect_is_followed(path: str):
    with served(odd_app()) as url:
        error = refusal(lambda: ServiceClient("bakery", url, None).get(path))
    assert (type(error), error.code) == (Unavailable, "bakery.answer_malformed")


def test_trace_is_handed_on():
    with served(odd_app()) as url, continued_trace(None) as trace_id:
        body = ServiceClient("bakery", url, None).get("/trace").body
    assert body["traceparent"].split("-")[1] == trace_id


def test_nobody_there_is_unavailable():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound but not listening: refuses
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        error = refusal(lambda: ServiceClient("bakery", url, None).get("/x"))
    assert (type(error), error.code) == (Unavailable, "bakery.unavailable")


def test_one_who_never_answers_is_unavailable():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        client = ServiceClient("bakery", url, None, timeout_seconds=0.2)
        error = refusal(lambda: client.get("/x"))
    assert (type(error), error.code) == (Unavailable, "bakery.unavailable")

"""The issuer's routes and their commands, on a certification that answers over a socket."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from werkzeug.serving import make_server

from chassis.access import Role
from chassis.mongo.connection import Database
from rtcm.cli import cli
from services.certification.domain.credentials.presented import read_presented
from services.certification.domain.credentials.status_list import LENGTH, PURPOSES
from services.certification.domain.credentials.verifying import Material, verify
from tests.integration.certification.scene import Scene, Vault, person
from tests.integration.certification.test_story import begin, facts, issue_all

pytestmark = pytest.mark.mongo
DID = "did:web:rtcm.example"
ROTATION = "/issuer-keys/rotation"

Rtcm = Callable[..., Result]
"""One command of the front door on the running service."""


@pytest.fixture
def scene(database: Database, tmp_path: Path) -> Iterator[Scene]:
    vault = Vault()
    with vault.serving() as url:
        yield Scene(database, tmp_path / "keys", vault, url)


@pytest.fixture
def rtcm(scene: Scene, tmp_path: Path) -> Iterator[Rtcm]:
    """Serve the API and describe it as ``rtcm up`` does."""
    server = make_server("127.0.0.1", 0, scene.http.application, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    state = {
        "urls": {"certification": f"http://127.0.0.1:{server.server_port}"},
        "keys": str(tmp_path / "keys"),
    }
    (tmp_path / "stack.json").write_text(json.dumps(state))

    def run(*words: str, says: str | None = None) -> Result:
        return CliRunner().invoke(cli, [*words, "--data", str(tmp_path)], input=says)

    yield run
    server.shutdown()
    thread.join()
    server.server_close()


def shown(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def documented(scene: Scene, method: str, path: str, answer: Any) -> None:
    """The document names this status for this operation."""
    operation = scene.http.get("/openapi.json").json["paths"][path][method]
    assert str(answer.status_code) in operation["responses"], answer.text


def test_a_rotation_is_for_operators_and_answers_as_described(scene: Scene) -> None:
    assert scene.call("GET", "/.well-known/did.json", role=None).status_code == 200
    body = {"current_name": "key-1"}
    refused = {
        role: scene.call("POST", ROTATION, role=role, json=body)
        for role in (None, *(role for role in Role if role not in (Role.OPERATOR, Role.PUBLIC)))
    }
    assert {role: answer.status_code for role, answer in refused.items()} == {
        role: 401 if role is None else 403 for role in refused
    }
    made = [scene.call("POST", ROTATION, json=body) for _ in range(2)]
    scene.call("POST", ROTATION, json={"current_name": "key-2"})
    stale = scene.call("POST", ROTATION, json=body)
    malformed = scene.call("POST", ROTATION, json={})

    assert [one.json for one in made] == [
        {"current_name": "key-2", "verification_method": f"{DID}#key-2"}
    ] * 2
    assert (stale.status_code, stale.json["code"]) == (412, "key.changed_meanwhile")
    assert malformed.status_code == 422
    for answer in (*refused.values(), *made, stale, malformed):
        documented(scene, "post", ROTATION, answer)


def test_status_lists_are_for_everybody_and_only_those_there_are(scene: Scene) -> None:
    path = "/status-lists/{list_number}/{purpose}"
    for purpose in PURPOSES:
        answer = scene.call("GET", f"/status-lists/1/{purpose}", role=None)
        assert (answer.status_code, answer.mimetype) == (200, "application/vc")
        again = scene.call(
            "GET",
            f"/status-lists/1/{purpose}",
            role=None,
            headers={"If-None-Match": answer.headers["ETag"]},
        )
        assert (again.status_code, again.data) == (304, b"")
        documented(scene, "get", path, answer)
        documented(scene, "get", path, again)
    for wrong in ("2/revocation", "0/revocation", "1/refresh"):
        answer = scene.call("GET", f"/status-lists/{wrong}", role=None)
        assert (answer.status_code, answer.json["code"]) == (404, "status_list.not_found")
        documented(scene, "get", path, answer)


def test_did_show_prints_or_saves_the_public_keys(scene: Scene, rtcm: Rtcm, tmp_path: Path) -> None:
    document = json.loads(scene.call("GET", "/.well-known/did.json", role=None).data)
    file = tmp_path / "did.json"

    assert shown(rtcm("did", "show")) == document
    saved = rtcm("did", "show", "--out", str(file))

    assert (saved.exit_code, json.loads(file.read_text())) == (0, document)
    assert document["assertionMethod"] == [f"{DID}#key-1"]
    assert "private" not in file.read_text().lower()


def test_keys_rotate_asks_first_and_says_what_signs_now(scene: Scene, rtcm: Rtcm) -> None:
    refused = rtcm("keys", "rotate", says="n\n")
    assert refused.exit_code != 0
    assert len(shown(rtcm("did", "show"))["verificationMethod"]) == 1

    said = rtcm("keys", "rotate", says="y\n")
    assert f"{DID}#key-2 signs now; {DID}#key-1 still verifies." in " ".join(said.output.split())
    answer = shown(rtcm("keys", "rotate", "--yes", "--json"))

    assert answer == {"current_name": "key-3", "verification_method": f"{DID}#key-3"}
    document = shown(rtcm("did", "show"))
    names = [method["id"] for method in document["verificationMethod"]]
    assert names == [f"{DID}#key-{number}" for number in (1, 2, 3)]
    assert document["assertionMethod"] == [f"{DID}#key-3"]
    noted = scene.call("GET", "/ops/audit").json["items"]
    assert [row["target"] for row in noted if row["action"] == "issuer_key.rotated"] == [
        "key-3",
        "key-2",
    ]


def test_status_list_show_counts_and_saves_what_decides_offline(
    scene: Scene, rtcm: Rtcm, tmp_path: Path
) -> None:
    begin(scene)
    scene.hear(*facts())
    certificates = issue_all(scene)
    revoked, kept = (certificates[person(number)[1]] for number in (0, 2))
    reason = {"reason_code": "inquiry"}
    scene.call("POST", f"/certificates/{revoked['id']}/revocation", json=reason)
    files = {purpose: tmp_path / f"{purpose}.json" for purpose in PURPOSES}

    counted = " ".join(rtcm("status-list", "show").output.split())
    assert f"/status-lists/1/revocation: 1 of {LENGTH} set" in counted
    suspended = " ".join(rtcm("status-list", "show", "--purpose", "suspension").output.split())
    assert f"0 of {LENGTH} set" in suspended
    for purpose, file in files.items():
        assert rtcm("status-list", "show", "--purpose", purpose, "--out", str(file)).exit_code == 0
    listed = shown(rtcm("status-list", "show", "--json"))
    assert listed == json.loads(files["revocation"].read_text())

    material = Material(
        at=scene.now,
        did_documents=[shown(rtcm("did", "show"))],
        status_lists=[file.read_bytes() for file in files.values()],
    )
    found = [
        [finding.code for finding in verify(read_presented(content.data), material).findings]
        for content in (
            scene.call("GET", f"/verify/{one['check_code']}/credential", role=None)
            for one in (revoked, kept)
        )
    ]
    assert found == [["status.revoked"], []]


def test_what_is_not_there_is_one_sentence(rtcm: Rtcm, tmp_path: Path) -> None:
    missing = rtcm("status-list", "show", "--number", "2")
    assert (missing.exit_code, getattr(missing.exception, "code", None)) == (
        1,
        "status_list.not_found",
    )
    (tmp_path / "stack.json").unlink()
    nothing = rtcm("did", "show")
    assert nothing.exit_code == 1
    assert "no platform runs" in str(nothing.exception)

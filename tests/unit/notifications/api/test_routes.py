"""Routes of messages, templates and the sink: one command each, nothing personal shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest
from flask.testing import FlaskClient

from chassis.access import Actor, Role
from chassis.http.app import create_app
from chassis.http.door import Doorway
from chassis.mongo.reading import Page
from services.notifications.api.messages import messages_blueprint, templates_blueprint
from services.notifications.api.sink import sink_blueprint
from services.notifications.domain.commands import ResendMessage
from services.notifications.post.sink import KeptMails
from tests.builders.notifications import CAUSE, COHORT, NOON, SUBJECT, an_id

OPERATOR = Actor(actor_id="operator-1", roles=frozenset({Role.OPERATOR}))
MESSAGE = an_id(50)
MAIL = "01900000-0000-7000-8000-000000000001"

ROW = {
    "id": MESSAGE,
    "version": 3,
    "type_code": "offer_made",
    "subject_id": SUBJECT,
    "cohort_id": COHORT,
    "country_code": "AZ",
    "channel": "email",
    "caused_by_event_id": CAUSE,
    "status": "accepted",
    "params": {"offer_id": an_id(1)},
    "attempt_count": 1,
    "planned_at": NOON,
    "settled_at": NOON,
}


@dataclass
class FakeReads:
    """One message, whoever asks; remembers what was asked."""

    asked: list[dict[str, Any]] = field(default_factory=list)

    def page(self, **asked: Any) -> Page:
        self.asked.append(asked)
        return Page(items=[dict(ROW)], next_after=MESSAGE)

    def one(self, message_id: str, *, scope: Any) -> dict[str, Any] | None:
        return dict(ROW) if message_id == MESSAGE else None

    def counts(self, **asked: Any) -> dict[str, dict[str, int]]:
        self.asked.append(asked)
        return {"by_status": {"accepted": 1}, "by_type": {"offer_made": 1}}


@dataclass
class Scene:
    """The API with a handle that only remembers."""

    client: FlaskClient
    reads: FakeReads
    handled: list[Any]
    actor: Actor = OPERATOR

    def ask(self, method: str, path: str, **headers: str) -> Any:
        sent = {"Authorization": "Bearer x", **headers}
        return self.client.open(path, method=method, headers=sent)


@pytest.fixture
def scene(tmp_path) -> Scene:
    handled: list[Any] = []
    scene = Scene(client=None, reads=FakeReads(), handled=handled)

    def handle(command: Any) -> str:
        handled.append(command)
        return an_id(51)

    (tmp_path / f"{MAIL}.eml").write_bytes(
        b"Subject: Salam\r\nTo: a@example.org\r\nContent-Type: text/plain\r\n\r\nMetn\r\n"
    )
    app = create_app(
        service="notifications",
        blueprints=[
            messages_blueprint(handle, scene.reads),
            templates_blueprint(),
            sink_blueprint(KeptMails(tmp_path)),
        ],
        way=Doorway(
            verifier=SimpleNamespace(actor=lambda _: scene.actor),
            unit_of_work=SimpleNamespace(run=lambda work, *, command_id: work()),
            answers=SimpleNamespace(find=lambda _: None, put=lambda *_: None),
        ),
        readiness={},
        translate=lambda _: None,
    )
    scene.client = app.test_client()
    return scene


def test_messages_are_listed_by_filter_and_without_their_parameters(scene):
    answer = scene.ask("GET", f"/messages?cohort_id={COHORT}&status=accepted&type_code=offer_made")

    assert answer.status_code == 200
    (item,) = answer.json["items"]
    assert (item["message_id"], item["message_class"]) == (MESSAGE, "transactional")
    assert "params" not in item
    assert scene.reads.asked[0]["where"] == {
        "cohort_id": COHORT,
        "status": "accepted",
        "type_code": "offer_made",
    }
    assert answer.json["next_cursor"]


@pytest.mark.parametrize(
    "query", ["status=lost", "type_code=nothing", "cohort_id=1", "limit=0", "address=a@example.org"]
)
def test_wrong_filter_is_refused(scene, query):
    assert scene.ask("GET", f"/messages?{query}").status_code == 400


def test_counts_are_of_a_cohort(scene):
    answer = scene.ask("GET", f"/messages/counts?cohort_id={COHORT}")
    assert answer.json == {"by_status": {"accepted": 1}, "by_type": {"offer_made": 1}}


def test_one_message_has_its_version(scene):
    answer = scene.ask("GET", f"/messages/{MESSAGE}")
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"3"')
    assert answer.json["expires_at"] is None


def test_unknown_message_is_not_found(scene):
    answer = scene.ask("GET", f"/messages/{an_id(99)}")
    assert (answer.status_code, answer.json["code"]) == (404, "message.not_found")


def test_resending_hands_over_one_command(scene):
    answer = scene.ask("POST", f"/messages/{MESSAGE}/resending", **{"If-Match": '"3"'})

    assert (answer.status_code, answer.json) == (201, {"id": an_id(51)})
    (command,) = scene.handled
    assert command == ResendMessage(
        actor=OPERATOR, expected_version=3, message_id=MESSAGE, nonce=command.nonce
    )


def test_same_key_means_the_same_resending(scene):
    for _ in range(2):
        scene.ask("POST", f"/messages/{MESSAGE}/resending", **{"Idempotency-Key": "once"})
    scene.ask("POST", f"/messages/{MESSAGE}/resending", **{"Idempotency-Key": "again"})

    first, second, third = (command.nonce for command in scene.handled)
    assert first == second != third


@pytest.mark.parametrize("role", [Role.PARTICIPANT, Role.PARTNER, Role.TRAINER, Role.REVIEWER])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/messages"),
        ("GET", "/messages/counts"),
        ("GET", f"/messages/{MESSAGE}"),
        ("POST", f"/messages/{MESSAGE}/resending"),
        ("GET", "/templates"),
        ("GET", "/templates/offer_made/az/preview"),
        ("GET", "/sink/mails"),
        ("GET", f"/sink/mails/{MAIL}"),
    ],
)
def test_others_are_kept_out(scene, role, method, path):
    scene.actor = Actor(actor_id="x", roles=frozenset({role}))
    assert scene.ask(method, path).status_code == 403


def test_templates_are_listed_and_previewed(scene):
    items = scene.ask("GET", "/templates").json["items"]
    assert {"offer_made", "signin_link"} <= {item["type_code"] for item in items}

    shown = scene.ask("GET", "/templates/offer_made/az/preview").json
    assert shown["subject"] == "Sizə yer təklif olunur: Miqrasiya Məktəbi"
    assert '<html lang="az"' in shown["html"]


@pytest.mark.parametrize("path", ["nothing/az", "offer_made/de", "_footer/az"])
def test_unknown_template_is_not_found(scene, path):
    answer = scene.ask("GET", f"/templates/{path}/preview")
    assert (answer.status_code, answer.json["code"]) == (404, "template.not_found")


def test_kept_mails_can_be_read(scene):
    (item,) = scene.ask("GET", "/sink/mails").json["items"]
    assert (item["id"], item["subject"]) == (MAIL, "Salam")
    mail = scene.ask("GET", f"/sink/mails/{MAIL}").json
    assert (mail["text"], mail["attachments"]) == ("Metn\n", [])
    assert scene.ask("GET", f"/sink/mails/{an_id(9)}").status_code == 404

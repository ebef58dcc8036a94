"""Every route hands over one command; what readers may not see is left out."""

from pathlib import Path

import pytest

from chassis.access import Actor, Role, Scope
from chassis.errors import NotFound
from chassis.http.app import create_app
from chassis.http.door import Doorway
from chassis.tokens import TokenIssuer, TokenVerifier, ensure_keys
from services.selection.api.assignments import assignments_blueprint
from services.selection.api.interviews import interviews_blueprint
from services.selection.api.offers import appeals_blueprint, offers_blueprint
from services.selection.api.rulesets import rulesets_blueprint
from services.selection.api.runs import runs_blueprint
from services.selection.api.screenings import (
    reviews_blueprint,
    screenings_blueprint,
    shortlists_blueprint,
)
from services.selection.domain import commands
from services.selection.domain.interview import Presence, Slot
from services.selection.domain.reviewer_assignment import ReviewerRecord
from tests.builders.selection import CALL, COHORT, DAY, HOUR, NOON, RUN, a_rule_set, a_run
from tests.fakes import MemoryAnswers, MemoryUnitOfWork
from tests.shelf import Shelf

ID = "00000000-0000-7000-8000-0000000000aa"
OPERATOR = Actor(actor_id="operator", roles=frozenset({Role.OPERATOR}))
REVIEWER = Actor(actor_id="r1", roles=frozenset({Role.REVIEWER}))
PERSON = Actor(actor_id="p1", roles=frozenset({Role.PARTICIPANT}), scope=Scope(subject_id="p1"))


class _Nothing:
    """Reads of an empty service."""

    def one(self, kind, id_, *, scope):
        return None

    def assigned_reviews(self, reviewer_id, *, scope):
        return []


@pytest.fixture
def service(tmp_path: Path):
    ensure_keys(tmp_path, ["cli"])
    handled = []

    def handle(command):
        handled.append(command)
        return ID

    reads, runs = _Nothing(), Shelf(a_run(), key="run_id")
    rule_sets = Shelf(a_rule_set(), key="ruleset_id")
    app = create_app(
        service="selection",
        blueprints=[
            rulesets_blueprint(handle, reads),
            screenings_blueprint(handle, reads),
            reviews_blueprint(handle, reads),
            assignments_blueprint(handle, reads),
            shortlists_blueprint(handle, reads),
            interviews_blueprint(handle, reads),
            runs_blueprint(handle, reads, runs, rule_sets, Shelf(key="shortlist_id")),
            offers_blueprint(handle, reads),
            appeals_blueprint(handle, reads),
        ],
        way=Doorway(
            verifier=TokenVerifier("selection", tmp_path),
            unit_of_work=MemoryUnitOfWork(),
            answers=MemoryAnswers(),
        ),
        readiness={},
        translate=lambda error: None,
    )
    issuer = TokenIssuer("cli", tmp_path)

    def ask(method, path, body=None, *, actor=OPERATOR):
        token = issuer.for_actor(actor, audience="selection")
        headers = {"Authorization": f"Bearer {token}", "If-Match": '"7"'}
        return app.test_client().open(path, method=method, json=body, headers=headers)

    ask.handled = handled
    return ask


BODY_SLOT = {
    "starts_at": "2020-11-21T16:00:00+04:00",
    "ends_at": "2020-11-21T17:00:00+04:00",
    "zone": "Asia/Baku",
    "mode": "onsite",
}
SLOT = Slot(starts_at=NOON + DAY, ends_at=NOON + DAY + HOUR, zone="Asia/Baku", mode=Presence.ONSITE)
SCORES = {"scores": [{"criterion_code": "ideas", "points": 70}]}
AT_7 = {"expected_version": 7}


@pytest.mark.parametrize(
    ("actor", "path", "body", "status", "command"),
    [
        (OPERATOR, "/rulesets", {"cohort_id": COHORT, "document": {}}, 201,
         commands.DraftRuleSet(actor=OPERATOR, cohort_id=COHORT, document={})),
        (OPERATOR, f"/rulesets/{ID}/freezing", None, 204,
         commands.FreezeRuleSet(actor=OPERATOR, ruleset_id=ID, **AT_7)),
        (OPERATOR, f"/screenings/{ID}/decision", {"eligible": True}, 204,
         commands.DecideScreening(actor=OPERATOR, screening_id=ID, eligible=True, **AT_7)),
        (OPERATOR, f"/screenings/{ID}/reviewers", {"reviewer_id": "r1"}, 204,
         commands.AssignReviewer(actor=OPERATOR, screening_id=ID, reviewer_id="r1")),
        (REVIEWER, f"/reviews/{ID}/sealing", SCORES, 204,
         commands.SealReview(actor=REVIEWER, screening_id=ID, points={"ideas": 70})),
        (REVIEWER, f"/reviews/{ID}/recusal", {"conflict_code": "relative"}, 204,
         commands.RecuseReviewer(actor=REVIEWER, screening_id=ID, conflict_code="relative")),
        (OPERATOR, "/shortlists", {"cohort_id": COHORT}, 201,
         commands.DrawShortlist(actor=OPERATOR, cohort_id=COHORT)),
        (OPERATOR, "/interviews",
         {**BODY_SLOT, "application_id": ID, "panelist_ids": ["r1", "r2"]}, 201,
         commands.BookInterview(
             actor=OPERATOR, application_id=ID, slot=SLOT, panelist_ids=("r1", "r2"))),
        (OPERATOR, f"/interviews/{ID}/slot", BODY_SLOT, 204,
         commands.MoveInterview(actor=OPERATOR, interview_id=ID, slot=SLOT, **AT_7)),
        (OPERATOR, f"/interviews/{ID}/panelists", {"panelist_id": "r3"}, 204,
         commands.JoinPanel(actor=OPERATOR, interview_id=ID, panelist_id="r3")),
        (OPERATOR, f"/interviews/{ID}/absence", None, 204,
         commands.MissInterview(actor=OPERATOR, interview_id=ID)),
        (REVIEWER, f"/interviews/{ID}/scores", SCORES, 204,
         commands.SealInterviewScores(actor=REVIEWER, interview_id=ID, points={"ideas": 70})),
        (REVIEWER, f"/interviews/{ID}/recusal", {"conflict_code": "relative"}, 204,
         commands.RecusePanelist(actor=REVIEWER, interview_id=ID, conflict_code="relative")),
        (OPERATOR, f"/runs/{ID}/snapshot", None, 204,
         commands.SnapshotRun(actor=OPERATOR, run_id=ID, **AT_7)),
        (OPERATOR, f"/runs/{ID}/draw", {"public_value": "5 12"}, 204,
         commands.DrawRun(actor=OPERATOR, run_id=ID, public_value="5 12", **AT_7)),
        (PERSON, f"/offers/{ID}/acceptance", None, 204,
         commands.AcceptOffer(actor=PERSON, offer_id=ID, **AT_7)),
        (PERSON, f"/offers/{ID}/refusal", None, 204,
         commands.DeclineOffer(actor=PERSON, offer_id=ID, **AT_7)),
        (OPERATOR, f"/offers/{ID}/withdrawal", {"reason_code": "error"}, 204,
         commands.WithdrawOffer(actor=OPERATOR, offer_id=ID, reason_code="error", **AT_7)),
        (OPERATOR, f"/appeals/{ID}/examination", {"admissible": True}, 204,
         commands.ExamineAppeal(actor=OPERATOR, appeal_id=ID, admissible=True, **AT_7)),
        (OPERATOR, f"/appeals/{ID}/decision", {"granted": False}, 204,
         commands.DecideAppeal(actor=OPERATOR, appeal_id=ID, granted=False, **AT_7)),
    ],
)  # fmt: skip
def test_route_hands_over_one_command(service, actor, path, body, status, command):
    assert service("POST", path, body, actor=actor).status_code == status
    assert service.handled == [command]


def test_made_things_get_an_id_of_the_call(service):
    service("POST", "/runs", {"call_id": CALL, "public_value_name": "az-lottery-5"})
    service("POST", "/appeals", {"application_id": ID, "ground_code": "procedure"}, actor=PERSON)
    reviewer = {"reviewer_id": "r1", "country_code": "GE", "conflict_application_ids": [ID]}
    service("POST", "/reviewer-assignments", {"call_id": CALL, "reviewers": [reviewer]})
    run, appeal, assignment = service.handled
    assert (assignment.call_id, assignment.bridge_permille) == (CALL, 100)
    assert assignment.reviewers == (
        ReviewerRecord(reviewer_id="r1", country_code="GE", conflict_application_ids=(ID,)),
    )
    assert (run.call_id, run.public_value_name) == (CALL, "az-lottery-5")
    assert (appeal.application_id, appeal.ground_code) == (ID, "procedure")
    assert run.run_id != appeal.appeal_id


def test_revision_is_a_put(service):
    service("PUT", f"/rulesets/{ID}", {"document": {"a": 1}})
    assert service.handled == [
        commands.ReviseRuleSet(actor=OPERATOR, ruleset_id=ID, document={"a": 1}, **AT_7)
    ]


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/interviews", {**BODY_SLOT, "application_id": ID, "panelist_ids": []}, "panelist_ids"),
        (f"/interviews/{ID}/slot", {**BODY_SLOT, "zone": "Mars/Base"}, "zone"),
        (f"/interviews/{ID}/slot", {**BODY_SLOT, "starts_at": "2020-11-21T16:00:00"}, "starts_at"),
        (
            f"/interviews/{ID}/slot",
            {**BODY_SLOT, "ends_at": "0001-01-01T00:00:00+04:00"},
            "ends_at",
        ),
        (f"/screenings/{ID}/decision", {"eligible": "perhaps"}, "eligible"),
        ("/runs", {"call_id": CALL, "public_value_name": "Loud Name"}, "public_value_name"),
    ],
)
def test_wrong_body_is_refused_naming_the_field(service, path, body, field):
    answer = service("POST", path, body)
    assert answer.status_code == 422
    assert [problem["field"] for problem in answer.get_json()["problems"]] == [field]
    assert service.handled == []


@pytest.mark.parametrize(
    ("actor", "path"),
    [
        (PERSON, f"/runs/{ID}/draw"),
        (REVIEWER, f"/screenings/{ID}/decision"),
        (REVIEWER, f"/offers/{ID}/acceptance"),
        (OPERATOR, f"/reviews/{ID}/sealing"),
    ],
)
def test_other_roles_are_refused(service, actor, path):
    assert service("POST", path, {}, actor=actor).status_code == 403


def test_bundle_is_for_auditors_and_only_after_the_first_round(service):
    assert service("GET", f"/runs/{RUN}/audit", actor=REVIEWER).status_code == 403
    assert service("GET", f"/runs/{RUN}/audit").get_json()["code"] == "run.not_drawn"


def test_manifest_is_open_to_everybody(service):
    nobody = Actor(actor_id="n", roles=frozenset({Role.PUBLIC}))
    answer = service("GET", f"/runs/{RUN}/manifest", actor=nobody)
    assert answer.get_json()["manifest"]["run_id"] == RUN


def test_what_is_not_there_is_not_found(service):
    for path in (f"/offers/{ID}", f"/screenings/{ID}", f"/runs/{ID}", f"/runs/{ID}/manifest"):
        answer = service("GET", path)
        assert answer.status_code == NotFound.status, path

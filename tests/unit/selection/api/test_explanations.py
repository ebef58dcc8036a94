"""Explanations over HTTP: of a run's latest round, for people within the caller's scope."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from chassis.access import Actor, Role, Scope
from chassis.http.app import create_app
from chassis.http.door import Doorway
from chassis.tokens import TokenIssuer, TokenVerifier, ensure_keys
from services.selection.api.explanations import explanations_blueprint
from services.selection.domain.allocation.decide import decide
from services.selection.domain.candidate import Answers
from services.selection.domain.lottery import lottery_number
from tests.builders.selection import COHORT, NOON, RUN, a_candidate, a_run, application_id
from tests.fakes import MemoryAnswers, MemoryUnitOfWork
from tests.shelf import Shelf

OPERATOR = Actor(actor_id="operator", roles=frozenset({Role.OPERATOR}))
BAKU = Actor(
    actor_id="c",
    roles=frozenset({Role.COORDINATOR}),
    scope=Scope(countries=frozenset({"AZ"}), cohorts=frozenset({COHORT})),
)
GEORGIA = replace(BAKU, scope=Scope(countries=frozenset({"GE"})))
AUDITOR = Actor(actor_id="a", roles=frozenset({Role.AUDITOR}))


@pytest.fixture
def run():
    """Two seats; four people, the second and the last from Georgia; the best has left."""
    people = [a_candidate(n, score=90_000 - n) for n in range(1, 6)]
    people = [replace(p, country_code="GE") if n % 2 else p for n, p in enumerate(people)]
    run = a_run(*people)
    answers = Answers.of(gone_ids=[application_id(1)], kept={})
    run.record_round(decide(run.market(answers)), answers=answers, cause_code="x", now=NOON)
    return run


def _service(tmp_path: Path, run):
    ensure_keys(tmp_path, ["cli"])
    app = create_app(
        service="selection",
        blueprints=[explanations_blueprint(Shelf(run, key="run_id"))],
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
        headers = {"Authorization": f"Bearer {token}"}
        return app.test_client().open(path, method=method, json=body, headers=headers)

    return ask


@pytest.fixture
def ask(tmp_path, run):
    return _service(tmp_path, run)


def _standing(run, number):
    lottery = lottery_number(bytes.fromhex(run.seed_hex), application_id(number))
    return {"band": 0, "score_milli": 90_000 - number, "lottery": str(lottery)}


def test_each_preference_says_what_closed_it(ask, run):
    items = ask("GET", f"/runs/{RUN}/explanations").get_json()["items"]
    assert [item["application_id"] for item in items] == [application_id(n) for n in (2, 3, 4, 5)]
    assert items[0] == {
        "application_id": application_id(2),
        "country_code": "GE",
        "cohort_id": COHORT,
        "steps": [
            {
                "cohort_id": COHORT,
                "standing": _standing(run, 2),
                "closed_by": None,
                "cut_off": None,
            }
        ],
    }
    assert items[2]["cohort_id"] is None
    assert items[2]["steps"] == [
        {
            "cohort_id": COHORT,
            "standing": _standing(run, 4),
            "closed_by": f"seats of {COHORT}: 2",
            "cut_off": _standing(run, 3),
        }
    ]


def test_pages_and_one_person(ask):
    first = ask("GET", f"/runs/{RUN}/explanations?limit=3").get_json()
    rest = ask("GET", f"/runs/{RUN}/explanations?cursor={first['next_cursor']}").get_json()
    assert [item["application_id"] for item in rest["items"]] == [application_id(5)]
    assert rest["next_cursor"] is None
    path = f"/runs/{RUN}/explanations?application_id={application_id(3)}"
    assert [i["application_id"] for i in ask("GET", path).get_json()["items"]] == [
        application_id(3)
    ]


def test_nobody_sees_another_country(ask):
    items = ask("GET", f"/runs/{RUN}/explanations", actor=BAKU).get_json()["items"]
    assert {item["country_code"] for item in items} == {"AZ"}
    moved = ask("POST", f"/runs/{RUN}/what-if", _seats(4), actor=BAKU).get_json()["moved"]
    assert [one["applicant_id"] for one in moved] == [application_id(5)]
    assert ask("GET", f"/runs/{RUN}/explanations", actor=GEORGIA).status_code == 404
    assert ask("POST", f"/runs/{RUN}/what-if", _seats(4), actor=GEORGIA).status_code == 404


def _seats(count):
    return {"cohorts": [{"id": COHORT, "seats": count}]}


def test_other_quotas_say_whom_they_move_and_why_and_change_nothing(ask, run):
    before = run.version
    answer = ask("POST", f"/runs/{RUN}/what-if", _seats(1)).get_json()
    assert answer == {
        "placed_count": 2,
        "moved": [
            {
                "applicant_id": application_id(3),
                "before": COHORT,
                "after": None,
                "better": False,
                "cause": {
                    "cohort_id": COHORT,
                    "standing": _standing(run, 3),
                    "closed_by": f"seats of {COHORT}: 1",
                    "cut_off": _standing(run, 2),
                },
            }
        ],
    }
    assert (run.version, len(run.rounds)) == (before, 1)


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"cohorts": [{"id": "x", "seats": 1}]}, 422, "cohorts[0].id"),
        ({"cohorts": [{"id": COHORT, "seats": True}]}, 422, "cohorts[0].seats"),
        ({"cohorts": 3}, 422, "cohorts"),
        ({"seats": 3}, 422, "seats"),
    ],
)
def test_malformed_question_names_the_field(ask, body, status, field):
    answer = ask("POST", f"/runs/{RUN}/what-if", body)
    assert answer.status_code == status
    assert [problem["field"] for problem in answer.get_json()["problems"]] == [field]


def test_quotas_that_contradict_each_other_are_refused(ask):
    body = {"cohorts": [{"id": COHORT, "country_reserves": {"AZ": 3}}]}
    answer = ask("POST", f"/runs/{RUN}/what-if", body)
    assert (answer.status_code, answer.get_json()["code"]) == (409, "quota.reserves_exceed_seats")


def test_only_the_centre_asks(ask):
    assert ask("GET", f"/runs/{RUN}/explanations", actor=AUDITOR).status_code == 403


def test_there_is_nothing_to_explain_before_the_first_round(tmp_path):
    ask = _service(tmp_path, a_run(a_candidate(1, score=1)))
    answer = ask("GET", f"/runs/{RUN}/explanations")
    assert (answer.status_code, answer.get_json()["code"]) == (409, "run.not_drawn")

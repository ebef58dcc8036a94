"""Reports over HTTP: computed within the caller's scope, and for those who may read them."""

from __future__ import annotations

from pathlib import Path

import pytest

from chassis.access import Actor, Role, Scope
from chassis.http.app import create_app
from chassis.http.door import Doorway
from chassis.tokens import TokenIssuer, TokenVerifier, ensure_keys
from services.selection.api.reports import reports_blueprint
from tests.builders.selection import (
    CALL,
    COHORT,
    NOON,
    REVIEWERS,
    a_rule_set,
    an_eligible_screening,
    application_id,
    some_rules,
)
from tests.fakes import MemoryAnswers, MemoryUnitOfWork

OPERATOR = Actor(actor_id="operator", roles=frozenset({Role.OPERATOR}))
GEORGIA = Actor(
    actor_id="g", roles=frozenset({Role.AUDITOR}), scope=Scope(countries=frozenset({"GE"}))
)
REVIEWER = Actor(actor_id="r1", roles=frozenset({Role.REVIEWER}))


def _screening(number, country_code, *reviews):
    screening = an_eligible_screening(
        application_id=application_id(number), country_code=country_code
    )
    for reviewer, points in reviews:
        screening.assign(REVIEWERS[reviewer])
        sheet = {"motivation": points, "ideas": points}
        screening.seal(REVIEWERS[reviewer], sheet, some_rules(), now=NOON)
    return screening


class _Reports:
    def __init__(self, *screenings):
        self._screenings = screenings

    def screenings(self, where, *, scope):
        return [
            s
            for s in self._screenings
            if (scope.countries is None or s.country_code in scope.countries)
            and all(getattr(s, name) == value for name, value in where.items())
        ]

    def interviews(self, application_ids, *, scope):
        return []

    def offers(self, application_ids, *, scope):
        return []

    def rule_set(self, cohort_id, *, scope):
        return a_rule_set(cohort_id=cohort_id)


@pytest.fixture
def ask(tmp_path: Path):
    ensure_keys(tmp_path, ["cli"])
    reports = _Reports(
        _screening(1, "AZ", (0, 50), (1, 60)),
        _screening(2, "AZ", (1, 70), (2, 80)),
        _screening(3, "AZ", (2, 60), (0, 40)),
        *(_screening(10 + n, "GE", (3, 50)) for n in range(6)),
    )
    app = create_app(
        service="selection",
        blueprints=[reports_blueprint(reports)],
        way=Doorway(
            verifier=TokenVerifier("selection", tmp_path),
            unit_of_work=MemoryUnitOfWork(),
            answers=MemoryAnswers(),
        ),
        readiness={},
        translate=lambda error: None,
    )
    issuer = TokenIssuer("cli", tmp_path)

    def ask(path, actor=OPERATOR):
        token = issuer.for_actor(actor, audience="selection")
        return app.test_client().get(path, headers={"Authorization": f"Bearer {token}"})

    return ask


def test_reviewers_that_share_nothing_leave_raw_means(ask):
    (cohort,) = ask(f"/calibrations?call_id={CALL}").json["cohorts"]
    assert (cohort["connected"], cohort["refused"]) == (False, "not_connected")
    assert cohort["reviewer_groups"] == [list(REVIEWERS[:3]), [REVIEWERS[3]]]
    assert cohort["applications"][0] == {
        "application_id": application_id(1),
        "review_count": 2,
        "raw_mean": 55.0,
        "adjusted_mean": None,
    }


def test_a_scope_is_calibrated_by_itself(ask):
    azerbaijan = Actor(
        actor_id="a",
        roles=frozenset({Role.COORDINATOR}),
        scope=Scope(countries=frozenset({"AZ"})),
    )
    (cohort,) = ask(f"/calibrations?call_id={CALL}", azerbaijan).json["cohorts"]
    assert (cohort["connected"], cohort["refused"]) == (True, None)
    points = {s["reviewer_id"]: s["points"] for s in cohort["severities"]}
    assert points[REVIEWERS[0]] > points[REVIEWERS[1]] > points[REVIEWERS[2]]
    assert [a["criterion_code"] for a in cohort["agreement"]] == ["motivation", "ideas"]
    (georgia,) = ask(f"/calibrations?call_id={CALL}", GEORGIA).json["cohorts"]
    assert georgia["refused"] == "one_reviewer"


def test_groups_of_a_cohort_with_small_ones_hidden(ask):
    answer = ask(f"/fairness?cohort_id={COHORT}").json
    assert answer["group_by"] == "country"
    eligible = answer["stages"][0]
    assert (eligible["decided_count"], eligible["groups"]) == (9, [])
    assert eligible["hidden_group_codes"] == ["AZ", "GE"]
    georgia = ask(f"/fairness?cohort_id={COHORT}", GEORGIA).json["stages"][0]
    assert [(g["group_code"], g["rate"]) for g in georgia["groups"]] == [("GE", 1.0)]


def test_reviewers_may_not_read_reports_and_a_call_without_reviews_has_none(ask):
    assert ask(f"/fairness?cohort_id={COHORT}", REVIEWER).status_code == 403
    assert ask(f"/calibrations?call_id={COHORT}").json["cohorts"] == []
    assert ask("/calibrations").status_code == 400

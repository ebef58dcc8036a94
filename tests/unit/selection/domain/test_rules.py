"""What a rule set's document may say, and how each refusal reads."""

import pytest

from chassis.errors import InvalidBody, RuleViolation
from services.selection.domain.allocation.market import CohortQuota, GroupCap
from services.selection.domain.eligibility import Truth
from services.selection.domain.rules import read_rules
from services.selection.domain.scores import Scores
from tests.builders.selection import (
    ADJUSTED,
    COHORT,
    OTHER_COHORT,
    a_criterion,
    a_document,
    some_rules,
    words,
)


def _quotas(**quotas):
    return a_document(quotas={"seats": 10, **quotas})


def test_document_becomes_rules():
    rules = read_rules(
        _quotas(
            country_ceilings={"AZ": 6},
            country_reserves={"GE": 2},
            group_caps=[{"cells": [[COHORT, "*"], [OTHER_COHORT, "*"]], "cap": 15}],
        ),
        cohort_id=COHORT,
    )
    assert rules.quota == CohortQuota(COHORT, 10, {"AZ": 6}, {"GE": 2})
    assert rules.group_caps == (GroupCap(((COHORT, "*"), (OTHER_COHORT, "*")), 15),)
    assert (rules.review_count, rules.panel_minimum, rules.answer_hours) == (2, 2, 72)
    assert not rules.nominations_need_review


@pytest.mark.parametrize(
    ("document", "code", "said"),
    [
        (a_document(mechanism="first_preference_first"), "ruleset.first_preference_first", "lying"),
        (a_document(mechanism="min_cost_flow"), "ruleset.min_cost_flow", "not stable"),
        (a_document(tie_rule="submission_time"), "ruleset.submission_time", "connections"),
        (
            _quotas(
                reserve_mode="open_seats_first",
                country_ceilings={"AZ": 5},
                country_reserves={"GE": 2},
            ),
            "ruleset.open_seats_first",
            "the reserve of GE and the ceiling of AZ",
        ),
        (_quotas(country_totals={"AZ": 40}), "ruleset.country_total", f"seats of cohort {COHORT}"),
        (
            _quotas(group_caps=[{"cells": [[COHORT, "AZ"], [OTHER_COHORT, "AZ"]], "cap": 4}]),
            "quota.caps_cross",
            f"crosses the seats of cohort {COHORT}",
        ),
        (
            _quotas(country_ceilings={"GE": 1}, country_reserves={"GE": 2}),
            "quota.reserve_exceeds_ceiling",
            "GE",
        ),
    ],
)
def test_rules_that_break_fairness_are_refused_with_the_reason(document, code, said):
    with pytest.raises(RuleViolation) as refused:
        read_rules(document, cohort_id=COHORT)
    assert refused.value.code == code
    assert said in refused.value.detail


def _with(path, value):
    document = a_document()
    target = document
    for step in path[:-1]:
        target = target[step]
    target[path[-1]] = value
    return document


@pytest.mark.parametrize(
    ("path", "value", "place"),
    [
        (["quotas"], None, "quotas"),
        (["quotas", "seats"], 2.5, "quotas.seats"),
        (["quotas", "seats"], True, "quotas.seats"),
        (["quotas", "seats"], -1, "quotas.seats"),
        (["quotas", "country_ceilings"], {"Azerbaijan": 3}, "quotas.country_ceilings.Azerbaijan"),
        (["quotas", "group_caps"], [{"cells": [["c"]], "cap": 1}], "quotas.group_caps[0].cells[0]"),
        (["mechanism"], "dictator", "mechanism"),
        (["surprise"], 1, ""),
        (["score", "review_permille"], 500, "score"),
        (["review", "criteria"], [a_criterion("motivation", 999)], "review.criteria"),
        (["review", "criteria", 0, "anchors", 0, "points"], 100, "review.criteria[0].anchors"),
        (["review", "criteria", 0, "anchored_only"], "yes", "review.criteria[0].anchored_only"),
        (["interview", "criteria"], [a_criterion("world_view", 1000)], "interview.criteria"),
        (["eligibility", "all", 0, "question"], "height", "eligibility.all[0].question"),
        (["eligibility", "all", 0, "includes"], ["doctor"], "eligibility.all[0].includes"),
        (["eligibility", "all", 0, "texts"], {"en": "x"}, "eligibility.all[0].texts"),
        (["eligibility", "all"], [], "eligibility.all"),
        (["eligibility", "any"], [], "eligibility"),
        (["eligibility", "all", 0, "lowest"], 3, "eligibility.all[0]"),
        (["questions", 0, "kind"], "essay", "questions[0].kind"),
        (["questions", 3, "options"], ["perhaps"], "questions[3].options"),
        (["questions", 1, "code"], "degree_level", "questions[1]"),
        (["offers", "answer_hours"], 0, "offers.answer_hours"),
        (["nominations"], "ignore", "nominations"),
    ],
)
def test_malformed_document_is_refused_naming_the_place(path, value, place):
    with pytest.raises(InvalidBody) as refused:
        read_rules(_with(path, value), cohort_id=COHORT)
    assert [problem.field for problem in refused.value.problems] == [place]


def test_clauses_nested_without_end_are_refused():
    clause = {"code": "c", "texts": words("c"), "question": "employed", "includes": ["yes"]}
    for _ in range(20):
        clause = {"code": "c", "texts": words("c"), "not": clause}
    with pytest.raises(InvalidBody):
        read_rules(a_document(eligibility=clause), cohort_id=COHORT)


def test_answer_of_another_kind_counts_as_missing():
    verdict = some_rules().judge({"degree_level": ("astronaut",), "field_of_study": ("law",)})
    assert (verdict.truth, verdict.missing_question_codes) == (Truth.UNKNOWN, ("degree_level",))


def test_band_is_the_first_clause_that_holds():
    bands = [
        {"code": "recent", "texts": words("recent"), "question": "graduated_year", "lowest": 2019},
        {"code": "works", "texts": words("works"), "question": "employed", "includes": ["yes"]},
    ]
    rules = some_rules(bands=bands)
    assert rules.band({"graduated_year": ("2020",), "employed": ("yes",)}) == 0
    assert rules.band({"graduated_year": ("2010",), "employed": ("yes",)}) == 1
    assert rules.band({}) == 2


def test_final_score_is_a_whole_number():
    rules = some_rules()
    assert rules.final_milli(Scores(review_milli=50_001, interview_milli=70_000)) == 62_000


def test_rules_say_which_review_score_ranks():
    scores = Scores(review_milli=50_000, adjusted_milli=60_000, interview_milli=70_000)
    assert some_rules().final_milli(scores) == 62_000
    assert some_rules(score=ADJUSTED).final_milli(scores) == 66_000


def test_adjusted_rules_do_not_fall_back_to_raw_scores():
    with pytest.raises(RuleViolation) as refused:
        some_rules(score=ADJUSTED).final_milli(Scores(review_milli=1, interview_milli=1))
    assert refused.value.code == "run.not_adjusted"


def test_z_scores_are_refused_with_the_reason():
    with pytest.raises(RuleViolation) as refused:
        some_rules(score={**ADJUSTED, "review_score": "z_score"})
    assert refused.value.code == "ruleset.z_score"
    with pytest.raises(InvalidBody) as malformed:
        some_rules(score={**ADJUSTED, "review_score": "best"})
    assert "score.review_score" in malformed.value.detail

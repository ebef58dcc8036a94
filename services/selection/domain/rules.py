"""The rules of one cohort's selection, read from a document and checked as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from chassis.errors import RuleViolation
from services.selection.domain.allocation.laminar import check_quotas
from services.selection.domain.allocation.market import ANY_COUNTRY, CohortQuota, GroupCap
from services.selection.domain.clauses import (
    Questions,
    known_answers,
    read_clause,
    read_questions,
)
from services.selection.domain.eligibility import Answers, Clause, Truth, Verdict
from services.selection.domain.reading import Node
from services.selection.domain.rubric import WHOLE_PERMILLE, Rubric, read_rubric
from services.selection.domain.scores import ReviewScore, Scores

INTERVIEW_CRITERIA = ("world_view", "logical_thinking", "foreign_languages")
"""Every interview scores these; an edition may add its own."""

_REFUSED_MECHANISMS = {
    "first_preference_first": "it rewards lying about preferences",
    "min_cost_flow": "it leaves people with justified envy: its outcome is not stable",
}
_REFUSED_REVIEW_SCORES = {
    "z_score": "it takes away true differences between groups that different people read",
}
_REFUSED_TIE_RULES = {
    "submission_time": "it punishes people with poor connections",
    "reject_all_tied": "it rewards making oneself different from equals",
    "admit_all_tied": "it rewards making oneself equal to others, and overfills seats",
}


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What ``read_rules`` made of a document.

    Attributes:
        eligibility: who may take part.
        bands: an applicant's band is the number of the first clause that holds, else their count.
        review, interview: what is scored in each stage.
        review_count: blind reviews per application.
        third_review_above_points: a further review is asked for when two differ by more, 0-100.
        shortlist_places: people to interview, and all who tie with the last of them.
        shortlist_minimum_points: below it nobody is interviewed, 0-100.
        panel_minimum: panelists per interview.
        review_permille, interview_permille: shares of the two stages in the final score.
        review_score: which review score ranks, on the shortlist and in the final score.
        quota: seats, country ceilings and reserves of this cohort.
        group_caps: caps this cohort takes part in.
        answer_hours: how long an offer stands.
        nominations_need_review: whether nominees are screened like applicants.
    """

    questions: Questions
    eligibility: Clause
    bands: tuple[Clause, ...]
    review: Rubric
    review_count: int
    third_review_above_points: int
    shortlist_places: int
    shortlist_minimum_points: int
    interview: Rubric
    panel_minimum: int
    review_permille: int
    interview_permille: int
    review_score: ReviewScore
    quota: CohortQuota
    group_caps: tuple[GroupCap, ...]
    answer_hours: int
    nominations_need_review: bool

    def judge(self, answers: Answers) -> Verdict:
        """Whether somebody with these answers may take part."""
        return self.eligibility.judge(known_answers(answers, self.questions))

    def band(self, answers: Answers) -> int:
        """An applicant's band, 0 the best."""
        known = known_answers(answers, self.questions)
        for number, clause in enumerate(self.bands):
            if clause.judge(known).truth is Truth.TRUE:
                return number
        return len(self.bands)

    def final_milli(self, scores: Scores) -> int:
        """Final score in milli-points, rounded down.

        Raises:
            RuleViolation: ``run.not_adjusted``.
        """
        return (
            self.review_permille * scores.ranked(self.review_score)
            + self.interview_permille * scores.interview_milli
        ) // WHOLE_PERMILLE


def read_rules(document: object, *, cohort_id: str) -> Rules:
    """Read and check a rule set's document.

    Raises:
        InvalidBody: ``document.malformed``; names the place.
        RuleViolation: ``ruleset.*`` or ``quota.*``; a rule this platform refuses, and why.
    """
    node = Node(document).fields(
        "questions", "eligibility", "bands", "review", "shortlist", "interview", "score",
        "quotas", "mechanism", "tie_rule", "offers", "nominations",
    )  # fmt: skip
    _refuse_what_breaks(node)
    questions = read_questions(node["questions"])
    review = node["review"].fields(
        "reviews_per_application", "third_review_above_points", "criteria"
    )
    interview = node["interview"].fields("panel_minimum", "criteria")
    shortlist = node["shortlist"].fields("places", "minimum_points")
    score = node["score"].fields("review_permille", "interview_permille", "review_score")
    review_permille = score["review_permille"].whole(at_least=0)
    interview_permille = score["interview_permille"].whole(at_least=0)
    if review_permille + interview_permille != WHOLE_PERMILLE:
        score.refuse(
            f"the shares add up to {review_permille + interview_permille}, not to {WHOLE_PERMILLE}"
        )
    quota, group_caps = _read_quotas(node["quotas"], cohort_id)
    return Rules(
        questions=questions,
        eligibility=read_clause(node["eligibility"], questions),
        bands=tuple(read_clause(item, questions) for item in node.get("bands", []).items()),
        review=read_rubric(review["criteria"]),
        review_count=review["reviews_per_application"].whole(at_least=2, at_most=5),
        third_review_above_points=review.get("third_review_above_points", 100).whole(
            at_least=0, at_most=100
        ),
        shortlist_places=shortlist["places"].whole(at_least=0),
        shortlist_minimum_points=shortlist.get("minimum_points", 0).whole(at_least=0, at_most=100),
        interview=read_rubric(interview["criteria"], needed_codes=INTERVIEW_CRITERIA),
        panel_minimum=interview.get("panel_minimum", 2).whole(at_least=1, at_most=9),
        review_permille=review_permille,
        interview_permille=interview_permille,
        review_score=_read_review_score(score.get("review_score", ReviewScore.RAW.value)),
        quota=quota,
        group_caps=group_caps,
        answer_hours=node["offers"].fields("answer_hours")["answer_hours"].whole(at_least=1),
        nominations_need_review=node.get("nominations", "enrol").choice("enrol", "review")
        == "review",
    )


def _read_review_score(node: Node) -> ReviewScore:
    asked = node.text()
    if asked in _REFUSED_REVIEW_SCORES:
        raise RuleViolation(
            f"ruleset.{asked}", f"{asked} is refused: {_REFUSED_REVIEW_SCORES[asked]}"
        )
    return ReviewScore(node.choice(*ReviewScore))


def _refuse_what_breaks(node: Node) -> None:
    mechanism = node.get("mechanism", "deferred_acceptance").text()
    if mechanism in _REFUSED_MECHANISMS:
        raise RuleViolation(
            f"ruleset.{mechanism}", f"{mechanism} is refused: {_REFUSED_MECHANISMS[mechanism]}"
        )
    node.get("mechanism", "deferred_acceptance").choice("deferred_acceptance")
    tie_rule = node.get("tie_rule", "lottery").text()
    if tie_rule in _REFUSED_TIE_RULES:
        raise RuleViolation(
            f"ruleset.{tie_rule}", f"{tie_rule} is refused: {_REFUSED_TIE_RULES[tie_rule]}"
        )
    node.get("tie_rule", "lottery").choice("lottery")


def _read_quotas(node: Node, cohort_id: str) -> tuple[CohortQuota, tuple[GroupCap, ...]]:
    node.fields(
        "seats", "country_ceilings", "country_reserves", "reserve_mode", "country_totals",
        "group_caps",
    )  # fmt: skip
    ceilings = _read_by_country(node.get("country_ceilings", {}))
    reserves = _read_by_country(node.get("country_reserves", {}))
    _refuse_open_seats_first(node, ceilings, reserves)
    if node.has("country_totals"):
        totals = _read_by_country(node["country_totals"])
        country_code = min(totals, default=ANY_COUNTRY)
        raise RuleViolation(
            "ruleset.country_total",
            f"the total of {country_code} over all cohorts crosses the seats of cohort "
            f"{cohort_id}, and cutting it afterwards rewards lying; split it into ceilings",
        )
    quota = CohortQuota(cohort_id, node["seats"].whole(at_least=0), ceilings, reserves)
    group_caps = tuple(_read_group(item) for item in node.get("group_caps", []).items())
    elsewhere = {c for g in group_caps for c, _ in g.cells} - {cohort_id}
    # Other cohorts' own quotas are in their rule sets; here they only stand for their seats.
    others = [CohortQuota(other, seats=0) for other in sorted(elsewhere)]
    check_quotas((quota, *others), group_caps)
    return quota, group_caps


def _refuse_open_seats_first(
    node: Node, ceilings: Mapping[str, int], reserves: Mapping[str, int]
) -> None:
    mode = node.get("reserve_mode", "minimum_guarantee")
    if mode.choice("minimum_guarantee", "open_seats_first") == "minimum_guarantee":
        return
    if ceilings:
        reserved, capped = min(reserves, default="?"), min(ceilings)
        raise RuleViolation(
            "ruleset.open_seats_first",
            f"open seats first together with a ceiling breaks stability: the reserve of {reserved} "
            f"and the ceiling of {capped}; use minimum_guarantee",
        )
    raise RuleViolation(
        "ruleset.open_seats_first",
        "open seats first is not among the quotas of this platform; use minimum_guarantee",
    )


def _read_by_country(node: Node) -> dict[str, int]:
    return {
        Node(name, f"{node.path}.{name}").country(): child.whole(at_least=0)
        for name, child in node.members()
    }


def _read_group(node: Node) -> GroupCap:
    node.fields("cells", "cap")
    return GroupCap(
        tuple(read_cell(item) for item in node["cells"].items()), node["cap"].whole(at_least=0)
    )


def read_cell(node: Node) -> tuple[str, str]:
    """``[cohort id, country code or "*"]``."""
    pair = list(node.items())
    if len(pair) != 2:
        node.refuse("must be a pair of cohort and country")
    country = ANY_COUNTRY if pair[1].value == ANY_COUNTRY else pair[1].country()
    return pair[0].text(), country

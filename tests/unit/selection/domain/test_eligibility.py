"""Three-valued logic: every row of Kleene's tables, and which clause is named."""

import pytest

from services.selection.domain.eligibility import (
    AllOf,
    AnyOf,
    Between,
    Includes,
    Not,
    Truth,
    Verdict,
)

TEXTS = {"az": "dərəcə", "en": "degree"}
T, F, U = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN


def _clause(code):
    return Includes(
        code=code, texts=TEXTS, question_code=f"q_{code}", option_codes=frozenset({"yes"})
    )


def _answers(**truths):
    words = {T: ("yes",), F: ("no",), U: ()}
    return {f"q_{code}": words[truth] for code, truth in truths.items()}


@pytest.mark.parametrize(
    ("left", "right", "both", "either"),
    [
        (T, T, T, T), (T, F, F, T), (T, U, U, T),
        (F, T, F, T), (F, F, F, F), (F, U, F, U),
        (U, T, U, T), (U, F, F, U), (U, U, U, U),
    ],
)  # fmt: skip
def test_kleene_tables(left, right, both, either):
    pair = (_clause("a"), _clause("b"))
    answers = _answers(a=left, b=right)
    assert AllOf(code="all", texts=TEXTS, clauses=pair).judge(answers).truth is both
    assert AnyOf(code="any", texts=TEXTS, clauses=pair).judge(answers).truth is either


@pytest.mark.parametrize(("inner", "outer"), [(T, F), (F, T), (U, U)])
def test_negation(inner, outer):
    clause = Not(code="not", texts=TEXTS, clause=_clause("a"))
    assert clause.judge(_answers(a=inner)).truth is outer


def test_failing_clause_is_named_even_when_an_earlier_one_is_unknown():
    clause = AllOf(code="all", texts=TEXTS, clauses=(_clause("a"), _clause("b")))
    assert clause.judge(_answers(a=U, b=F)) == Verdict(F, "b", TEXTS)


def test_unknown_names_the_first_open_clause_and_all_missing_answers():
    clause = AllOf(code="all", texts=TEXTS, clauses=(_clause("b"), _clause("a")))
    assert clause.judge({}) == Verdict(U, "b", TEXTS, ("q_a", "q_b"))


def test_alternatives_name_themselves():
    clause = AnyOf(code="any", texts=TEXTS, clauses=(_clause("a"), _clause("b")))
    assert clause.judge(_answers(a=F, b=F)) == Verdict(F, "any", TEXTS)
    assert clause.judge(_answers(a=F)) == Verdict(U, "any", TEXTS, ("q_b",))


@pytest.mark.parametrize(
    ("number", "truth"), [("17", F), ("18", T), ("35", T), ("36", F), ("-20", F)]
)
def test_interval_is_closed(number, truth):
    clause = Between(code="age", texts=TEXTS, question_code="age", lowest=18, highest=35)
    assert clause.judge({"age": (number,)}).truth is truth


def test_several_options_can_be_asked_for():
    clause = Includes(
        code="langs", texts=TEXTS, question_code="langs",
        option_codes=frozenset({"en", "ru", "de"}), at_least=2,
    )  # fmt: skip
    assert clause.judge({"langs": ("en", "fr")}).truth is F
    assert clause.judge({"langs": ("en", "fr", "de")}).truth is T
    assert clause.question_codes() == {"langs"}

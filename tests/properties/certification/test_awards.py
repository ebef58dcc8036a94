"""The award engine against the naive oracle, and what its list of missing items is worth."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from services.certification.domain.awarding.verdict import judge
from tests.properties.certification import engine
from tests.properties.certification.histories import PART_OF, a_history, a_rule, delivered
from tests.properties.certification.oracle import verdict_of

pytestmark = pytest.mark.timeout(1800)  # a minute of one core, on a machine that may be busy

HISTORIES = 100_000
BLOCKS = 4
LATE = 1_000  # a tick after everything else


@pytest.mark.parametrize("block", range(BLOCKS))
def test_every_verdict_is_the_oracles_in_any_order_of_delivery(block):
    seen: Counter[str] = Counter()
    for number in range(HISTORIES // BLOCKS):
        chance = Random(f"award-{block}-{number}")
        rule, rows = a_rule(chance), a_history(chance)
        plan, evidence = engine.heard(delivered(rows, chance))
        ours = engine.plain(judge(engine.terms_of(rule), plan=plan, evidence=evidence))
        assert ours == verdict_of(rule, rows), (block, number)
        seen[ours["standing"]] += 1
    assert min(seen[standing] for standing in ("met", "held", "not_yet", "unreachable")) > 100


def test_doing_all_that_is_left_earns_a_grade_exactly_where_it_is_called_reachable():
    seen: Counter[bool] = Counter()
    for number in range(2_000):
        chance = Random(f"reach-{number}")
        rule, rows = a_rule(chance), a_history(chance)
        for grade, before in _grades(rule, rows):
            after = _standing(rule, grade, rows + _rest(rule, grade, rows))
            unplanned = [item for item in before.missing if _is_unplanned(item, rows)]
            if not unplanned:
                assert (after == "met") == (before.standing != "unreachable"), number
                seen[after == "met"] += 1
    assert min(seen[True], seen[False]) > 100


def test_each_missing_item_is_needed_to_its_last_minute_and_no_further():
    """Doing all of the rest, but one item a minute short: that item alone stays missing."""
    seen: Counter[str] = Counter()
    for number in range(2_000):
        chance = Random(f"minimal-{number}")
        rule, rows = a_rule(chance), a_history(chance)
        for grade, before in _grades(rule, rows):
            for item in before.missing:
                if not item.is_reachable or _is_unplanned(item, rows):
                    continue
                code = item.code
                short = rows + _rest(rule, grade, rows, item=item, less=1)
                left = {one.code: one for one in _judged(rule, grade, short).missing}
                assert code in left, (number, code)
                assert _standing(rule, grade, short) != "met"
                exact = rows + _rest(rule, grade, rows, item=item, less=0)
                assert code not in {one.code for one in _judged(rule, grade, exact).missing}
                if code != "record":
                    assert left[code].minutes == 1
                seen[code.split(".")[0]] += 1
    assert set(seen) == {"hours", "training", "placement", "record"}
    assert min(seen.values()) > 100


def _judged(rule, grade, rows):
    plan, evidence = engine.heard(rows)
    return judge(engine.terms_of(rule | {"grades": [grade]}), plan=plan, evidence=evidence).grades[
        0
    ]


def _grades(rule, rows):
    return [(grade, _judged(rule, grade, rows)) for grade in rule["grades"]]


def _standing(rule, grade, rows) -> str:
    return _judged(rule, grade, rows).standing


def _is_unplanned(item, rows) -> bool:
    """Whether the item is only within reach because more may be planned."""
    if item.code in ("placement", "record"):
        return False
    plan, _ = engine.heard(rows)
    return not [session for session in plan.sessions() if _within(item.code, session)]


def _within(code, session) -> bool:
    """Whether a session counts for an item."""
    kind, _, name = code.rpartition(".")
    if code == "hours.overall":
        return True
    return (session.part_code if kind == "hours.part" else session.training_code) == name


def _rest(rule, grade, rows, *, item=None, less=0) -> list[dict]:
    """Every session ahead is attended whole and the placement done; ``item`` misses ``less``.

    Within ``item`` only its own minutes are made up for, less ``less``.
    """
    plan, evidence = engine.heard(rows)
    ahead = [session for session in plan.sessions() if not session.is_recorded]
    budget = item.minutes - less if item and item.code not in ("placement", "record") else None
    more = []
    for number, session in enumerate(ahead):
        if item and item.code == "record" and less and number == 0:
            continue
        minutes = session.planned_minutes
        if budget is not None and _within(item.code, session):
            minutes = min(minutes, budget)
            budget -= minutes
        fact = {"session": session.session_id, "at": LATE}
        training = session.training_code
        more.append(
            {"row": "register", "training": training, "minutes": session.planned_minutes} | fact
        )
        more.append(
            {"row": "entry", "status": "late", "minutes": minutes, "correction": False} | fact
        )
        assert PART_OF[training] == session.part_code
    done = sum(placement.minutes for placement in evidence.placements)
    wanted = (grade["placement_minutes"] or 0) - done
    if item and item.code == "placement":
        wanted = item.minutes - less
    if wanted > 0 and not plan.is_closed:
        more.append({"row": "placement", "id": "more", "minutes": wanted, "at": LATE})
    return more

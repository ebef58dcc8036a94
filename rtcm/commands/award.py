"""Judge one participant's facts by award rules."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from marshmallow import ValidationError

from chassis.errors import RuleViolation
from rtcm.commands.files import Unreadable, read_json
from rtcm.commands.options import AS_JSON, SCREEN, print_json
from services.certification.api.rule_schemas import AwardTermsBody
from services.certification.domain.awarding.statements import FactsContradict, read_facts, schema
from services.certification.domain.awarding.terms import AwardTerms
from services.certification.domain.awarding.verdict import (
    GradeVerdict,
    Minutes,
    Missing,
    Standing,
    Verdict,
    judge,
)

_VERDICTS = {
    Standing.MET: "met",
    Standing.HELD: "held",
    Standing.NOT_YET: "not",
    Standing.UNREACHABLE: "not",
}


@click.command()
@click.argument("rules", type=click.Path(path_type=Path))
@click.argument("facts", type=click.Path(path_type=Path))
@AS_JSON
def award(rules: Path, facts: Path, as_json: bool) -> None:
    """Judge FACTS.json by RULES.json: met, held or not; what is missing; is it within reach?

    The forms are described by `services/certification/domain/awarding/schemas`, examples are in
    `docs/examples/award`. Ends with 0 whatever the verdict, with 2 when a file cannot be taken.
    """
    terms = read_terms(rules)
    stated = read_json(facts, schema("facts"))
    try:
        plan, evidence = read_facts(stated)
    except FactsContradict as error:
        raise Unreadable(f"{facts}: {error}") from error
    verdict = judge(terms, plan=plan, evidence=evidence)
    if as_json:
        participant = {name: stated[name] for name in ("participant_id",) if name in stated}
        print_json(participant | _as_data(verdict) | {"rules_sha256": terms.sha256()})
        return
    for line in _as_lines(verdict):
        SCREEN.print(line, markup=False, soft_wrap=True)


def read_terms(path: Path) -> AwardTerms:
    """Terms from a file.

    Raises:
        Unreadable: not as the schema wants them, or nobody could apply them.
    """
    read = read_json(path, schema("rules"))
    try:
        terms: AwardTerms = AwardTermsBody().load(read)["terms"]
        terms.check()
    except ValidationError as error:  # what JSON Schema takes for a whole number: 80.0
        raise Unreadable(f"{path}: {error}") from error
    except RuleViolation as error:
        raise Unreadable(f"{path}: {error.detail}") from error
    return terms


def _as_data(verdict: Verdict) -> dict[str, Any]:
    return {
        "verdict": _VERDICTS[verdict.standing],
        "kind_code": verdict.kind_code,
        "is_reachable": verdict.is_reachable,
        "missing": [asdict(item) for item in verdict.missing],
        "grades": [
            {
                "kind_code": grade.kind_code,
                "verdict": _VERDICTS[grade.standing],
                "is_reachable": grade.standing is not Standing.UNREACHABLE,
                "missing": [asdict(item) for item in grade.missing],
            }
            for grade in verdict.grades
        ],
        "overall": asdict(verdict.overall),
        "parts": [asdict(part) for part in verdict.parts],
    }


def _as_lines(verdict: Verdict) -> list[str]:
    lines = [_sentence(grade) for grade in verdict.grades]
    for grade in verdict.grades:
        lines += [f"  {grade.kind_code}: missing {_item(item)}" for item in grade.missing]
    lines += [_time("overall", verdict.overall)]
    lines += [_time(part.part_code or "", part) for part in verdict.parts]
    return lines


def _sentence(grade: GradeVerdict) -> str:
    words = {
        Standing.MET: "met",
        Standing.HELD: "held: all is met, but a session has no register yet",
        Standing.NOT_YET: "not met, still within reach",
        Standing.UNREACHABLE: "not met, out of reach",
    }
    return f"{grade.kind_code}: {words[grade.standing]}"


def _item(item: Missing) -> str:
    reach = "" if item.is_reachable else " (out of reach)"
    if item.session_ids:
        return f"{item.code}: {', '.join(item.session_ids)}{reach}"
    minutes = f": {item.minutes} minutes" if item.minutes else ""
    return f"{item.code}{minutes}{reach}"


def _time(name: str, minutes: Minutes) -> str:
    return (
        f"{name}: {minutes.credited} of {minutes.counted} minutes credited, {minutes.ahead} ahead"
    )

"""Eligibility rules, tried on one person or on all who applied before."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from chassis.errors import RtcmError
from rtcm.commands.files import Unreadable, read_json, write_json
from rtcm.commands.options import AS_JSON, print_json
from services.selection.domain.clauses import (
    Questions,
    known_answers,
    read_answers,
    read_clause,
    read_questions,
)
from services.selection.domain.dry_run import Applied, Outcome, dry_run
from services.selection.domain.eligibility import Clause, Truth, Verdict
from services.selection.domain.reading import Node
from services.selection.domain.rubric import Points
from services.selection.domain.rules import Rules, read_rules

_SCHEMAS = Path(__file__).parent / "schemas"
_SMALL = {"questions", "eligibility"}
_EXIT_CODES = {Truth.TRUE: 0, Truth.FALSE: 1, Truth.UNKNOWN: 3}

_COHORT = click.option(
    "--cohort",
    "cohort_id",
    default="this-cohort",
    show_default=True,
    help="Id under which a whole rule set's group caps name its own cohort.",
)


@click.command()
@click.argument("rules", type=click.Path(path_type=Path))
@click.argument("person", type=click.Path(path_type=Path))
@_COHORT
@click.option("--exit-code", is_flag=True, help="End with 1 where false, with 3 where unknown.")
@AS_JSON
def eligibility(rules: Path, person: Path, cohort_id: str, exit_code: bool, as_json: bool) -> None:
    """Say whether PERSON.json may take part by RULES.json: true, false or unknown, and the clause.

    RULES.json is a whole rule set or just its questions and eligibility; PERSON.json an object of
    answers by question code, or {"id": ..., "answers": {...}}. Ends with 0 whatever the verdict
    (see --exit-code), and with 2 where a file cannot be taken or a rule is refused.
    """
    questions, clause = _read_eligibility(rules, cohort_id)
    raw = read_json(person, _schema("person"))
    answers = raw["answers"] if isinstance(raw.get("answers"), dict) else raw
    with _refusing(person):
        given = read_answers(Node(answers), questions)
    verdict = clause.judge(known_answers(given, questions))
    if as_json:
        print_json(_as_json(verdict))
    else:
        _show(verdict)
    if exit_code:
        sys.exit(_EXIT_CODES[verdict.truth])


@click.command("dry-run")
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.argument("people", type=click.Path(path_type=Path))
@_COHORT
@click.option("--out", type=click.Path(path_type=Path), help="Write everybody, changed or not.")
@AS_JSON
def try_rules(
    old: Path, new: Path, people: Path, cohort_id: str, out: Path | None, as_json: bool
) -> None:
    """Judge PEOPLE.json by the rule sets OLD.json and NEW.json and name who fares differently."""
    before, after = (_read_rules(path, cohort_id) for path in (old, new))
    differences = dry_run(_read_people(people, before), old=before, new=after)
    everybody: list[dict[str, Any]] = [
        {
            "id": difference.person_id,
            "changed": difference.changed,
            "before": _outcome(difference.before),
            "after": _outcome(difference.after),
        }
        for difference in differences
    ]
    changed = [line for line in everybody if line["changed"]]
    if out is not None:
        write_json(out, {"people": everybody})
    if as_json:
        print_json({"people": len(everybody), "changed": changed})
        return
    click.echo(f"{len(changed)} of {len(everybody)} fare differently")
    for line in changed:
        click.echo(f"  {line['id']}: {_said(line['before'])} -> {_said(line['after'])}")


def _read_eligibility(path: Path, cohort_id: str) -> tuple[Questions, Clause]:
    document = read_json(path)
    if isinstance(document, dict) and not set(document) - _SMALL:
        with _refusing(path):
            node = Node(document)
            questions = read_questions(node["questions"])
            return questions, read_clause(node["eligibility"], questions)
    rules = _rules(path, document, cohort_id)
    return rules.questions, rules.eligibility


def _read_rules(path: Path, cohort_id: str) -> Rules:
    return _rules(path, read_json(path), cohort_id)


def _rules(path: Path, document: Any, cohort_id: str) -> Rules:
    with _refusing(path):
        return read_rules(document, cohort_id=cohort_id)


def _read_people(path: Path, rules: Rules) -> list[Applied]:
    people: dict[str, Applied] = {}
    with _refusing(path):
        for node in Node(read_json(path, _schema("people")))["people"].items():
            person_id = node["id"].text()
            if person_id in people:
                node["id"].refuse(f"{person_id!r} is there twice")
            people[person_id] = Applied(
                person_id=person_id,
                answers=read_answers(node["answers"], rules.questions),
                reviews=_sheets(node.get("reviews", [])),
                interview=_sheets(node.get("interview", [])),
            )
    return list(people.values())


def _sheets(node: Node) -> tuple[Points, ...]:
    return tuple(
        {code: points.whole(at_least=0, at_most=100) for code, points in sheet.members()}
        for sheet in node.items()
    )


@contextmanager
def _refusing(path: Path) -> Iterator[None]:
    """What the rules refuse in a file ends the command with 2 and the sentence."""
    try:
        yield
    except RtcmError as error:
        raise Unreadable(f"{path}: {error.detail}") from error


def _schema(name: str) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads((_SCHEMAS / f"{name}.json").read_text("utf-8"))
    return schema


def _as_json(verdict: Verdict) -> dict[str, Any]:
    return {
        "verdict": verdict.truth,
        "clause": verdict.clause_code,
        "texts": verdict.texts,
        "missing": verdict.missing_question_codes,
    }


def _show(verdict: Verdict) -> None:
    click.echo(verdict.truth)
    if verdict.clause_code is not None:
        click.echo(f"clause: {verdict.clause_code}")
    for language_code, text in sorted(verdict.texts.items()):
        click.echo(f"  {language_code}: {text}")
    if verdict.missing_question_codes:
        click.echo(f"missing: {', '.join(verdict.missing_question_codes)}")


def _outcome(outcome: Outcome) -> dict[str, Any]:
    return {
        **_as_json(outcome.verdict),
        "band": outcome.band,
        "final_milli": outcome.final_milli,
    }


def _said(outcome: dict[str, Any]) -> str:
    clause = f" ({outcome['clause']})" if outcome["clause"] else ""
    score = "no score" if outcome["final_milli"] is None else f"{outcome['final_milli']} milli"
    return f"{outcome['verdict']}{clause}, band {outcome['band']}, {score}"

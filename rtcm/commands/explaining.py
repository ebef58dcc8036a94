"""Why an allocation is as it is, and what other quotas would do."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import click

from chassis.errors import InvalidBody, RuleViolation
from rtcm.commands.allocation import no_collecting, read_market, schema
from rtcm.commands.files import Unreadable, read_json, write_json, write_members
from services.selection.domain.allocation.explain import Change, Step, explain, what_if
from services.selection.domain.allocation.market import Market, Result
from services.selection.domain.allocation.reading import changed_from
from services.selection.domain.allocation.verify import require_verified
from services.selection.domain.allocation.wording import change_as_plain, step_as_plain

_OUT = click.option("--out", type=click.Path(path_type=Path), help="Everybody, as JSON.")


@click.command("explain-allocation")
@click.argument("market", type=click.Path(path_type=Path))
@click.argument("result", type=click.Path(path_type=Path))
@click.option(
    "--applicant", "applicants", multiple=True, help="Tell about this person; repeatable."
)
@_OUT
def explain_allocation(
    market: Path, result: Path, applicants: tuple[str, ...], out: Path | None
) -> None:
    """Say for each preference in MARKET.json what closed it under RESULT.json, and the cut-off.

    RESULT.json is what `rtcm allocate` wrote; it is verified first: where it is not right for this
    market the command ends with 1 and says why. Without --out and --applicant everybody is told of.
    """
    no_collecting()
    read = read_market(market)
    found = _read_result(result)
    try:
        require_verified(read, found)
    except RuleViolation as error:
        click.echo(f"different: {error.detail}", err=True)
        sys.exit(1)
    for person in applicants:
        if person not in found.assignment:
            raise Unreadable(f"--applicant: {person!r} is nobody in {market}")
    steps = explain(read, found)
    if out is not None:
        people = (
            (person, _person(found.assignment[person], steps[person])) for person in sorted(steps)
        )
        write_members(out, {"result_sha256": found.sha256}, "people", people)
    told = applicants or (() if out else sorted(steps))
    for person in told:
        _tell(person, found.assignment[person], steps[person])
    if out is not None:
        click.echo(f"{len(steps)} people explained, {found.sha256}")


@click.command("what-if")
@click.argument("market", type=click.Path(path_type=Path))
@click.argument("change", type=click.Path(path_type=Path))
@_OUT
def try_quotas(market: Path, change: Path, out: Path | None) -> None:
    """Allocate MARKET.json as it is and with the quotas of CHANGE.json; name everybody it moves.

    CHANGE.json holds `cohorts` and `group_caps` as a market does; a cohort is named by `id` and
    only what is changed is given, `group_caps` replaces all of them.
    """
    no_collecting()
    read = read_market(market)
    changed = _read_change(change, read)
    try:
        moved = what_if(read, changed)
    except RuleViolation as error:
        raise Unreadable(f"{change}: {error.detail}") from error
    if out is not None:
        write_json(out, {"moved": [change_as_plain(one) for one in moved]})
    for one in moved:
        click.echo(_moved(one))
    better = sum(one.better for one in moved)
    click.echo(f"{len(moved)} people moved: {better} better, {len(moved) - better} worse")


def _read_result(path: Path) -> Result:
    document = read_json(path, schema("allocation"))
    result = Result(document["assignment"])
    if result.sha256 != document["result_sha256"]:
        raise Unreadable(f"{path}: result_sha256: it is not the hash of the assignment")
    return result


def _read_change(path: Path, market: Market) -> Market:
    try:
        return changed_from(read_json(path), market)
    except InvalidBody as error:
        raise Unreadable(f"{path}: {error.detail}") from error


def _person(cohort_id: str | None, steps: Iterable[Step]) -> dict[str, Any]:
    return {"placed_at": cohort_id, "steps": [step_as_plain(step) for step in steps]}


def _tell(person: str, cohort_id: str | None, steps: Iterable[Step]) -> None:
    click.echo(f"{person}: {cohort_id or 'no place'}")
    for number, step in enumerate(steps, start=1):
        click.echo(f"  {number}. {step.cohort_id}: {_said(step_as_plain(step))}")


def _said(step: Mapping[str, Any]) -> str:
    mine = _priority(step["standing"])
    if step["closed_by"] is None:
        return f"placed with {mine}"
    if step["cut_off"] is None:
        return f"closed by {step['closed_by']}; nobody there could have been displaced"
    return (
        f"closed by {step['closed_by']}; the cut-off is {_priority(step['cut_off'])}, theirs {mine}"
    )


def _priority(told: Mapping[str, Any]) -> str:
    return f"band {told['band']}, score {told['score_milli']}, lottery {told['lottery']}"


def _moved(change: Change) -> str:
    told = change_as_plain(change)
    cause = "" if told["cause"] is None else f" ({_cause(told)})"
    before, after = (told[name] or "no place" for name in ("before", "after"))
    return f"{told['applicant_id']}: {before} -> {after}{cause}"


def _cause(told: Mapping[str, Any]) -> str:
    when = "before, " if told["better"] else "now "
    return f"{when}{told['cause']['cohort_id']} {_said(told['cause'])}"

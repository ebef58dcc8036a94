"""Allocate the seats of a market, order a waiting list, draw by RFC 3797."""

from __future__ import annotations

import gc
import json
from collections import Counter
from importlib import resources
from pathlib import Path
from typing import Any

import click

from chassis.errors import InvalidBody, RuleViolation
from rtcm.commands.files import Unreadable, read_json, write_json
from services.selection.domain.allocation import fast, plain
from services.selection.domain.allocation.market import Market, Result
from services.selection.domain.allocation.reading import market_from
from services.selection.domain.allocation.verify import require_verified
from services.selection.domain.call_order import RateGroup
from services.selection.domain.call_order import call_order as ordered
from services.selection.domain.rfc3797 import rfc3797_picks

ENGINES = {"fast": fast.allocate, "plain": plain.allocate}

OUT = click.option(
    "--out", type=click.Path(path_type=Path), required=True, help="Where the answer is written."
)


def schema(name: str) -> dict[str, Any]:
    """One of the schemas that come with the engines."""
    place = resources.files("services.selection.domain.allocation") / "schemas" / f"{name}.json"
    found: dict[str, Any] = json.loads(place.read_text("utf-8"))
    return found


@click.command()
@click.argument("market", type=click.Path(path_type=Path))
@click.option("--engine", type=click.Choice(tuple(ENGINES)), default="fast", show_default=True)
@OUT
def allocate(market: Path, engine: str, out: Path) -> None:
    """Allocate the seats of MARKET.json by deferred acceptance.

    Both engines give the same result and the same `result_sha256`; the plain one is slow and
    meant for checking. Nothing is written unless the independent verifier agrees. The forms are
    described in docs/reference/allocation.md.
    """
    no_collecting()
    read = read_market(market)
    try:
        result = ENGINES[engine](read)
    except RuleViolation as error:
        raise Unreadable(f"{market}: {error.detail}") from error
    require_verified(read, result)
    write_json(out, _answer(read, result, engine))
    click.echo(f"{result.placed_count} of {len(result.assignment)} placed, {result.sha256}")


def no_collecting() -> None:
    """Collect no garbage until the command ends.

    Markets are millions of small values without cycles: looking at them would only cost time.
    """
    gc.disable()
    click.get_current_context().call_on_close(gc.enable)


def read_market(path: Path) -> Market:
    """A market from a file.

    Raises:
        Unreadable: names the field that is wrong.
    """
    try:
        return market_from(read_json(path))
    except InvalidBody as error:
        raise Unreadable(f"{path}: {error.detail}") from error


def _answer(market: Market, result: Result, engine: str) -> dict[str, Any]:
    placed = Counter(
        (cohort_id, applicant.country_code)
        for applicant in market.applicants
        if (cohort_id := result.assignment[applicant.applicant_id]) is not None
    )
    by_country: dict[str, dict[str, int]] = {c.cohort_id: {} for c in market.cohorts}
    for (cohort_id, country_code), count in sorted(placed.items()):
        by_country[cohort_id][country_code] = count
    return {
        "engine": engine,
        "verified": True,
        "result_sha256": result.sha256,
        "placed_count": result.placed_count,
        "unplaced_count": len(result.assignment) - result.placed_count,
        "cohorts": {
            cohort.cohort_id: {
                "seats": cohort.seats,
                "placed": sum(by_country[cohort.cohort_id].values()),
                "by_country": by_country[cohort.cohort_id],
            }
            for cohort in market.cohorts
        },
        "assignment": dict(result.assignment),
    }


@click.command("call-order")
@click.argument("group", type=click.Path(path_type=Path))
@OUT
def call_order(group: Path, out: Path) -> None:
    """Order the waiting list of GROUP.json under minimum rates for one or two groups."""
    read = read_json(group, schema("call_order"))
    try:
        order = ordered(read["merit"], [_rate_group(one) for one in read.get("groups", [])])
    except RuleViolation as error:
        raise Unreadable(f"{group}: {error.detail}") from error
    write_json(out, {"order": list(order)})
    click.echo(f"{len(order)} in order")


def _rate_group(stated: dict[str, Any]) -> RateGroup:
    # What JSON Schema takes for a whole number may be written 25.0.
    return RateGroup(
        name=stated["name"],
        rate_percent=int(stated["rate_percent"]),
        members=frozenset(stated["members"]),
    )


@click.group()
def lottery() -> None:
    """Draw lots that anybody can draw again."""


@lottery.command()
@click.option("--key", required=True, help='The sources, each with its final "/" (section 4.1).')
@click.option("--pool", type=int, required=True, help="People in the published, numbered list.")
@click.option("--pick", type=int, required=True, help="How many are picked.")
def rfc3797(key: str, pool: int, pick: int) -> None:
    """Pick by RFC 3797; one number a line, from 1, in the order of picking."""
    try:
        picks = rfc3797_picks(key, pool_size=pool, pick_count=pick)
    except RuleViolation as error:
        raise Unreadable(error.detail) from error
    for number in picks:
        click.echo(number)

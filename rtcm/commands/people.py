"""What concerns one person, or all people of a cohort."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

import click

from chassis.clock import monotonic
from chassis.http.client import ServiceClient
from chassis.ids import is_id
from rtcm.commands.options import AS_JSON, DATA, SCREEN, print_json
from rtcm.stack import OPERATOR, Running


@click.command()
@DATA
@AS_JSON
@click.argument("subject_id")
def erase(data: Path, subject_id: str, as_json: bool) -> None:
    """Erase a person: every service answers, the data are gone, the counts stay."""
    if not is_id(subject_id):
        raise click.BadParameter("this is not the id of a person")
    client = Running.find(data).client("registration")
    client.post(f"/subjects/{subject_id}/erasure", {}, actor=OPERATOR)
    deadline = monotonic() + 60
    while True:
        state = client.get(f"/subjects/{subject_id}/erasure", actor=OPERATOR).body
        if state["status"] == "erased" or monotonic() > deadline:
            break
        time.sleep(0.2)
    if as_json:
        print_json(state)
    else:
        SCREEN.print(f"{state['status']}; receipts: {', '.join(state['receipts']) or 'none yet'}")
    if state["status"] != "erased":
        sys.exit(1)


@click.command()
@DATA
@AS_JSON
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.argument("cohort_id")
def erase_cohort(data: Path, cohort_id: str, yes: bool, as_json: bool) -> None:
    """Erase everybody of a cohort that is over who has no reason to stay; say who stays and why."""
    if not is_id(cohort_id):
        raise click.BadParameter("this is not the id of a cohort")
    client = Running.find(data).client("registration")
    path = f"/cohorts/{cohort_id}/erasure"
    if not yes:
        going = sum(not one["reasons"] for one in _people(client, path))
        click.confirm(f"{going} people will be forgotten for good. Go on?", abort=True)
    client.post(path, {}, actor=OPERATOR)
    deadline = monotonic() + 600
    while True:
        state = client.get(path, actor=OPERATOR).body
        people = _people(client, path) if state["status"] == "done" else []
        # Those who go are known by name until their own erasure has come to them.
        is_over = state["status"] == "done" and not any(one["is_going"] for one in people)
        if is_over or monotonic() > deadline:
            break
        time.sleep(0.5)
    staying = [one for one in people if not one["is_going"]]
    if as_json:
        print_json({**state, "staying": staying})
    else:
        SCREEN.print(f"{state['status']}; {len(staying)} stay")
        for one in staying:
            SCREEN.print(f"  {one['subject_id']}: {', '.join(one['reasons'])}")
    if not is_over:
        sys.exit(1)


def _people(client: ServiceClient, path: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor = None
    while True:
        query = {"limit": 200} | ({"cursor": cursor} if cursor else {})
        page = client.get(f"{path}/people", actor=OPERATOR, query=query).body
        found.extend(page["items"])
        cursor = page["next_cursor"]
        if cursor is None:
            return found

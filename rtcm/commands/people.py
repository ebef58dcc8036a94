"""What concerns one person."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import click

from chassis.clock import monotonic
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

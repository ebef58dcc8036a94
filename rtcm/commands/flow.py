"""Watch and operate the event flow: status, events, parked events, the log."""

from __future__ import annotations

import time
from contextlib import closing
from pathlib import Path
from typing import Any

import click
from rich.table import Table

from chassis.clock import monotonic
from chassis.envelope import Envelope, MalformedEvent
from chassis.errors import RtcmError
from chassis.ids import is_id
from chassis.log.factory import open_log
from contracts.event import REGISTRY, private_topics, topic_of
from rtcm import log_access
from rtcm.commands.options import AS_JSON, DATA, SCREEN, print_json
from rtcm.rebuilding import PATIENCE_SECONDS, Ask, Rebuild
from rtcm.stack import OPERATOR, WORKERS, Running


@click.command()
@DATA
@AS_JSON
def status(data: Path, as_json: bool) -> None:
    """Show how the event flow of every service stands."""
    running = Running.find(data)
    flows = {service: _flow(running, service) for service in WORKERS}
    if as_json:
        print_json({"engine": running.state["engine"], "services": flows})
        return
    table = Table(
        "service", "announced", "to relay", "to take", "parked", "jobs", "failed", "workers"
    )
    for service, flow in flows.items():
        if "error" in flow:
            table.add_row(service, f"[red]{flow['error']}[/red]")
            continue
        open_breaker = any(worker["breaker_open"] for worker in flow["workers"])
        counts = (
            flow["announced"],
            flow["pending"],
            sum(flow["lag"].values()) if flow["log"] != "away" else "log away",
            flow["parked"],
            flow["jobs"]["waiting"],
            flow["jobs"]["failed"],
            f"{len(flow['workers'])}{' [red]breaker open[/red]' if open_breaker else ''}",
        )
        table.add_row(service, *(str(count) for count in counts))
    SCREEN.print(table)


def _flow(running: Running, service: str) -> dict[str, Any]:
    try:
        flow: dict[str, Any] = running.client(service).get("/ops/flow", actor=OPERATOR).body
    except RtcmError as error:
        return {"error": error.code}
    return flow


@click.group()
def events() -> None:
    """Look at the events themselves."""


@events.command()
@DATA
@click.option("--topic", "topics", multiple=True, help="Only these (repeat for more).")
@click.option("--from-start", is_flag=True, help="Everything in the log, not only what comes.")
@click.option("--follow/--no-follow", default=True, show_default=True, help="Wait for more.")
@AS_JSON
def tail(
    data: Path, topics: tuple[str, ...], from_start: bool, follow: bool, as_json: bool
) -> None:
    """Show events as they come; personal data are in none of them."""
    log = open_log(Running.find(data).log_url)
    wanted = topics or tuple(sorted({topic_of(type_) for type_ in REGISTRY}))
    ends = dict(log.end_offsets(wanted))
    offsets = dict.fromkeys(ends, 0) if from_start else ends
    while True:
        quiet = True
        for partition in sorted(offsets, key=lambda one: (one.topic, one.number)):
            for record in log.read(partition, offset=offsets[partition], limit=500):
                quiet = False
                offsets[partition] = record.offset + 1
                _print_record(record.value, record.partition.topic, record.offset, as_json)
        if quiet and not follow:
            return
        if quiet:
            time.sleep(0.2)


def _print_record(value: bytes | None, topic: str, offset: int, as_json: bool) -> None:
    if value is None:
        return
    if as_json:
        click.echo(value.decode(errors="replace"))
        return
    try:
        event = Envelope.from_bytes(value)
    except MalformedEvent as error:
        SCREEN.print(f"[red]{topic} {offset}: {error}[/red]")
        return
    shown = "sealed" if topic in private_topics() else event.event_type.removeprefix("rtcm.")
    SCREEN.print(f"{event.occurred_at:%F %T}  {shown:<48} {event.key[:8]} {event.sequence:>4}")


@click.group()
def parked() -> None:
    """Events that could not be taken: look, redrive, skip."""


@parked.command("list")
@DATA
@AS_JSON
def list_parked(data: Path, as_json: bool) -> None:
    """Show what is parked where, and why."""
    running = Running.find(data)
    found = [
        item
        for service in WORKERS
        for item in running.client(service).get("/ops/parked", actor=OPERATOR).body["items"]
    ]
    if as_json:
        print_json(found)
        return
    if not found:
        SCREEN.print("Nothing is parked.")
        return
    table = Table("id", "service", "event", "key", "reason", "since")
    for item in found:
        consumer = item["consumer"].removeprefix("rtcm.")
        table.add_row(
            item["id"], consumer, item["event_type"], item["key"], item["reason"], item["parked_at"]
        )
    SCREEN.print(table)


@parked.command()
@DATA
@AS_JSON
@click.argument("parked_id")
def show(data: Path, parked_id: str, as_json: bool) -> None:
    """Show one parked event with what was received."""
    _, item = _find_parked(data, parked_id)
    if as_json:
        print_json(item)
        return
    for name, value in item.items():
        SCREEN.print(f"[bold]{name:>12}[/bold]  {value}", markup=True)


@parked.command()
@DATA
@click.argument("parked_id")
def redrive(data: Path, parked_id: str) -> None:
    """Take a parked event and all behind it, in order; stop at the first that fails again."""
    service, _ = _find_parked(data, parked_id)
    client = Running.find(data).client(service)
    taken = client.post(f"/ops/parked/{parked_id}/redrive", actor=OPERATOR).body["taken"]
    SCREEN.print(f"{taken} taken.")


@parked.command()
@DATA
@click.argument("parked_id")
@click.option("--reason", required=True, help="Why; it is on record for ever.")
def skip(data: Path, parked_id: str, reason: str) -> None:
    """Let one parked event go without its effects."""
    service, _ = _find_parked(data, parked_id)
    client = Running.find(data).client(service)
    client.post(f"/ops/parked/{parked_id}/skip", {"reason": reason}, actor=OPERATOR)
    SCREEN.print("Skipped.")


def _find_parked(data: Path, parked_id: str) -> tuple[str, dict[str, Any]]:
    if not is_id(parked_id):
        raise click.BadParameter("this is not the id of a parked event: see `rtcm parked list`")
    running = Running.find(data)
    for service in WORKERS:
        try:
            item = running.client(service).get(f"/ops/parked/{parked_id}", actor=OPERATOR).body
        except RtcmError as error:
            if error.status != 404:
                raise
        else:
            return service, item
    raise click.ClickException("no parked event with this id waits anywhere")


@click.group()
def log() -> None:
    """Operate the event log."""


@log.command()
@DATA
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option(
    "--patience",
    "patience_seconds",
    type=click.FloatRange(min=1),
    default=PATIENCE_SECONDS,
    show_default=True,
    help="Seconds without any progress after which to give up waiting.",
)
def rebuild(data: Path, yes: bool, patience_seconds: float) -> None:
    """Wipe the log and publish every announcement again, with the same ids, in the same order."""
    running = Running.find(data)
    if not yes:
        click.confirm(
            "All topics are deleted and filled again from the outboxes. Go on?", abort=True
        )
    began = monotonic()
    with closing(open_log(running.log_url)) as event_log:
        rebuilding = Rebuild(event_log, WORKERS, _ask(running), patience_seconds=patience_seconds)
        count = rebuilding.run()
    seconds = monotonic() - began
    SCREEN.print(f"{count} events published again in {seconds:.1f} s; consumers do nothing twice.")


def _ask(running: Running) -> Ask:
    def ask(service: str, method: str, path: str) -> dict[str, Any]:
        body: dict[str, Any] = running.client(service).send(method, path, actor=OPERATOR).body
        return body

    return ask


@log.command()
@click.option(
    "--principal",
    default="User:CN=rtcm.{}",
    show_default=True,
    help="A party's name for the brokers, {} in place of the service.",
)
@AS_JSON
def access(principal: str, as_json: bool) -> None:
    """Who may do what to the log: commands for kafka-acls.sh, or the rules as data."""
    if "{}" not in principal:
        raise click.BadParameter(
            "it needs {} where the service's name stands", param_hint="--principal"
        )
    if as_json:
        print_json(log_access.as_data())
        return
    for line in log_access.commands(principal):
        click.echo(line)

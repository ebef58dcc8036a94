"""``rtcm``: the operator's front door."""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from chassis.clock import monotonic
from chassis.envelope import Envelope, MalformedEvent
from chassis.errors import RtcmError
from chassis.ids import is_id
from chassis.log.factory import open_log
from chassis.log.port import LogUnavailable, Topic
from chassis.settings import SERVICES, describe
from contracts.event import REGISTRY, private_topics, topic_of
from rtcm.demo.play import play
from rtcm.demo.stage import StoryBroken
from rtcm.ending import wait_for_end
from rtcm.kafka_server import KafkaNotStarted
from rtcm.mongo_server import MongoNotStarted
from rtcm.quiet import NotQuiet
from rtcm.stack import ENGINES, OPERATOR, WORKERS, Plan, Running, Stack, StackNotReady

_screen = Console(highlight=False)

DATA = click.option(
    "--data",
    type=click.Path(path_type=Path),
    default=Path(os.environ.get("RTCM_DATA_DIR", "var/rtcm")),
    show_default=True,
    help="Where the platform keeps everything.",
)
ENGINE = click.option(
    "--engine", type=click.Choice(ENGINES), default="embedded", show_default=True, help="Event log."
)
AS_JSON = click.option("--json", "as_json", is_flag=True, help="For programs.")


@click.group()
@click.version_option(package_name="rtcm-platform")
def cli() -> None:
    """Start, watch and operate the platform of a Regional Training Centre on Migration."""


@cli.command()
@DATA
@ENGINE
@click.option(
    "--mode",
    type=click.Choice(("production", "demo", "test")),
    default="production",
    show_default=True,
)
def up(data: Path, engine: str, mode: str) -> None:
    """Start the platform on this machine and keep it running until Ctrl-C."""
    stack = Stack(Plan(data=data, engine=engine, mode=mode))
    with _screen.status("starting") as status:
        stack.start(lambda part: status.update(f"starting {part}"))
    _screen.print(
        f"The platform runs. Console: [bold]{stack.urls['console']}[/bold]  (Ctrl-C ends it)"
    )
    wait_for_end()
    with _screen.status("stopping: what is under way is finished"):
        stack.stop()


@cli.command()
@ENGINE
@click.option("--exit", "exits", is_flag=True, help="End after the story; 0 when all numbers hold.")
@click.option(
    "--summary", type=click.Path(path_type=Path), help="Write counts, ids, links as JSON."
)
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    default=Path("var/demo"),
    show_default=True,
    help="Begun afresh each time.",
)
@click.option(
    "--running", type=click.Path(path_type=Path), default=None,
    help="Tell it on the platform that runs there (in demo mode, never used before).",
)  # fmt: skip
def demo(engine: str, exits: bool, summary: Path | None, data: Path, running: Path | None) -> None:
    """Start the whole platform and tell the centre's story on its real facts."""
    sys.exit(
        play(
            engine=engine, exits=exits, summary=summary, data=data, running=running, screen=_screen
        )
    )


@cli.command()
@DATA
def down(data: Path) -> None:
    """Stop the platform that `rtcm up` started."""
    pid = Running.find(data).state["pid"]
    if pid is None:
        raise click.ClickException("it was started by Compose: stop it with `docker compose down`")
    try:
        os.kill(pid, signal.SIGTERM)
    except ProcessLookupError:
        (data / "stack.json").unlink()
        _screen.print("It had ended already.")
        return
    deadline = monotonic() + 60
    while (data / "stack.json").exists() and monotonic() < deadline:
        time.sleep(0.2)
    _screen.print("Stopped.")


@cli.command()
@DATA
@AS_JSON
def status(data: Path, as_json: bool) -> None:
    """Show how the event flow of every service stands."""
    running = Running.find(data)
    flows = {service: _flow(running, service) for service in WORKERS}
    if as_json:
        _print_json({"engine": running.state["engine"], "services": flows})
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
    _screen.print(table)


def _flow(running: Running, service: str) -> dict[str, Any]:
    try:
        flow: dict[str, Any] = running.client(service).get("/ops/flow", actor=OPERATOR).body
    except RtcmError as error:
        return {"error": error.code}
    return flow


@cli.group()
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
    log = open_log(Running.find(data).state["log_url"])
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
        _screen.print(f"[red]{topic} {offset}: {error}[/red]")
        return
    shown = "sealed" if topic in private_topics() else event.event_type.removeprefix("rtcm.")
    _screen.print(f"{event.occurred_at:%F %T}  {shown:<48} {event.key[:8]} {event.sequence:>4}")


@cli.group()
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
        _print_json(found)
        return
    if not found:
        _screen.print("Nothing is parked.")
        return
    table = Table("id", "service", "event", "key", "reason", "since")
    for item in found:
        consumer = item["consumer"].removeprefix("rtcm.")
        table.add_row(
            item["id"], consumer, item["event_type"], item["key"], item["reason"], item["parked_at"]
        )
    _screen.print(table)


@parked.command()
@DATA
@AS_JSON
@click.argument("parked_id")
def show(data: Path, parked_id: str, as_json: bool) -> None:
    """Show one parked event with what was received."""
    _, item = _find_parked(data, parked_id)
    if as_json:
        _print_json(item)
        return
    for name, value in item.items():
        _screen.print(f"[bold]{name:>12}[/bold]  {value}", markup=True)


@parked.command()
@DATA
@click.argument("parked_id")
def redrive(data: Path, parked_id: str) -> None:
    """Take a parked event and all behind it, in order; stop at the first that fails again."""
    service, _ = _find_parked(data, parked_id)
    client = Running.find(data).client(service)
    taken = client.post(f"/ops/parked/{parked_id}/redrive", actor=OPERATOR).body["taken"]
    _screen.print(f"{taken} taken.")


@parked.command()
@DATA
@click.argument("parked_id")
@click.option("--reason", required=True, help="Why; it is on record for ever.")
def skip(data: Path, parked_id: str, reason: str) -> None:
    """Let one parked event go without its effects."""
    service, _ = _find_parked(data, parked_id)
    client = Running.find(data).client(service)
    client.post(f"/ops/parked/{parked_id}/skip", {"reason": reason}, actor=OPERATOR)
    _screen.print("Skipped.")


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


@cli.group()
def log() -> None:
    """Operate the event log."""


@log.command()
@DATA
@click.option("--yes", is_flag=True, help="Do not ask.")
def rebuild(data: Path, yes: bool) -> None:
    """Wipe the log and publish every announcement again, with the same ids, in the same order."""
    running = Running.find(data)
    if not yes:
        click.confirm(
            "All topics are deleted and filled again from the outboxes. Go on?", abort=True
        )
    began = monotonic()
    count = rebuild_log(running.state["log_url"], running.client)
    seconds = monotonic() - began
    _screen.print(f"{count} events published again in {seconds:.1f} s; consumers do nothing twice.")


def rebuild_log(log_url: str, client: Callable[[str], Any]) -> int:
    """Wipe all topics, have every service publish again, and wait until all is there."""
    topics = sorted({topic_of(type_) for type_ in REGISTRY})
    event_log = open_log(log_url)
    counts = {name: len(event_log.partitions(name)) for name in topics}
    event_log.delete_topics(topics)
    event_log.create_topics(
        Topic(name, partition_count=count, compacted=name in private_topics())
        for name, count in counts.items()
        if count
    )
    total = 0
    for service in WORKERS:
        total += client(service).post("/ops/log/republish", actor=OPERATOR).body["count"]
    while any(client(s).get("/ops/flow", actor=OPERATOR).body["pending"] for s in WORKERS):
        time.sleep(0.1)
    event_log.close()
    return total


@cli.command()
@DATA
@AS_JSON
@click.argument("subject_id")
def erase(data: Path, subject_id: str, as_json: bool) -> None:
    """Erase a person: every service answers, the data are gone, the counts stay."""
    client = Running.find(data).client("registration")
    client.post(f"/subjects/{subject_id}/erasure", {}, actor=OPERATOR)
    deadline = monotonic() + 60
    while True:
        state = client.get(f"/subjects/{subject_id}/erasure", actor=OPERATOR).body
        if state["status"] == "erased" or monotonic() > deadline:
            break
        time.sleep(0.2)
    if as_json:
        _print_json(state)
    else:
        _screen.print(f"{state['status']}; receipts: {', '.join(state['receipts']) or 'none yet'}")
    if state["status"] != "erased":
        sys.exit(1)


@cli.command()
@AS_JSON
@click.option("--service", type=click.Choice(SERVICES), default=None, help="Only this one's.")
def settings(service: str | None, as_json: bool) -> None:
    """List every setting with its meaning and default."""
    rows = {one: describe(settings_class(one)) for one in ([service] if service else SERVICES)}
    if as_json:
        _print_json({name: [vars(one) for one in found] for name, found in rows.items()})
        return
    seen: set[str] = set()
    table = Table("variable", "service", "default", "meaning")
    for name, found in rows.items():
        for one in found:
            if one.name not in seen:
                seen.add(one.name)
                own = one.name.startswith(f"RTCM_{name.upper()}_")
                shown = "[red]required[/red]" if one.required else one.default
                table.add_row(one.name, name if own else "all", shown, one.doc)
    _screen.print(table)


def settings_class(service: str) -> Any:
    """The settings class of a service: ``services.<name>.settings.<Name>Settings``."""
    module = importlib.import_module(f"services.{service}.settings")
    return getattr(module, f"{service.capitalize()}Settings")


def _print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=1, default=str))


def main() -> None:
    """Entry point: our errors are sentences, never tracebacks."""
    try:
        cli.main(standalone_mode=False)
    except click.exceptions.Exit as ended:
        sys.exit(ended.exit_code)
    except click.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (
        StackNotReady,
        StoryBroken,
        NotQuiet,
        KafkaNotStarted,
        MongoNotStarted,
        LogUnavailable,
        RtcmError,
    ) as error:
        click.echo(f"rtcm: {error}", err=True)
        sys.exit(1)

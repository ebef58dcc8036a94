"""Start, stop and show the platform of this machine."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

import click

from chassis.clock import monotonic
from rtcm.commands.options import DATA, ENGINE, SCREEN
from rtcm.demo.play import play
from rtcm.ending import wait_for_end
from rtcm.stack import Plan, Running, Stack


@click.command()
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
    with SCREEN.status("starting") as status:
        stack.start(lambda part: status.update(f"starting {part}"))
    SCREEN.print(
        f"The platform runs. Console: [bold]{stack.urls['console']}[/bold]  (Ctrl-C ends it)"
    )
    wait_for_end()
    with SCREEN.status("stopping: what is under way is finished"):
        stack.stop()


@click.command()
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
        play(engine=engine, exits=exits, summary=summary, data=data, running=running, screen=SCREEN)
    )


@click.command()
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
        SCREEN.print("It had ended already.")
        return
    deadline = monotonic() + 60
    while (data / "stack.json").exists() and monotonic() < deadline:
        time.sleep(0.2)
    SCREEN.print("Stopped.")

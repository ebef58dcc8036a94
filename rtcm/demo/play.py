"""The demo from start to end: platform up, story, table, platform down."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from rich.console import Console

from chassis.ids import new_secret
from rtcm.demo import story
from rtcm.demo.story import BEGINS, Story
from rtcm.ending import wait_for_end
from rtcm.stack import Plan, Running, Stack

_SIGN_IN = "operator"


def play(
    *,
    engine: str,
    exits: bool,
    summary: Path | None,
    data: Path,
    running: Path | None,
    screen: Console,
) -> int:
    """Tell the story.

    Returns:
        Exit status: 0 when every number holds.
    """
    if running is not None:
        theatre = Running.find(running)
        theatre.clock.move_to(BEGINS)
        return _tell(theatre, running, summary, screen)
    shutil.rmtree(data, ignore_errors=True)
    stack = Stack(Plan(data=data, engine=engine, mode="demo"))
    stack.clock.move_to(BEGINS)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        with screen.status("starting the platform") as status:
            stack.start(lambda part: status.update(f"starting {part}"))
        password = _make_account(stack)
        outcome = _tell(stack, data, summary, screen)
        if not exits:
            _invite(stack, password, screen)
            wait_for_end()
    except KeyboardInterrupt:
        outcome = 130
    finally:
        with screen.status("stopping: what is under way is finished"):
            stack.stop()
    return outcome


def _interrupt(*_: Any) -> None:
    raise KeyboardInterrupt


def _tell(theatre: Stack | Running, data: Path, summary: Path | None, screen: Console) -> int:
    told = Story(theatre, documents=data / "certificates", screen=screen).tell()
    story.show(told, screen)
    if summary is not None:
        story.save(told, summary)
    return 0 if story.holds(told) else 1


def _make_account(stack: Stack) -> str:
    """An operator who can sign in to the console; the password is new each time."""
    password = new_secret(9)
    file = stack.data / "password"
    file.touch(mode=0o600)
    file.write_text(password)
    command = [sys.executable, "-m", "services.console", "account", "--name", _SIGN_IN]
    command += ["--role", "operator", "--password-file", str(file)]
    subprocess.run(command, env=stack.environ(), check=True, stdout=subprocess.DEVNULL)
    file.unlink()
    return password


def _invite(stack: Stack, password: str, screen: Console) -> None:
    screen.print(f"\nConsole:  [bold]{stack.urls['console']}[/bold]")
    screen.print(f"Sign in:  {_SIGN_IN}   password: {password}   (Ctrl-C ends everything)")

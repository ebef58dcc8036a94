"""``rtcm timetable``: solve, check, repair and explain timetables.

The kind of file decides which *family* works on it (``rtcm.timetabling.family``).
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from rtcm.commands.options import AS_JSON, print_json
from rtcm.timetabling.effort import with_effort
from rtcm.timetabling.family import Answer, Effort, family_of
from rtcm.timetabling.progress import progress_of

PATH = click.Path(path_type=Path)
INSTANCE = click.argument("instance", type=PATH)
SOLUTION = click.argument("solution", type=PATH)


@click.group()
def timetable() -> None:
    """Plan, check, repair and explain timetables."""


@timetable.command()
@INSTANCE
@click.option("--out", type=PATH, required=True, help="Where the best timetable is kept.")
@with_effort
@click.option("--checkpoint", type=PATH, default=None, help="Keep the best here; go on from it.")
@click.option("--trace", type=PATH, default=None, help="A line of JSON for every better one.")
@AS_JSON
def solve(
    instance: Path,
    out: Path,
    effort: Effort,
    checkpoint: Path | None,
    trace: Path | None,
    as_json: bool,
) -> None:
    """Search for a good timetable; stopped early, it leaves the best so far."""
    with progress_of(trace) as progress:
        answer = family_of(instance).solve(
            instance, effort=effort, out=out, checkpoint=checkpoint, progress=progress
        )
    tell(answer, as_json)


@timetable.command()
@INSTANCE
@SOLUTION
@AS_JSON
def check(instance: Path, solution: Path, as_json: bool) -> None:
    """Count every rule of a timetable; exit status 1 where a hard one is broken."""
    tell(family_of(instance).check(instance, solution), as_json)


@timetable.command()
@click.argument("first", type=PATH)
@click.argument("second", type=PATH)
@click.option("--instance", type=PATH, default=None, help="The problem, where files need it.")
@AS_JSON
def compare(first: Path, second: Path, instance: Path | None, as_json: bool) -> None:
    """Show what differs between two timetables, and what each costs by rule."""
    tell(family_of(instance or first).compare(first, second, instance=instance), as_json)


def tell(answer: Answer, as_json: bool) -> None:
    """Print an answer; the command ends with 1 where it does not hold."""
    if as_json:
        print_json(answer.value)
    else:
        click.echo("\n".join(answer.lines))
    if not answer.holds:
        sys.exit(1)

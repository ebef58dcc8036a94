"""``rtcm timetable``: solve, check, repair and explain timetables.

The kind of file decides which *family* works on it (``rtcm.timetabling.family``).
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from rtcm.commands.files import write_json
from rtcm.commands.options import AS_JSON, print_json
from rtcm.timetabling.centre_files import problem_document
from rtcm.timetabling.centre_problem import LANGUAGES, Size, centre_problem
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
@INSTANCE
@SOLUTION
@click.option("--change", type=PATH, required=True, help="What has happened (JSON).")
@click.option("--out", type=PATH, required=True, help="Where the repaired timetable goes.")
@with_effort
@AS_JSON
def repair(
    instance: Path, solution: Path, change: Path, out: Path, effort: Effort, as_json: bool
) -> None:
    """Move as few as possible so that a timetable holds again; show what more moves would buy."""
    family = family_of(instance)
    tell(family.repair(instance, solution, change=change, effort=effort, out=out), as_json)


@timetable.command()
@INSTANCE
@click.option("--change", type=PATH, default=None, help="What has happened (JSON).")
@with_effort
@AS_JSON
def explain(instance: Path, change: Path | None, effort: Effort, as_json: bool) -> None:
    """Say why there is no timetable: which demands cannot hold together."""
    tell(family_of(instance).explain(instance, change=change, effort=effort), as_json)


@timetable.command()
@INSTANCE
@SOLUTION
@click.argument("course")
@click.argument("day")
@click.argument("period")
@AS_JSON
def why(instance: Path, solution: Path, course: str, day: str, period: str, as_json: bool) -> None:
    """Say what keeps a course from a time, or what meeting then would cost."""
    family = family_of(instance)
    tell(family.why(instance, solution, subject=course, day=day, period=period), as_json)


@timetable.command()
@click.argument("first", type=PATH)
@click.argument("second", type=PATH)
@click.option("--instance", type=PATH, default=None, help="The problem, where files need it.")
@AS_JSON
def compare(first: Path, second: Path, instance: Path | None, as_json: bool) -> None:
    """Show what differs between two timetables, and what each costs by rule."""
    tell(family_of(instance or first).compare(first, second, instance=instance), as_json)


@timetable.command()
@SOLUTION
@click.option("--instance", type=PATH, default=None, help="The problem, where files need it.")
@click.option("--by", type=click.Choice(["cohort", "trainer", "room"]), default="cohort",
              show_default=True, help="What a row is.")  # fmt: skip
@click.option("--out", type=PATH, required=True, help="The picture (SVG).")
@AS_JSON
def draw(solution: Path, instance: Path | None, by: str, out: Path, as_json: bool) -> None:
    """Draw a timetable: weeks as a picture, a row for each cohort, trainer or room."""
    family = family_of(instance or solution)
    tell(family.draw(solution, instance=instance, by=by, out=out), as_json)


@timetable.command()
@click.option("--countries", type=click.IntRange(1, len(LANGUAGES)), default=10, show_default=True)
@click.option("--cohorts", type=click.IntRange(1, 20), default=3, show_default=True,
              help="Of each country.")  # fmt: skip
@click.option("--trainings", type=click.IntRange(1, 60), default=33, show_default=True,
              help="Of each cohort.")  # fmt: skip
@click.option("--trainers", type=click.IntRange(1, 500), default=60, show_default=True)
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=1, show_default=True)
@click.option("--out", type=PATH, required=True, help="Where the problem is kept.")
def generate(
    countries: int, cohorts: int, trainings: int, trainers: int, seed: int, out: Path
) -> None:
    """Make up a planning problem of the centre's kind; the same seed gives the same problem."""
    size = Size(countries=countries, cohorts=cohorts, trainings=trainings, trainers=trainers)
    write_json(out, problem_document(centre_problem(size, seed=seed)))


def tell(answer: Answer, as_json: bool) -> None:
    """Print an answer; the command ends with 1 where it does not hold."""
    if as_json:
        print_json(answer.value)
    else:
        click.echo("\n".join(answer.lines))
    if not answer.holds:
        sys.exit(1)

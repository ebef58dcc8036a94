"""What many commands share: options, the screen, JSON for programs."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from rtcm.stack import ENGINES

SCREEN = Console(highlight=False)

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


def print_json(value: Any) -> None:
    """Write a value for programs."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=1, default=str))

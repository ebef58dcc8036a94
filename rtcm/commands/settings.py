"""Every setting of every service."""

from __future__ import annotations

import importlib
from typing import Any

import click
from rich.table import Table

from chassis.settings import SERVICES, describe
from rtcm.commands.options import AS_JSON, SCREEN, print_json


@click.command()
@AS_JSON
@click.option("--service", type=click.Choice(SERVICES), default=None, help="Only this one's.")
def settings(service: str | None, as_json: bool) -> None:
    """List every setting with its meaning and default."""
    rows = {one: describe(settings_class(one)) for one in ([service] if service else SERVICES)}
    if as_json:
        print_json({name: [vars(one) for one in found] for name, found in rows.items()})
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
    SCREEN.print(table)


def settings_class(service: str) -> Any:
    """The settings class of a service: ``services.<name>.settings.<Name>Settings``."""
    module = importlib.import_module(f"services.{service}.settings")
    return getattr(module, f"{service.capitalize()}Settings")

"""``rtcm``: the operator's front door."""

from __future__ import annotations

import importlib
import sys

import click

from chassis.errors import RtcmError
from chassis.log.port import LogUnavailable
from rtcm.demo.stage import StoryBroken
from rtcm.kafka_server import KafkaNotStarted
from rtcm.mongo_server import MongoNotStarted
from rtcm.quiet import NotQuiet
from rtcm.rebuilding import RebuildStalled
from rtcm.stack import StackNotReady

COMMANDS = {
    "up": ("platform:up", "Start the platform on this machine until Ctrl-C."),
    "demo": ("platform:demo", "Start everything and tell the centre's story on its real facts."),
    "down": ("platform:down", "Stop the platform that `rtcm up` started."),
    "status": ("flow:status", "Show how the event flow of every service stands."),
    "events": ("flow:events", "Look at the events themselves."),
    "parked": ("flow:parked", "Events that could not be taken: look, redrive, skip."),
    "log": ("flow:log", "Operate the event log."),
    "allocate": ("allocation:allocate", "Allocate the seats of a market from a file."),
    "explain-allocation": (
        "explaining:explain_allocation",
        "Say what closed each preference, and the cut-off.",
    ),
    "what-if": ("explaining:try_quotas", "Name everybody whom other quotas would move, and why."),
    "call-order": ("allocation:call_order", "Order a waiting list under minimum rates."),
    "lottery": ("allocation:lottery", "Draw lots that anybody can draw again."),
    "audit": ("audit:audit", "Decide a run again from a file: export the bundle, verify it."),
    "erase": ("people:erase", "Erase a person; every service answers."),
    "erase-cohort": ("people:erase_cohort", "Erase a cohort's people, except who is needed."),
    "certificate": ("certificates:certificate", "Verify, check and issue certificates."),
    "did": ("issuer:did", "Show the issuer's public keys."),
    "keys": ("issuer:keys", "Rotate the key that signs certificates."),
    "status-list": ("issuer:status_list", "Show which certificates are revoked or suspended."),
    "eligibility": ("eligibility:eligibility", "Say whether a person may take part, and why."),
    "dry-run": ("eligibility:try_rules", "Try a new rule set on people who applied before."),
    "calibrate": ("reviewing:calibrate_scores", "Take reviewers' severity out of scores."),
    "timetable": ("timetable:timetable", "Plan, check, repair and explain timetables."),
    "online-log": ("attending:read_online_log", "Read who was there from an online meeting's log."),
    "award": ("award:award", "Judge a participant's facts by award rules."),
    "settings": ("settings:settings", "List every setting with its meaning and default."),
}
"""Command -> (module under ``rtcm.commands`` : object, what it does in one line).

Modules are loaded when their command is asked for: the engines bring heavy libraries.
"""


class FrontDoor(click.Group):
    """The list of commands, each loaded when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 -- click's signature
        """In the order in which an operator meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 -- click's signature
        """Load one command."""
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name][0].split(":")
        command: click.Command = getattr(importlib.import_module(f"rtcm.commands.{module}"), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 -- click's signature
        """Tell what each does without loading it."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in COMMANDS.items()])


@click.group(cls=FrontDoor)
@click.version_option(package_name="rtcm-platform")
def cli() -> None:
    """Start, watch and operate the platform of a Regional Training Centre on Migration."""


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
        RebuildStalled,
        KafkaNotStarted,
        MongoNotStarted,
        LogUnavailable,
        RtcmError,
    ) as error:
        click.echo(f"rtcm: {error}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()

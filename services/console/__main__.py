"""``python -m services.console api`` serves the pages; ``... account`` makes a local account."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from chassis.access import Role
from chassis.errors import RtcmError
from chassis.http.serve import serve
from chassis.settings import SettingsError, load
from chassis.telemetry import log_to_stderr
from services.console.domain.account import STAFF_ROLES
from services.console.handlers.passwords import Passwords
from services.console.handlers.signing_in import create_account
from services.console.settings import ConsoleSettings
from services.console.storage.shelves import MongoAccounts
from services.console.wiring import build_app, open_database


def main(arguments: Sequence[str]) -> int:
    """Do what is asked; returns the exit status."""
    asked = _parser().parse_args(arguments)
    try:
        settings = load(ConsoleSettings, os.environ, prefixes=("RTCM_CONSOLE_",))
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    log_to_stderr("console", settings.log_level)
    if asked.what == "account":
        return _make_account(settings, asked)
    address = urlsplit(settings.console_url)
    serve(
        lambda: build_app(settings),
        host=settings.host,
        port=settings.listen_port or address.port or 80,
        threads=settings.api_threads,
    )
    return 0


def _make_account(settings: ConsoleSettings, asked: argparse.Namespace) -> int:
    source = asked.password_file
    password = (sys.stdin.read() if source is None else source.read_text()).strip("\r\n")
    open_database(settings)
    try:
        create_account(
            accounts=MongoAccounts(),
            passwords=Passwords(),
            name=asked.name,
            role=Role(asked.role),
            password=password,
            country_code=asked.country,
            actor_id=asked.actor_id,
        )
    except RtcmError as error:
        sys.stderr.write(f"{error.detail}\n")
        for problem in error.problems:
            sys.stderr.write(f"  {problem.field}: {problem.detail}\n")
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m services.console")
    what = parser.add_subparsers(dest="what", required=True)
    what.add_parser("api", help="serve the pages")
    account = what.add_parser("account", help="make a local account, or renew one of this name")
    account.add_argument("--name", required=True)
    account.add_argument("--role", required=True, choices=[role.value for role in STAFF_ROLES])
    account.add_argument("--country", help="a coordinator's country, ISO 3166-1 alpha-2")
    account.add_argument("--actor-id", help="who this person is to the services (a reviewer's id)")
    account.add_argument("--password-file", type=Path, help="without it: standard input")
    return parser


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

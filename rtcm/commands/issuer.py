"""The issuer of certificates: its DID document, its keys, its status lists."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from rtcm.commands.files import write_json
from rtcm.commands.options import AS_JSON, DATA, SCREEN, print_json
from rtcm.stack import OPERATOR, Running
from services.certification.domain.credentials.status_list import LENGTH, PURPOSES, decode_bits

_OUT = click.option(
    "--out", type=click.Path(path_type=Path), default=None, help="Write it to this file."
)


@click.group()
def did() -> None:
    """The issuer's DID document."""


@did.command("show")
@DATA
@_OUT
def show_did(data: Path, out: Path | None) -> None:
    """Show the public keys; kept in a file, they verify when no server is there any more."""
    _show(_did_document(Running.find(data)), out)


@click.group()
def keys() -> None:
    """The keys that sign certificates."""


@keys.command()
@DATA
@click.option("--yes", is_flag=True, help="Do not ask.")
@AS_JSON
def rotate(data: Path, yes: bool, as_json: bool) -> None:
    """Sign with a new key from now on; what older keys signed still verifies."""
    running = Running.find(data)
    current = str(_did_document(running)["assertionMethod"][0])
    if not yes:
        click.confirm(f"{current} will sign no more. Go on?", abort=True)
    body = {"current_name": current.rpartition("#")[2]}
    client = running.client("certification")
    answer = client.post("/issuer-keys/rotation", body, actor=OPERATOR).body
    if as_json:
        print_json(answer)
    else:
        SCREEN.print(f"{answer['verification_method']} signs now; {current} still verifies.")


@click.group("status-list")
def status_list() -> None:
    """The lists in which revocation and suspension are published."""


@status_list.command("show")
@DATA
@click.option("--number", type=click.IntRange(1), default=1, show_default=True, help="Which list.")
@click.option(
    "--purpose",
    type=click.Choice(PURPOSES),
    default=PURPOSES[0],
    show_default=True,
    help="Of what.",
)
@_OUT
@AS_JSON
def show_list(data: Path, number: int, purpose: str, out: Path | None, as_json: bool) -> None:
    """Show how many bits are set; with --out, save the signed list for checks without a server."""
    path = f"/status-lists/{number}/{purpose}"
    listed = Running.find(data).client("certification").get(path, actor=OPERATOR).body
    if as_json or out is not None:
        _show(listed, out)
        return
    bits = decode_bits(listed["credentialSubject"]["encodedList"])
    count = sum(byte.bit_count() for byte in bits)
    SCREEN.print(f"{listed['id']}: {count} of {LENGTH} set; valid until {listed['validUntil']}")


def _did_document(running: Running) -> dict[str, Any]:
    document: dict[str, Any] = (
        running.client("certification").get("/.well-known/did.json", actor=OPERATOR).body
    )
    return document


def _show(document: dict[str, Any], out: Path | None) -> None:
    if out is None:
        print_json(document)
    else:
        write_json(out, document)
        SCREEN.print(f"written to {out}")

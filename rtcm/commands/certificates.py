"""Certificates at the command line: verify and check anybody's."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from chassis.clock import wall_now
from chassis.errors import RuleViolation
from chassis.ids import new_secret
from rtcm.commands.files import Unreadable, read_bytes, read_json, write_json
from rtcm.commands.options import AS_JSON, print_json
from rtcm.fetching import Fetcher, is_address
from services.certification.domain.credentials.baking import baked_png, baked_svg, is_svg
from services.certification.domain.credentials.model.checking import check_model
from services.certification.domain.credentials.model.values import instant_of
from services.certification.domain.credentials.presented import (
    Presented,
    read_json_object,
    read_presented,
)
from services.certification.domain.credentials.private_keys import (
    read_private_key,
    read_token_key,
)
from services.certification.domain.credentials.problems import CredentialError, Finding
from services.certification.domain.credentials.verifying import Material, Verdict, verify
from services.certification.domain.standalone import (
    input_schema,
    make_certificate,
    make_token,
)

_FILES = click.Path(path_type=Path)
_UNREADABLE = ("unreadable", "jwt.malformed", "base64.malformed")


@click.group()
def certificate() -> None:
    """Verify, check, issue and bake certificates as verifiable credentials."""


class _Instant(click.ParamType[datetime]):
    name = "instant"

    def convert(self, value: Any, param: Any, ctx: Any) -> datetime:
        """``2026-11-30T12:00:00Z``, or a date alone: its first moment in UTC."""
        if isinstance(value, datetime):
            return value
        text = str(value)
        found = instant_of(text if "T" in text else f"{text}T00:00:00Z")
        if found is None:
            self.fail(f"{text!r} is no date or instant with a zone", param, ctx)
        return found


@certificate.command("verify")
@click.argument("source")
@click.option("--did", "dids", type=_FILES, multiple=True, help="DID document to believe (repeat).")
@click.option(
    "--status",
    "statuses",
    multiple=True,
    metavar="[URL=]FILE",
    help="Status list (repeat); with its address where it does not name it itself.",
)
@click.option("--at", type=_Instant(), default=None, help="Instant the question is about; now.")
@click.option("--fetch", is_flag=True, help="Fetch did:web documents and status lists (https).")
@AS_JSON
def verify_command(
    source: str,
    dids: tuple[Path, ...],
    statuses: tuple[str, ...],
    at: datetime | None,
    fetch: bool,
    as_json: bool,
) -> None:
    """Verify a credential: SOURCE is a file or an address; ours or anybody's.

    JSON, JWT, baked PNG and SVG, PDF. Exit: 0 valid, 1 not valid (with the reason), 2 unreadable.
    Nothing is fetched unless SOURCE is an address or --fetch is given; without --did only issuers
    that are their own key (did:key, did:jwk) are believed.
    """
    fetcher = Fetcher()
    presented = _presented(source, fetcher)
    documents = [_object(path) for path in dids]
    lists, lists_at = _status_lists(statuses)
    if fetch:
        documents += fetcher.did_documents(presented.document, known=documents)
        lists_at |= fetcher.status_lists(presented.document)
    material = Material(
        at=at or wall_now().astimezone(UTC),
        did_documents=documents,
        status_lists=lists,
        lists_at=lists_at,
    )
    verdict = verify(presented, material)
    _print_verdict(verdict, material, fetcher.fetched, as_json)
    sys.exit(0 if verdict.is_valid else 1)


@certificate.command()
@click.argument("file", type=_FILES)
@AS_JSON
def check(file: Path, as_json: bool) -> None:
    """Check a credential's or presentation's form: VC data model 2.0 and Open Badges 3.0.

    No proof is needed and none is verified. Exit: 0 good, 1 not (with the reason), 2 unreadable.
    """
    document = _readable(str(file), read_bytes(file)).document
    judged = check_model(document)
    if as_json:
        _print_findings({"kind": judged.kind}, judged.findings)
    elif judged.findings:
        _say_findings(judged.findings)
    else:
        click.echo(f"good: {judged.kind}")
    sys.exit(1 if judged.findings else 0)


@certificate.command()
@click.option("--input", "file", type=_FILES, required=True, help="What it is to say (JSON).")
@click.option("--key", "key_file", type=_FILES, required=True, help="Multikey, JWK or PEM.")
@click.option("--out", type=_FILES, required=True, help="Folder for credential and PDF.")
@click.option(
    "--format",
    "form",
    type=click.Choice(("json", "jwt")),
    default="json",
    show_default=True,
    help="json: two embedded proofs by an Ed25519 key; jwt: vc+jwt, ES256 by a P-256 key.",
)
def issue(file: Path, key_file: Path, out: Path, form: str) -> None:
    """Issue a certificate from plain data: credential.json or .jwt, certificate.pdf, did.json.

    The input's JSON Schema: services/certification/domain/credentials/schemas/certificate.json;
    an example: docs/examples/certificate/input.json. Nothing is stored, nothing can be revoked.
    """
    given = read_json(file, input_schema())
    salt, now = new_secret(16), wall_now()
    try:
        if form == "jwt":
            made = make_token(given, key=read_token_key(read_bytes(key_file)), salt=salt, now=now)
        else:
            key = read_private_key(read_bytes(key_file))
            made = make_certificate(given, key=key, salt=salt, now=now)
    except CredentialError as problem:
        raise Unreadable(f"{key_file}: {problem.detail}") from problem
    except RuleViolation as problem:
        raise Unreadable(f"{file}: {problem.detail}") from problem
    try:
        out.mkdir(parents=True, exist_ok=True)
        (out / "certificate.pdf").write_bytes(made.document)
        if isinstance(made.credential, str):
            (out / "credential.jwt").write_text(made.credential, "ascii")
    except OSError as problem:
        raise Unreadable(f"{out}: {problem.strerror or problem}") from problem
    if not isinstance(made.credential, str):
        write_json(out / "credential.json", made.credential)
    if made.did_document is not None:
        write_json(out / "did.json", made.did_document)
    click.echo(f"issued {made.serial} in {out}")


@certificate.command()
@click.option("--picture", type=_FILES, required=True, help="PNG or SVG.")
@click.option("--credential", type=_FILES, required=True, help="JSON or compact JWS.")
@click.option("--out", type=_FILES, required=True, help="The picture with the credential in it.")
def bake(picture: Path, credential: Path, out: Path) -> None:
    """Put a credential into a picture, as Open Badges 3.0 bakes them; one in it is replaced."""
    content = read_bytes(credential)
    shown = _readable(str(credential), content)
    if shown.form not in ("json", "jwt"):
        raise Unreadable(f"{credential}: a credential as JSON or as a token is baked")
    drawn, text = read_bytes(picture), content.decode("utf-8-sig").strip()
    try:
        if is_svg(drawn):
            baked = baked_svg(drawn, text, is_token=shown.form == "jwt")
        else:
            baked = baked_png(drawn, text)
        out.write_bytes(baked)
    except CredentialError as problem:
        raise Unreadable(f"{picture}: {problem.detail}") from problem
    except OSError as problem:
        raise Unreadable(f"{out}: {problem.strerror or problem}") from problem
    click.echo(f"baked into {out}")


def _presented(source: str, fetcher: Fetcher) -> Presented:
    content = fetcher.get(source) if is_address(source) else read_bytes(Path(source))
    return _readable(source, content)


def _readable(name: str, content: bytes) -> Presented:
    try:
        return read_presented(content)
    except CredentialError as problem:
        raise Unreadable(f"{name}: {problem.detail}") from problem


def _status_lists(given: tuple[str, ...]) -> tuple[list[bytes], dict[str, bytes]]:
    """Saved lists, and those that were given as ``ADDRESS=FILE``."""
    lists, lists_at = [], {}
    for text in given:
        url, _, name = text.rpartition("=")
        if is_address(url):
            lists_at[url] = read_bytes(Path(name))
        else:
            lists.append(read_bytes(Path(text)))
    return lists, lists_at


def _object(path: Path) -> dict[str, Any]:
    try:
        return read_json_object(read_bytes(path))
    except CredentialError as problem:
        raise Unreadable(f"{path}: {problem.detail}") from problem


def _print_verdict(verdict: Verdict, material: Material, fetched: list[str], as_json: bool) -> None:
    if as_json:
        about = {
            "kind": verdict.kind,
            "form": verdict.form,
            "issuer": verdict.issuer,
            "at": material.at.isoformat().replace("+00:00", "Z"),
            "proofs_hold": bool(verdict.methods),
            "methods": [method.name for method in verdict.methods],
            "retired_keys": list(verdict.retired_keys),
            "fetched": fetched,
        }
        _print_findings(about, verdict.findings)
        return
    for address in fetched:
        click.echo(f"fetched {address}", err=True)
    if verdict.findings:
        _say_findings(verdict.findings)
        return
    click.echo(f"valid: {verdict.kind} of {verdict.issuer}")
    for name in verdict.retired_keys:
        click.echo(f"signed with {name}, a key its issuer has replaced since")


def _print_findings(about: dict[str, Any], findings: tuple[Finding, ...]) -> None:
    print_json(
        {
            "valid": not findings,
            "reason": findings[0].code if findings else None,
            **about,
            "findings": [
                {"code": one.code, "place": one.place, "detail": one.detail} for one in findings
            ],
        }
    )


def _say_findings(findings: tuple[Finding, ...]) -> None:
    click.echo(f"not valid: {findings[0].code}")
    for one in findings:
        click.echo(f"  {one.code} at {one.place}: {one.detail}")

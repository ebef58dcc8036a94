"""Audit bundles: export one from a running platform, verify one anywhere."""

from __future__ import annotations

import io
import json
import sys
import zipfile
import zlib
from importlib import resources
from pathlib import Path
from typing import Any

import click

from chassis.ids import is_id
from rtcm.commands.files import Unreadable, parse_json, read_bytes, refuse_unlike
from rtcm.commands.options import DATA
from rtcm.stack import OPERATOR, Running
from services.selection.domain.audit.bundle import PARTS, Bundle
from services.selection.domain.audit.difference import Different
from services.selection.domain.audit.verify import check
from services.selection.domain.canonical import canonical_json

_EPOCH = (1980, 1, 1, 0, 0, 0)  # so that the same run always gives the same archive
_LARGEST_PART = 1 << 30


@click.group()
def audit() -> None:
    """Decide a run again from a file: export the bundle, verify it."""


@audit.command()
@DATA
@click.argument("run_id", metavar="RUN")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The archive, .zip.")
def export(data: Path, run_id: str, out: Path) -> None:
    """Write the bundle of a run of the platform that runs on this machine."""
    if not is_id(run_id):
        raise Unreadable(f"{run_id!r} is not the id of a run")
    body = Running.find(data).client("selection").get(f"/runs/{run_id}/audit", actor=OPERATOR).body
    write_bundle(out, body)
    click.echo(f"{len(body['inputs'])} people, {len(body['rounds'])} rounds: {out}")


@audit.command()
@click.argument("bundle", type=click.Path(path_type=Path))
@click.option("--manifest-sha256", default=None, help="What the centre published; compared, too.")
def verify(bundle: Path, manifest_sha256: str | None) -> None:
    """Decide a run again from BUNDLE alone, with the second engine.

    Ends with 0 and the hash of the result; with 1 and the first difference in plain words; with 2
    when the file is no bundle.
    """
    try:
        found = check(read_bundle(bundle))
    except Different as difference:
        click.echo(f"different: {difference}", err=True)
        sys.exit(1)
    if manifest_sha256 not in (None, found.manifest_sha256):
        click.echo(
            f"different: the manifest has the hash {found.manifest_sha256}, not the published one",
            err=True,
        )
        sys.exit(1)
    click.echo(found.result_sha256)
    click.echo(
        f"verified: {found.people} people, {found.rounds} rounds, manifest {found.manifest_sha256}"
    )


def schema() -> dict[str, Any]:
    """What a bundle has to look like."""
    place = resources.files("services.selection.domain.audit") / "schemas" / "bundle.json"
    found: dict[str, Any] = json.loads(place.read_text("utf-8"))
    return found


def write_bundle(path: Path, bundle: Bundle) -> None:
    """Write a bundle as an archive of canonical JSON.

    Raises:
        Unreadable: the place cannot be written.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for part in PARTS:
            member = zipfile.ZipInfo(f"{part}.json", date_time=_EPOCH)
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, canonical_json(bundle[part]))
    try:
        path.write_bytes(packed.getvalue())
    except OSError as error:
        raise Unreadable(f"{path}: {error.strerror or error}") from error


def read_bundle(path: Path) -> Bundle:
    """A bundle from its archive.

    Raises:
        Unreadable: no archive, parts missing or strange, or a field the schema refuses.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(read_bytes(path))) as archive:
            names = sorted(archive.namelist())
            if names != sorted(f"{part}.json" for part in PARTS):
                raise Unreadable(f"{path}: holds {', '.join(names) or 'nothing'}, not a bundle")
            if any(member.file_size > _LARGEST_PART for member in archive.infolist()):
                raise Unreadable(f"{path}: a part is larger than 1 GiB")
            raw = {part: archive.read(f"{part}.json") for part in PARTS}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise Unreadable(f"{path}: no archive that can be read: {error}") from error
    bundle = {part: parse_json(raw[part], f"{path}: {part}.json") for part in PARTS}
    refuse_unlike(schema(), bundle, str(path))
    try:
        canonical_json(bundle)
    except (TypeError, RecursionError) as error:
        raise Unreadable(f"{path}: no canonical JSON: {error}") from error
    return bundle

"""Before the first start: token keys, and the description that `rtcm` on the host reads.

Runs once, as root of its container, on the data directory of the stack (``/data``)::

    keys/<issuer>/  the private key of one issuer and the public keys of all
    keys/cli/       the same for the command line on the host: only its user can read it
    stack.json      where the platform answers

A service is given its own directory alone, so that none can sign as another. The directory's
owner on the host owns all of it; services read as members of their group.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from chassis.settings import SERVICES
from chassis.tokens import ensure_keys

DATA = Path("/data")
SERVICE_GROUP = 10001  # as in the Dockerfile
HOST = "127.0.0.1"


def make_keys(keys: Path) -> None:
    """A directory each; missing keys are made, those there are kept."""
    issuers = ("cli", *SERVICES)
    for issuer in issuers:
        ensure_keys(keys / issuer, [issuer])
    for issuer in issuers:
        public = keys / issuer / f"{issuer}.public.jwk"
        for other in issuers:
            if other != issuer:
                shutil.copyfile(public, keys / other / public.name)


def give(keys: Path, *, owner: int, group: int) -> None:
    """To the host's user; to the services what is theirs."""
    _give(keys.parent, owner, -1, keys.parent.stat().st_mode & 0o777 | 0o711)
    _give(keys, owner, group, 0o711)
    for directory in keys.iterdir():
        if directory.name == "cli":
            _give(directory, owner, group, 0o700)
            mode, readers = 0o600, group
        else:
            # Registration and certification keep keys of their own beside the token keys.
            _give(directory, owner, SERVICE_GROUP, 0o770)
            mode, readers = 0o640, SERVICE_GROUP
        for file in directory.glob("*.jwk"):
            _give(file, owner, readers, mode)


def _give(path: Path, owner: int, group: int, mode: int) -> None:
    os.chown(path, owner, group)
    path.chmod(mode)


def description(environ: Mapping[str, str]) -> dict[str, object]:
    """What ``rtcm --data`` needs to know, in the words of ``rtcm.stack``."""
    ports = {service: environ[f"PORT_{service.upper()}"] for service in SERVICES}
    return {
        "pid": None,  # no process of the host
        "engine": "kafka",
        "mode": environ["RTCM_MODE"],
        "urls": {service: f"http://{HOST}:{port}" for service, port in ports.items()},
        "log_url": f"kafka://{HOST}:{environ['PORT_KAFKA']}",
        "keys": f"{environ['HOST_DATA']}/keys/cli",
        "processes": {},
    }


def main() -> int:
    """Prepare; safe to repeat."""
    owner = DATA.stat()
    make_keys(DATA / "keys")
    give(DATA / "keys", owner=owner.st_uid, group=owner.st_gid)
    state = DATA / "stack.json"
    state.write_text(json.dumps(description(os.environ), indent=1))
    _give(state, owner.st_uid, owner.st_gid, 0o644)
    return 0


if __name__ == "__main__":
    sys.exit(main())

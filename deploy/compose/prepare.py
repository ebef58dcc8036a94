"""Before the first start: token keys, and where the platform answers, for `rtcm`.

Runs once, as root of its container, on the data directory of the stack (``/data``)::

    keys/<issuer>/      the private key of one issuer (a service, or ``cli``), all public keys
    stack.json          for `rtcm --data` on the host
    inside/stack.json   the same for a container in the stack's network; also the movable clock

A container is given its own directory of keys alone, so that none can sign as another. The data
directory's owner on the host owns all of it; containers read as members of their group.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from chassis.settings import SERVICES, default_port
from chassis.tokens import ensure_keys

DATA = Path("/data")
GROUP = 10001  # as in the Dockerfile


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


def describe(data: Path, environ: Mapping[str, str]) -> None:
    """What ``rtcm.stack.Running`` reads, for both sides."""
    for_host = {name: f"http://127.0.0.1:{environ[f'PORT_{name.upper()}']}" for name in SERVICES}
    _write(
        data / "stack.json",
        mode=environ["RTCM_MODE"],
        urls=for_host,
        log_url=f"kafka://127.0.0.1:{environ['PORT_KAFKA']}",
        keys=f"{environ['HOST_DATA']}/keys/cli",
    )
    (data / "inside" / "certificates").mkdir(parents=True, exist_ok=True)
    _write(
        data / "inside" / "stack.json",
        mode=environ["RTCM_MODE"],
        urls={name: f"http://{name}-api:{default_port(name)}" for name in SERVICES},
        log_url="kafka://kafka:9092",
        keys="/keys",
    )


def _write(file: Path, **known: Any) -> None:
    # No process of the machine that reads it: the container engine starts and stops them.
    state = {"pid": None, "engine": "kafka", **known, "processes": {}}
    file.write_text(json.dumps(state, indent=1))


def give(data: Path) -> None:
    """To the host's user, and to the containers what they need."""
    owner, inside = data.stat(), data / "inside"
    # Registration, certification and partners keep keys of their own beside the token keys.
    for path in (data / "keys", *data.glob("keys/*"), inside, inside / "certificates"):
        os.chown(path, owner.st_uid, GROUP)
        path.chmod(0o770)
    for path in (*data.glob("keys/*/*.jwk"), inside / "stack.json"):
        os.chown(path, owner.st_uid, GROUP)
        path.chmod(0o640)
    os.chown(data / "stack.json", owner.st_uid, owner.st_gid)


def main() -> int:
    """Prepare; safe to repeat."""
    make_keys(DATA / "keys")
    describe(DATA, os.environ)
    give(DATA)
    return 0


if __name__ == "__main__":
    sys.exit(main())

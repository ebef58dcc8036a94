"""A service to be stopped while it works: its port and a file to touch are the arguments."""

from __future__ import annotations

import logging
import sys
import time
from pathlib import Path

from flask import Flask

from chassis.http.serve import serve
from chassis.telemetry import log_to_stderr


def build(reached: Path) -> Flask:
    """``/slow`` notes that it was reached, then takes a second."""
    app = Flask("slow")

    @app.get("/slow")
    def slow() -> str:
        reached.touch()
        time.sleep(1)
        return "done"

    @app.get("/quick")
    def quick() -> str:
        logging.getLogger("gunicorn.error").warning("said by the server")
        return "done"

    return app


if __name__ == "__main__":
    log_to_stderr("slow")
    serve(lambda: build(Path(sys.argv[2])), host="127.0.0.1", port=int(sys.argv[1]), threads=4)

"""The baselines of ``bench.credentials``: bare Flask, with a raw read and with nothing at all."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from flask import Flask, Response
from pymongo import MongoClient

from chassis.http.serve import serve


def build(mongo_uri: str, database: str, file: str) -> Flask:
    """The application; ``file`` holds code -> answer, so that all give the same bytes."""
    app = Flask("plain")
    answers: dict[str, str] = json.loads(Path(file).read_text("utf-8"))
    stored = MongoClient(mongo_uri)[database]["certificate"]

    @app.get("/verify/<check_code>")
    def verify(check_code: str) -> Response:
        found = stored.find_one({"check_code": check_code})
        assert found is not None
        return Response(answers[found["check_code"]], mimetype="application/json")

    @app.get("/ready/<check_code>")
    def ready(check_code: str) -> Response:
        return Response(answers[check_code], mimetype="application/json")

    return app


if __name__ == "__main__":
    serve(
        lambda: build(*sys.argv[1:4]),
        host="127.0.0.1",
        port=int(sys.argv[4]),
        threads=int(sys.argv[5]),
    )

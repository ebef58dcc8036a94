"""The baseline of ``bench.intake``: bare Flask, marshmallow, one two-document transaction."""

from __future__ import annotations

import json
import sys
from typing import Any

import pymongo
from flask import Flask, Response, request
from marshmallow import Schema, ValidationError, fields, validate

from chassis.http.serve import serve
from chassis.ids import new_id


class Filled(Schema):
    """The same body as registration takes."""

    preferences = fields.List(fields.UUID(), load_default=list, validate=validate.Length(max=10))
    answers = fields.Dict(keys=fields.String(), required=True)


def build(mongo_uri: str, database_name: str) -> Flask:
    """One route, nothing around it."""
    app = Flask("plain")
    client: pymongo.MongoClient[dict[str, Any]] = pymongo.MongoClient(mongo_uri)
    database = client[database_name]
    for name in ("application", "outbox"):
        if name not in database.list_collection_names():
            database.create_collection(name)
    schema = Filled()

    @app.post("/applications/<uuid:application_id>/amendment")
    def amend(application_id: object) -> Response:
        try:
            body = schema.load(request.get_json())
        except ValidationError as error:
            return Response(json.dumps(error.messages), 422, mimetype="application/json")
        key = str(application_id)
        event = {"application_id": key, "preferences": [str(one) for one in body["preferences"]]}
        with client.start_session() as session, session.start_transaction():
            database["application"].replace_one(
                {"_id": key},
                {"preferences": event["preferences"], "answers": body["answers"]},
                upsert=True,
                session=session,
            )
            database["outbox"].insert_one(
                {"_id": new_id(), "body": json.dumps(event)}, session=session
            )
        return Response("", 204)

    return app


if __name__ == "__main__":
    serve(
        lambda: build(sys.argv[1], sys.argv[2]),
        host="127.0.0.1",
        port=int(sys.argv[3]),
        threads=int(sys.argv[4]),
    )

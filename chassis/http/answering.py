"""What a view answered as a response, and as what is kept for a repeat of its command."""

from __future__ import annotations

import json
from typing import Any

from flask import Request, Response

from chassis.http.idempotency import StoredAnswer, refuse_other_use
from chassis.http.operation import Answer, Operation


class Answering:
    """Makes the responses of one operation."""

    def __init__(self, declared: Operation) -> None:
        self._declared = declared
        self._schema = None if declared.answer is None else declared.answer()

    def response(self, answered: Any) -> Response:
        """The response to what a view gave back: an ``Answer``, or a body alone."""
        answer = answered if isinstance(answered, Answer) else Answer(body=answered)
        status = answer.status or self._declared.status
        if answer.content is not None:
            response = Response(answer.content, status=status, mimetype=self._declared.media_type)
        elif answer.body is None:
            response = Response(b"", status=status if status != 200 else 204)
            response.headers.pop("Content-Type", None)
        else:
            response = Response(
                json.dumps(self._dumped(answer.body), ensure_ascii=False),
                status=status,
                mimetype=self._declared.media_type,
            )
        if answer.location is not None:
            response.headers["Location"] = answer.location
        if answer.version is not None:
            response.set_etag(str(answer.version))
        response.headers.setdefault("Cache-Control", "no-store")
        for name, value in answer.headers.items():
            response.headers[name] = value
        return response

    def _dumped(self, body: Any) -> Any:
        if self._schema is None:
            return body
        if isinstance(body, list | tuple):
            raise TypeError("an answer is one object; lists go into a page")
        return self._schema.dump(body)

    def unless_known(self, answered: Any, asked: Request) -> Response:
        """The same, or 304 to who has this version already."""
        response = self.response(answered)
        tag, _ = response.get_etag()
        if tag is not None and asked.if_none_match.contains_weak(tag):
            response.status_code = 304
            response.set_data(b"")
            response.headers.pop("Content-Length", None)
            response.headers.pop("Content-Type", None)
        return response

    def kept(self, response: Response) -> tuple[dict[str, str], str]:
        """Headers and body to give to a repeat of the command; secrets are left out."""
        headers = {
            name: response.headers[name]
            for name in ("Content-Type", "Location", "ETag")
            if name in response.headers
        }
        body, shown_once = response.get_data(True), self._declared.shown_once
        if shown_once and body:
            read = json.loads(body)
            body = json.dumps(
                {name: value for name, value in read.items() if name not in shown_once},
                ensure_ascii=False,
            )
        return headers, body


def replayed(stored: StoredAnswer, wanted: str) -> Response:
    """The answer of the first time.

    Raises:
        InvalidBody: ``idempotency.key_reused``.
    """
    refuse_other_use(stored, wanted)
    response = Response(stored.body or "", status=stored.status)
    response.headers.pop("Content-Type", None)
    response.headers.update(stored.headers)
    response.headers["Idempotency-Replayed"] = "true"
    return response

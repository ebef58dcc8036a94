"""Calls to a service's API, from another program of the platform."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import urllib3

from chassis.access import Actor
from chassis.errors import (
    AlreadyExists,
    BadInput,
    FieldProblem,
    Forbidden,
    InvalidBody,
    NotFound,
    RtcmError,
    RuleViolation,
    StaleVersion,
    Unauthenticated,
    Unavailable,
)
from chassis.telemetry import current_traceparent
from chassis.tokens import TokenIssuer

_ERRORS: dict[int, type[RtcmError]] = {
    error.status: error
    for error in (
        BadInput,
        Unauthenticated,
        Forbidden,
        NotFound,
        RuleViolation,
        StaleVersion,
        InvalidBody,
        Unavailable,
    )
}


@dataclass(frozen=True)
class Reply:
    """An answer below 400: JSON or bytes, and the headers people need."""

    status: int
    body: Any
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def etag(self) -> str | None:
        """For ``if_match`` of a later change."""
        return self.headers.get("ETag")


class ServiceClient:
    """Speaks to one service, as an actor or as the program itself.

    Args:
        service: the audience of its tokens.
        issuer: who signs; without one calls are anonymous.
    """

    def __init__(
        self,
        service: str,
        base_url: str,
        issuer: TokenIssuer | None,
        *,
        timeout_seconds: float = 10.0,
    ) -> None:
        self._service = service
        self._base_url = base_url
        self._issuer = issuer
        self._pool = urllib3.PoolManager(
            maxsize=16,
            retries=False,
            timeout=urllib3.Timeout(connect=2.0, read=timeout_seconds),
        )

    def get(
        self, path: str, *, actor: Actor | None = None, query: Mapping[str, Any] | None = None
    ) -> Reply:
        """Read."""
        return self.send("GET", path, actor=actor, query=query)

    def post(
        self, path: str, body: Any = None, *, actor: Actor | None = None, key: str | None = None
    ) -> Reply:
        """Command; with ``key`` it is safe to repeat."""
        return self.send("POST", path, body=body, actor=actor, key=key)

    def put(
        self,
        path: str,
        body: Any = None,
        *,
        actor: Actor | None = None,
        key: str | None = None,
        if_match: str | None = None,
    ) -> Reply:
        """Replace."""
        return self.send("PUT", path, body=body, actor=actor, key=key, if_match=if_match)

    def send(
        self,
        method: str,
        path: str,
        *,
        body: Any = None,
        actor: Actor | None = None,
        query: Mapping[str, Any] | None = None,
        key: str | None = None,
        if_match: str | None = None,
    ) -> Reply:
        """Any call.

        Raises:
            RtcmError: what the service answered, as the error it is there.
            Unavailable: ``<service>.unavailable``: it does not answer.
        """
        url = f"{self._base_url}{path}"
        if query:
            url += "?" + urlencode(
                {name: value for name, value in query.items() if value is not None}
            )
        content = (
            None if body is None else json.dumps(body, ensure_ascii=False, default=str).encode()
        )
        try:
            response = self._pool.request(
                method,
                url,
                body=content,
                headers=self._headers(actor, key, if_match, has_body=content is not None),
                redirect=False,
            )
        except urllib3.exceptions.HTTPError as error:
            raise Unavailable(
                f"{self._service}.unavailable",
                f"{self._service} does not answer; try again shortly",
            ) from error
        read = self._read(response)
        if response.status >= 400:
            raise self._error(response.status, read, response.headers.get("Retry-After"))
        if 300 <= response.status != 304:
            raise self._malformed(response.status)  # redirects are never followed
        return Reply(response.status, read, dict(response.headers))

    def _read(self, response: urllib3.BaseHTTPResponse) -> Any:
        kind = response.headers.get("Content-Type", "")
        # Credentials are JSON, although their media type does not say so.
        if not ("json" in kind or kind.startswith("application/vc")) or not response.data:
            return response.data
        try:
            return json.loads(response.data)
        except ValueError as error:
            raise self._malformed(response.status) from error

    def _headers(
        self, actor: Actor | None, key: str | None, if_match: str | None, *, has_body: bool
    ) -> dict[str, str]:
        headers = {"Accept": "application/json"}
        if has_body:
            headers["Content-Type"] = "application/json"
        if self._issuer is not None:
            token = (
                self._issuer.for_service(audience=self._service)
                if actor is None
                else self._issuer.for_actor(actor, audience=self._service)
            )
            headers["Authorization"] = f"Bearer {token}"
        if key is not None:
            headers["Idempotency-Key"] = key
        if if_match is not None:
            headers["If-Match"] = if_match
        traceparent = current_traceparent()
        if traceparent is not None:
            headers["traceparent"] = traceparent
        return headers

    def _malformed(self, status: int) -> Unavailable:
        return Unavailable(
            f"{self._service}.answer_malformed",
            f"{self._service} answered {status} in a way no service does; is its address right?",
        )

    def _error(self, status: int, read: Any, retry_after: str | None) -> RtcmError:
        if not isinstance(read, dict) or not {"code", "detail"} <= read.keys():
            return self._malformed(status)
        kind = _ERRORS.get(status, RtcmError)
        if kind is RuleViolation and read["code"].endswith("already_exists"):
            kind = AlreadyExists
        error = kind(
            read["code"],
            read["detail"],
            field=read.get("field"),
            problems=[
                FieldProblem(one["field"], one["code"], one["detail"])
                for one in read.get("problems", ())
            ],
            retry_after_seconds=int(retry_after)
            if retry_after and retry_after.isdecimal()
            else None,
        )
        error.status = status
        return error

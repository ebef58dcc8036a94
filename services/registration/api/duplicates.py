"""Who may be registered twice, over HTTP: ids and reasons; the vault's door shows the people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Blueprint
from marshmallow import Schema, fields, validate

from chassis.access import Scope
from chassis.errors import NotFound, RuleViolation
from chassis.http.operation import ApiCall, operation
from services.registration.api.reads import STAFF, Reads
from services.registration.api.schemas.shapes import COUNTRY
from services.registration.domain.duplicates.proposals import Entry, Strength, propose
from services.registration.domain.ports import Vault
from services.registration.handlers.subjects import DETAILS, details_from

_MOST_PEOPLE = 5_000  # opened one by one while somebody waits
_PAGE = 500


class OfCountry(Schema):
    """Query of ``GET /duplicates``."""

    country_code = fields.String(load_default=None, validate=COUNTRY)


class DuplicateAnswer(Schema):
    """Two entries that may be one person."""

    first_id = fields.UUID(required=True)
    second_id = fields.UUID(required=True)
    strength = fields.String(required=True, validate=validate.OneOf([*Strength]))
    reason_codes = fields.List(fields.String(), required=True)


class DuplicatesAnswer(Schema):
    """All pairs within the caller's scope."""

    looked_at_count = fields.Integer(required=True)
    items = fields.List(fields.Nested(DuplicateAnswer), required=True)


def duplicates_blueprint(reads: Reads, *, vault: Vault) -> Blueprint:
    """Build the route."""
    routes = Blueprint("duplicates", __name__, url_prefix="/duplicates")

    @routes.get("")
    @operation(
        summary="Pairs of registered people who may be one person; a person decides",
        roles=STAFF,
        query=OfCountry,
        answer=DuplicatesAnswer,
        errors=("duplicates.too_many_people",),
    )
    def list_all(call: ApiCall) -> dict[str, Any]:
        entries = list(_entries(reads, vault, call.actor.scope, call.query["country_code"]))
        proposals = propose(entries)
        return {
            "looked_at_count": len(entries),
            "items": [
                {
                    "first_id": one.first_id,
                    "second_id": one.second_id,
                    "strength": one.strength,
                    "reason_codes": list(one.reasons),
                }
                for one in proposals
            ],
        }

    return routes


def _entries(reads: Reads, vault: Vault, scope: Scope, country_code: str | None) -> Iterator[Entry]:
    """Everybody known within a scope; who is being forgotten is left out.

    Raises:
        RuleViolation: ``duplicates.too_many_people``.
    """
    where = {"status": "known"} | ({"country_code": country_code} if country_code else {})
    after, count = None, 0
    while True:
        page = reads.page("subject", scope=scope, where=where, after=after, limit=_PAGE)
        for row in page.items:
            count += 1
            if count > _MOST_PEOPLE:
                raise RuleViolation(
                    "duplicates.too_many_people",
                    f"more than {_MOST_PEOPLE} people at once; ask country by country",
                )
            entry = _entry(row, vault)
            if entry is not None:
                yield entry
        after = page.next_after
        if after is None:
            return


def _entry(row: dict[str, Any], vault: Vault) -> Entry | None:
    if row.get("sealed") is None:
        return None
    try:
        details = details_from(vault.open(row["id"], row["sealed"], purpose=DETAILS))
    except NotFound:
        return None
    phone = "".join(filter(str.isdigit, details.phone or ""))
    return Entry(
        entry_id=row["id"],
        names=tuple(name for name in (details.legal_name, details.native_name) if name),
        birth_on=details.birth_on,
        contact_hashes=frozenset({phone} if phone else ()),
    )

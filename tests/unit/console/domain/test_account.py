"""Who can have an account."""

from __future__ import annotations

import pytest

from chassis.access import Role, Scope
from chassis.errors import InvalidBody
from services.console.domain.account import Account, check_account

PASSWORD = "correct horse battery"


@pytest.mark.parametrize(
    ("name", "role", "country", "password", "fields"),
    [
        ("nigar", Role.OPERATOR, None, PASSWORD, []),
        ("gio.k", Role.COORDINATOR, "GE", PASSWORD, []),
        ("Nigar", Role.OPERATOR, None, PASSWORD, ["name"]),
        ("x", Role.OPERATOR, None, PASSWORD, ["name"]),
        ("nigar", Role.PARTICIPANT, None, PASSWORD, ["role"]),
        ("nigar", Role.COORDINATOR, None, PASSWORD, ["country_code"]),
        ("nigar", Role.OPERATOR, "GE", PASSWORD, ["country_code"]),
        ("nigar", Role.COORDINATOR, "Georgia", PASSWORD, ["country_code"]),
        ("nigar", Role.OPERATOR, None, "short", ["password"]),
        ("nigar", Role.OPERATOR, None, "x" * 257, ["password"]),
        ("nigar", Role.OPERATOR, None, "my name is NIGAR", ["password"]),
    ],
)
def test_account_is_checked_as_a_whole(
    name: str, role: Role, country: str | None, password: str, fields: list[str]
) -> None:
    try:
        check_account(name=name, role=role, country_code=country, password=password)
    except InvalidBody as refused:
        found = [problem.field for problem in refused.problems]
    else:
        found = []
    assert found == fields


def test_coordinator_acts_for_one_country_only() -> None:
    account = Account(
        account_id="a1",
        name="gio",
        role=Role.COORDINATOR,
        country_code="GE",
        password_hash="",
        actor_id="a1",
    )
    assert account.actor().scope == Scope(countries=frozenset({"GE"}))

"""Local accounts: people of the centre who sign in with a password."""

from __future__ import annotations

import re
from dataclasses import dataclass

from chassis.access import Actor, Role, Scope
from chassis.errors import FieldProblem, InvalidBody

STAFF_ROLES = (
    Role.OPERATOR,
    Role.COORDINATOR,
    Role.REVIEWER,
    Role.TRAINER,
    Role.AUDITOR,
)
"""Roles a local account can have; all others come by links or keys."""

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 256
"""Characters. The upper limit only bounds the work of hashing."""

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,62}")
_COUNTRY = re.compile(r"[A-Z]{2}")


@dataclass(frozen=True, kw_only=True)
class Account:
    """One person of the centre.

    Attributes:
        account_id: opaque; what services see as the actor unless ``actor_id`` says otherwise.
        name: what is typed to sign in, lower case.
        country_code: limits a coordinator to one country; ``None``: no limit.
        actor_id: who this person is to the services (a reviewer's or trainer's id there).
    """

    account_id: str
    name: str
    role: Role
    country_code: str | None
    password_hash: str
    actor_id: str

    def actor(self) -> Actor:
        """Who asks, for the services."""
        countries = None if self.country_code is None else frozenset({self.country_code})
        return Actor(
            actor_id=self.actor_id, roles=frozenset({self.role}), scope=Scope(countries=countries)
        )


def check_account(*, name: str, role: Role, country_code: str | None, password: str) -> None:
    """Refuse what cannot be an account.

    Raises:
        InvalidBody: ``account.invalid`` with every problem.
    """
    problems = []
    if not _NAME.fullmatch(name):
        detail = "use 2 to 63 lower-case letters, digits, '.', '_' and '-'"
        problems.append(FieldProblem("name", "not_name", detail))
    if role not in STAFF_ROLES:
        problems.append(FieldProblem("role", "not_staff", "one of " + ", ".join(STAFF_ROLES)))
    if (role is Role.COORDINATOR) != (country_code is not None):
        detail = "a coordinator has a country, nobody else has"
        problems.append(FieldProblem("country_code", "not_fitting", detail))
    elif country_code is not None and not _COUNTRY.fullmatch(country_code):
        problems.append(FieldProblem("country_code", "not_country", "two capital letters"))
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        detail = f"use {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters"
        problems.append(FieldProblem("password", "length", detail))
    elif name and name in password.lower():
        problems.append(FieldProblem("password", "has_name", "leave the name out of it"))
    if problems:
        raise InvalidBody("account.invalid", "this cannot be an account", problems=problems)

"""Every service keeps to its OpenAPI, whatever is sent: tried by schemathesis.

The requests are made up from the document, a few per operation, the same in each run. An answer
must have a status and a form the document names; nothing may fail inside.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import checks
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from chassis.access import Actor, Role
from rtcm.mongo_server import MongoServer
from tests.e2e.apps import WITH_API, Service, running

EXAMPLES = 4  # requests per operation and mode

CHECKS = [
    checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]

EVERYBODY = Actor(actor_id="somebody", roles=frozenset(Role) - {Role.PUBLIC})
"""Holds every role, so that requests come past the door."""


@pytest.fixture(scope="module", params=WITH_API)
def service(
    request: pytest.FixtureRequest,
    mongo_server: MongoServer,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Service]:
    """One service on an empty database."""
    folder = tmp_path_factory.mktemp(request.param)
    with running(request.param, mongo_uri=mongo_server.uri, folder=folder) as service:
        yield service


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_whatever_is_sent_is_answered_as_described(service: Service, mode: GenerationMode):
    schema = schemathesis.openapi.from_wsgi("/openapi.json", service.app)
    token = service.issuer.for_actor(EVERYBODY, audience=service.name, lifetime_seconds=3600)
    tried, wrong = 0, {}
    for operation in (each.ok() for each in schema.get_all_operations()):

        @seed(1)
        @settings(
            max_examples=EXAMPLES,
            database=None,
            deadline=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def send(case: schemathesis.Case) -> None:
            nonlocal tried
            tried += 1
            case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, checks=CHECKS)

        try:
            send()
        except Unsatisfiable:
            if mode is GenerationMode.POSITIVE or operation.body:
                raise
            # Nothing in such a request can be wrong.
        except Exception as error:
            wrong[operation.label] = error
    assert not wrong, "\n\n".join(f"{label}: {error}" for label, error in wrong.items())
    assert tried >= len(service.operations()) * (mode is GenerationMode.POSITIVE)

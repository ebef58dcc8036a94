"""Who an event says hears it is who subscribes to it."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path
from typing import Any

import pytest

from chassis.running import Parts, Platform
from chassis.settings import SERVICES
from chassis.tokens import ensure_keys
from contracts.event import REGISTRY
from rtcm.commands.settings import settings_class
from rtcm.log_access import listeners
from tests.architecture.tree import parsed

# The console reads through APIs and listens to nothing.
LISTENERS = [service for service in SERVICES if service != "console"]


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """Event type -> services whose wiring subscribes to it."""
    keys: Path = tmp_path_factory.mktemp("keys")
    ensure_keys(keys, [*SERVICES, "cli"])
    found: dict[str, set[str]] = {type_: set() for type_ in REGISTRY}
    for service in LISTENERS:
        wiring = importlib.import_module(f"services.{service}.wiring")
        platform: Platform[Any] = Platform(
            service, settings_class(service)(keys_dir=keys, mode="test")
        )
        platform.__dict__["unit_of_work"] = None  # wiring joins parts and stores nothing
        parts: Parts = wiring.build(platform)
        for event_class in parts.on_event:
            found[event_class.event_type].add(service)
    return found


def test_every_event_names_its_listeners(heard: dict[str, set[str]]):
    said = {type_: listeners(event_class) for type_, event_class in REGISTRY.items()}
    differing = {
        type_: {"said": sorted(said[type_]), "subscribed": sorted(heard[type_])}
        for type_ in sorted(REGISTRY)
        if said[type_] != heard[type_]
    }
    assert differing == {}


def test_every_handler_of_an_event_says_why_it_may_be_repeated():
    handlers = [
        (path, node)
        for path, tree in parsed("services").items()
        if "handlers" in path.parts
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        and node.name.startswith("on_")
        and node.args.args
        and node.args.args[0].arg == "event"
    ]
    silent = [
        f"{path}: {node.name}"
        for path, node in handlers
        if "safe to repeat" not in (ast.get_docstring(node) or "").lower()
    ]
    assert len(handlers) > 40
    assert silent == []

"""Access rules follow from the contracts: each service what it needs, and nothing beyond."""

from __future__ import annotations

import json

from click.testing import CliRunner

from contracts.event import private_topics
from rtcm.commands.flow import log
from rtcm.log_access import Rule, as_data, commands, rules, topics

CONTACTS = "rtcm.registration.contact"


def of(resource: str, name: str) -> set[tuple[str, str]]:
    return {
        (rule.party, rule.operation)
        for rule in rules()
        if (rule.resource, rule.name) == (resource, name)
    }


def test_sealed_contacts_are_read_by_notifications_alone() -> None:
    assert of("topic", CONTACTS) == {
        ("registration", "Write"),
        ("registration", "Create"),
        ("notifications", "Read"),
    }
    assert {topic.name for topic in topics() if topic.compacted} == private_topics() == {CONTACTS}


def test_a_topic_is_written_by_the_service_it_is_named_after() -> None:
    assert all(topic.name.split(".")[1] == topic.written_by for topic in topics())
    writers = {(rule.name, rule.party) for rule in rules() if rule.operation == "Write"}
    assert writers == {(topic.name, topic.written_by) for topic in topics()}


def test_each_listener_joins_its_own_group_only() -> None:
    groups = [rule for rule in rules() if rule.resource == "group"]
    assert {rule.party for rule in groups} == {name for topic in topics() for name in topic.read_by}
    assert all(rule.name == f"rtcm.{rule.party}" for rule in groups)


def test_nobody_but_the_operator_deletes() -> None:
    assert [rule for rule in rules() if rule.operation == "Delete"] == [
        Rule("operator", "Delete", "topic", "rtcm.", is_prefix=True)
    ]


def test_commands_say_every_rule_once() -> None:
    said = []
    for line in commands("User:{}"):
        words = line.split()
        assert words[:4] == ["kafka-acls.sh", '"$@"', "--add", "--allow-principal"]
        party, pairs = (
            words[4].removeprefix("User:"),
            list(zip(words[5::2], words[6::2], strict=True)),
        )
        is_prefix = ("--resource-pattern-type", "prefixed") in pairs
        said += [
            Rule(party, operation, resource.removeprefix("--"), name, is_prefix)
            for resource, name in pairs
            if resource in ("--topic", "--group")
            for option, operation in pairs
            if option == "--operation"
        ]
    assert sorted(map(repr, said)) == sorted(map(repr, rules()))


def test_the_command_prints_rules_or_lines() -> None:
    runner = CliRunner()
    assert json.loads(runner.invoke(log, ["access", "--json"]).output) == as_data()
    lines = runner.invoke(log, ["access", "--principal", "User:O=x; rm -rf /,CN={}"]).output
    assert "'User:O=x; rm -rf /,CN=selection'" in lines
    refused = runner.invoke(log, ["access", "--principal", "User:rtcm"])
    assert refused.exit_code == 2
    assert "needs {}" in refused.output

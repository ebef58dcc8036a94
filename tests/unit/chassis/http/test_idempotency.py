"""A command with an ``Idempotency-Key`` is done once and answered the same again."""

from __future__ import annotations

import json

import pytest

from chassis.access import Actor, Role
from chassis.http.idempotency import StoredAnswer
from tests.unit.chassis.http.bakery import Bakery

OTHER = Actor(actor_id="o2", roles=frozenset({Role.OPERATOR}))


def test_repeat_is_answered_the_same_and_does_nothing(bakery: Bakery):
    first = bakery.bake(Idempotency_Key="k1")
    again = bakery.bake(Idempotency_Key="k1")

    assert (again.status_code, again.data) == (201, first.data)
    for name in ("Content-Type", "Location", "ETag"):
        assert again.headers[name] == first.headers[name]
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert len(bakery.loaves) == len(bakery.seen) == 1


def test_without_key_each_is_a_command_of_its_own(bakery: Bakery):
    bakery.bake()
    bakery.bake()
    assert len(bakery.loaves) == 2


def test_key_with_another_body_is_refused(bakery: Bakery):
    bakery.bake({"name": "rye"}, Idempotency_Key="k1")
    response = bakery.bake({"name": "oat"}, Idempotency_Key="k1")
    assert (response.status_code, json.loads(response.data)["code"]) == (
        422,
        "idempotency.key_reused",
    )
    assert len(bakery.loaves) == 1


def test_keys_of_two_people_are_two_keys(bakery: Bakery):
    bakery.bake(Idempotency_Key="k1")
    response = bakery.client.post(
        "/loaves", json={"name": "oat"}, headers=bakery.headers(OTHER, Idempotency_Key="k1")
    )
    assert response.status_code == 201
    assert len(bakery.loaves) == 2


def test_two_strangers_with_one_key_do_not_hear_of_each_other(bakery: Bakery):
    first = bakery.client.post("/orders", json={"name": "a"}, headers={"Idempotency-Key": "k"})
    second = bakery.client.post("/orders", json={"name": "b"}, headers={"Idempotency-Key": "k"})
    again = bakery.client.post("/orders", json={"name": "b"}, headers={"Idempotency-Key": "k"})
    assert [one.json["name"] for one in (first, second)] == ["a", "b"]
    assert (again.data, again.headers["Idempotency-Replayed"]) == (second.data, "true")


def test_refused_command_leaves_nothing_so_that_it_can_be_tried_again(bakery: Bakery):
    path = "/loaves/018f0000-0000-7000-8000-000000000000/toast"
    for _ in range(2):
        response = bakery.client.post(path, headers=bakery.headers(Idempotency_Key="k1"))
        assert response.status_code == 409
    assert bakery.loaves == {}
    assert bakery.answers.stored == {}


def test_conflict_that_runs_the_view_again_makes_one_loaf_with_one_id(bakery: Bakery):
    bakery.unit_of_work.conflicts = 2
    response = bakery.bake(Idempotency_Key="k1")
    assert response.status_code == 201
    assert len({call.id_for("loaf") for call in bakery.seen}) == 1
    assert [*bakery.loaves] == [response.json["loaf_id"]]
    assert {call.command_id for call in bakery.seen} == set(bakery.unit_of_work.command_ids)


def test_twin_that_won_meanwhile_answers_for_both(bakery: Bakery):
    first = bakery.bake(Idempotency_Key="k1")
    find, missed = bakery.answers.find, []

    def find_late(command_id: str) -> StoredAnswer | None:
        if not missed:
            missed.append(command_id)
            return None
        return find(command_id)

    bakery.answers.find = find_late  # type: ignore[method-assign]  # -- the twin is not seen at first
    again = bakery.bake(Idempotency_Key="k1")
    assert (again.data, again.headers["Idempotency-Replayed"]) == (first.data, "true")


@pytest.mark.parametrize("key", ["", "x" * 201, "a\tb"])
def test_malformed_key_is_400(bakery: Bakery, key: str):
    response = bakery.bake(Idempotency_Key=key)
    assert (response.status_code, json.loads(response.data)["code"]) == (
        400,
        "idempotency.key_malformed",
    )

"""ETag, If-Match and If-None-Match."""

from __future__ import annotations

import json

import pytest

from tests.unit.chassis.http.bakery import Bakery


def test_reading_gives_the_version_as_etag(bakery: Bakery):
    location = bakery.bake().headers["Location"]
    response = bakery.client.get(location)
    assert (response.status_code, response.headers["ETag"]) == (200, '"1"')


@pytest.mark.parametrize("tag", ['"1"', 'W/"1"', '"0", "1"', "*"])
def test_unchanged_is_304_without_a_body(bakery: Bakery, tag: str):
    location = bakery.bake().headers["Location"]
    response = bakery.client.get(location, headers={"If-None-Match": tag})
    assert (response.status_code, response.data) == (304, b"")
    assert response.headers["ETag"] == '"1"'


def test_changed_is_sent(bakery: Bakery):
    location = bakery.bake().headers["Location"]
    assert bakery.client.get(location, headers={"If-None-Match": '"0"'}).status_code == 200


def test_change_of_what_was_read_is_done_and_of_an_older_one_refused(bakery: Bakery):
    location = bakery.bake().headers["Location"]
    for status in (200, 412):
        response = bakery.client.put(
            location, json={"name": "oat"}, headers=bakery.headers(If_Match='"1"')
        )
        assert response.status_code == status
    assert json.loads(response.data)["code"] == "loaf.changed_meanwhile"


@pytest.mark.parametrize("tag", ["1.0", '"one"', '"1", "2"', '"' + "9" * 10 + '"', '"-1"'])
def test_tag_that_is_none_of_ours_is_400(bakery: Bakery, tag: str):
    location = bakery.bake().headers["Location"]
    response = bakery.client.put(
        location, json={"name": "oat"}, headers=bakery.headers(If_Match=tag)
    )
    assert (response.status_code, json.loads(response.data)["code"]) == (400, "version.malformed")


def test_nothing_to_say_is_204_and_bytes_are_sent_as_they_are(bakery: Bakery):
    location = bakery.bake().headers["Location"]
    eaten = bakery.client.delete(location, headers=bakery.headers())
    picture = bakery.client.get("/picture")
    assert (eaten.status_code, eaten.data, "Content-Type" in eaten.headers) == (204, b"", False)
    assert (picture.data, picture.mimetype) == (b"\x89PNG", "image/png")

"""Settings are read once and refused all at once, in sentences."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from chassis.settings import (
    SERVICES,
    ServiceSettings,
    SettingsError,
    default_port,
    describe,
    load,
    setting,
    whole_number,
    yes_no,
)


@dataclass(frozen=True, kw_only=True)
class BakerySettings(ServiceSettings):
    """Settings of a made-up service."""

    loaf_count: int = setting(
        "RTCM_BAKERY_LOAF_COUNT", doc="per batch", default=8, parse=whole_number(1, 64)
    )
    is_open: bool = setting("RTCM_BAKERY_OPEN", doc="sells", default=False, parse=yes_no)
    recipe: str = setting("RTCM_BAKERY_RECIPE", doc="kept", default="none", secret=True)


KEYS = {"RTCM_KEYS_DIR": "/srv/keys"}
PREFIXES = ("RTCM_BAKERY_",)


def sentences(environ: dict[str, str]) -> list[str]:
    with pytest.raises(SettingsError) as refused:
        load(BakerySettings, environ, prefixes=PREFIXES)
    return str(refused.value).splitlines()


def test_values_are_typed_and_defaults_fill_the_rest():
    settings = load(
        BakerySettings,
        {**KEYS, "RTCM_BAKERY_LOAF_COUNT": "12", "RTCM_BAKERY_OPEN": "yes", "HOME": "/root"},
        prefixes=PREFIXES,
    )
    assert settings == BakerySettings(keys_dir=Path("/srv/keys"), loaf_count=12, is_open=True)


def test_all_wrong_and_missing_ones_are_named_at_once():
    assert sentences(
        {"RTCM_MODE": "play", "RTCM_BAKERY_LOAF_COUNT": "0", "RTCM_BAKERY_OPEN": "perhaps"}
    ) == [
        "RTCM_MODE: 'play' is not one of production, demo, test",
        "RTCM_KEYS_DIR is missing: keys: public ones of all issuers, private ones of this process",
        "RTCM_BAKERY_LOAF_COUNT: '0' is not a whole number from 1 to 64",
        "RTCM_BAKERY_OPEN: 'perhaps' is not yes or no",
    ]


@pytest.mark.parametrize("text", ["1.0", "many", "65", "-1", "1e1"])
def test_whole_number_outside_its_limits_or_none_at_all_is_refused(text: str):
    assert sentences({**KEYS, "RTCM_BAKERY_LOAF_COUNT": text}) == [
        f"RTCM_BAKERY_LOAF_COUNT: {text!r} is not a whole number from 1 to 64"
    ]


def test_misspelt_variable_of_the_own_prefix_is_refused():
    found = sentences({**KEYS, "RTCM_BAKERY_LOAFCOUNT": "3"})
    assert [line.partition(" is no setting;")[0] for line in found] == ["RTCM_BAKERY_LOAFCOUNT"]


def test_variables_of_other_services_are_left_alone():
    environ = {**KEYS, "RTCM_DAIRY_COWS": "3"}
    assert load(BakerySettings, environ, prefixes=PREFIXES).loaf_count == 8


def test_secret_is_never_shown():
    found = sentences({**KEYS, "RTCM_MONGO_URI": "hunter2"})
    assert len(found) == 1
    assert "hunter2" not in found[0]
    assert found[0].startswith("RTCM_MONGO_URI: its value is not")


def test_slash_at_the_end_of_an_address_is_dropped():
    environ = {**KEYS, "RTCM_SELECTION_URL": "https://selection:8443/"}
    assert load(BakerySettings, environ).url_of("selection") == "https://selection:8443"


def test_every_service_has_an_address_and_a_port_of_its_own():
    settings = load(BakerySettings, KEYS)
    assert [settings.url_of(service) for service in SERVICES] == [
        f"http://127.0.0.1:{default_port(service)}" for service in SERVICES
    ]
    assert len({default_port(service) for service in SERVICES}) == len(SERVICES)


def test_description_has_every_setting_once_and_what_is_required():
    described = {one.name: one for one in describe(BakerySettings)}
    assert len(described) == len(describe(BakerySettings))
    assert [one.name for one in described.values() if one.required] == ["RTCM_KEYS_DIR"]
    assert described["RTCM_BAKERY_LOAF_COUNT"].default == "8"
    assert described["RTCM_BAKERY_OPEN"].default == "no"
    assert all(one.doc for one in described.values())

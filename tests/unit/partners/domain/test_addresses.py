"""Where webhooks may go: nowhere that is not the public internet."""

from __future__ import annotations

import socket

import pytest

from chassis.errors import RuleViolation
from services.partners.domain.addresses import admitted, is_admitted, target_of

REFUSED = [
    "0.0.0.0",  # this host
    "0.1.2.3",
    "10.0.0.1",  # private
    "10.255.255.255",
    "100.64.0.1",  # carriers' NAT
    "100.100.100.200",  # a cloud's metadata
    "100.127.255.255",
    "127.0.0.1",  # loopback
    "127.255.255.254",
    "168.63.129.16",  # a cloud's host
    "169.254.0.1",  # link-local
    "169.254.169.254",  # metadata
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.192",  # metadata
    "192.0.2.1",  # documentation
    "192.88.99.1",  # 6to4 relay
    "192.168.0.1",
    "198.18.0.1",  # benchmarks
    "198.51.100.7",
    "203.0.113.7",
    "224.0.0.1",  # multicast
    "239.255.255.250",
    "240.0.0.1",  # reserved
    "255.255.255.255",  # broadcast
    "::",
    "::1",
    "::ffff:127.0.0.1",  # IPv4 in IPv6
    "::ffff:8.8.8.8",
    "::7f00:1",
    "64:ff9b::7f00:1",  # NAT64
    "64:ff9b::808:808",
    "64:ff9b:1::a00:1",
    "100::1",  # discard
    "2001::1",  # Teredo
    "2001:db8::1",  # documentation
    "2002:7f00:1::1",  # 6to4
    "2002:a00:1::1",
    "3fff::1",
    "fc00::1",  # unique local
    "fd00:ec2::254",  # metadata
    "fe80::1",  # link-local
    "fe80::1%eth0",
    "fec0::1",  # site-local
    "ff02::1",  # multicast
]


@pytest.mark.parametrize("address", REFUSED)
def test_address_that_is_not_public_is_refused(address: str) -> None:
    assert not is_admitted(address, allows_loopback=False)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "100.63.255.255", "100.128.0.1", "172.32.0.1", "2606:4700::1111"]
)
def test_public_address_is_admitted(address: str) -> None:
    assert is_admitted(address, allows_loopback=False)


@pytest.mark.parametrize("address", REFUSED)
def test_switch_for_demos_admits_loopback_alone(address: str) -> None:
    is_loopback = address == "::1" or address.startswith("127.")

    assert is_admitted(address, allows_loopback=True) is is_loopback


@pytest.mark.parametrize(
    "url",
    [
        "http://partner.example/hooks",
        "ftp://partner.example/hooks",
        "//partner.example/hooks",
        "partner.example",
        "https://",
        "https:///hooks",
        "https://user@partner.example/",
        "https://user:secret@partner.example/",
        "https://partner.example@10.0.0.1/",
        "https://partner.example/#part",
        "https://partner.example:99999/",
        "https://partner.example:x/",
        "https://partner.example\\@10.0.0.1/",
        "https://partner.example/\r\nHost: inside",
        "https://partner.example/a b",
        "https://pärtner.example/",
        "https://-partner.example/",
        "https://par_tner$.example/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1",
        "https://partner.example/" + "a" * 2048,
    ],
)
def test_url_that_may_not_be_is_refused(url: str) -> None:
    with pytest.raises(RuleViolation) as refused:
        target_of(url, allows_loopback=False)

    assert refused.value.code == "endpoint.url_refused"


def test_url_is_taken_apart() -> None:
    target = target_of("https://Partner.Example:8443/hooks?from=rtcm", allows_loopback=False)

    assert (target.host, target.port, target.path) == ("partner.example", 8443, "/hooks?from=rtcm")
    assert target.host_header == "partner.example:8443"
    assert target_of("https://partner.example", allows_loopback=False).host_header == (
        "partner.example"
    )


def test_one_private_address_among_public_ones_refuses_all() -> None:
    target = target_of("https://partner.example", allows_loopback=False)

    with pytest.raises(RuleViolation) as refused:
        admitted(target, ("8.8.8.8", "10.0.0.1"), allows_loopback=False)

    assert refused.value.code == "endpoint.address_refused"
    assert admitted(target, ("8.8.8.8",), allows_loopback=False) == ("8.8.8.8",)


def test_plain_http_reaches_this_machine_only() -> None:
    target = target_of("http://partner.example", allows_loopback=True)

    assert admitted(target, ("127.0.0.1",), allows_loopback=True) == ("127.0.0.1",)
    with pytest.raises(RuleViolation):
        admitted(target, ("8.8.8.8",), allows_loopback=True)


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "127.1", "017700000001"])
def test_odd_spelling_of_loopback_is_refused_once_it_is_resolved(host: str) -> None:
    target = target_of(f"https://{host}/", allows_loopback=False)
    resolved = [str(found[4][0]) for found in socket.getaddrinfo(host, 443, socket.AF_INET)]

    assert resolved
    with pytest.raises(RuleViolation):
        admitted(target, resolved, allows_loopback=False)

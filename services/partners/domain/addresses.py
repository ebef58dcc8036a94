"""Where webhooks may go: the guard against server-side request forgery.

A partner names the address, our network answers: without a guard a partner could have us call
the database, a cloud's metadata service or a colleague's printer. So the name is resolved once,
every address it has must be public, and the connection is made to the checked address itself
(``services.partners.sending``): a name that changes its answer meanwhile gains nothing.

Source: IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890 and successors).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from chassis.errors import RuleViolation

_REFUSED_V4 = tuple(
    IPv4Network(block)
    for block in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",  # carriers' NAT; also a cloud's metadata (100.100.100.200)
        "127.0.0.0/8",
        "168.63.129.16/32",  # a cloud's host, though the block is public
        "169.254.0.0/16",  # link-local; the usual metadata address
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
_PUBLIC_V6 = IPv6Network("2000::/3")
"""All that is handed out; outside lie loopback, mapped and NAT64 forms, local and multicast."""

_REFUSED_V6 = tuple(
    IPv6Network(block)
    for block in (
        "2001::/23",  # Teredo, benchmarks, ORCHID
        "2001:db8::/32",
        "2002::/16",  # 6to4: an IPv4 address inside
        "2620:4f:8000::/48",
        "3fff::/20",
    )
)
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?\.?", re.ASCII)
_PLAIN = re.compile(r"[\x21-\x5b\x5d-\x7e]{1,2048}", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Target:
    """An endpoint's address in its parts.

    Attributes:
        host: a name in lower case or an address without brackets.
        path: with the query, as sent.
    """

    is_tls: bool
    host: str
    port: int
    path: str

    @property
    def host_header(self) -> str:
        """``Host`` of the request."""
        shown = f"[{self.host}]" if ":" in self.host else self.host
        return shown if self.port == (443 if self.is_tls else 80) else f"{shown}:{self.port}"


def target_of(url: str, *, allows_loopback: bool) -> Target:
    """Take an endpoint's address apart; the only parser it ever meets.

    Raises:
        RuleViolation: ``endpoint.url_refused``, with what is wrong.
    """
    if not _PLAIN.fullmatch(url):
        raise _refused("write it in ASCII, without spaces and backslashes (names as xn--...)")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise _refused("this is no web address") from None
    if parts.scheme not in (("http", "https") if allows_loopback else ("https",)):
        raise _refused("it has to begin with https://")
    if not host or parts.username is not None or parts.password is not None or parts.fragment:
        raise _refused("give host and path only, neither user, password nor #")
    literal = _literal(host)
    if literal is None and not _HOST.fullmatch(host):
        raise _refused("this is no host name")
    if literal is not None and not is_admitted(host, allows_loopback=allows_loopback):
        raise _refused("this address is not public")
    is_tls = parts.scheme == "https"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(is_tls=is_tls, host=host, port=port or (443 if is_tls else 80), path=path)


def admitted(target: Target, addresses: Sequence[str], *, allows_loopback: bool) -> tuple[str, ...]:
    """The addresses a target may be reached at: all it resolved to, or none.

    Without TLS only this machine itself is reached.

    Raises:
        RuleViolation: ``endpoint.address_refused``: one of them is not public.
    """
    for address in addresses:
        fits = is_admitted(address, allows_loopback=allows_loopback)
        if not fits or not (target.is_tls or ip_address(address).is_loopback):
            raise RuleViolation("endpoint.address_refused", "the name leads to a private address")
    return tuple(addresses)


def is_admitted(address: str, *, allows_loopback: bool) -> bool:
    """Whether webhooks may go to an address, written as ``ipaddress`` writes it."""
    parsed = ip_address(address)
    return is_public(parsed) or (allows_loopback and parsed.is_loopback)


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address belongs to somebody on the public internet, embedded forms excluded."""
    if isinstance(address, IPv4Address):
        return not any(address in block for block in _REFUSED_V4)
    if address.scope_id is not None or address not in _PUBLIC_V6:
        return False
    return not any(address in block for block in _REFUSED_V6)


def _literal(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _refused(reason: str) -> RuleViolation:
    return RuleViolation("endpoint.url_refused", reason, field="endpoint_url")

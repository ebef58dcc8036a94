"""Five-minute tokens: who signs them, who believes them.

Each issuer has an Ed25519 key; public keys of all lie in one directory as JWK files. The console
(which signs people in) and the command line may speak for anybody; a service only for itself.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from joserfc.jws import extract_compact

from chassis.access import Actor, Role, Scope, service_actor
from chassis.clock import monotonic, wall_now
from chassis.errors import Unauthenticated
from chassis.ids import new_id

ALGORITHM = "Ed25519"
LIFETIME_SECONDS = 300
API_KEY_PREFIX = "rtcm_pk_"
"""How the API keys of partner systems begin; a token, being base64url of JSON, never does."""

TRUSTED_ISSUERS = frozenset({"console", "cli"})
"""Issuers that may assert any role."""

_LEEWAY_SECONDS = 30
_RELOAD_SECONDS = 5.0
_REFRESH_SECONDS = 60.0
_MOST_BELIEVED = 1_000

_log = logging.getLogger(__name__)


def ensure_keys(directory: Path, issuers: Iterable[str]) -> None:
    """Make the missing key pairs; private files are for their owner only (mode 0600)."""
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    for issuer in issuers:
        private, public = _private_file(directory, issuer), directory / f"{issuer}.public.jwk"
        if private.exists():
            key = OKPKey.import_key(json.loads(private.read_text()))
        else:
            key = OKPKey.generate_key("Ed25519", parameters={"kid": f"{issuer}-{new_id()}"})
            _write(private, json.dumps(key.as_dict(private=True)), mode=0o600)
        if not public.exists():
            _write(public, json.dumps(key.as_dict(private=False)), mode=0o644)


def _write(file: Path, text: str, *, mode: int) -> None:
    """Whole or not at all: a reader never sees half a key."""
    fresh = file.with_suffix(f".{new_id()}")
    fresh.touch(mode=mode)
    fresh.write_text(text)
    fresh.replace(file)


class TokenIssuer:
    """Signs tokens of one issuer.

    Raises:
        FileNotFoundError: the issuer has no private key here.
    """

    def __init__(self, issuer: str, directory: Path) -> None:
        self._issuer = issuer
        self._key = OKPKey.import_key(json.loads(_private_file(directory, issuer).read_text()))

    def for_actor(
        self, actor: Actor, *, audience: str, lifetime_seconds: int = LIFETIME_SECONDS
    ) -> str:
        """A token that lets ``actor`` act at one service."""
        scope = actor.scope
        claims: dict[str, Any] = {
            "sub": actor.actor_id,
            "roles": sorted(actor.roles),
            "countries": None if scope.countries is None else sorted(scope.countries),
            "cohorts": None if scope.cohorts is None else sorted(scope.cohorts),
            "subject_id": scope.subject_id,
        }
        return self.sign(claims, audience=audience, lifetime_seconds=lifetime_seconds)

    def for_service(self, *, audience: str) -> str:
        """A token that lets this service act as itself at another."""
        return self.for_actor(service_actor(self._issuer), audience=audience)

    def sign(
        self,
        claims: dict[str, Any],
        *,
        audience: str,
        lifetime_seconds: int,
        purpose: str = "access",
    ) -> str:
        """Any claims for one audience; ``purpose`` keeps kinds of tokens apart."""
        now = wall_now()
        standard = {
            "iss": self._issuer,
            "aud": audience,
            "iat": int(now.timestamp()),
            "exp": int((now + timedelta(seconds=lifetime_seconds)).timestamp()),
            "jti": new_id(),
        }
        header = {"alg": ALGORITHM, "typ": f"rtcm-{purpose}+jwt", "kid": self._key.kid}
        return jwt.encode(header, {**claims, **standard}, self._key, algorithms=[ALGORITHM])


@dataclass(frozen=True)
class _Believed:
    """A token whose signature held; times are looked at again with every use."""

    kid: str
    key: tuple[str, OKPKey]
    claims: Mapping[str, Any]
    actor: Actor


class TokenVerifier:
    """Believes tokens for one audience, signed by an issuer of the directory.

    Files ``<issuer>.public.jwk`` and ``<issuer>.public.<anything>.jwk``: two live keys of an issuer
    overlap while it changes from one to the other. A new key is found when it is first used, a
    removed one is forgotten within a minute.
    """

    def __init__(self, audience: str, directory: Path) -> None:
        self._audience = audience
        self._directory = directory
        self._keys: dict[str, tuple[str, OKPKey]] = {}
        self._believed: dict[str, _Believed] = {}
        self._loaded_at = float("-inf")
        self._lock = threading.Lock()

    def actor(self, token: str) -> Actor:
        """Who asks.

        Raises:
            Unauthenticated: ``token.malformed``, ``token.key_unknown``, ``token.forged``,
                ``token.expired``, ``token.other_audience`` or ``token.not_entitled``.
        """
        known = self._believed.get(token)
        if known is not None and self._key(known.kid) is known.key:
            _check_times(known.claims)
            return known.actor
        kid, key, claims = self._verified(token, purpose="access")
        actor = _actor_of(claims)
        self._remember(token, _Believed(kid, key, claims, actor))
        return actor

    def claims(self, token: str, *, purpose: str) -> dict[str, Any]:
        """The verified claims of a token of one purpose; raises as ``actor``."""
        return self._verified(token, purpose=purpose)[2]

    def _verified(
        self, token: str, *, purpose: str
    ) -> tuple[str, tuple[str, OKPKey], dict[str, Any]]:
        kid = _key_id(token)
        found = self._key(kid)
        if found is None:
            raise Unauthenticated("token.key_unknown", "nobody known here has signed this token")
        issuer, key = found
        try:
            decoded = jwt.decode(token, key, algorithms=[ALGORITHM])
        except (JoseError, ValueError) as error:
            raise Unauthenticated("token.forged", "the token's signature does not hold") from error
        claims: dict[str, Any] = decoded.claims
        if decoded.header.get("typ") != f"rtcm-{purpose}+jwt" or claims.get("iss") != issuer:
            raise Unauthenticated("token.malformed", "the token was made for something else")
        if claims.get("aud") != self._audience:
            raise Unauthenticated("token.other_audience", "the token was made for another service")
        _check_times(claims)
        return kid, found, claims

    def _remember(self, token: str, believed: _Believed) -> None:
        """A person sends one token with many requests; it is verified once a key's loading."""
        with self._lock:
            while len(self._believed) >= _MOST_BELIEVED:
                del self._believed[next(iter(self._believed))]
            self._believed[token] = believed

    def _key(self, kid: str) -> tuple[str, OKPKey] | None:
        """Issuer and key, another object after each loading; ``None``: not known."""
        with self._lock:
            age_seconds = monotonic() - self._loaded_at
            if age_seconds > (_REFRESH_SECONDS if kid in self._keys else _RELOAD_SECONDS):
                self._load()
            return self._keys.get(kid)

    def _load(self) -> None:
        self._loaded_at = monotonic()
        self._believed.clear()
        keys: dict[str, tuple[str, OKPKey]] = {}
        for file in sorted(self._directory.glob("*.public*.jwk")):
            try:
                key = OKPKey.import_key(json.loads(file.read_text()))
            except (OSError, ValueError, JoseError):
                # One damaged file must not lock out those whose keys are whole.
                _log.exception("token.key_unreadable", extra={"file": file.name})
                continue
            keys[str(key.kid)] = (file.name.split(".", 1)[0], key)
        self._keys = keys


def _actor_of(claims: dict[str, Any]) -> Actor:
    issuer = claims["iss"]
    try:
        roles = frozenset(Role(role) for role in claims["roles"])
        actor = Actor(
            actor_id=str(claims["sub"]),
            roles=roles,
            scope=Scope(
                countries=_set(claims["countries"]),
                cohorts=_set(claims["cohorts"]),
                subject_id=claims["subject_id"],
            ),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Unauthenticated("token.malformed", "the token lacks who it speaks for") from error
    if issuer not in TRUSTED_ISSUERS and actor != service_actor(issuer):
        raise Unauthenticated("token.not_entitled", f"{issuer} may only speak for itself")
    return actor


def _check_times(claims: Mapping[str, Any]) -> None:
    now = wall_now().timestamp()
    expires, issued = claims.get("exp"), claims.get("iat")
    if not isinstance(expires, int) or not isinstance(issued, int):
        raise Unauthenticated("token.malformed", "the token has no times")
    if now > expires + _LEEWAY_SECONDS:
        raise Unauthenticated("token.expired", "the token has expired: sign in again")
    if issued > now + _LEEWAY_SECONDS:
        raise Unauthenticated("token.malformed", "the token was issued in the future")


def _key_id(token: str) -> str:
    try:
        return str(extract_compact(token.encode()).headers()["kid"])
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise Unauthenticated("token.malformed", "this is not a token of ours") from error


def _set(members: Any) -> frozenset[str] | None:
    return None if members is None else frozenset(str(member) for member in members)


def _private_file(directory: Path, issuer: str) -> Path:
    return directory / f"{issuer}.private.jwk"

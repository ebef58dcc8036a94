"""Tokens are believed only when everything about them holds."""

from __future__ import annotations

import base64
import json
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, OKPKey

from chassis import tokens
from chassis.access import Actor, Role, Scope, service_actor
from chassis.errors import Unauthenticated
from chassis.tokens import TokenIssuer, TokenVerifier, ensure_keys

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
COORDINATOR = Actor(
    actor_id="k1",
    roles=frozenset({Role.COORDINATOR, Role.REVIEWER}),
    scope=Scope(countries=frozenset({"AZ", "GE"}), cohorts=frozenset(), subject_id="s1"),
)


class HandMoved:
    """A machine clock that stands where it is put."""

    def __init__(self) -> None:
        self.now = NOON
        self.seconds = 1_000.0

    def pass_by(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
        self.seconds += seconds


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> HandMoved:
    moved = HandMoved()
    # The machine clock is read by name and cannot be handed in.
    monkeypatch.setattr(tokens, "wall_now", lambda: moved.now)
    monkeypatch.setattr(tokens, "monotonic", lambda: moved.seconds)
    return moved


@pytest.fixture
def keys(tmp_path: Path, time: HandMoved) -> Path:
    directory = tmp_path / "keys"
    ensure_keys(directory, ("console", "cli", "selection"))
    return directory


def refusal(verifier: TokenVerifier, token: str) -> str:
    with pytest.raises(Unauthenticated) as refused:
        verifier.actor(token)
    return refused.value.code


def private_key(keys: Path, issuer: str) -> OKPKey:
    return OKPKey.import_key(json.loads((keys / f"{issuer}.private.jwk").read_text()))


def signed(keys: Path, issuer: str = "cli", header: Any = None, **claims: Any) -> str:
    """A token with a true signature over anything."""
    key = private_key(keys, issuer)
    whole = {
        "iss": issuer, "aud": "selection", "sub": "o1", "roles": ["operator"], "countries": None,
        "cohorts": None, "subject_id": None, "iat": int(NOON.timestamp()),
        "exp": int(NOON.timestamp()) + 300,
    } | claims  # fmt: skip
    kept = {name: value for name, value in whole.items() if value is not ...}
    usual = {"alg": "Ed25519", "typ": "rtcm-access+jwt", "kid": key.kid}
    return jwt.encode({**usual, **(header or {})}, kept, key, algorithms=["Ed25519", "EdDSA"])


@pytest.mark.parametrize("issuer", ["console", "cli"])
def test_trusted_issuer_speaks_for_anybody(keys: Path, issuer: str):
    token = TokenIssuer(issuer, keys).for_actor(COORDINATOR, audience="selection")
    assert TokenVerifier("selection", keys).actor(token) == COORDINATOR


def test_service_speaks_for_itself(keys: Path):
    token = TokenIssuer("selection", keys).for_service(audience="cli")
    assert TokenVerifier("cli", keys).actor(token) == service_actor("selection")


@pytest.mark.parametrize(
    "actor",
    [
        COORDINATOR,
        service_actor("console"),
        Actor(actor_id="service:selection", roles=frozenset({Role.SERVICE, Role.OPERATOR})),
    ],
)
def test_service_may_not_speak_for_others_nor_claim_more(keys: Path, actor: Actor):
    token = TokenIssuer("selection", keys).for_actor(actor, audience="selection")
    assert refusal(TokenVerifier("selection", keys), token) == "token.not_entitled"


def test_token_for_another_service_is_refused(keys: Path):
    token = TokenIssuer("cli", keys).for_actor(COORDINATOR, audience="registration")
    assert refusal(TokenVerifier("selection", keys), token) == "token.other_audience"


@pytest.mark.parametrize(("seconds", "believed"), [(0, True), (329, True), (331, False)])
def test_token_lives_five_minutes_and_half_a_minute_of_skew(
    keys: Path, time: HandMoved, seconds: int, believed: bool
):
    token = TokenIssuer("cli", keys).for_actor(COORDINATOR, audience="selection")
    verifier = TokenVerifier("selection", keys)
    time.pass_by(seconds)
    if believed:
        assert verifier.actor(token) == COORDINATOR
    else:
        assert refusal(verifier, token) == "token.expired"


@pytest.mark.parametrize(("ahead_seconds", "believed"), [(29, True), (31, False)])
def test_issuer_whose_clock_is_ahead(
    keys: Path, time: HandMoved, ahead_seconds: int, believed: bool
):
    token = signed(keys, iat=int(NOON.timestamp()) + ahead_seconds)
    if believed:
        assert TokenVerifier("selection", keys).actor(token).actor_id == "o1"
    else:
        assert refusal(TokenVerifier("selection", keys), token) == "token.malformed"


def test_changed_claims_are_a_forgery(keys: Path):
    head, body, signature = signed(keys).split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    claims["roles"] = ["auditor"]
    forged = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    assert refusal(TokenVerifier("selection", keys), f"{head}.{forged}.{signature}") == (
        "token.forged"
    )


def test_strangers_key_under_a_known_name_is_a_forgery(keys: Path):
    stranger = OKPKey.generate_key("Ed25519")
    head = {"alg": "Ed25519", "typ": "rtcm-access+jwt", "kid": private_key(keys, "cli").kid}
    token = jwt.encode(head, {"iss": "cli"}, stranger, algorithms=["Ed25519"])
    assert refusal(TokenVerifier("selection", keys), token) == "token.forged"


def test_public_key_used_as_a_shared_secret_is_a_forgery(keys: Path):
    public = (keys / "cli.public.jwk").read_text()
    secret = OctKey.import_key(public.encode())
    head = {"alg": "HS256", "typ": "rtcm-access+jwt", "kid": private_key(keys, "cli").kid}
    token = jwt.encode(head, {"iss": "cli"}, secret, algorithms=["HS256"])
    assert refusal(TokenVerifier("selection", keys), token) == "token.forged"


def test_token_without_signature_is_a_forgery(keys: Path):
    head = {"alg": "none", "typ": "rtcm-access+jwt", "kid": private_key(keys, "cli").kid}
    parts = [head, {"iss": "cli", "aud": "selection"}]
    text = [base64.urlsafe_b64encode(json.dumps(p).encode()).decode().rstrip("=") for p in parts]
    assert refusal(TokenVerifier("selection", keys), ".".join([*text, ""])) == "token.forged"


def test_key_of_nobody_is_unknown(keys: Path):
    token = signed(keys, header={"kid": "made-up"})
    assert refusal(TokenVerifier("selection", keys), token) == "token.key_unknown"


@pytest.mark.parametrize(
    "changes",
    [
        {"header": {"typ": "rtcm-link+jwt"}},
        {"iss": "console"},
        {"iat": ...},
        {"exp": ...},
        {"exp": "soon"},
        {"roles": ...},
        {"roles": ["emperor"]},
        {"roles": "operator"},
        {"sub": ...},
        {"countries": 7},
        {"subject_id": ...},
    ],
)
def test_true_signature_over_wrong_claims_is_malformed(keys: Path, changes: dict[str, Any]):
    token = signed(keys, **changes)
    assert refusal(TokenVerifier("selection", keys), token) == "token.malformed"


@pytest.mark.parametrize(
    "text", ["", "x", "a.b", "a.b.c", "....", "\xff.\xff.\xff", "é", "a.b.c.d.e"]
)
def test_what_is_no_token_is_malformed(keys: Path, text: str):
    assert refusal(TokenVerifier("selection", keys), text) == "token.malformed"


def test_purposes_are_kept_apart(keys: Path):
    issuer, verifier = TokenIssuer("console", keys), TokenVerifier("console", keys)
    link = issuer.sign({"sub": "s1"}, audience="console", lifetime_seconds=60, purpose="link")
    assert verifier.claims(link, purpose="link")["sub"] == "s1"
    assert refusal(verifier, link) == "token.malformed"


def test_header_names_the_algorithm_that_is_not_deprecated(keys: Path):
    token = TokenIssuer("cli", keys).for_actor(COORDINATOR, audience="selection")
    head = json.loads(base64.urlsafe_b64decode(token.split(".")[0] + "=="))
    assert (head["alg"], head["typ"]) == ("Ed25519", "rtcm-access+jwt")


def test_new_key_of_an_issuer_is_found_when_it_is_first_used(keys: Path, time: HandMoved):
    verifier = TokenVerifier("selection", keys)
    old = signed(keys)
    verifier.actor(old)
    fresh = OKPKey.generate_key("Ed25519", parameters={"kid": "cli-2"})
    (keys / "cli.public.2.jwk").write_text(json.dumps(fresh.as_dict(private=False)))
    (keys / "cli.private.jwk").write_text(json.dumps(fresh.as_dict(private=True)))
    new = signed(keys)

    assert refusal(verifier, new) == "token.key_unknown"  # looked a moment ago
    time.pass_by(6)
    assert verifier.actor(new) == verifier.actor(old)


def test_unknown_keys_do_not_make_it_read_the_directory_each_time(keys: Path, time: HandMoved):
    verifier = TokenVerifier("selection", keys)
    unknown = signed(keys, header={"kid": "made-up"})
    refusal(verifier, unknown)
    (keys / "cli.public.jwk").rename(keys / "cli.public.away")
    refusal(verifier, unknown)
    assert verifier.actor(signed(keys)).actor_id == "o1"


def test_private_keys_are_for_their_owner(keys: Path):
    modes = {f.name: stat.S_IMODE(f.stat().st_mode) for f in keys.glob("*.private.jwk")}
    assert set(modes.values()) == {0o600}
    assert "d" not in json.loads((keys / "cli.public.jwk").read_text())


def test_keys_that_are_there_stay(keys: Path):
    before = {f.name: f.read_bytes() for f in keys.iterdir()}
    ensure_keys(keys, ("console", "cli", "selection"))
    assert {f.name: f.read_bytes() for f in keys.iterdir()} == before


def test_a_token_believed_before_still_expires(keys: Path, time: HandMoved):
    token = TokenIssuer("cli", keys).for_actor(COORDINATOR, audience="selection")
    verifier = TokenVerifier("selection", keys)
    assert verifier.actor(token) == verifier.actor(token) == COORDINATOR
    time.pass_by(331)
    assert refusal(verifier, token) == "token.expired"


def test_a_token_believed_before_falls_with_its_key(keys: Path, time: HandMoved):
    token = TokenIssuer("cli", keys).for_actor(COORDINATOR, audience="selection")
    verifier = TokenVerifier("selection", keys)
    assert verifier.actor(token) == COORDINATOR
    (keys / "cli.public.jwk").unlink()
    time.pass_by(61)
    assert refusal(verifier, token) == "token.key_unknown"
    assert refusal(verifier, token) == "token.key_unknown"


def test_only_so_many_tokens_are_remembered(keys: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tokens, "_MOST_BELIEVED", 2)
    issuer, verifier = TokenIssuer("cli", keys), TokenVerifier("selection", keys)
    for _ in range(5):
        assert verifier.actor(issuer.for_actor(COORDINATOR, audience="selection")) == COORDINATOR
    assert len(verifier._believed) == 2

"""Certificates issued as tokens, judged by us and by joserfc; the key is resolved by openvc.

openvc itself reads tokens of VC 1.1 only, whose credential is a claim ``vc``; VC 2.0 forbids it.
"""

import base64
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc import jwt
from joserfc.errors import BadSignatureError
from joserfc.jwk import ECKey, OKPKey
from openvc.did.did_jwk import DidJwkResolver
from PIL import Image

from rtcm.commands.certificates import certificate
from services.certification.domain.credentials.presented import read_presented
from tests.builders.credentials import a_badge, as_bytes, signed

EXAMPLE = Path(__file__).parents[4] / "docs" / "examples" / "certificate" / "input.json"
AT = ("--at", "2031-08-01T00:00:00Z")
KEY = ec.derive_private_key(7, ec.SECP256R1())
PEM = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
TOKEN_LIKE = b'{"id": "urn:a:b"}'
JWK = ECKey.import_key(PEM).as_dict(private=True)


def run(*arguments):
    return CliRunner().invoke(certificate, [str(one) for one in arguments])


def issue(tmp_path, key=PEM, **changes):
    (tmp_path / "in.json").write_text(json.dumps(json.loads(EXAMPLE.read_text()) | changes))
    (tmp_path / "key").write_bytes(key if isinstance(key, bytes) else json.dumps(key).encode())
    names = ("--input", tmp_path / "in.json", "--key", tmp_path / "key", "--out", tmp_path)
    return run("issue", *names, "--format", "jwt")


def flipped(token):
    """One bit of the credential is another; the form stays."""
    head, body, signature = token.split(".")
    said = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    said["creditedMinutes"] += 1
    changed = base64.urlsafe_b64encode(json.dumps(said).encode()).rstrip(b"=").decode()
    return f"{head}.{changed}.{signature}"


@pytest.mark.parametrize("key", [PEM, JWK], ids=["pem", "jwk"])
def test_a_token_is_accepted_by_us_and_by_joserfc_and_not_when_altered(tmp_path, key):
    done = issue(tmp_path, key)
    assert done.exit_code == 0, done.output
    token = (tmp_path / "credential.jwt").read_text()
    assert not (tmp_path / "did.json").exists()

    assert run("verify", tmp_path / "credential.jwt", *AT).exit_code == 0
    assert run("check", tmp_path / "credential.jwt").exit_code == 0
    claims = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
    document = DidJwkResolver().resolve(claims["issuer"]["id"])
    public = ECKey.import_key(document.key_by_kid(f"{document.id}#0").public_key_jwk)
    read = jwt.decode(token, public, algorithms=["ES256"])
    assert (read.header["typ"], read.claims["iss"]) == ("vc+jwt", claims["issuer"]["id"])

    altered = flipped(token)
    (tmp_path / "altered.jwt").write_text(altered)
    done = run("verify", tmp_path / "altered.jwt", *AT, "--json")
    assert (done.exit_code, json.loads(done.output)["reason"]) == (1, "proof.invalid")
    with pytest.raises(BadSignatureError):
        jwt.decode(altered, public, algorithms=["ES256"])


def test_the_paper_carries_the_token(tmp_path):
    assert issue(tmp_path).exit_code == 0
    pdf = tmp_path / "certificate.pdf"
    done = run("verify", pdf, *AT, "--json")
    assert (done.exit_code, json.loads(done.output)["kind"]) == (0, "enveloped_credential")
    carried = read_presented(pdf.read_bytes()).document["id"]
    assert carried.endswith((tmp_path / "credential.jwt").read_text())


def test_an_issuer_on_the_web_is_believed_by_the_document_beside_it(tmp_path):
    assert issue(tmp_path, issuer_did="did:web:rtcm.example").exit_code == 0
    token = tmp_path / "credential.jwt"
    assert "issuer.untrusted" in run("verify", token, *AT).output
    assert run("verify", token, *AT, "--did", tmp_path / "did.json").exit_code == 0


@pytest.mark.parametrize(
    "key",
    [
        b"",
        b"[]",
        OKPKey.generate_key("Ed25519").as_pem(private=True),
        ec.generate_private_key(ec.SECP384R1()).private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
        ),
        {"kty": "EC", "crv": "P-256"},
        JWK | {"d": ""},
        JWK | {"d": "_" * 43},
        JWK | {"x": JWK["y"]},
        JWK | {"crv": "P-384"},
    ],
)
def test_a_key_of_another_kind_ends_with_2_and_a_sentence(tmp_path, key):
    done = issue(tmp_path, key)
    assert (done.exit_code, done.output[:5]) == (2, "rtcm:"), done.output
    assert done.output.count("\n") == 1


def a_png():
    written = io.BytesIO()
    Image.new("RGB", (4, 4), "white").save(written, "PNG")
    return written.getvalue()


PICTURES = {"png": a_png(), "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><rect/></svg>'}


@pytest.mark.parametrize("kind", sorted(PICTURES))
def test_a_picture_with_a_token_or_a_document_in_it_verifies(tmp_path, kind):
    assert issue(tmp_path).exit_code == 0
    (tmp_path / "badge.json").write_bytes(as_bytes(signed(a_badge())))
    picture, out = tmp_path / f"picture.{kind}", tmp_path / f"baked.{kind}"
    picture.write_bytes(PICTURES[kind])
    for name in ("credential.jwt", "badge.json"):
        done = run("bake", "--picture", picture, "--credential", tmp_path / name, "--out", out)
        assert done.exit_code == 0, done.output
        done = run("verify", out, *AT, "--json")
        assert (done.exit_code, json.loads(done.output)["form"]) == (0, kind), done.output
        picture.write_bytes(out.read_bytes())  # the next one takes its place


@pytest.mark.parametrize(
    ("picture", "credential"),
    [(b"", TOKEN_LIKE), (b"GIF89a", TOKEN_LIKE), (b"<svg/>", TOKEN_LIKE), (a_png(), b"x")],
)
def test_what_cannot_be_baked_ends_with_2_and_a_sentence(tmp_path, picture, credential):
    (tmp_path / "picture").write_bytes(picture)
    (tmp_path / "credential").write_bytes(credential)
    files = ("--picture", tmp_path / "picture", "--credential", tmp_path / "credential")
    done = run("bake", *files, "--out", tmp_path / "out")
    assert (done.exit_code, done.output[:5]) == (2, "rtcm:"), done.output
    assert not (tmp_path / "out").exists()

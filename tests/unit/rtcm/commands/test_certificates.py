import base64
import json
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from rtcm.commands.certificates import certificate
from services.certification.domain.credentials.keys import KeyRing, SigningKey
from services.certification.domain.credentials.multikey import private_multikey
from services.certification.domain.credentials.proofs import add_proof
from services.certification.domain.documents.rendering import render_pdf
from tests.builders import certification
from tests.builders.certification import a_key
from tests.builders.credentials import a_badge, a_credential, a_status_list, as_bytes, bent, signed

AT = ("--at", "2021-08-01T00:00:00Z")


def run(*arguments):
    return CliRunner().invoke(certificate, [str(one) for one in arguments])


@pytest.fixture
def file(tmp_path):
    def written(content, name="credential.json"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else as_bytes(content))
        return path

    return written


def test_verify_says_valid_and_ends_with_0(file):
    done = run("verify", file(signed(a_badge())), *AT)
    assert (done.exit_code, done.output.split(":")[0]) == (0, "valid")


def test_verify_names_the_reason_and_ends_with_1(file):
    done = run("verify", file(bent(signed(a_badge()), "name", "Another")), *AT, "--json")
    told = json.loads(done.output)
    assert (done.exit_code, told["valid"], told["reason"]) == (1, False, "proof.invalid")


def test_verify_uses_the_list_it_is_given(file):
    status = {
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "5",
        "statusListCredential": "https://rtcm.example/status/revocation",
    }
    credential = file(signed(a_credential(credentialStatus=status)))
    for bits, code in (((4,), 0), ((5,), 1)):
        done = run("verify", credential, *AT, "--status", file(a_status_list(*bits), "list.json"))
        assert done.exit_code == code, done.output
    assert "status.revoked" in done.output


def test_verify_takes_a_list_for_the_address_it_was_got_from(file):
    url = "https://elsewhere.example/list?id=3"
    status = {
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "5",
        "statusListCredential": url,
    }
    credential = file(signed(a_credential(credentialStatus=status)))
    saved = file(a_status_list(5), "list.json")
    assert "status.unknown" in run("verify", credential, *AT, "--status", saved).output
    assert "status.revoked" in run("verify", credential, *AT, "--status", f"{url}={saved}").output
    assert run("verify", credential, "--status", f"{url}={saved}x").exit_code == 2


@pytest.fixture
def site():
    """A web server on this machine: path -> content."""
    pages: dict[str, bytes] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = pages.get(self.path)
            self.send_response(404 if found is None else 200)
            self.end_headers()
            self.wfile.write(found or b"")

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", pages
    server.shutdown()
    server.server_close()


def test_keys_and_lists_are_fetched_when_that_is_asked_for(site, file):
    address, pages = site
    issuer = f"did:web:{address.removeprefix('http://').replace(':', '%3A')}"
    private = a_key().private_key
    key = SigningKey(verification_method=f"{issuer}#key-1", private_key=private)
    ring = KeyRing(issuer_did=issuer, current=key, public_keys={"key-1": private.public_key()})
    url = f"{address}/lists/1"
    status = {
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "5",
        "statusListCredential": url,
    }
    made_at = datetime(2021, 7, 5, tzinfo=UTC)
    bare = a_credential(issuer=issuer, credentialStatus=status)
    listed = json.loads(a_status_list(5, issuer=issuer))
    del listed["proof"]
    pages |= {
        "/.well-known/did.json": as_bytes(ring.did_document),
        "/credential": as_bytes(add_proof(bare, key=key, created_at=made_at)),
        "/lists/1": as_bytes(add_proof(listed, key=key, created_at=made_at)),
    }

    done = run("verify", f"{address}/credential", *AT, "--fetch", "--json")
    told = json.loads(done.stdout)
    assert (done.exit_code, told["reason"]) == (1, "status.revoked"), done.output
    assert told["fetched"] == [f"{address}/credential", f"{address}/.well-known/did.json", url]

    blind = json.loads(run("verify", f"{address}/credential", *AT, "--json").stdout)
    assert [one["code"] for one in blind["findings"]] == ["issuer.untrusted", "status.unknown"]

    del pages["/lists/1"]
    done = run("verify", f"{address}/credential", *AT, "--fetch")
    assert (done.exit_code, "answered 404" in done.output) == (2, True)


def test_check_needs_no_proof(file):
    assert run("check", file(a_badge())).exit_code == 0
    done = run("check", file(bent(a_badge(), "issuer")), "--json")
    assert (done.exit_code, json.loads(done.output)["reason"]) == (1, "schema.issuer")


@pytest.mark.parametrize(
    "content", [b"", b"\0\1\2", b"nonsense", b"[1]", b'{"a":1,"a":1}', b"\xff\xff", b"[" * 99_999]
)
@pytest.mark.parametrize("command", ["verify", "check"])
def test_what_cannot_be_read_ends_with_2_and_a_sentence(file, command, content):
    done = run(command, file(content))
    assert (done.exit_code, done.output[:5]) == (2, "rtcm:")
    assert done.output.count("\n") == 1


def test_a_missing_file_and_a_wrong_instant_end_with_2(tmp_path, file):
    assert run("verify", tmp_path / "none.json").exit_code == 2
    assert run("verify", file(a_badge()), "--at", "yesterday").exit_code == 2
    assert run("verify", file(a_badge()), "--did", file(b"x", "did.json")).exit_code == 2


def test_nothing_is_fetched_in_the_clear():
    done = run("verify", "http://elsewhere.example/credential")
    assert (done.exit_code, "only https" in done.output) == (2, True)


def test_a_document_of_ours_is_verified_by_the_credential_it_carries(tmp_path):
    of = certification.content()
    pdf = tmp_path / "certificate.pdf"
    pdf.write_bytes(render_pdf(of, credential=certification.a_credential(of)))
    done = run("verify", str(pdf), "--at", "2022-01-01T00:00:00Z", "--json")
    assert done.exit_code == 0, done.output
    pdf.write_bytes(render_pdf(of))
    done = run("verify", str(pdf))
    assert (done.exit_code, "look it up at" in done.output) == (2, True), done.output


EXAMPLE = Path(__file__).parents[4] / "docs" / "examples" / "certificate" / "input.json"
KEY = a_key().private_key
AS_PEM = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
KEY_FILES = {
    "multikey": json.dumps({"privateKeyMultibase": private_multikey(KEY)}).encode(),
    "jwk": json.dumps(
        {
            "kty": "OKP",
            "crv": "Ed25519",
            "d": base64.urlsafe_b64encode(KEY.private_bytes_raw()).rstrip(b"=").decode(),
        }
    ).encode(),
    "pem": KEY.private_bytes(*AS_PEM),
}


@pytest.mark.parametrize("form", sorted(KEY_FILES))
def test_issue_makes_what_verify_and_check_accept(file, tmp_path, form):
    key, out = file(KEY_FILES[form], "key"), tmp_path / "out"
    done = run("issue", "--input", EXAMPLE, "--key", key, "--out", out)
    assert done.exit_code == 0, done.output
    credential = out / "credential.json"
    assert (
        json.loads(credential.read_text())["issuer"]["id"]
        == (a_key().verification_method.partition("#")[0])
    )
    assert run("verify", credential, *AT).exit_code == 0
    assert run("check", credential).exit_code == 0
    assert (out / "certificate.pdf").read_bytes()[:5] == b"%PDF-"


def test_an_issuer_on_the_web_is_verified_by_the_document_beside_it(file, tmp_path):
    given = json.loads(EXAMPLE.read_text()) | {"issuer_did": "did:web:rtcm.example"}
    key = file(KEY_FILES["pem"], "key")
    done = run("issue", "--input", file(given, "in.json"), "--key", key, "--out", tmp_path)
    assert done.exit_code == 0, done.output
    credential = tmp_path / "credential.json"
    assert run("verify", credential, *AT).exit_code == 1
    assert run("verify", credential, *AT, "--did", tmp_path / "did.json").exit_code == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"holder_name": 7},
        {"holder_name": " "},
        {"holder_name": "\U0001f600"},
        {"starts_on": "2021-02-30"},
        {"ends_on": "2020-01-01"},
        {"minutes": 1e400},
        {"minutes": -1},
        {"titles": {"fr": "x"}},
        {"verify_url": "nowhere"},
        {"unknown": 1},
    ],
)
def test_data_that_make_no_certificate_end_with_2_and_a_sentence(file, tmp_path, changes):
    given = file(json.loads(EXAMPLE.read_text()) | changes, "in.json")
    done = run("issue", "--input", given, "--key", file(KEY_FILES["pem"], "key"), "--out", tmp_path)
    assert (done.exit_code, done.output[:5]) == (2, "rtcm:"), done.output


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"x",
        b"{}",
        b"[]",
        b"-----BEGIN PRIVATE KEY-----",
        ec.generate_private_key(ec.SECP256R1()).private_bytes(*AS_PEM),
        json.dumps({"kty": "OKP", "crv": "Ed25519", "d": "AAAA"}).encode(),
        json.dumps({"privateKeyMultibase": "z6Mk"}).encode(),
    ],
)
def test_what_is_no_key_ends_with_2_and_a_sentence(file, tmp_path, content):
    done = run("issue", "--input", EXAMPLE, "--key", file(content, "key"), "--out", tmp_path)
    assert (done.exit_code, done.output[:5]) == (2, "rtcm:"), done.output

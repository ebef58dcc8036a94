import copy
import json
import zipfile

import pytest
from click.testing import CliRunner

from rtcm.cli import cli
from rtcm.commands.audit import write_bundle
from tests.builders.selection_audit import a_bundle


def _verify(path, *options):
    return CliRunner().invoke(cli, ["audit", "verify", str(path), *options])


@pytest.fixture
def archive(tmp_path):
    path = tmp_path / "bundle.zip"
    write_bundle(path, a_bundle())
    return path


def test_bundle_is_verified_from_its_archive(archive):
    ended = _verify(archive)
    result = a_bundle()["manifest"]["rounds"][-1]["result_sha256"]
    assert (ended.exit_code, ended.output.splitlines()[0]) == (0, result)


def test_published_manifest_is_compared(archive):
    published = _verify(archive).output.split()[-1]
    assert _verify(archive, "--manifest-sha256", published).exit_code == 0
    other = _verify(archive, "--manifest-sha256", "0" * 64)
    assert (other.exit_code, "not the published one" in other.stderr) == (1, True)


def test_same_run_gives_the_same_archive(archive, tmp_path):
    write_bundle(tmp_path / "again.zip", a_bundle())
    assert (tmp_path / "again.zip").read_bytes() == archive.read_bytes()


def test_first_difference_is_said(tmp_path):
    bundle = a_bundle()
    bundle["inputs"][0]["standings"][0]["score_milli"] -= 1
    write_bundle(tmp_path / "bundle.zip", bundle)
    ended = _verify(tmp_path / "bundle.zip")
    assert (ended.exit_code, ended.stdout) == (1, "")
    assert ended.stderr.startswith("different: inputs: the record of ")


@pytest.mark.parametrize(
    ("part", "text", "sentence"),
    [
        ("inputs", b"[{}]", "inputs[0]: 'id' is a required property"),
        ("manifest", b"[", "manifest.json: not JSON"),
        ("lottery", b"\xff", "lottery.json: not UTF-8"),
        ("rule_sets", b'{"c": {"seats": 1.5}}', "no canonical JSON"),
        ("rule_sets", b'{"c":' * 5000 + b"1" + b"}" * 5000, "nested too deeply"),
        ("assignment", b'{"a": 1}', "assignment.a"),
    ],
)
def test_malformed_part_is_refused(part, text, sentence, archive, tmp_path):
    other = tmp_path / "other.zip"
    with zipfile.ZipFile(archive) as good, zipfile.ZipFile(other, "w") as bad:
        for name in good.namelist():
            bad.writestr(name, text if name == f"{part}.json" else good.read(name))
    ended = _verify(other)
    assert (ended.exit_code, sentence in ended.stderr) == (2, True), ended.output


def test_what_is_no_bundle_is_refused(archive, tmp_path):
    junk = tmp_path / "junk.zip"
    junk.write_bytes(b"PK\3\4 not really")
    assert _verify(junk).exit_code == 2
    junk.write_bytes(archive.read_bytes()[:-200])
    assert _verify(junk).exit_code == 2
    spoilt = bytearray(archive.read_bytes())
    spoilt[90] ^= 0xFF
    junk.write_bytes(spoilt)
    assert _verify(junk).exit_code == 2
    with zipfile.ZipFile(junk, "w") as other:
        other.writestr("readme.txt", "hello")
    assert "holds readme.txt, not a bundle" in _verify(junk).stderr
    assert _verify(tmp_path / "none.zip").exit_code == 2


def test_bundle_names_nobody():
    text = json.dumps(copy.deepcopy(a_bundle()))
    assert "subject" not in text and "@" not in text


def test_only_runs_are_exported(tmp_path):
    command = ["audit", "export", "not-an-id", "--out", str(tmp_path / "b.zip")]
    ended = CliRunner().invoke(cli, command)
    assert (ended.exit_code, "is not the id of a run" in ended.stderr) == (2, True)

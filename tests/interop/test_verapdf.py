"""veraPDF, the reference validator of PDF/A and PDF/UA, on every document we set."""

from __future__ import annotations

import os
import shutil
import subprocess
from itertools import product
from pathlib import Path

import pytest

from services.certification.domain.awarding.terms import Kind
from services.certification.domain.content import Signatory
from services.certification.domain.documents.rendering import render_pack, render_pdf
from services.certification.sealing import PdfSeal
from tests.builders.certification import a_credential, content
from tests.builders.seal import a_seal

pytestmark = pytest.mark.timeout(1800)  # seconds on a quiet machine; Maven may have to download

HERE = Path(__file__).parent / "verapdf"
PROFILES = ("2a", "2b", "ua1")
TITLES = {
    "az": "Miqrasiya Məktəbi",
    "en": "Migration School",
    "ru": "Школа миграции",
    "ka": "მიგრაციის სკოლა",
}


@pytest.fixture(scope="module")
def judge_pdf() -> list[str]:
    """The command that judges files; compiled by Maven the first time."""
    missing = [tool for tool in ("mvn", "javac") if shutil.which(tool) is None]
    if missing:
        said = f"NOT TESTED: veraPDF (this machine lacks {' and '.join(missing)})"
        if os.environ.get("CI") == "true":
            pytest.fail(said)
        pytest.skip(said)
    jars = HERE / "target" / "classpath"
    if not jars.exists():
        goals = ["compile", "dependency:build-classpath", f"-Dmdep.outputFile={jars}"]
        done = subprocess.run(
            ["mvn", "-B", "-q", *goals], cwd=HERE, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    path = f"{HERE / 'target' / 'classes'}{os.pathsep}{jars.read_text('utf-8')}"
    return ["java", "-cp", path, "JudgePdf", ",".join(PROFILES)]


def judged(judge_pdf: list[str], *files: Path) -> dict[tuple[str, str], str]:
    """File name and profile -> ``pass`` or ``fail`` with the broken rules."""
    done = subprocess.run(
        [*judge_pdf, *map(str, files)], capture_output=True, text=True, check=True
    )
    lines = [line.split("\t") for line in done.stdout.splitlines()]
    return {(Path(name).name, profile): verdict for name, profile, verdict in lines}


def all_documents():
    """Every kind, language or pair, and number of signatories; a pack of them."""
    texts = dict.fromkeys(("az", "en"), "Office")
    languages = [("az",), ("en",), ("ru",), ("ka",), ("az", "en"), ("ka", "en"), ("ru", "az")]
    shown = []
    for number, (kind, codes) in enumerate(product(Kind, languages)):
        names = [f"Signatory {n}" for n in range(number % 3 + 1)]
        shown.append(
            content(
                kind_code=kind,
                titles=TITLES,
                centre_names=TITLES,
                language_codes=codes,
                signatories=tuple(Signatory(name=name, titles=texts) for name in names),
            )
        )
    return shown


def test_every_document_is_pdf_a_2a_and_2b_and_pdf_ua_1(judge_pdf, tmp_path):
    shown = all_documents()
    for number, one in enumerate(shown):
        (tmp_path / f"{number}.pdf").write_bytes(render_pdf(one, credential=a_credential(one)))
    (tmp_path / "pack.pdf").write_bytes(render_pack(shown, title="Certificates"))
    files = sorted(tmp_path.glob("*.pdf"))

    verdicts = judged(judge_pdf, *files)

    assert len(verdicts) == (len(shown) + 1) * len(PROFILES)
    assert {key: verdict for key, verdict in verdicts.items() if verdict != "pass"} == {}


def test_a_sealed_document_is_pdf_a_2a_and_2b_and_pdf_ua_1_still(judge_pdf, tmp_path):
    (tmp_path / "seal.p12").write_bytes(a_seal("x"))
    seal = PdfSeal.of_file(tmp_path / "seal.p12", "x")
    one = content(language_codes=("az", "en"))
    (tmp_path / "sealed.pdf").write_bytes(seal.seal(render_pdf(one, credential=a_credential(one))))

    verdicts = judged(judge_pdf, tmp_path / "sealed.pdf")

    assert verdicts == {("sealed.pdf", profile): "pass" for profile in PROFILES}


def test_the_judge_finds_what_is_broken(judge_pdf, tmp_path):
    whole = render_pdf(content())
    (tmp_path / "part.pdf").write_bytes(
        whole.replace(b"<pdfuaid:part>1</pdfuaid:part>", b"<pdfuaid:part>7</pdfuaid:part>")
    )
    (tmp_path / "lang.pdf").write_bytes(whole.replace(b"/Lang", b"/Lung"))

    verdicts = judged(judge_pdf, tmp_path / "part.pdf", tmp_path / "lang.pdf")

    assert verdicts["part.pdf", "ua1"].startswith("fail 5-")
    assert verdicts["lang.pdf", "ua1"].startswith("fail 7.2-")

"""Certificates on paper: our page against weasyprint's, and an archive of ten thousand.

``python -m bench.certificates [--pages N] [--archive N]``
"""

from __future__ import annotations

import argparse
import html
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from zipfile import ZipFile

import weasyprint

from bench.result import report
from chassis.ids import derived_id
from services.certification.domain.awarding.terms import Kind
from services.certification.domain.content import (
    CertificateContent,
    Signatory,
    check_code_of,
    serial_of,
)
from services.certification.domain.documents.archive import zip_stream
from services.certification.domain.documents.rendering import FONTS, qr_svg, render_pdf
from services.certification.domain.documents.wording import page_texts

ISSUED = datetime(2027, 7, 9, 6, tzinfo=UTC)
NAMES = ("Aygün Nümunəyeva", "İlqar Öztürk", "Ярослава Їжакевич", "გიორგი ბერიძე", "Mary Sample")

_STYLE = """
@page { size: A4 landscape; margin: 21mm 26mm 19mm }
body { font-family: "Noto Serif", "Noto Serif Georgian"; text-align: center; color: #1f2933 }
h1 { font-size: 44pt; font-weight: normal } .name { font-size: 36pt }
.foot { display: flex; justify-content: space-between; text-align: left; font-size: 8pt }
.foot img { width: 30mm }
"""


def a_content(number: int) -> CertificateContent:
    """Everything different from one certificate to the next, as in life."""
    certificate_id = derived_id("bench", str(number))
    return CertificateContent(
        serial=serial_of(certificate_id, edition_code="ms-9", year=2027),
        salt="5a" * 16,
        kind_code=Kind.COMPLETION,
        holder_name=f"{NAMES[number % len(NAMES)]} {number}",
        titles={"az": "Miqrasiya Məktəbi", "en": "Migration School"},
        edition_code="ms-9",
        starts_on=date(2027, 1, 9),
        ends_on=date(2027, 7, 3),
        minutes=5_000 + number % 2_000,
        parts=(),
        rule_version=1,
        rule_sha256="0" * 64,
        centre_names={
            "az": "Miqrasiya üzrə Regional Tədris Mərkəzi",
            "en": "Regional Training Centre on Migration",
        },
        signatories=(Signatory(name="", titles={"az": "Mərkəzin rəhbəri", "en": "Head"}),),
        language_codes=("az", "en"),
        verify_url=f"https://rtcm.example/verify/{check_code_of(certificate_id)}",
        template_version=1,
        issued_at=ISSUED,
    )


def weasy_page(content: CertificateContent) -> bytes:
    """The same texts and the same QR code on the same size of page, tagged, by weasyprint."""
    page = page_texts(content, qr_svg=qr_svg(content.verify_url))
    first, other = page["languages"]
    lines = [
        f"<p>{html.escape(first[key])}<br><small lang='en'>{html.escape(other[key])}</small></p>"
        for key in ("centre_name", "certifies", "deed", "period", "duration")
    ]
    source = f"""<html lang="az"><head><title>{html.escape(page["document_title"])}</title>
    <style>{_STYLE}</style></head><body>{lines[0]}<h1>{first["title"]}</h1><p>{other["title"]}</p>
    {lines[1]}<p class="name">{html.escape(content.holder_name)}</p>{"".join(lines[2:])}
    <div class="foot"><div>{first["issued"]}<br>{page["serial"]}</div>
    <div>{page["verify_host"]}<br>{page["check_code"]}</div>
    {page["qr_svg"].replace("<svg ", '<svg style="width: 30mm; height: 30mm" ', 1)}</div>
    </body></html>"""
    pdf: bytes = weasyprint.HTML(string=source).write_pdf(pdf_variant="pdf/ua-1")
    return pdf


def pages_per_second(render: object, count: int) -> float:
    """Pages a second of processor time, after one that warms up."""
    assert callable(render)
    render(a_content(0))
    began = time.process_time()
    for number in range(1, count + 1):
        render(a_content(number))
    return count / (time.process_time() - began)


def archived(count: int) -> tuple[float, float, float]:
    """Seconds, MiB of the archive, and MiB of memory at the most, while an archive is streamed.

    The documents are read one by one from a disk, as the service reads them from its database.
    """
    with tempfile.TemporaryDirectory() as folder:
        kept = [render_pdf(a_content(number)) for number in range(20)]
        for number, document in enumerate(kept):
            (Path(folder) / str(number)).write_bytes(document)

        def files() -> Iterator[tuple[str, datetime, bytes]]:
            for number in range(count):
                content = (Path(folder) / str(number % len(kept))).read_bytes()
                yield f"MS-9-2027-{number:05d}.pdf", ISSUED, content

        target = Path(folder) / "certificates.zip"
        began = time.process_time()
        with target.open("wb") as file:
            for piece in zip_stream(files()):
                file.write(piece)
        seconds = time.process_time() - began
        with ZipFile(target) as archive:
            assert len(archive.namelist()) == count
        size = target.stat().st_size / 2**20
    return seconds, size, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Measure and report."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--pages", type=int, default=60)
    asked.add_argument("--archive", type=int, default=10_000)
    options = asked.parse_args()
    assert FONTS.is_dir()
    # First, before weasyprint has taken memory of its own.
    seconds, size, peak = archived(options.archive)
    ours = pages_per_second(render_pdf, options.pages)
    baseline = pages_per_second(weasy_page, options.pages)
    report(
        "certificates",
        ours=ours,
        baseline=baseline,
        unit="pages per CPU second",
        lines=[
            f"typst: {ours:.1f} pages per CPU second, PDF/A-2a and PDF/UA-1, QR code made anew",
            f"weasyprint {weasyprint.__version__}: {baseline:.1f}, the same texts, PDF/UA-1",
            (
                f"archive of {options.archive}: {seconds:.1f} CPU seconds, {size:.0f} MiB, "
                f"memory at the most {peak:.0f} MiB ({sys.platform})"
            ),
        ],
        archive_count=options.archive,
        archive_cpu_seconds=round(seconds, 2),
        archive_peak_mib=round(peak, 1),
    )


if __name__ == "__main__":
    main()

"""Step 5, second half: certificates, a correction, a revocation, public verification."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rtcm.demo.rules import award_terms, course_terms
from rtcm.demo.scenes.applying import details_of
from rtcm.demo.stage import Stage, baku
from services.certification.domain.credentials.presented import read_presented
from services.certification.domain.credentials.status_list import PURPOSES
from services.certification.domain.credentials.verifying import Material, verify

MISSPELT, IN_ERROR, UNDER_REVIEW = "misspelt_name", "issued_in_error", "under_review"
"""Reasons the verification page has words for."""


def set_terms(stage: Stage) -> None:
    """What both certificates ask, and the letterhead they stand on."""
    parts = [part["code"] for part in stage.facts["curriculum"]["parts"]]
    stage.put("certification", f"/award-rules/{stage.cast.school_id}", award_terms(parts))
    stage.put("certification", f"/award-rules/{stage.cast.course_id}", course_terms())
    letterhead = {
        "centre_names": {
            "az": "Miqrasiya üzrə Regional Tədris Mərkəzi",
            "en": "Regional Training Centre on Migration",
        },
        "signatories": [
            {"name": "", "titles": {"az": "Mərkəzin rəhbəri", "en": "Head of the Centre"}}
        ],
    }
    for country in ("centre", "AZ"):
        stage.put("certification", f"/letterheads/{country}", letterhead)


def issue(stage: Stage, documents: Path) -> None:
    """Whoever fulfils the rule gets a certificate, after the hold window."""
    cast = stage.cast
    stage.until(baku("2021-07-06 12:00"))
    stage.settle()
    issued = stage.all("certification", "/certificates", cohort_id=cast.school_id)
    expected = cast.counts["completing"]
    stage.hold(len(issued) == expected, f"{len(issued)} certificates, {expected} were earned")
    awards = stage.all("certification", "/awards", cohort_id=cast.school_id)
    cast.counts["awards"] = _by_status(awards)
    wrong, unjust, kept = issued[0], issued[1], issued[2]
    _correct_name(stage, wrong)
    _revoke(stage, unjust)
    _rotate_key(stage)
    stage.settle()
    for name, certificate in (("kept", kept), ("replaced", wrong), ("revoked", unjust)):
        facts = stage.get("certification", f"/verify/{certificate['check_code']}")
        stage.hold(facts["is_valid"] is (name == "kept"), f"{name}: {facts['status']}")
        cast.links[f"verify_{name}"] = (
            f"{stage.theatre.urls['console']}/verify/{certificate['check_code']}"
        )
    _save(stage, documents, kept)
    _verify_without_server(stage, documents, {"kept": kept, "replaced": wrong, "revoked": unjust})
    cast.counts["certificates"] = _by_status(
        stage.all("certification", "/certificates", cohort_id=cast.school_id)
    )
    stage.say(
        f"{len(issued)} certificates were issued, each a signed credential and a PDF with a QR "
        "code; one was replaced for a misspelt name and one revoked, and their public pages say "
        "so. The signing key was replaced too: what the old one signed verifies with nothing but "
        "the saved key document and status lists."
    )


def issue_for_course(stage: Stage) -> None:
    """The regional course's certificates of participation."""
    cast = stage.cast
    stage.settle()
    issued = stage.all("certification", "/certificates", cohort_id=cast.course_id)
    stage.hold(len(issued) == 30, f"{len(issued)} certificates of the course instead of 30")
    cast.counts["course_certificates"] = len(issued)


def _correct_name(stage: Stage, certificate: dict[str, Any]) -> None:
    applicant = next(
        one for one in stage.cast.applicants if one.subject_id == certificate["subject_id"]
    )
    right = applicant.person.name.replace("l", "ll", 1)
    path = f"/subjects/{applicant.subject_id}"
    stage.put("registration", path, details_of(applicant.person) | {"legal_name": right})
    stage.settle()
    path = f"/certificates/{certificate['id']}/supersession"
    stage.post("certification", path, {"reason_code": MISSPELT}, key="supersede")
    stage.settle()
    shown = stage.get("certification", f"/certificates/{certificate['id']}")
    successor = stage.get("certification", f"/certificates/{shown['successor_id']}")
    facts = stage.get("certification", f"/verify/{successor['check_code']}")
    stage.hold(facts["holder_name"] == right, f"the successor names {facts['holder_name']}")


def _revoke(stage: Stage, certificate: dict[str, Any]) -> None:
    path = f"/certificates/{certificate['id']}/revocation"
    stage.post("certification", path, {"reason_code": IN_ERROR}, key="revoke")


def _rotate_key(stage: Stage) -> None:
    """A new key signs from now on; the old one is published still."""
    document = stage.get("certification", "/.well-known/did.json")
    current = document["assertionMethod"][0].rpartition("#")[2]
    stage.post("certification", "/issuer-keys/rotation", {"current_name": current}, key="rotate")
    document = stage.get("certification", "/.well-known/did.json")
    names = [method["id"] for method in document["verificationMethod"]]
    stage.hold(len(names) == 2, f"{len(names)} keys are published instead of 2")
    stage.hold(document["assertionMethod"] == names[-1:], "another key than the new one asserts")


def _verify_without_server(
    stage: Stage, documents: Path, certificates: dict[str, dict[str, Any]]
) -> None:
    """Keys, lists and credentials are saved; the verdict needs nothing else."""
    kept = certificates["kept"]
    saved = _saved_credentials(stage, documents, certificates)
    for status, reason in (("suspension", "status.suspended"), ("reinstatement", None)):
        path = f"/certificates/{kept['id']}/{status}"
        stage.post("certification", path, {"reason_code": UNDER_REVIEW}, key=status)
        material = material_of(stage, documents)
        found = reason_of(saved["kept"], material)
        stage.hold(found == reason, f"after {status} the verdict is {found}")
    for name in ("replaced", "revoked"):
        found = reason_of(saved[name], material)
        stage.hold(found == "status.revoked", f"{name}: the verdict is {found}")


def _saved_credentials(
    stage: Stage, documents: Path, certificates: dict[str, dict[str, Any]]
) -> dict[str, bytes]:
    saved = {}
    for name, certificate in certificates.items():
        path = f"/verify/{certificate['check_code']}/credential"
        saved[name] = json.dumps(stage.get("certification", path), ensure_ascii=False).encode()
        (documents / f"{certificate['serial']}.json").write_bytes(saved[name])
    return saved


def material_of(stage: Stage, documents: Path) -> Material:
    """Keys and status lists as they are now, saved for checks without a server."""
    document = stage.get("certification", "/.well-known/did.json")
    lists = {
        purpose: json.dumps(stage.get("certification", f"/status-lists/1/{purpose}")).encode()
        for purpose in PURPOSES
    }
    (documents / "did.json").write_text(json.dumps(document, indent=1))
    for purpose, content in lists.items():
        (documents / f"status-{purpose}.json").write_bytes(content)
    return Material(
        at=stage.theatre.clock(), did_documents=[document], status_lists=list(lists.values())
    )


def reason_of(credential: bytes, material: Material) -> str | None:
    """Why a saved credential is not valid; ``None``: it is."""
    findings = verify(read_presented(credential), material).findings
    return findings[0].code if findings else None


def _save(stage: Stage, documents: Path, certificate: dict[str, Any]) -> None:
    documents.mkdir(parents=True, exist_ok=True)
    document = stage.get("certification", f"/verify/{certificate['check_code']}/document")
    stage.hold(document[:5] == b"%PDF-", "the certificate is no PDF")
    file = documents / f"{certificate['serial']}.pdf"
    file.write_bytes(document)
    stage.cast.links["certificate_pdf"] = str(file)


def _by_status(items: list[dict[str, Any]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for item in items:
        found[item["status"]] = found.get(item["status"], 0) + 1
    return dict(sorted(found.items()))

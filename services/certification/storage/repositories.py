"""Certification's repositories, each with its document and topic."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.mongo.outbox import Outbox
from chassis.mongo.repository import Repository
from services.certification.domain.alumnus import Alumnus
from services.certification.domain.award import Award
from services.certification.domain.award_rule import AwardRule
from services.certification.domain.certificate import Certificate
from services.certification.domain.cohort_record import CohortRecord
from services.certification.domain.erasure import Erasure
from services.certification.domain.letterhead import Letterhead
from services.certification.storage.documents import (
    AlumnusDocument,
    AwardDocument,
    AwardRuleDocument,
    CertificateDocument,
    CohortRecordDocument,
    ErasureDocument,
    LetterheadDocument,
)


@dataclass(frozen=True, kw_only=True)
class Repositories:
    """All of them; cohort records and letterheads announce nothing."""

    rules: Repository[AwardRule]
    cohorts: Repository[CohortRecord]
    awards: Repository[Award]
    certificates: Repository[Certificate]
    alumni: Repository[Alumnus]
    erasures: Repository[Erasure]
    letterheads: Repository[Letterhead]

    @classmethod
    def of(cls, outbox: Outbox) -> Repositories:
        """Make them over one outbox."""
        return cls(
            rules=Repository(
                aggregate=AwardRule,
                document=AwardRuleDocument,
                id_field="award_rule_id",
                name="award_rule",
                topic="rtcm.certification.award_rule",
                outbox=outbox,
            ),
            cohorts=Repository(
                aggregate=CohortRecord,
                document=CohortRecordDocument,
                id_field="cohort_id",
                name="cohort",
                topic="rtcm.certification.cohort",
                outbox=outbox,
            ),
            awards=Repository(
                aggregate=Award,
                document=AwardDocument,
                id_field="award_id",
                name="award",
                topic="rtcm.certification.award",
                outbox=outbox,
            ),
            certificates=Repository(
                aggregate=Certificate,
                document=CertificateDocument,
                id_field="certificate_id",
                name="certificate",
                topic="rtcm.certification.certificate",
                outbox=outbox,
            ),
            alumni=Repository(
                aggregate=Alumnus,
                document=AlumnusDocument,
                id_field="alumnus_id",
                name="alumnus",
                topic="rtcm.certification.alumnus",
                outbox=outbox,
            ),
            erasures=Repository(
                aggregate=Erasure,
                document=ErasureDocument,
                id_field="erasure_id",
                name="erasure",
                topic="rtcm.certification.erasure",
                outbox=outbox,
            ),
            letterheads=Repository(
                aggregate=Letterhead,
                document=LetterheadDocument,
                id_field="letterhead_id",
                name="letterhead",
                topic="rtcm.certification.letterhead",
                outbox=outbox,
            ),
        )

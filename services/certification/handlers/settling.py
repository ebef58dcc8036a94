"""Whether a participant may be forgotten without losing a certificate."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.access import EVERYTHING, Scope
from services.certification.domain.award import Award, award_id_of
from services.certification.domain.award_rule import award_rule_id_of
from services.certification.domain.certificate import CertificateStatus, certificate_id_of
from services.certification.domain.ports import Awards, Certificates, Rules


@dataclass(frozen=True, kw_only=True)
class Settlement:
    """Looks at an award with its rule and its last certificate."""

    awards: Awards
    certificates: Certificates
    rules: Rules

    def holds(self, participant_id: str, *, scope: Scope) -> bool:
        """Whether everything about a participant's certificate is over.

        ``False`` for one nobody has told us of: the enrolment may still be on its way.
        """
        award = self.awards.find(award_id_of(participant_id), scope=scope)
        if award is None:
            return False
        rule = self.rules.find(award_rule_id_of(award.cohort_id), scope=EVERYTHING)
        return award.is_settled(
            has_rule=rule is not None, awaits_successor=self._awaits_successor(award)
        )

    def _awaits_successor(self, award: Award) -> bool:
        if award.certificate_count == 0:
            return False
        last_id = certificate_id_of(award.award_id, award.certificate_count)
        last = self.certificates.get(last_id, scope=EVERYTHING)
        return last.status is CertificateStatus.SUPERSEDED

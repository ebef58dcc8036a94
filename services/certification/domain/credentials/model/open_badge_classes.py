"""The classes of Open Badges 3.0, as its specification tabulates them.

One line a member: ``name`` with ``!`` when it is required, ``*`` when there may be several (then
it is an array), ``?`` when one or several; then its kind: a value, a vocabulary or a class.

Source: 1EdTech Open Badges 3.0, appendix B (B.1, B.7, B.9).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Member:
    """One member of a class.

    Attributes:
        many: ``""`` one value, ``"*"`` an array, ``"?"`` either.
        kind: of ``open_badge.KINDS``, of ``VOCABULARIES`` or of ``CLASSES``.
    """

    name: str
    kind: str
    is_required: bool
    many: str


@dataclass(frozen=True, kw_only=True)
class Shape:
    """A class: its members, and whether there may be others."""

    members: tuple[Member, ...]
    is_open: bool = True


def _shape(table: str, *, is_open: bool = True) -> Shape:
    members = []
    for line in table.split(","):
        text, kind = line.split()
        name = text.rstrip("!*?")
        marks = text[len(name) :]
        members.append(
            Member(
                name=name,
                kind=kind,
                is_required="!" in marks,
                many="*" if "*" in marks else "?" if "?" in marks else "",
            )
        )
    return Shape(members=tuple(members), is_open=is_open)


_CREDENTIAL = """image Image, awardedDate instant, endorsement* EndorsementCredential,
    endorsementJwt* jws, proof? Proof, credentialSchema? CredentialSchema,
    credentialStatus? CredentialStatus, refreshService? RefreshService, termsOfUse? TermsOfUse,
    evidence* Evidence, issuer! ProfileRef, description text"""
_V2 = "id! uri, validFrom! instant, validUntil instant, "
_V1 = "id! uri, name! string, issuanceDate! instant, expirationDate instant, "

CLASSES = {
    "AchievementCredential": _shape(
        f"{_V2} name text, credentialSubject! AchievementSubject, {_CREDENTIAL}"
    ),
    "AchievementCredentialv1p1": _shape(
        f"{_V1} credentialSubject! AchievementSubject, {_CREDENTIAL}"
    ),
    "EndorsementCredential": _shape(
        f"{_V2} name! text, credentialSubject! EndorsementSubject, {_CREDENTIAL}"
    ),
    "EndorsementCredentialv1p1": _shape(
        f"{_V1} credentialSubject! EndorsementSubject, {_CREDENTIAL}"
    ),
    "AchievementSubject": _shape(
        """id uri, type! types, activityEndDate moment, activityStartDate moment,
        creditsEarned number, achievement! Achievement, identifier* IdentityObject, image Image,
        licenseNumber string, narrative string, result* Result, role string, source Profile,
        term string"""
    ),
    "Achievement": _shape(
        """id! uri, type! types, alignment* Alignment, achievementType AchievementType,
        creator Profile, creditsAvailable number, criteria! Criteria, description! string,
        endorsement* EndorsementCredential, endorsementJwt* jws, fieldOfStudy string,
        humanCode string, image Image, inLanguage language, name! string,
        otherIdentifier* IdentifierEntry, related* Related, resultDescription* ResultDescription,
        specialization string, tag* string, version string"""
    ),
    "Address": _shape(
        """type! types, addressCountry string, addressCountryCode country, addressRegion string,
        addressLocality string, streetAddress string, postOfficeBoxNumber string,
        postalCode string, geo GeoCoordinates"""
    ),
    "Alignment": _shape(
        """type! types, targetCode string, targetDescription string, targetName! string,
        targetFramework string, targetType AlignmentTargetType, targetUrl! uri"""
    ),
    "Criteria": _shape("id uri, narrative string"),
    "EndorsementSubject": _shape("id! uri, type! types, endorsementComment string"),
    "Evidence": _shape(
        """id uri, type! types, narrative string, name string, description string, genre string,
        audience string"""
    ),
    "GeoCoordinates": _shape("type! type, latitude! number, longitude! number"),
    "IdentifierEntry": _shape(
        "type! type, identifier! string, identifierType! IdentifierType", is_open=False
    ),
    "IdentityObject": _shape(
        """type! type, hashed! boolean, identityHash! string, identityType! IdentifierType,
        salt string""",
        is_open=False,
    ),
    "Image": _shape("id! uri, type! type, caption string", is_open=False),
    "Profile": _shape(
        """id! uri, type! types, name text, url uri, phone string, description text,
        endorsement* EndorsementCredential, endorsementJwt* jws, image Image, email email,
        address Address, otherIdentifier* IdentifierEntry, official string, parentOrg Profile,
        familyName string, givenName string, additionalName string, patronymicName string,
        honorificPrefix string, honorificSuffix string, familyNamePrefix string,
        dateOfBirth date"""
    ),
    "Related": _shape("id! uri, type! types, inLanguage language, version string"),
    "Result": _shape(
        """type! types, achievedLevel uri, alignment* Alignment, resultDescription uri,
        status ResultStatusType, value string"""
    ),
    "ResultDescription": _shape(
        """id! uri, type! types, alignment* Alignment, allowedValue* string, name! string,
        requiredLevel uri, requiredValue string, resultType! ResultType,
        rubricCriterionLevel* RubricCriterionLevel, valueMax string, valueMin string"""
    ),
    "RubricCriterionLevel": _shape(
        """id! uri, type! types, alignment* Alignment, description string, level string,
        name! string, points string"""
    ),
    "CredentialSchema": _shape("id! uri, type! string"),
    "CredentialStatus": _shape("id uri, type! string"),
    "RefreshService": _shape("id! uri, type! string"),
    "TermsOfUse": _shape("id uri, type! string"),
    "Proof": _shape(
        """type! string, created moment, cryptosuite string, challenge string,
        nonce string, proofPurpose string, proofValue string, verificationMethod uri"""
    ),
}


def _terms(text: str) -> frozenset[str]:
    return frozenset(text.split())


VOCABULARIES = {
    "AchievementType": _terms(
        """Achievement ApprenticeshipCertificate Assessment Assignment AssociateDegree Award Badge
        BachelorDegree Certificate CertificateOfCompletion Certification CommunityService Competency
        Course CoCurricular Degree Diploma DoctoralDegree Fieldwork GeneralEducationDevelopment
        JourneymanCertificate LearningProgram License Membership ProfessionalDoctorate
        QualityAssuranceCredential MasterCertificate MasterDegree MicroCredential
        ResearchDoctorate SecondarySchoolDiploma"""
    ),
    "AlignmentTargetType": _terms(
        """ceasn:Competency ceterms:Credential CFItem CFRubric CFRubricCriterion
        CFRubricCriterionLevel CTDL"""
    ),
    "IdentifierType": _terms(
        """name sourcedId systemId productId userName accountId emailAddress
        nationalIdentityNumber isbn issn lisSourcedId oneRosterSourcedId sisSourcedId ltiContextId
        ltiDeploymentId ltiToolId ltiPlatformId ltiUserId identifier"""
    ),
    "ResultType": _terms(
        """GradePointAverage LetterGrade Percent PerformanceLevel PredictedScore RawScore Result
        RubricCriterion RubricCriterionLevel RubricScore ScaledScore Status"""
    ),
    "ResultStatusType": _terms("Completed Enrolled Failed InProgress OnHold Provisional Withdrew"),
}
"""Vocabulary -> its terms; all but the last may be extended by terms that begin with ``ext:``."""

CLOSED_VOCABULARIES = frozenset({"ResultStatusType"})

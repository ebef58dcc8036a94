"""Appeals, and forgetting people."""

from __future__ import annotations

from collections.abc import Callable

from chassis.clock import Clock
from chassis.errors import Forbidden
from services.selection.domain.appeal import Appeal
from services.selection.domain.commands import (
    ConfirmErasure,
    DecideAppeal,
    EraseRecord,
    ExamineAppeal,
    FileAppeal,
)
from services.selection.domain.erasure import Erasure
from services.selection.domain.ports import (
    Appeals,
    Erasures,
    Interviews,
    Offers,
    Places,
    Register,
    Screenings,
)
from services.selection.domain.screening import Screening


def file_appeal(
    command: FileAppeal,
    *,
    appeals: Appeals,
    screenings: Screenings,
    register: Register,
    clock: Clock,
) -> str:
    """The applicant who asks this objects to a decision.

    Returns:
        Id of the appeal.

    Raises:
        NotFound: ``screening.not_found``.
        Forbidden: ``appeal.person_missing``; who asks acts for no person.
        RuleViolation: ``appeal.not_applicant``.
    """
    scope = command.actor.scope
    if scope.subject_id is None:
        raise Forbidden("appeal.person_missing", "sign in as the applicant to appeal")
    screening = screenings.get(Screening.id_for(command.application_id), scope=scope)
    panelists = {
        sheet.reviewer_id
        for interview in register.interviews([command.application_id])
        for sheet in interview.sheets
    }
    appeal = Appeal.file(
        screening,
        appeal_id=command.appeal_id,
        subject_id=scope.subject_id,
        ground_code=command.ground_code,
        panelist_ids=tuple(sorted(panelists)),
        now=clock(),
    )
    appeals.save(appeal, scope=scope)
    return appeal.appeal_id


def examine_appeal(command: ExamineAppeal, *, appeals: Appeals, clock: Clock) -> None:
    """Say whether an appeal will be decided.

    Raises:
        NotFound: ``appeal.not_found``.
        RuleViolation: ``appeal.not_filed`` or ``appeal.first_decider``.
    """
    _change(
        command,
        appeals,
        lambda appeal: appeal.examine(
            admissible=command.admissible, decider_id=command.actor.actor_id, now=clock()
        ),
    )


def decide_appeal(command: DecideAppeal, *, appeals: Appeals, clock: Clock) -> None:
    """Decide an appeal.

    Raises:
        NotFound: ``appeal.not_found``.
        RuleViolation: ``appeal.not_admissible`` or ``appeal.first_decider``.
    """
    _change(
        command,
        appeals,
        lambda appeal: appeal.decide(
            granted=command.granted, decider_id=command.actor.actor_id, now=clock()
        ),
    )


def erase_record(
    command: EraseRecord,
    *,
    screenings: Screenings,
    interviews: Interviews,
    offers: Offers,
    places: Places,
    appeals: Appeals,
) -> None:
    """Forget a person in one aggregate.

    Raises:
        NotFound: nothing there.
    """
    scope, id_ = command.actor.scope, command.record_id
    match command.kind:
        case "screening":
            screening = screenings.get(id_, scope=scope)
            screening.erase()
            screenings.save(screening, scope=scope)
        case "interview":
            interview = interviews.get(id_, scope=scope)
            interview.erase()
            interviews.save(interview, scope=scope)
        case "offer":
            offer = offers.get(id_, scope=scope)
            offer.erase()
            offers.save(offer, scope=scope)
        case "place":
            place = places.get(id_, scope=scope)
            place.erase()
            places.save(place, scope=scope)
        case "appeal":
            appeal = appeals.get(id_, scope=scope)
            appeal.erase()
            appeals.save(appeal, scope=scope)
        case _:
            raise ValueError(f"selection keeps no {command.kind} of people")


def confirm_erasure(command: ConfirmErasure, *, erasures: Erasures, clock: Clock) -> None:
    """Give the receipt that a person is forgotten; a second one is not given."""
    scope = command.actor.scope
    if erasures.find(Erasure.id_for(command.subject_id), scope=scope) is None:
        erasure = Erasure.confirm(
            subject_id=command.subject_id,
            country_code=command.country_code,
            removed_count=command.removed_count,
            now=clock(),
        )
        erasures.save(erasure, scope=scope)


def _change(
    command: ExamineAppeal | DecideAppeal, appeals: Appeals, change: Callable[[Appeal], None]
) -> None:
    scope = command.actor.scope
    appeal = appeals.get(command.appeal_id, scope=scope, expected_version=command.expected_version)
    change(appeal)
    appeals.save(appeal, scope=scope)

"""Handlers of the erasure saga: each changes one aggregate, ``forget_subject`` walks them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from chassis.access import EVERYTHING, service_actor
from chassis.aggregate import Command, Handle
from chassis.clock import Clock
from chassis.ports import Job, Jobs
from services.registration.domain.commands.applications import EraseApplication
from services.registration.domain.commands.nominations import EraseFocalPoint, EraseNomination
from services.registration.domain.commands.participants import EraseParticipant
from services.registration.domain.commands.subjects import (
    ConfirmOwnErasure,
    DestroyKey,
    EraseContact,
    EraseSubject,
    RequestErasure,
    TakeErasureReceipt,
)
from services.registration.domain.contact import Contact
from services.registration.domain.erasure import Erasure
from services.registration.domain.ports import (
    Contacts,
    Erasures,
    Holdings,
    Rosters,
    Subjects,
    Vault,
)
from services.registration.domain.subject import Subject
from services.registration.handlers.scheduled import SUBJECT_ERASURE

_SELF = service_actor("registration")


def request_erasure(
    command: RequestErasure, *, erasures: Erasures, subjects: Subjects, jobs: Jobs, clock: Clock
) -> None:
    """Begin the forgetting of a person; one under way or done is left as it is.

    Raises:
        NotFound: ``subject.not_found``.
    """
    begin_erasure(
        subjects.get(command.subject_id, scope=command.actor.scope),
        requested_by=command.actor.actor_id,
        erasures=erasures,
        jobs=jobs,
        now=clock(),
    )


def begin_erasure(
    subject: Subject, *, requested_by: str, erasures: Erasures, jobs: Jobs, now: datetime
) -> None:
    """Begin the forgetting of a person whom the caller may see."""
    if erasures.find(subject.subject_id, scope=EVERYTHING) is not None:
        return
    erasure = Erasure.request(
        subject_id=subject.subject_id,
        country_code=subject.country_code,
        requested_by=requested_by,
        now=now,
    )
    erasures.save(erasure, scope=EVERYTHING)
    jobs.add(SUBJECT_ERASURE, subject.subject_id, {})


def destroy_key(command: DestroyKey, *, vault: Vault) -> None:
    """Destroy a person's key; one destroyed before stays so."""
    vault.destroy_key(command.subject_id)


def erase_subject(command: EraseSubject, *, subjects: Subjects) -> None:
    """Empty the vault's entry."""
    subject = subjects.get(command.subject_id, scope=command.actor.scope)
    subject.erase()
    subjects.save(subject, scope=command.actor.scope)


def erase_contact(
    command: EraseContact, *, contacts: Contacts, erasures: Erasures, clock: Clock
) -> None:
    """Have the announced contact forgotten.

    Where none was announced yet the erased one takes its id, so that a sealing under way at this
    moment cannot be stored after it.

    Raises:
        NotFound: nobody asked for this person's erasure.
    """
    scope = command.actor.scope
    erasure = erasures.get(command.subject_id, scope=scope)
    contact = contacts.find(command.subject_id, scope=scope) or Contact.of(
        subject_id=erasure.subject_id, country_code=erasure.country_code
    )
    contact.erase(now=clock())
    contacts.save(contact, scope=scope)


def confirm_own_erasure(command: ConfirmOwnErasure, *, erasures: Erasures, clock: Clock) -> None:
    """Note that this service holds nothing more of a person.

    Raises:
        NotFound.
    """
    erasure = erasures.get(command.subject_id, scope=command.actor.scope)
    erasure.confirm_own(removed_count=command.removed_count, now=clock())
    erasures.save(erasure, scope=command.actor.scope)


def take_erasure_receipt(command: TakeErasureReceipt, *, erasures: Erasures, clock: Clock) -> None:
    """Note that another service holds nothing more of a person.

    Raises:
        NotFound.
    """
    erasure = erasures.get(command.subject_id, scope=command.actor.scope)
    erasure.take_receipt(service=command.service, removed_count=command.removed_count, now=clock())
    erasures.save(erasure, scope=command.actor.scope)


def forget_subject(job: Job, *, rosters: Rosters, handle: Handle) -> Callable[[], None]:
    """Empty everything this service holds of a person, one command after another.

    Resumable: each step is a transaction of its own and harmless to repeat, and what bears the
    person's id no more is not visited again. The key goes first, so that everything else is mute
    whatever happens then.
    """
    subject_id = job.key
    handle(DestroyKey(actor=_SELF, subject_id=subject_id))
    handle(EraseSubject(actor=_SELF, subject_id=subject_id))
    handle(EraseContact(actor=_SELF, subject_id=subject_id))
    removed_count = 2
    while steps := list(_steps(rosters.of_subject(subject_id))):
        for step in steps:
            handle(step)
            removed_count += 1
        job.report({"removed_count": removed_count})

    def confirm() -> None:
        handle(ConfirmOwnErasure(actor=_SELF, subject_id=subject_id, removed_count=removed_count))

    return confirm


def _steps(holdings: Holdings) -> Iterator[Command]:
    for id_ in holdings.application_ids:
        yield EraseApplication(actor=_SELF, application_id=id_)
    for id_ in holdings.focal_point_ids:
        yield EraseFocalPoint(actor=_SELF, focal_point_id=id_)
    for id_ in holdings.nomination_ids:
        yield EraseNomination(actor=_SELF, nomination_id=id_)
    for id_ in holdings.participant_ids:
        yield EraseParticipant(actor=_SELF, participant_id=id_)

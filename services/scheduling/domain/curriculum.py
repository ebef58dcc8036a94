"""What a cohort learns: parts in order, trainings, and their published versions."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from chassis.aggregate import Aggregate
from chassis.errors import RuleViolation
from chassis.language_map import LanguageMap
from contracts.scheduling import CurriculumPublished
from services.scheduling.domain.delivery import Delivery

_LONGEST_MINUTES = 12 * 60


@dataclass(frozen=True, kw_only=True)
class Part:
    """One part of a curriculum; its place in the list is its order."""

    part_code: str
    titles: LanguageMap


@dataclass(frozen=True, kw_only=True)
class Training:
    """One module.

    Attributes:
        after_codes: trainings it builds on.
    """

    training_code: str
    part_code: str
    titles: LanguageMap
    minutes: int
    trainer_kind_code: str
    delivery: Delivery
    room_kind_code: str | None = None
    after_codes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CurriculumVersion:
    """A published state; never changed."""

    curriculum_version: int
    parts: tuple[Part, ...]
    trainings: tuple[Training, ...]
    published_at: datetime

    @property
    def planned_minutes(self) -> int:
        """Minutes of all trainings together."""
        return sum(training.minutes for training in self.trainings)

    def part_rank(self, part_code: str) -> int:
        """Place of a part, from 0."""
        return [part.part_code for part in self.parts].index(part_code)


@dataclass(kw_only=True)
class Curriculum(Aggregate):
    """The curriculum of one edition; a timetable pins one of its versions.

    Rules
      R1  every training belongs to a part, and every part has a training
      R2  codes of parts and trainings are unique
      R3  a training lasts from 1 minute to 12 hours
      R4  a training builds on trainings of its own or an earlier part, never in a circle
      R5  a version is published once changed, and never changed once published
    """

    curriculum_id: str
    cohort_id: str
    country_code: str
    parts: tuple[Part, ...] = ()
    trainings: tuple[Training, ...] = ()
    versions: tuple[CurriculumVersion, ...] = ()

    @property
    def latest(self) -> CurriculumVersion | None:
        """The newest published version."""
        return self.versions[-1] if self.versions else None

    def at(self, curriculum_version: int) -> CurriculumVersion:
        """A published version.

        Raises:
            RuleViolation: ``curriculum.no_such_version``.
        """
        for version in self.versions:
            if version.curriculum_version == curriculum_version:
                return version
        raise RuleViolation(
            "curriculum.no_such_version", f"version {curriculum_version} was never published"
        )

    def pinned(self, curriculum_version: int | None) -> CurriculumVersion:
        """The version a timetable keeps: the one named, or the newest.

        Raises:
            RuleViolation: ``curriculum.not_published`` or ``curriculum.no_such_version``.
        """
        if curriculum_version is not None:
            return self.at(curriculum_version)
        if self.latest is None:
            raise RuleViolation("curriculum.not_published", "publish the curriculum first")
        return self.latest

    def revise(self, *, parts: tuple[Part, ...], trainings: tuple[Training, ...]) -> None:
        """Replace the draft; what is published stays.

        Raises:
            RuleViolation: ``curriculum.code_twice``, ``curriculum.unknown_part``,
                ``curriculum.empty_part``, ``curriculum.bad_length``, ``curriculum.bad_order``.
        """
        _require_unique([part.part_code for part in parts])
        _require_unique([training.training_code for training in trainings])
        _require_parts_filled(parts, trainings)
        for training in trainings:
            if not 1 <= training.minutes <= _LONGEST_MINUTES:
                raise RuleViolation(
                    "curriculum.bad_length",
                    f"{training.training_code} lasts {training.minutes} minutes",
                )
        _require_order(parts, trainings)
        self.parts = parts
        self.trainings = trainings

    def publish(self, *, now: datetime) -> CurriculumVersion:
        """Fix the draft as the next version; records ``CurriculumPublished``.

        Raises:
            RuleViolation: ``curriculum.empty`` or ``curriculum.unchanged``.
        """
        if not self.trainings:
            raise RuleViolation("curriculum.empty", "there is no training to publish")
        latest = self.latest
        if latest and (latest.parts, latest.trainings) == (self.parts, self.trainings):
            raise RuleViolation(
                "curriculum.unchanged", "nothing has changed since the last version"
            )
        version = CurriculumVersion(
            curriculum_version=len(self.versions) + 1,
            parts=self.parts,
            trainings=self.trainings,
            published_at=now,
        )
        self.versions = (*self.versions, version)
        self.record(
            CurriculumPublished(
                curriculum_id=self.curriculum_id,
                cohort_id=self.cohort_id,
                country_code=self.country_code,
                curriculum_version=version.curriculum_version,
                training_count=len(version.trainings),
                planned_minutes=version.planned_minutes,
                published_at=now,
            )
        )
        return version


def _require_unique(codes: list[str]) -> None:
    for code, count in Counter(codes).items():
        if count > 1:
            raise RuleViolation("curriculum.code_twice", f"the code {code} is used {count} times")


def _require_parts_filled(parts: tuple[Part, ...], trainings: tuple[Training, ...]) -> None:
    known = {part.part_code for part in parts}
    used = {training.part_code for training in trainings}
    for code in sorted(used - known):
        raise RuleViolation("curriculum.unknown_part", f"there is no part {code}")
    for code in sorted(known - used):
        raise RuleViolation("curriculum.empty_part", f"part {code} has no training")


def _require_order(parts: tuple[Part, ...], trainings: tuple[Training, ...]) -> None:
    """R4: follow what each builds on; whoever waits for somebody who waits is in a circle."""
    rank = {part.part_code: place for place, part in enumerate(parts)}
    part_of = {each.training_code: rank[each.part_code] for each in trainings}
    waiting = {each.training_code: set(each.after_codes) for each in trainings}
    for training in trainings:
        for code in training.after_codes:
            if part_of.get(code, len(parts)) > rank[training.part_code]:
                raise RuleViolation(
                    "curriculum.bad_order",
                    f"{training.training_code} cannot build on {code}",
                )
    while waiting:
        ready = {code for code, after in waiting.items() if not after & waiting.keys()}
        if not ready:
            circle = ", ".join(sorted(waiting))
            raise RuleViolation("curriculum.bad_order", f"these build on each other: {circle}")
        for code in ready:
            del waiting[code]

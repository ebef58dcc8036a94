"""The hard rules by name, each with its sentence for people."""

from __future__ import annotations

from enum import StrEnum

from chassis.language_map import LanguageMap


class Rule(StrEnum):
    """What every plan keeps; the checker and the model go through the same list."""

    COMPLETE = "plan.complete"
    PIN = "session.pinned"
    SPAN = "session.inside_span"
    WEEKDAY = "session.allowed_weekday"
    HOLIDAY = "session.no_holiday"
    HOURS = "session.local_hours"
    WINDOW = "session.window"
    PART_ORDER = "session.parts_in_order"
    PART_GAP = "session.gap_between_parts"
    AFTER = "session.after_another"
    BLOCK = "session.visit_block"
    TRAVEL = "session.travel"
    DAY_LIMIT = "cohort.day_limit"
    WEEK_LIMIT = "cohort.week_limit"
    COHORT_AVAILABLE = "cohort.available"
    COHORT_ONCE = "cohort.one_at_a_time"
    TRAINER_KIND = "trainer.kind"
    TRAINER_AVAILABLE = "trainer.available"
    TRAINER_LOAD = "trainer.load"
    TRAINER_ONCE = "trainer.one_at_a_time"
    INTERPRETERS = "trainer.interpreters"
    ROOM_FIT = "room.fits"
    ROOM_AVAILABLE = "room.available"
    ROOM_ONCE = "room.one_at_a_time"


SENTENCES: dict[Rule, LanguageMap] = {
    Rule.COMPLETE: {
        "en": "Every session has exactly one place of the right length.",
        "az": "Hər sessiyanın düzgün uzunluqda yalnız bir yeri var.",
    },
    Rule.SPAN: {
        "en": "Sessions lie between the first and the last day of the cohort.",
        "az": "Sessiyalar qrupun ilk və son günü arasında keçirilir.",
    },
    Rule.WEEKDAY: {
        "en": "Sessions are held only on the cohort's weekdays.",
        "az": "Sessiyalar yalnız qrupun həftə günlərində keçirilir.",
    },
    Rule.HOLIDAY: {
        "en": "No session is held on a public holiday or a closed day.",
        "az": "Bayram və bağlı günlərdə sessiya keçirilmir.",
    },
    Rule.HOURS: {
        "en": "Sessions lie within the local hours of every country that takes part.",
        "az": "Sessiyalar iştirakçı ölkələrin hamısında yerli iş saatlarına düşür.",
    },
    Rule.WINDOW: {
        "en": "A session lies between its own earliest and latest day.",
        "az": "Sessiya özünün ən erkən və ən gec günü arasında keçirilir.",
    },
    Rule.PART_ORDER: {
        "en": "A part of the curriculum begins only after the part before it has ended.",
        "az": "Tədris planının hər hissəsi yalnız əvvəlki hissə bitdikdən sonra başlayır.",
    },
    Rule.PART_GAP: {
        "en": "Between two parts of the curriculum the agreed days stay free.",
        "az": "Tədris planının iki hissəsi arasında razılaşdırılmış günlər boş qalır.",
    },
    Rule.AFTER: {
        "en": "A training begins only after the trainings it builds on.",
        "az": "Təlim yalnız əsaslandığı təlimlərdən sonra başlayır.",
    },
    Rule.BLOCK: {
        "en": "A study visit takes consecutive days that hold nothing else.",
        "az": "Tədris səfəri ardıcıl günləri tutur və həmin günlərdə başqa sessiya olmur.",
    },
    Rule.TRAVEL: {
        "en": "Cohort and trainer have time to travel before and after a visit.",
        "az": "Səfərdən əvvəl və sonra qrupun və təlimçinin yol üçün vaxtı var.",
    },
    Rule.DAY_LIMIT: {
        "en": "A cohort has no more sessions on one day than its limit.",
        "az": "Qrupun bir gündəki sessiyalarının sayı həddi aşmır.",
    },
    Rule.WEEK_LIMIT: {
        "en": "A cohort has no more sessions in one week than its limit.",
        "az": "Qrupun bir həftədəki sessiyalarının sayı həddi aşmır.",
    },
    Rule.COHORT_AVAILABLE: {
        "en": "A cohort meets only when it is not engaged elsewhere.",
        "az": "Qrup yalnız başqa işi olmayan vaxtlarda toplaşır.",
    },
    Rule.COHORT_ONCE: {
        "en": "A cohort attends one session at a time.",
        "az": "Qrup eyni vaxtda yalnız bir sessiyada olur.",
    },
    Rule.TRAINER_KIND: {
        "en": "Every session has a trainer of the kind it asks for.",
        "az": "Hər sessiyanı tələb olunan növdən təlimçi aparır.",
    },
    Rule.TRAINER_AVAILABLE: {
        "en": "Trainers work only on days and at times when they are free.",
        "az": "Təlimçilər yalnız boş olduqları gün və saatlarda işləyir.",
    },
    Rule.TRAINER_LOAD: {
        "en": "A trainer gives no more sessions a day and a week than agreed.",
        "az": "Təlimçinin gündəlik və həftəlik sessiyalarının sayı razılaşdırılmış həddi aşmır.",
    },
    Rule.TRAINER_ONCE: {
        "en": "A trainer gives one session at a time.",
        "az": "Təlimçi eyni vaxtda yalnız bir sessiya aparır.",
    },
    Rule.INTERPRETERS: {
        "en": "No more sessions need an interpreter at one time than there are interpreters.",
        "az": "Eyni vaxtda tərcüməçi tələb edən sessiyaların sayı tərcüməçilərin sayını aşmır.",
    },
    Rule.ROOM_FIT: {
        "en": "A session that needs a room has one that is large enough and of the right kind.",
        "az": "Otaq tələb edən sessiyanın kifayət qədər böyük və uyğun otağı var.",
    },
    Rule.ROOM_AVAILABLE: {
        "en": "Rooms are used only when they can be had.",
        "az": "Otaqlardan yalnız boş olduqda istifadə edilir.",
    },
    Rule.ROOM_ONCE: {
        "en": "A room holds one session at a time.",
        "az": "Otaqda eyni vaxtda yalnız bir sessiya keçirilir.",
    },
    Rule.PIN: {
        "en": "Pinned sessions stay where they are pinned.",
        "az": "Bərkidilmiş sessiyalar öz yerində qalır.",
    },
}

"""Settings: typed environment variables, all read and checked before anything starts."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from pathlib import Path
from typing import Any, TypeVar

from chassis.log.address import log_address

S = TypeVar("S", bound="ServiceSettings")

SERVICES = (
    "registration",
    "selection",
    "scheduling",
    "certification",
    "notifications",
    "partners",
    "console",
)
"""Every service with an API, in the order of the story."""

_FIRST_PORT = 8101


class SettingsError(Exception):
    """Wrong settings, all at once; each sentence names the variable and what it should be."""


@dataclass(frozen=True)
class _Variable:
    name: str
    doc: str
    parse: Callable[[str], Any]
    secret: bool


@dataclass(frozen=True)
class Description:
    """One setting for people: what ``rtcm settings`` and the reference show."""

    name: str
    doc: str
    default: str
    required: bool


def setting(
    name: str,
    *,
    doc: str,
    default: Any = ...,
    parse: Callable[[str], Any] = str,
    secret: bool = False,
) -> Any:
    """A field read from an environment variable.

    Args:
        parse: from text; raises ``ValueError`` with what is wanted ("a whole number, 1 or more").
        secret: its value is never shown, and ``<name>_FILE`` may name a file that holds it.
    """
    metadata = {"variable": _Variable(name, doc, parse, secret)}
    if default is ...:
        return field(metadata=metadata)
    return field(default=default, metadata=metadata)


def whole_number(at_least: int = 0, at_most: int = 2**31) -> Callable[[str], int]:
    """Parser of a whole number within limits."""

    def parse(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            number = at_least - 1
        if not at_least <= number <= at_most:
            raise ValueError(f"a whole number from {at_least} to {at_most}")
        return number

    return parse


def one_of(*words: str) -> Callable[[str], str]:
    """Parser of one of some words."""

    def parse(text: str) -> str:
        if text not in words:
            raise ValueError("one of " + ", ".join(words))
        return text

    return parse


def starting_with(*beginnings: str) -> Callable[[str], str]:
    """Parser of an address with a known beginning."""

    def parse(text: str) -> str:
        if not text.startswith(beginnings):
            raise ValueError("an address that begins with " + " or ".join(beginnings))
        return text

    return parse


def yes_no(text: str) -> bool:
    """Parser of ``yes`` or ``no``."""
    if text not in ("yes", "no"):
        raise ValueError("yes or no")
    return text == "yes"


def web_address(text: str) -> str:
    """Parser of an http address; a slash at the end is dropped."""
    return starting_with("http://", "https://")(text).rstrip("/")


@dataclass(frozen=True, kw_only=True)
class ServiceSettings:
    """What every service needs to know; a service adds its own by inheritance."""

    mode: str = setting(
        "RTCM_MODE",
        doc="production; demo or test allow a movable clock and a local mail sink",
        default="production",
        parse=one_of("production", "demo", "test"),
    )
    clock_file: Path | None = setting(
        "RTCM_CLOCK_FILE",
        doc="shared movable clock; demo and test mode only",
        default=None,
        parse=Path,
    )
    mongo_uri: str = setting(
        "RTCM_MONGO_URI",
        doc="MongoDB replica set, or the embedded server",
        default="mongodb://127.0.0.1:27017/?directConnection=true",
        parse=starting_with("mongodb://", "mongodb+srv://"),
        secret=True,
    )
    mongo_database_prefix: str = setting(
        "RTCM_MONGO_DATABASE_PREFIX",
        doc="a service's database is this and the service's name",
        default="rtcm_",
    )
    log_url: str = setting(
        "RTCM_LOG_URL",
        doc="event log: kafka[+tls]://[USER:PASSWORD@]HOST:PORT[,HOST:PORT] or sqlite:///PATH",
        default="kafka://127.0.0.1:9092",
        parse=log_address,
        secret=True,
    )
    topic_partitions: int = setting(
        "RTCM_TOPIC_PARTITIONS",
        doc="partitions of a topic when it is created: the most workers that can share it",
        default=12,
        parse=whole_number(1, 1000),
    )
    relay_slots: int = setting(
        "RTCM_RELAY_SLOTS",
        doc="leases an outbox is divided into: the most relays that can share it",
        default=2,
        parse=whole_number(1, 16),
    )
    job_threads: int = setting(
        "RTCM_JOB_THREADS", doc="jobs a worker does at a time", default=2, parse=whole_number(1, 64)
    )
    keys_dir: Path = setting(
        "RTCM_KEYS_DIR",
        doc="keys: public ones of all issuers, private ones of this process",
        parse=Path,
    )
    wake_dir: Path | None = setting(
        "RTCM_WAKE_DIR",
        doc="where processes of one machine wake each other; without it a change stream does",
        default=None,
        parse=Path,
    )
    host: str = setting("RTCM_HOST", doc="address an API listens on", default="127.0.0.1")
    api_threads: int = setting(
        "RTCM_API_THREADS",
        doc="requests an API works on at a time",
        default=8,
        parse=whole_number(1, 256),
    )
    worker_metrics_port: int | None = setting(
        "RTCM_WORKER_METRICS_PORT",
        doc="port a worker answers /metrics on, at RTCM_HOST; an API does at its own",
        default=None,
        parse=whole_number(1, 65_535),
    )
    body_limit_bytes: int = setting(
        "RTCM_BODY_LIMIT_BYTES",
        doc="largest request body",
        default=262_144,
        parse=whole_number(1_024, 16_777_216),
    )
    log_level: str = setting(
        "RTCM_LOG_LEVEL",
        doc="least level that is logged",
        default="INFO",
        parse=one_of("DEBUG", "INFO", "WARNING", "ERROR"),
    )
    registration_url: str = setting(
        "RTCM_REGISTRATION_URL",
        doc="registration's API",
        default="http://127.0.0.1:8101",
        parse=web_address,
    )
    selection_url: str = setting(
        "RTCM_SELECTION_URL",
        doc="selection's API",
        default="http://127.0.0.1:8102",
        parse=web_address,
    )
    scheduling_url: str = setting(
        "RTCM_SCHEDULING_URL",
        doc="scheduling's API",
        default="http://127.0.0.1:8103",
        parse=web_address,
    )
    certification_url: str = setting(
        "RTCM_CERTIFICATION_URL",
        doc="certification's API",
        default="http://127.0.0.1:8104",
        parse=web_address,
    )
    notifications_url: str = setting(
        "RTCM_NOTIFICATIONS_URL",
        doc="notifications' API",
        default="http://127.0.0.1:8105",
        parse=web_address,
    )
    partners_url: str = setting(
        "RTCM_PARTNERS_URL", doc="partners' API", default="http://127.0.0.1:8106", parse=web_address
    )
    console_url: str = setting(
        "RTCM_CONSOLE_URL",
        doc="the console as people reach it; stands in links of mails and certificates",
        default="http://127.0.0.1:8107",
        parse=web_address,
    )

    def url_of(self, service: str) -> str:
        """A service's API address."""
        url: str = getattr(self, f"{service}_url")
        return url


def load(
    settings_class: type[S], environ: Mapping[str, str], *, prefixes: tuple[str, ...] = ()
) -> S:
    """Read settings.

    Args:
        prefixes: beginnings that only this class uses (``RTCM_SELECTION_``): a variable with one
            of them that it does not know is a misspelling and refused.

    Raises:
        SettingsError: every wrong or missing variable, a sentence each.
    """
    problems: list[str] = []
    values: dict[str, Any] = {}
    known = set()
    for item, variable in _variables(settings_class):
        known.add(variable.name)
        if variable.secret:
            known.add(f"{variable.name}_FILE")
        try:
            text = _read(variable, environ)
        except ValueError as error:
            problems.append(str(error))
            continue
        if text:
            try:
                values[item.name] = variable.parse(text)
            except ValueError as error:
                shown = "its value" if variable.secret else repr(text)
                problems.append(f"{variable.name}: {shown} is not {error}")
        elif _is_required(item):
            problems.append(f"{variable.name} is missing: {variable.doc}")
    problems.extend(
        f"{name} is no setting; {_hint(name, known)}"
        for name in sorted(environ)
        if prefixes and name.startswith(prefixes) and name not in known
    )
    if problems:
        raise SettingsError("\n".join(problems))
    return settings_class(**values)


def _read(variable: _Variable, environ: Mapping[str, str]) -> str:
    file_name = f"{variable.name}_FILE"
    file = environ.get(file_name, "") if variable.secret else ""
    text = environ.get(variable.name, "")
    if not file:
        return text
    if text:
        raise ValueError(f"{file_name} and {variable.name} are both set: keep one")
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"{file_name}: {file!r} is not a readable text file") from error


def _hint(name: str, known: set[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    return f"is {near[0]} meant?" if near else "`rtcm settings` lists them all"


def describe(settings_class: type[ServiceSettings]) -> list[Description]:
    """All settings of a class, in order, for people."""
    return [
        Description(
            name=variable.name,
            doc=variable.doc,
            default="" if _is_required(item) or item.default is None else _text(item.default),
            required=_is_required(item),
        )
        for item, variable in _variables(settings_class)
    ]


def _variables(settings_class: type[ServiceSettings]) -> list[tuple[Field[Any], _Variable]]:
    return [(item, item.metadata["variable"]) for item in fields(settings_class)]


def _is_required(item: Field[Any]) -> bool:
    return item.default is MISSING


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ":".join(str(part) for part in value)
    return str(value)


def default_port(service: str) -> int:
    """The port a service listens on unless its address says otherwise."""
    return _FIRST_PORT + SERVICES.index(service)

"""The embedded engine of the event log: one SQLite file for the processes of one machine."""

from chassis.log.sqlite.file import LogDamaged
from chassis.log.sqlite.log import SqliteLog

__all__ = ["LogDamaged", "SqliteLog"]

"""The tables of the store, as the steps by which an older file becomes a new one."""

from __future__ import annotations

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE lesson (
            name TEXT PRIMARY KEY,
            digest TEXT NOT NULL,
            place INTEGER NOT NULL,
            count INTEGER NOT NULL,
            done INTEGER NOT NULL,
            at TEXT NOT NULL
        )""",
        """CREATE TABLE attempt (
            lesson TEXT NOT NULL,
            digest TEXT NOT NULL,
            place INTEGER NOT NULL,
            answer TEXT NOT NULL,
            verdict TEXT NOT NULL,
            at TEXT NOT NULL
        )""",
        "CREATE INDEX attempt_of_lesson ON attempt (lesson)",
    ),
    ("CREATE TABLE recent (request TEXT PRIMARY KEY, title TEXT NOT NULL, at TEXT NOT NULL)",),
    ("CREATE TABLE draft (name TEXT PRIMARY KEY, text TEXT NOT NULL, at TEXT NOT NULL)",),
)
"""Statements that lead from version n to version n + 1; a published step is never changed."""
VERSION = len(MIGRATIONS)
"""What `PRAGMA user_version` says of a file that is up to date."""

"""The file of the store: opened when it is first needed, brought up to date, and never a reason to stop."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from random import uniform
from time import monotonic, sleep
from typing import Any, TypeVar

from rnntui.store.schema import MIGRATIONS, VERSION

HOME = "RNNTUI_HOME"
"""The environment variable that names another folder."""
FILE = "progress.db"
PATIENCE = 10.0
"""Seconds that others may hold the file."""
WAITS = (0.002, 0.03)
"""Shortest and longest of the waits between tries, drawn at random: SQLite's own grow, and of many programs that write
at once one might never have its turn."""
Row = tuple[Any, ...]
Statement = tuple[str, Row]
Result = TypeVar("Result")


class Store:
    """One SQLite file. Each write is one transaction; where the file cannot be used, reads give nothing, writes do
    nothing, and `complaint` says so once."""

    def __init__(self, folder: Path | None = None) -> None:
        """`folder`: RNNTUI_HOME or the user's state folder where it is left out."""
        self._folder = folder
        self._connection: sqlite3.Connection | None = None
        self._is_open = False
        self._complaint = ""

    @property
    def complaint(self) -> str:
        """Why nothing, or nothing more, is kept: one line, the first time that it is asked for; then empty."""
        said, self._complaint = self._complaint, ""
        return said

    def read(self, query: str, values: Row = ()) -> list[Row]:
        """The rows of a query; none where there is no file, or it cannot be read."""
        return self._use(lambda connection: connection.execute(query, values).fetchall(), create=False) or []

    def write(self, *statements: Statement) -> None:
        """Run statements together or not at all."""

        def write(connection: sqlite3.Connection) -> None:
            with _whole(connection):
                for statement in statements:
                    connection.execute(*statement)

        self._use(write, create=True)

    def close(self) -> None:
        """Give the file back; it is opened again when it is needed."""
        if self._connection is not None:
            self._connection.close()
        self._connection, self._is_open = None, False

    def _use(self, act: Callable[[sqlite3.Connection], Result], create: bool) -> Result | None:
        """What `act` does with the open file; None where there is none. What fails ends the use of the file."""
        try:
            return self._patiently(act, create)
        except sqlite3.OperationalError as error:
            self._give_up(str(error))
        except sqlite3.DatabaseError:
            self._give_up("its file is damaged")
        except (OSError, RuntimeError) as error:  # RuntimeError: there is no home
            self._give_up(getattr(error, "strerror", None) or str(error))
        return None

    def _patiently(self, act: Callable[[sqlite3.Connection], Result], create: bool) -> Result | None:
        """The same, tried again while others hold the file; what was half done is undone then."""
        end = monotonic() + PATIENCE
        while True:
            try:
                if not self._is_open:
                    file = (self._folder or home()) / FILE
                    if not create and not file.exists():
                        return None
                    self._connection, self._is_open = self._opened(file), True
                return act(self._connection) if self._connection else None
            except sqlite3.OperationalError as error:
                # the low byte is the kind, the rest of it why
                if monotonic() > end or error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                    raise
            sleep(uniform(*WAITS))

    def _give_up(self, why: str) -> None:
        self.close()
        self._is_open, self._complaint = True, f"progress is not kept: {why[:1].lower()}{why[1:]}"

    def _opened(self, file: Path) -> sqlite3.Connection | None:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            connection = _connected(file)
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:
            aside = _set_aside(file)
            self._complaint = f"the file of your progress was damaged: a new one is begun, the old one is {aside}"
            connection = _connected(file)
        if _version(connection) > VERSION:
            connection.close()
            self._complaint = f"progress is neither read nor kept: {file} was written by a newer rnntui"
            return None
        return connection


def home() -> Path:
    """The folder of the store. Raises RuntimeError where the user has no home."""
    given = os.environ.get(HOME)
    if given:
        return Path(given)
    from platformdirs import user_state_path

    return user_state_path("rnntui", appauthor=False)


def now() -> str:
    """The time as the store writes it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _connected(file: Path) -> sqlite3.Connection:
    """A connection to a file that is up to date, or newer."""
    # transactions are begun by hand; a rollback journal and no WAL, since homes may be on NFS
    connection = sqlite3.connect(file, timeout=0, isolation_level=None, check_same_thread=False)
    try:
        if _version(connection) < VERSION:
            with _whole(connection):
                # asked again: another program may have done it meanwhile
                for step in MIGRATIONS[_version(connection) :]:
                    for statement in step:
                        connection.execute(statement)
                if _version(connection) < VERSION:
                    connection.execute(f"PRAGMA user_version = {VERSION}")
    except BaseException:
        connection.close()
        raise
    return connection


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


@contextmanager
def _whole(connection: sqlite3.Connection) -> Iterator[None]:
    """Nobody else writes meanwhile; what the block did is committed, or all of it undone."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise


def _set_aside(file: Path) -> Path:
    """Rename a damaged file; its new name."""
    moment = datetime.now(UTC).strftime("%Y-%m-%d-%H%M%S")
    return file.rename(file.with_name(f"{file.stem}-damaged-{moment}{file.suffix}"))

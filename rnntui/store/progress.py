"""How far a learner is in each lesson."""

from __future__ import annotations

from dataclasses import dataclass

from rnntui.store.store import Row, Store


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one lesson is."""

    name: str
    """As `rnntui run` takes it: the id of a shipped lesson, the whole path of another."""
    digest: str
    """Of the lesson as it was."""
    place: int
    """The step at which it was left, from 0."""
    count: int
    """How many steps it had."""
    done: bool
    """Whether its end was ever reached."""
    answers: int = 0
    """How many were given, wrong ones too."""

    @property
    def words(self) -> str:
        """`done` or `step 4 of 12`."""
        return "done" if self.done else f"step {self.place + 1} of {self.count}"


_QUERY = """SELECT name, digest, place, count, done, (SELECT count(*) FROM attempt WHERE lesson = name)
    FROM lesson {where} ORDER BY at DESC, name"""


def all_progress(store: Store) -> dict[str, Progress]:
    """Name → progress of every lesson that was opened, the latest first."""
    return {row[0]: _progress(row) for row in store.read(_QUERY.format(where=""))}


def progress_of(store: Store, name: str) -> Progress | None:
    """The progress of one lesson; None where it was never opened."""
    rows = store.read(_QUERY.format(where="WHERE name = ?"), (name,))
    return _progress(rows[0]) if rows else None


def forget(store: Store, name: str | None = None) -> int:
    """Forget the progress and the answers of a lesson, or of all; of how many lessons there was some."""
    if name is None:
        known = len(all_progress(store))
        store.write(("DELETE FROM attempt", ()), ("DELETE FROM lesson", ()))
        return known
    known = int(progress_of(store, name) is not None)
    store.write(("DELETE FROM attempt WHERE lesson = ?", (name,)), ("DELETE FROM lesson WHERE name = ?", (name,)))
    return known


def _progress(row: Row) -> Progress:
    name, digest, place, count, done, answers = row
    return Progress(name, digest, place, count, bool(done), answers)

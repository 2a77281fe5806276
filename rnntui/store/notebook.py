"""What is kept while one lesson is played: the place, the answers, and that its end was reached."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rnntui.safe import clean, cut
from rnntui.store.progress import progress_of
from rnntui.store.store import Store, now

Verdict = Literal["right", "wrong", "told", "given up"]
"""`told`: wrong, and settled by being told the right one."""
LONGEST = 500
"""Characters kept of an answer."""

_STANDS = """INSERT INTO lesson (name, digest, place, count, done, at) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (name) DO UPDATE SET digest = excluded.digest, place = excluded.place, count = excluded.count,
        done = max(done, excluded.done), at = excluded.at"""
_VERDICTS = "SELECT place, verdict FROM attempt WHERE lesson = ? AND digest = ? ORDER BY rowid"
_ANSWERED = "INSERT INTO attempt (lesson, digest, place, answer, verdict, at) VALUES (?, ?, ?, ?, ?, ?)"


@dataclass(frozen=True, eq=False)
class Notebook:
    """The page of one lesson in the store."""

    store: Store
    name: str
    """See `Progress.name`."""
    digest: str
    """Of the lesson's text: a place is only taken up again in the same lesson."""
    count: int
    """How many steps it has."""

    @property
    def left_at(self) -> int:
        """The step at which this very lesson was left, from 0; 0 where it was changed, done, or never begun."""
        known = progress_of(self.store, self.name)
        if known is None or known.digest != self.digest or not 0 < known.place < self.count - 1:
            return 0
        return known.place

    @property
    def verdicts(self) -> dict[int, tuple[Verdict, ...]]:
        """Step → what was made of each of its answers in this very lesson, in order."""
        found: dict[int, tuple[Verdict, ...]] = {}
        for place, verdict in self.store.read(_VERDICTS, (self.name, self.digest)):
            found[place] = (*found.get(place, ()), verdict)
        return found

    def stands(self, place: int, done: bool = False) -> None:
        """The lesson stands at a step; `done`: and nothing of it is left."""
        self.store.write((_STANDS, (self.name, self.digest, place, self.count, int(done), now())))

    def answered(self, place: int, answer: str, verdict: Verdict) -> None:
        """A question was answered."""
        self.store.write((_ANSWERED, (self.name, self.digest, place, cut(clean(answer), LONGEST), verdict, now())))

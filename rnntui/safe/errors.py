"""The error of what came from outside and cannot be used: one line with file, place, reason, next action."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable

from rnntui.safe.text import clean, cut

LONGEST = 400
"""Characters of one error line."""
MOST = 50
"""Error lines printed at once."""
_LONGEST_FILE = 120
_POSITION = re.compile(r"\d+(:\d+)?")


class InputError(Exception):
    """One thing wrong with what was given; `str()` is the line for standard error, cleaned and cut."""

    # not a ValueError: readers catch those around foreign parsers, and must not take this one for theirs

    def __init__(self, file: str | os.PathLike[str], place: str, reason: str) -> None:
        """`file`: as the user typed it, or the option at fault; `place`: where in it, `LINE` or `LINE:COLUMN`
        from 1, or words; empty where there is none. `reason` ends in what to do next."""
        super().__init__(file, place, reason)
        self.file = os.fspath(file)
        self.place = place
        self.reason = reason
        self.also: tuple[InputError, ...] = ()
        """What else is wrong with the same file, in its order."""

    def lines(self) -> list[str]:
        """One line for it, and one for each of the others."""
        return InputErrors((self, *self.also)).lines()

    def __str__(self) -> str:
        file = self.file if len(self.file) <= _LONGEST_FILE else "…" + self.file[1 - _LONGEST_FILE :]
        joint = ":" if file and _POSITION.fullmatch(self.place) else ": "
        where = joint.join(part for part in (file, self.place) if part)
        return cut(clean(": ".join(part for part in (where, self.reason) if part)), LONGEST)

    @property
    def position(self) -> list[int]:
        """Line and column, to put errors in the order of a file; empty where the place is not written so."""
        return [int(number) for number in self.place.split(":")] if _POSITION.fullmatch(self.place) else []


class InputErrors(Exception):  # noqa: N818  # the plural is the point
    """Several things wrong with what was given, in the order in which they are to be read."""

    def __init__(self, errors: Iterable[InputError]) -> None:
        self.errors = tuple(errors)
        super().__init__(self.errors)

    def lines(self) -> list[str]:
        """One line an error, at most 50; then how many more there are."""
        shown = [str(error) for error in self.errors[:MOST]]
        rest = len(self.errors) - len(shown)
        return [*shown, f"… and {rest} more"] if rest else shown

    def __str__(self) -> str:
        return "\n".join(self.lines())

"""Which part of a long series is read, and into how many sequences it is cut."""

from __future__ import annotations

from dataclasses import dataclass

from rnntui.safe import InputError
from rnntui.sources.source import MAX_TIMES

WHOLE = 1_000
"""Items that are read as a whole when no length is given."""
PROPOSED = 200
MAX_ITEMS = 8_388_608
"""Items of all sequences together: 64 MiB of float64."""


@dataclass(frozen=True)
class Windows:
    """`batch` consecutive windows of `length` items, the first at item `offset`.

    A window of L items gives T = L − 1 predictions. Raises InputError for numbers that make no window."""

    length: int | None = None
    """None: the whole series, up to 1,000 items, cut into equal windows."""
    offset: int = 0
    batch: int = 1

    def __post_init__(self) -> None:
        if self.length is not None and not 2 <= self.length <= MAX_TIMES + 1:
            raise _option("--length", self.length, f"a whole number 2…{MAX_TIMES + 1}")
        if self.offset < 0:
            raise _option("--offset", self.offset, "a whole number from 0")
        if self.batch < 1:
            raise _option("--batch", self.batch, "a whole number from 1")
        if (self.length or 2) * self.batch > MAX_ITEMS:
            raise InputError("--batch", "", f"over {MAX_ITEMS:,} items in all: give a smaller --batch or --length")

    @property
    def wanted(self) -> int:
        """How many items to read: with no length one more than is allowed, to see whether there are more."""
        return WHOLE + 1 if self.length is None else self.length * self.batch

    def fit(self, file: str, noun: str, found: int, total: int | None) -> int:
        """The length of each window, `found` items having been read of the `wanted` ones.

        `total`: items of the whole series, None where its end was not met; `noun`: what an item is called.
        Raises InputError that says what would fit."""
        if total == 0:
            raise InputError(file, "", f"has no {noun}s: give at least 2")
        if total == 1:
            raise InputError(file, "", f"has 1 {noun}: predicting the next one takes at least 2")
        if total is not None and found < 2:
            reason = f"there are only {total:,} {noun}s: give a smaller --offset"
            raise InputError(file, f"--offset {self.offset}", reason)
        room = found // self.batch
        if self.length is None and found > WHOLE:
            hint = f"give --length {min(PROPOSED, room)}" if room >= 2 else "give --length and a smaller --batch"
            raise InputError(file, "", f"more than {WHOLE:,} {noun}s: {hint} for a window of them")
        if room < 2:
            reason = f"{found} {noun}s make no {self.batch} windows of at least 2: give --batch {found // 2}"
            raise InputError(file, f"--batch {self.batch}", reason)
        if found < self.wanted and self.length is not None:
            several = f" --batch {self.batch}" if self.batch > 1 else ""
            end = self.offset + self.wanted
            reason = f"reads {self.offset:,}…{end:,}, but there are only {total:,} {noun}s: give --length {room}"
            raise InputError(file, f"--length {self.length}{several}", reason)
        return self.length or room

    def span(self, length: int) -> str:
        """`0…200`: the items that are read, the last not included; empty for a whole series."""
        if self.length is None and not self.offset:
            return ""
        return f"{self.offset}…{self.offset + length * self.batch}"


def _option(option: str, got: int, expected: str) -> InputError:
    return InputError(option, "", f"got {got}, expected {expected}")

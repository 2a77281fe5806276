"""Hints of keys in a row: as many as fit, each whole, and which one is under the mouse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rnntui.widgets.palette import Palette

APART = 2
"""Columns between two."""
DARK = "dark"
"""What the key of the colours does while they are light."""


@dataclass(frozen=True, slots=True)
class Hint:
    """A key, and what it does."""

    keys: str
    label: str
    action: str
    each: tuple[tuple[str, str], ...] = ()
    """Its keys one by one with what each does, where they do different things: ← goes back, → steps."""


class HintRow:
    """Those of some hints, in their order, that fit into `width` columns from `start` on."""

    def __init__(self, hints: Sequence[Hint], palette: Palette, start: int, width: int) -> None:
        self.shown: list[tuple[str, str]] = []
        """(keys, label) of each, as they are written; a blank is between the two."""
        self.end = start
        """The column after the last."""
        self._ends: list[tuple[int, str]] = []
        for hint in hints:
            keys = palette.keys(hint.keys)
            label = DARK if (hint.action, palette.name) == ("theme", "light") else hint.label
            length = len(keys) + 1 + len(label)
            if self.end + length <= width:
                self.shown.append((keys, label))
                at = 0
                for part, action in hint.each:
                    at = keys.index(palette.keys(part), at) + len(palette.keys(part))
                    self._ends.append((self.end + at, action))
                self.end += length + APART
                self._ends.append((self.end, hint.action))

    def action_at(self, x: int) -> str | None:
        """What the hint in a column stands for, of several keys the one there; None to the right of all."""
        return next((action for end, action in self._ends if x < end), None)

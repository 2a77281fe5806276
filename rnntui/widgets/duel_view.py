"""What the duel's screen hands to its widgets: a View whose frame is A's, and the duel beside it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from rnntui.duel import DuelFrame
from rnntui.widgets.view import View

SIDES = ("backward", "violet")
"""The colour of A and that of B."""


@dataclass(frozen=True, kw_only=True)
class DuelView(View):
    """One moment of two runs."""

    duel: DuelFrame
    note: str = ""
    """Which losses the gradient is of: `of the last loss alone`; empty where there is only one."""

    def sides(self) -> tuple[View, View]:
        """A view of each run alone."""
        return replace(self, frame=self.duel.a), replace(self, frame=self.duel.b)

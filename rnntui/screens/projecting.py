"""The debugger on a projector: few and wide columns, everything below the Score, nothing faint."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual.screen import Screen

from rnntui.session import Session

if TYPE_CHECKING:
    from rnntui.app import DebuggerApp
    from rnntui.walk import Walk

PITCHES = (14, 12)
"""Screen columns a time: the first with which the whole run is visible, else the last."""
GUTTER = 9
"""About as many columns for the names."""


class Projecting(Screen[int]):
    """The part of the debugger that knows whether people far away look at it."""

    _session: Session
    _walk: Walk | None

    def _show(self) -> None:
        raise NotImplementedError

    def _place_panes(self, width: int, height: int) -> None:
        raise NotImplementedError

    @property
    def _projected(self) -> bool:
        return cast("DebuggerApp", self.app).is_projected

    @property
    def _projected_zoom(self) -> int:
        """Columns a time, where none were asked for."""
        room = (self.size.width - GUTTER) // self._session.run.T
        return next((pitch for pitch in PITCHES if pitch <= room), PITCHES[-1])

    def action_projector(self) -> None:
        """For people far away, or for one's own screen."""
        cast("DebuggerApp", self.app).toggle_projector()
        self._place_panes(self.size.width, self.size.height)
        self._show()
        for widget in self.walk_children():
            widget.notify_style_update()  # what it has drawn is forgotten
            widget.refresh()

    def action_page_on(self) -> None:
        """A clicker: on in the lesson, or to the next equation."""
        self._page("later_step", "step")

    def action_page_back(self) -> None:
        """A clicker: back."""
        self._page("earlier_step", "back")

    def _page(self, in_lesson: str, without: str) -> None:
        getattr(self, f"action_{without if self._walk is None else in_lesson}")()

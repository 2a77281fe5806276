"""How wide a time is drawn, and the keys that change it."""

from __future__ import annotations

from textual.screen import Screen

ZOOMS = (1, 2, 3, 5, 7, 8, 10, 12, 14)
"""Screen columns a time."""


class Zooming(Screen[int]):
    """The part of a screen that makes the columns of its picture wider or narrower."""

    _zoom = 0
    """Screen columns a time; 0 fits the run to the width."""

    @property
    def _pitch(self) -> int:
        """Screen columns a time that are shown now."""
        raise NotImplementedError

    def _zoom_to(self, zoom: int) -> None:
        """Draw with so many columns a time."""
        raise NotImplementedError

    def action_wider(self) -> None:
        """Wider columns than those that are shown."""
        self._zoom_to(next((zoom for zoom in ZOOMS if zoom > self._pitch), ZOOMS[-1]))

    def action_narrower(self) -> None:
        """Narrower ones; below the narrowest, the whole run."""
        self._zoom_to(max((zoom for zoom in ZOOMS if zoom < self._pitch), default=0))

    def action_fit(self) -> None:
        """The whole run."""
        self._zoom_to(0)

"""Screens that are left once, however fast keys come."""

from __future__ import annotations

from typing import Any

from textual.await_complete import AwaitComplete
from textual.screen import Screen


class Leaving(Screen[Any]):
    """A screen that is not in front any more is not left again: Textual would take the one beneath away."""

    @property
    def leads_back(self) -> bool:
        """Whether there is a screen beneath that it was opened from."""
        return len(self.app.screen_stack) > 2  # Textual's own, this one, and one beneath

    def dismiss(self, result: Any = None) -> AwaitComplete:
        """Go back, where this screen is in front."""
        return super().dismiss(result) if self.is_active else AwaitComplete()

"""What every whole screen has at its foot: its keys, which can be clicked, and what it says for a moment."""

from __future__ import annotations

from typing import Any

from textual import events

from rnntui.screens.leaving import Leaving
from rnntui.widgets.key_bar import KeyBar
from rnntui.widgets.notice import BELOW, Notice


class Footed(Leaving):
    """A screen that yields a KeyBar or a HintBar, and a Notice."""

    def notify(self, message: str, *, timeout: float | None = None, severity: str = "information", **_: Any) -> None:
        """Say something for a moment, as typed; nothing before there is a Notice, and when the screen was left."""
        for notice in self.query(Notice):
            notice.say(message, timeout or 3, severity, self.beneath_notices)

    @property
    def beneath_notices(self) -> int:
        """The last rows of the screen that nothing that is said may cover."""
        return BELOW

    def on_resize(self, event: events.Resize) -> None:
        """What was said had its place on the old size. Textual calls this besides a subclass's own."""
        self.query_one(Notice).hush()

    async def on_key_bar_action_wanted(self, event: KeyBar.ActionWanted) -> None:
        """A hint was clicked."""
        await self.run_action(event.action)

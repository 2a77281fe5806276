"""The screen as it stands, row by row: for pictures and for tests of what is on it."""

from __future__ import annotations

from typing import Any

from textual._context import visible_screen_stack
from textual.app import App
from textual.strip import Strip


def strips(app: App[Any]) -> list[Strip]:
    """The rows of the app's active screen, with their styles."""
    # private in Textual: it has no public way to read the composed screen, with what lies behind a dialog
    visible_screen_stack.set(app._background_screens)
    return list(app.screen._compositor.render_strips())


def text(app: App[Any]) -> str:
    """The same as plain text, blanks at the ends of lines left out."""
    return "\n".join(strip.text.rstrip() for strip in strips(app)) + "\n"

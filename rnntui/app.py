"""The full-screen app: themes, and the screen on which a session is shown."""

from __future__ import annotations

from typing import Any

from textual._compositor import ChopsUpdate
from textual.app import App
from textual.screen import Screen
from textual.theme import Theme

from rnntui.screens.debugger import Debugger
from rnntui.screens.spans import Spans
from rnntui.session import Session
from rnntui.walk import Walk
from rnntui.widgets.palette import ROLES, Palette, ThemeName, palette


def _theme(name: ThemeName) -> Theme:
    roles = ROLES[name]
    return Theme(
        name=f"rnntui-{name}",
        primary=roles["forward"],
        secondary=roles["backward"],
        accent=roles["violet"],
        foreground=roles["text"],
        background=roles["background"],
        surface=roles["surface"],
        panel=roles["panel"],
        success=roles["input"],
        warning=roles["loss"],
        error=roles["trouble"],
        dark=name == "dark",
        variables={
            "rule": roles["rule"],
            "quiet": roles["muted"],
            "scrollbar": roles["rule"],
            "scrollbar-background": roles["surface"],
            "scrollbar-corner-color": roles["surface"],
            "scrollbar-hover": roles["muted"],
            "scrollbar-active": roles["muted"],
            "input-selection-background": f"{roles['violet']} 40%",
        },
    )


class DebuggerApp(App[int]):
    """Steps through one session, as the clients of `Session` that draw no screen do too."""

    TITLE = "rnntui"
    ENABLE_COMMAND_PALETTE = False
    CSS_PATH = "app.tcss"

    def __init__(self, session: Session, walk: Walk | None = None, theme: ThemeName = "dark") -> None:
        super().__init__()
        self._session = session
        self._walk = walk
        self._light_or_dark: ThemeName = theme
        for name in ROLES:
            self.register_theme(_theme(name))
        self.theme = f"rnntui-{theme}"

    @property
    def palette(self) -> Palette:
        """The colours now."""
        return palette(self._light_or_dark, self.no_color)

    def on_mount(self) -> None:
        """Show the session."""
        self.push_screen(Debugger(self._session, self._walk, self.palette))

    def toggle_theme(self) -> Palette:
        """Change between dark and light; the new colours."""
        self._light_or_dark = "light" if self._light_or_dark == "dark" else "dark"
        self.theme = f"rnntui-{self._light_or_dark}"
        return self.palette

    def _display(self, screen: Screen[Any], renderable: Any) -> None:
        if isinstance(renderable, ChopsUpdate):
            renderable = Spans.of(renderable)
        super()._display(screen, renderable)

    async def action_quit(self) -> None:
        """Leave."""
        self.exit(0)


def show(session: Session, walk: Walk | None = None, theme: ThemeName = "dark") -> int:
    """Show a session full screen until the user leaves; the exit code."""
    app = DebuggerApp(session, walk, theme)
    code = app.run()
    return code if isinstance(code, int) else app.return_code or 0

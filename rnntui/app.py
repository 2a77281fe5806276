"""The full-screen app: themes, and the screen on which a session is shown."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console
from textual import constants
from textual._compositor import ChopsUpdate
from textual.app import App
from textual.filter import LineFilter
from textual.screen import Screen
from textual.theme import Theme

from rnntui.screens.opening import Opening
from rnntui.screens.spans import Spans
from rnntui.widgets.colours import Depth, ThemeName, roles_of
from rnntui.widgets.glyphs import Ascii, has

if TYPE_CHECKING:
    from rnntui.session import Session
    from rnntui.walk import Walk
    from rnntui.widgets.palette import Palette

Begin = Callable[[], "tuple[Session, Walk | None]"]
"""Makes what is to be shown. It is called after the first paint: what it imports takes as long as Textual itself."""
THEMES: tuple[ThemeName, ...] = ("dark", "light")


def _theme(name: ThemeName, depth: Depth) -> Theme:
    roles = roles_of(name, depth)
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
            "input-selection-background": f"{roles['violet']} 40%" if depth == "all" else roles["rule"],
        },
    )


class DebuggerApp(App[int]):
    """Steps through one session, as the clients of `Session` that draw no screen do too."""

    TITLE = "rnntui"
    ENABLE_COMMAND_PALETTE = False
    CSS_PATH = "app.tcss"

    def __init__(
        self,
        session: Session | Begin,
        walk: Walk | None = None,
        theme: ThemeName = "dark",
        depth: Depth = "all",
        ascii: bool = False,
        encoding: str = "utf-8",
    ) -> None:
        """`session`: a session, or what makes one; `ascii`: draw with ASCII's signs only."""
        super().__init__()
        self.failure: Exception | None = None
        """What went wrong when the session was made."""
        self._begin: Begin = session if callable(session) else lambda: (session, walk)
        self._is_made = not callable(session)
        self._light_or_dark: ThemeName = theme
        self._depth = depth
        self._glyphs = (Ascii(encoding),) if ascii else ()
        for name in THEMES:
            self.register_theme(_theme(name, depth))
        self.theme = f"rnntui-{theme}"

    @property
    def palette(self) -> Palette:
        """The colours now."""
        from rnntui.widgets.palette import palette

        return palette(self._light_or_dark, self.no_color, self._depth, bool(self._glyphs))

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual's, and ours for signs: they see all that is drawn."""
        return [*super().get_line_filters(), *self._glyphs]

    def on_mount(self) -> None:
        """Show the session, or, until it is made, that it will come."""
        if self._is_made:
            self._show()
        else:
            self.push_screen(Opening())
            self.call_after_refresh(self._show)

    def _show(self) -> None:
        try:
            session, walk = self._begin()
        except Exception as error:  # noqa: BLE001  # raised again when the terminal is as it was
            self.failure = error
            self.exit(2)
            return
        from rnntui.screens.debugger import Debugger

        debugger = Debugger(session, walk, self.palette)
        if self._is_made:
            self.push_screen(debugger)
        else:
            self.switch_screen(debugger)

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


def show(begin: Begin, theme: ThemeName = "dark", ascii: bool = False) -> int:
    """Show a session full screen until the user leaves; the exit code. Raises what `begin` raises. ASCII's signs are
    taken too where the terminal's encoding has no others."""
    encoding = getattr(sys.__stderr__, "encoding", None) or "utf-8"
    system = Console(color_system=constants.COLOR_SYSTEM, force_terminal=True).color_system  # type: ignore[arg-type]
    depth: Depth = "all" if system == "truecolor" else "256"
    app = DebuggerApp(begin, None, theme, depth, ascii or not has("∇→│▀", encoding), encoding)
    code = app.run()
    if app.failure is not None:
        raise app.failure
    return code if isinstance(code, int) else app.return_code or 0

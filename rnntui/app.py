"""The full-screen app: themes, and the screen on which a session is shown."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from rich.console import Console
from textual import constants
from textual._compositor import ChopsUpdate
from textual.actions import ActionParseResult
from textual.app import App
from textual.binding import Binding, BindingType
from textual.dom import DOMNode
from textual.filter import LineFilter
from textual.screen import Screen
from textual.worker import get_current_worker

from rnntui.screens.opening import Opening
from rnntui.screens.spans import Spans
from rnntui.widgets.colours import Depth, ThemeName
from rnntui.widgets.glyphs import Ascii, has
from rnntui.widgets.themes import themes

if TYPE_CHECKING:
    from rnntui.bench.sheet import Sheet
    from rnntui.library.library import Library
    from rnntui.match import Match
    from rnntui.rereading import Rereading
    from rnntui.session import Session
    from rnntui.store import Store
    from rnntui.walk import Walk
    from rnntui.widgets.palette import Palette

Begin = Callable[[], "tuple[Session, Walk | None] | Library | Match | Sheet"]
"""Makes what is to be shown: a session, perhaps with the walk through a lesson on it, the library, a match of two runs,
or a cell to be written. It is called after the first paint: what it imports takes as long as Textual itself."""
INTERRUPTED = 3
"""Seconds within which ctrl+C twice leaves."""
LOOK_EVERY = 0.4
"""Seconds from one look at a lesson's file to the next, where it is looked after."""


class DebuggerApp(App[int]):
    """Steps through one session, as the clients of `Session` that draw no screen do too."""

    TITLE = "rnntui"
    ENABLE_COMMAND_PALETTE = False
    CSS_PATH = "app.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("S", "save", show=False)]
    """What every screen has; the debugger's table names it."""

    def __init__(
        self,
        session: Session | Begin,
        walk: Walk | None = None,
        theme: ThemeName = "dark",
        depth: Depth = "all",
        ascii: bool = False,
        encoding: str = "utf-8",
        store: Store | None = None,
        rereading: Rereading | None = None,
    ) -> None:
        """`session`: a session, or what makes what is to be shown; `ascii`: draw with ASCII's signs only; `store`: the
        user's own where it is left out; `rereading`: the lesson's file is looked after, and opened again when it
        changes."""
        super().__init__()
        self._rereading = rereading
        self._store = store
        self.failure: Exception | None = None
        """What went wrong when the session was made."""
        self._interrupted = False
        """Whether ctrl+C was pressed a moment ago."""
        self._begin: Begin = session if callable(session) else lambda: (session, walk)
        self._is_made = not callable(session)
        self._light_or_dark: ThemeName = theme
        self._depth = depth
        self._glyphs = (Ascii(encoding),) if ascii else ()
        self._readable: tuple[LineFilter, ...] = ()
        for made in themes(depth):
            self.register_theme(made)
        self.theme = f"rnntui-{theme}"

    @property
    def store(self) -> Store:
        """What is remembered between two starts."""
        from rnntui.store import Store

        self._store = self._store or Store()
        return self._store

    @property
    def palette(self) -> Palette:
        """The colours now."""
        from rnntui.widgets.palette import palette

        return palette(self._light_or_dark, self.no_color, self._depth, bool(self._glyphs))

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual's, and ours for signs: they see all that is drawn."""
        return [*super().get_line_filters(), *self._readable, *self._glyphs]

    def on_mount(self) -> None:
        """Show the session, or, until it is made, that it will come."""
        if self._rereading is not None:
            self.set_interval(LOOK_EVERY, self._reread)
        if self._is_made:
            self._show()
        else:
            self.push_screen(Opening())
            self.call_after_refresh(self._show)

    def _show(self) -> None:
        try:
            screen = self._screen(self._begin())
        except Exception as error:  # noqa: BLE001  # raised again when the terminal is as it was
            if self._rereading is None or not _is_of_input(error):
                self.failure = error
                self.exit(2)
            else:
                self.switch_screen(self._faults(error, partial(self.open, self._begin)))
            return
        if self._is_made:
            self.push_screen(screen)
        else:
            self.switch_screen(screen)

    def _screen(self, shown: tuple[Session, Walk | None] | Library | Match | Sheet) -> Screen[Any]:
        from rnntui.match import Match

        if isinstance(shown, Match):
            from rnntui.screens.duel import DuelScreen

            return DuelScreen(shown, self.palette)
        if isinstance(shown, tuple):
            from rnntui.screens.debugger import Debugger

            session, walk = shown
            return Debugger(session, walk, self.palette)
        from rnntui.bench.sheet import Sheet

        if isinstance(shown, Sheet):
            from rnntui.screens.bench import Bench

            return Bench(shown, self.palette)
        from rnntui.screens.library import LibraryScreen

        return LibraryScreen(shown, self.palette)

    def open(self, begin: Begin) -> None:
        """Show something else in the place of everything that is shown, when it is made; escape gives it up. What
        cannot be opened is told, and all stays as it is."""
        self.push_screen(Opening(leaves=True))
        self.run_worker(partial(self._make, begin), thread=True, exclusive=True)

    def _make(self, begin: Begin) -> None:
        """Off the loop: a lesson that trains takes seconds. What was given up for something else is not shown."""
        worker = get_current_worker()
        try:
            made = begin()
        except Exception as error:  # noqa: BLE001  # raised again when the terminal is as it was
            if worker.is_cancelled:
                return
            if _is_of_input(error):
                self.call_from_thread(self._refuse, error, begin)
            else:
                self.failure = error
                self.call_from_thread(self.exit, 2)
        else:
            if not worker.is_cancelled:
                self.call_from_thread(self._arrive, made)

    def _refuse(self, error: Exception, begin: Begin) -> None:
        if isinstance(self.screen, Opening):
            self.switch_screen(self._faults(error, partial(self.open, begin)))

    def _faults(self, error: Exception, again: Callable[[], object]) -> Screen[Any]:
        from rnntui.screens.fault_card import FaultCard

        return FaultCard(str(error).splitlines(), again, watched=self._rereading is not None)

    def _arrive(self, made: tuple[Session, Walk | None] | Library | Match | Sheet) -> None:
        if not isinstance(self.screen, Opening):
            return
        screen = self._screen(made)
        while len(self.screen_stack) > 2:  # Textual's own is the first
            self.pop_screen()
        self.switch_screen(screen)

    def _reread(self) -> None:
        """Open the lesson again where its file was changed, or what could not be opened before."""
        from rnntui.screens.debugger import Debugger
        from rnntui.screens.fault_card import FaultCard

        screen = self.screen
        if self._rereading is None or not isinstance(screen, Debugger | FaultCard) or not self._rereading.changed():
            return
        if isinstance(screen, FaultCard):
            screen.action_again()
        else:
            self._read_again()

    def _read_again(self) -> None:
        """What is wrong with the lesson now is told, and all stays as it is."""
        from rnntui.safe import InputError, InputErrors
        from rnntui.screens.debugger import Debugger

        if self._rereading is None or not isinstance(self.screen, Debugger):
            return
        try:
            walk = self._rereading.again(self.screen.lesson_place)
        except (InputError, InputErrors) as error:
            self.push_screen(self._faults(error, self._read_again))
            return
        self.open(lambda: (walk.session, walk))

    def action_save(self) -> None:
        """Ask under which name the picture of this screen, and the run on it, are to be saved."""
        from rnntui.screens.ask import Ask
        from rnntui.screens.saving import proposal, save, sessions_of
        from rnntui.screens.strips import strips
        from rnntui.screens.svg import svg

        screen, sessions = self.screen, sessions_of(self.screen_stack)
        if any(session.hidden for session in sessions):
            screen.notify("predict first: what is saved would tell what is hidden", timeout=3, markup=False)
            return
        picture = svg(strips(self), self.palette.colour("text"), self.palette.colour("background"))

        def write(name: str) -> None:
            files = " and ".join(str(file) for file in save(name, picture, sessions))
            self.call_later(lambda: self.screen.notify(f"saved {files}", timeout=6, markup=False))

        what = "a picture (.svg) and the run (.npz)" if sessions else "a picture (.svg)"
        self.push_screen(Ask("Save this screen as", f"{what}; nothing is overwritten", write, proposal(sessions)))

    @property
    def is_projected(self) -> bool:
        """Whether all text has to be read from afar."""
        return bool(self._readable)

    def toggle_projector(self) -> None:
        """See that all text can be read from afar, or no more."""
        from rnntui.widgets.readable import Readable

        self._readable = () if self._readable else (Readable(self._depth),)

    def toggle_theme(self) -> Palette:
        """Change between dark and light; the new colours."""
        self._light_or_dark = "light" if self._light_or_dark == "dark" else "dark"
        self.theme = f"rnntui-{self._light_or_dark}"
        return self.palette

    def _display(self, screen: Screen[Any], renderable: Any) -> None:
        if isinstance(renderable, ChopsUpdate):
            renderable = Spans.of(renderable)
        super()._display(screen, renderable)

    async def run_action(
        self,
        action: str | ActionParseResult,
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """Keys may come faster than screens: what they do on one that has nothing on it yet waits, and what comes after
        the one that quits is nothing."""
        if self.return_code is not None:
            return True
        if isinstance(default_namespace, Screen) and default_namespace.is_active and not default_namespace.is_mounted:
            self.call_later(self.run_action, action, default_namespace, namespaces)
            return True
        return await super().run_action(action, default_namespace, namespaces)

    def action_help_quit(self) -> None:
        """Ctrl+C, which interrupts elsewhere: told what leaves, and left at the second time."""
        if self._interrupted:
            self.call_later(self.action_quit)
            return
        self._interrupted = True
        self.set_timer(INTERRUPTED, self._go_on)
        self.screen.notify("ctrl+c again leaves rnntui", timeout=INTERRUPTED, markup=False)

    def _go_on(self) -> None:
        self._interrupted = False

    async def action_quit(self) -> None:
        """Leave; a screen that holds something unsaved is asked first."""
        holding = next((screen for screen in self.screen_stack if getattr(screen, "unsaved", False)), None)
        if holding is None:
            self.exit(0)
            return
        while self.screen is not holding:
            self.pop_screen()
        await holding.run_action("leave")


def _is_of_input(error: Exception) -> bool:
    """Whether it is what was given that is wrong."""
    from rnntui.safe import InputError, InputErrors

    return isinstance(error, InputError | InputErrors)


def show(
    begin: Begin,
    theme: ThemeName = "dark",
    ascii: bool = False,
    store: Store | None = None,
    rereading: Rereading | None = None,
) -> int:
    """Show a session, or the library, full screen until the user leaves; the exit code. Raises what `begin` raises.
    ASCII's signs are taken too where the terminal's encoding has no others."""
    encoding = getattr(sys.__stderr__, "encoding", None) or "utf-8"
    system = Console(color_system=constants.COLOR_SYSTEM, force_terminal=True).color_system  # type: ignore[arg-type]
    depth: Depth = "all" if system == "truecolor" else "256"
    app = DebuggerApp(begin, None, theme, depth, ascii or not has("∇→│▀", encoding), encoding, store, rereading)
    code = app.run()
    if app.failure is not None:
        raise app.failure
    return code if isinstance(code, int) else app.return_code or 0

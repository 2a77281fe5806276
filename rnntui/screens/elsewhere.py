"""The keys that lead from the debugger to another screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual.screen import Screen

from rnntui.explain.blame import LONGEST
from rnntui.screens.help import Help
from rnntui.screens.leaving import Leaving
from rnntui.session import Session
from rnntui.widgets.palette import Palette

if TYPE_CHECKING:
    from rnntui.app import DebuggerApp
    from rnntui.match import Match
    from rnntui.walk import Walk


class Elsewhere(Leaving, Screen[int]):
    """The part of the debugger that opens other screens; they give the keys back when they are left."""

    _session: Session
    _walk: Walk | None
    _palette: Palette
    _returns: bool

    def action_quit(self) -> None:
        raise NotImplementedError

    def action_bench(self) -> None:
        """Change the cell, and run it on the same data."""
        if self._returns:
            self.action_quit()
            return
        if self._session.hidden:
            # a run of the same cell on the same data would tell what is hidden
            self.notify("predict first: the bench would show what is hidden", timeout=3, markup=False)
            return
        from rnntui.bench.sheet import sheet_of
        from rnntui.safe import InputError
        from rnntui.screens.bench import Bench

        try:
            self.app.push_screen(Bench(sheet_of(self._session), self._palette))
        except InputError as error:
            self.notify(str(error), severity="warning", timeout=3, markup=False)

    def _show(self) -> None:
        raise NotImplementedError

    def on_screen_resume(self) -> None:
        """Another screen may have changed the colours."""
        self._palette = cast("DebuggerApp", self.app).palette
        self._show()

    def action_blame(self) -> None:
        """Which loss reaches which time."""
        if self._session.run.T > LONGEST:
            self.notify(f"the blame matrix has at most {LONGEST} times, this run has {self._session.run.T}", timeout=4)
            return
        from rnntui.screens.blame import BlameScreen

        self.app.push_screen(BlameScreen(self._session, self._palette))

    def action_jacobian(self) -> None:
        """The map from one state to the next."""
        from rnntui.screens.jacobian import JacobianScreen

        self.app.push_screen(JacobianScreen(self._session, self._palette))

    def action_duel(self) -> None:
        """Show a second cell beside this one: that of the lesson, else one that is asked for."""
        if self._session.hidden:
            # a second run of the same cell would tell what is hidden
            self.notify("predict first: a duel would show what is hidden", timeout=3, markup=False)
            return
        from bptt.errors import InputError
        from rnntui.match import Match, rival
        from rnntui.screens.rival import RivalDialog

        def match(second: Session, title: str = "") -> Match:
            made = Match(self._session, second, title=title)
            made.duel(made.alone)
            return made

        second = self._walk.second if self._walk is not None else None
        if second is None:
            dialog = RivalDialog(self._session, lambda cell: match(rival(self._session, cell)))
            self.app.push_screen(dialog, self._fight)
            return
        try:
            self._fight(match(second, self._session.cell.name))
        except InputError as error:
            self.notify(f"{second.title} cannot be shown beside this run: {error}", severity="warning", timeout=4)

    def _fight(self, match: Match | None) -> None:
        from rnntui.screens.duel import DuelScreen

        if match is not None:
            self.app.push_screen(DuelScreen(match, self._palette))

    def action_library(self) -> None:
        """What else there is to open."""
        if self._returns:
            self.notify("you are at the bench: esc leads back to the text", timeout=3, markup=False)
            return
        from rnntui.library.library import read_library
        from rnntui.screens.library import LibraryScreen

        entry = self._walk.entry if self._walk is not None else None
        library = read_library(cast("DebuggerApp", self.app).store, entry.shelf if entry is not None else None)
        self.app.push_screen(LibraryScreen(library, self._palette))

    def action_save(self) -> None:
        """The picture of this screen, and its run."""
        cast("DebuggerApp", self.app).action_save()

    def saved_sessions(self) -> tuple[Session, ...]:
        """What is saved with the picture."""
        return (self._session,)

    def action_help(self) -> None:
        self.app.push_screen(Help(self._palette))

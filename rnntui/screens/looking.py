"""How the run is looked at, and the keys that change it: zoom, what is shown, depth, notation, colours, panes."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast, get_args

from textual.screen import Screen

from rnntui.explain.tracks import Shown
from rnntui.reports.step_text import said
from rnntui.session import Session
from rnntui.walk import Walk
from rnntui.widgets.crumb import Crumb
from rnntui.widgets.palette import Palette
from rnntui.widgets.params import ParamsPane, rows_wanted
from rnntui.widgets.score import Score
from rnntui.widgets.view import NOTATIONS

if TYPE_CHECKING:
    from rnntui.app import DebuggerApp

ZOOMS = (1, 2, 3, 5, 7, 8, 10, 12, 14)
"""Screen columns a time."""
DEPTHS = 4
SHOWN: tuple[Shown, ...] = get_args(Shown)
BESIDE, WIDE = 100, 150
"""Screen columns from which the panes stand beside the Score, and from which they are wide."""
AROUND = 4
"""Rows above and below the panes of a tall screen."""
LEAST_EQUATION = 19
"""Rows that the equation has beside the parameters."""
LAYOUTS = ("", "-score-only", "-panes-only")
"""Classes of the screen: everything, or one part of it as large as can be."""


class Looking(Screen[int]):
    """The part of the debugger that owns how things are drawn, and nothing of the run."""

    _session: Session
    _walk: Walk | None
    _palette: Palette

    def __init__(self) -> None:
        super().__init__()
        self._depth = 0
        self._zoom = 0
        self._shown: Shown = "both"
        self._first: int | None = None
        self._xray = False
        self._layout = ""
        self._notation = NOTATIONS[0]

    def _show(self) -> None:
        raise NotImplementedError

    @property
    def _score(self) -> Score:
        return self.query_one(Score)

    # -- the Score

    def action_wider(self) -> None:
        """Wider columns than those that are shown."""
        pitch = self._score.pitch
        self._zoom_to(next((zoom for zoom in ZOOMS if zoom > pitch), ZOOMS[-1]))

    def action_narrower(self) -> None:
        """Narrower ones; below the narrowest, the whole run."""
        pitch = self._score.pitch
        self._zoom_to(max((zoom for zoom in ZOOMS if zoom < pitch), default=0))

    def action_fit(self) -> None:
        """The whole run."""
        self._first = None
        self._zoom_to(0)

    def _zoom_to(self, zoom: int) -> None:
        self._zoom = zoom
        self._show()

    def on_score_pointed(self, event: Score.Pointed) -> None:
        """The mouse moved over the Score."""
        self.query_one(Crumb).pointed = event.text

    def on_score_zoom_wanted(self, event: Score.ZoomWanted) -> None:
        """The wheel was turned with ctrl."""
        if event.wider:
            self.action_wider()
        else:
            self.action_narrower()

    def on_score_pan_wanted(self, event: Score.PanWanted) -> None:
        """The wheel was turned."""
        self._first = event.first
        self._show()

    def _follow(self) -> None:
        """The cursor or the lens moved: the Score follows where it would leave what is visible."""
        lens = self._session.lens
        if self._first is not None and not self._score.is_visible(self._session.t if lens.following else lens.slot.t):
            self._first = None

    def action_view(self) -> None:
        """Values and gradients, or one of them with all rows."""
        self._shown = SHOWN[(SHOWN.index(self._shown) + 1) % len(SHOWN)]
        self._show()

    def action_xray(self) -> None:
        """See what is not computed yet, outside of lessons."""
        if self._walk is not None:
            self.notify("a lesson shows only what is computed", timeout=2, markup=False)
            return
        self._xray = not self._xray
        self._show()

    # -- the panes

    def action_depth(self) -> None:
        self._depth = (self._depth + 1) % DEPTHS
        self._show()

    def action_pane_params(self) -> None:
        """The parameters instead of the other panes, or below the equation."""
        self.remove_class("-circuit-only", "-equation-only")
        self.toggle_class("-params-only")
        self._place_params(self.size.width, self.size.height)

    def _place_params(self, width: int, height: int) -> None:
        """They stand below the equation, and the circuit where it is there, in a column with room for all; in a
        lesson where they are asked for."""
        pane, wanted = self.query_one(ParamsPane), rows_wanted(self._session.run)
        room = height - AROUND - LEAST_EQUATION
        for circuit in self.query("#circuit") if self.has_class("-with-circuit") else ():
            taken = circuit.styles.height
            room -= int(taken.value) if taken is not None else 0
        beside = width >= WIDE and self._walk is None and wanted <= room
        self.set_class(beside, "-with-params")
        if width < BESIDE:
            pane.styles.height = "1fr"
        else:
            pane.styles.height = min(wanted, max(1, (height - AROUND) // 2))

    def action_notation(self) -> None:
        """The next way of writing equations."""
        self._notation = NOTATIONS[(NOTATIONS.index(self._notation) + 1) % len(NOTATIONS)]
        self._show()

    def action_say(self) -> None:
        """The step in plain words."""
        self.notify(said(self._session.frame()), timeout=8, markup=False)

    def action_maximise(self) -> None:
        """The Score alone, the panes alone, both."""
        self._layout = LAYOUTS[(LAYOUTS.index(self._layout) + 1) % len(LAYOUTS)]
        for name in LAYOUTS[1:]:
            self.set_class(name == self._layout, name)

    def action_theme(self) -> None:
        self._palette = cast("DebuggerApp", self.app).toggle_theme()
        self._show()

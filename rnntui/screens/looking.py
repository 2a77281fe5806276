"""How the run is looked at, and the keys that change it: zoom, what is shown, depth, notation, colours."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast, get_args

from rnntui.explain.tracks import Shown
from rnntui.reports.step_text import said
from rnntui.screens.zooming import Zooming
from rnntui.session import Session
from rnntui.widgets.crumb import Crumb
from rnntui.widgets.equation import EquationPane
from rnntui.widgets.palette import Palette
from rnntui.widgets.score import Score
from rnntui.widgets.view import NOTATIONS

if TYPE_CHECKING:
    from rnntui.app import DebuggerApp
    from rnntui.walk import Walk

DEPTHS = 4
SHOWN: tuple[Shown, ...] = get_args(Shown)


class Looking(Zooming):
    """The part of the debugger that owns how things are drawn, and nothing of the run."""

    _session: Session
    _walk: Walk | None
    _palette: Palette

    def __init__(self) -> None:
        super().__init__()
        self._depth = 0
        self._shown: Shown = "both"
        self._first: int | None = None
        self._xray = False
        self._notation = NOTATIONS[0]

    def _show(self) -> None:
        raise NotImplementedError

    @property
    def _score(self) -> Score:
        return self.query_one(Score)

    # -- the Score

    @property
    def _pitch(self) -> int:
        return self._score.pitch

    def action_fit(self) -> None:
        """The whole run."""
        self._first = None
        super().action_fit()

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

    # -- the equation

    def action_depth(self) -> None:
        self._depth = (self._depth + 1) % DEPTHS
        self._show()

    def action_drill(self) -> None:
        self._drill()

    def _drill(self) -> None:
        """Term by term, or everything."""
        self._depth = 0 if self._depth == DEPTHS - 1 else DEPTHS - 1
        self._show()

    def action_notation(self) -> None:
        """The next way of writing equations."""
        self._notation = NOTATIONS[(NOTATIONS.index(self._notation) + 1) % len(NOTATIONS)]
        self._show()

    def action_say(self) -> None:
        """The step in plain words; not a second time over the pane that has them."""
        text = said(self._session.frame())
        if self.query_one(EquationPane).tells(text):
            self.notify("the equation pane says it, in italics", timeout=3)
        else:
            self.notify(text, timeout=8, markup=False)

    def action_theme(self) -> None:
        self._palette = cast("DebuggerApp", self.app).toggle_theme()
        self._show()

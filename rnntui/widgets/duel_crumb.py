"""The top line of a duel."""

from __future__ import annotations

from rich.segment import Segment

from rnntui.safe import clean, cut
from rnntui.widgets.crumb import AWAY, LONGEST_TITLE, Crumb
from rnntui.widgets.duel_view import DuelView
from rnntui.widgets.view import View


class DuelCrumb(Crumb):
    """Where both runs stand; that of the debugger with other words."""

    def _place(self, view: View) -> list[Segment]:
        frame, palette = view.frame, view.palette
        run = frame.run
        muted, text = palette.style("muted", "panel"), palette.style("text", "panel")
        reads = f" {cut(clean(frame.source.title), LONGEST_TITLE)}" if frame.source else ""
        batch = f" seq {frame.sequence + 1}/{run.B}" if run.B > 1 else ""
        parts = [
            Segment(" rnntui ", palette.style("background", "text", bold=True)),
            Segment(f" duel{reads} T={run.T}{batch} ", muted),
        ]
        if frame.current is None:
            return [*parts, Segment(" start ", text)]
        between = Segment(" › ", palette.style("faint", "panel"))
        return [*parts, Segment(f" {frame.phase}", text), between, Segment(f"t={frame.t}", text)]

    def _chips(self, view: View) -> list[Segment]:
        if not isinstance(view, DuelView) or view.duel is None:
            return []
        muted = view.palette.style("muted", "panel")
        chips: list[Segment] = []
        if not view.frame.lens.following:
            chips.append(Segment(AWAY, view.palette.style("background", "lens")))
        return [*chips, Segment(f"  step {view.duel.position}/{view.duel.total} ", muted)]

    def _loss(self, view: View) -> Segment | None:
        """That of each run stands beside its name."""
        return None

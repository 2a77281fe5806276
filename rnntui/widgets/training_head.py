"""The top line of a training: what learns, from what, how, and how far it is."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.segment import Segment

from rnntui.safe import clean, cut
from rnntui.widgets.crumb import LONGEST_TITLE
from rnntui.widgets.rows import Rows
from rnntui.widgets.view import View

_BADGES = {
    "running": " ● TRAINING ",
    "paused": " ○ PAUSED ",
    "stopped": " ○ STOPPED ",
    "done": " ✓ TRAINED ",
}


class TrainingHead(Rows):
    """One line; the badge is always there."""

    DEFAULT_CSS = "TrainingHead { height: 1; width: 1fr; }"

    settings: str = ""
    """How it learns, in a few words."""
    doing: str = ""
    """What is waited for."""

    def build(self, view: View, width: int, height: int) -> Sequence[Sequence[Segment]]:
        """One row."""
        palette, progress = view.palette, view.training
        if progress is None:
            return []
        run = view.frame.run
        muted, text = palette.style("muted", "panel"), palette.style("text", "panel", bold=True)
        title = cut(clean(view.frame.title), LONGEST_TITLE)
        parts = [
            Segment(" rnntui ", palette.style("background", "text", bold=True)),
            Segment(f" {title} H={run.model.hidden} T={run.T} ", muted),
            Segment(f" iter {progress.iteration}", palette.style("violet", "panel", bold=True)),
        ]
        badge = Segment(_BADGES[progress.going], palette.style("background", "violet", bold=True))
        counted = Segment(f" {progress.done}/{progress.target} ", text)
        room = width - sum(part.cell_length for part in (*parts, counted, badge))
        more = clean(self.doing or self.settings)
        said = Segment(f"  {more} ", palette.style("loss", "panel") if self.doing else muted)
        if cell_len(said.text) <= room:
            room -= said.cell_length
        else:
            said = Segment("", muted)
        return [[*parts, Segment(" " * max(0, room), muted), said, counted, badge]]

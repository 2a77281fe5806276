"""The bar of the whole run: where the cursor is; a click or a drag goes there."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from textual.message import Message

from rnntui.widgets.dragged import Dragged
from rnntui.widgets.view import View

MARGIN = 1


class Scrub(Dragged):
    """Forward in one hue, backward in the other, a block where the cursor stands; dots where nothing is recorded
    yet."""

    DEFAULT_CSS = "Scrub { height: 1; width: 1fr; }"

    class Seek(Message):
        """Go to a position."""

        def __init__(self, position: int) -> None:
            super().__init__()
            self.position = position

    def build(self, view: View, width: int, height: int) -> Sequence[Sequence[Segment]]:
        """The bar, and under it, where there is a second row, the names of its parts."""
        frame, palette = view.frame, view.palette
        total, turn = length_of(view), frame.run.schedule.turn
        label = label_of(view)
        margin = len(label)
        length = max(1, width - margin - MARGIN)
        head = column_of(frame.position + frame.updates, total, length)
        bend = column_of(turn, total, length)
        close = column_of(len(frame.run), total, length)
        cells: list[Segment] = [Segment(label, palette.style("violet", bold=True))]
        done_forward = min(head, bend)
        if frame.run.schedule.truncated:
            cells += self._passes(view, min(head, close), length)
        else:
            cells.append(Segment("━" * done_forward, palette.style("forward")))
            cells.append(Segment("━" * (min(head, close) - done_forward), palette.style("backward")))
        cells.append(Segment("━" * max(0, head - close), palette.style("violet")))
        hue = {"backward": "backward", "update": "violet"}.get(frame.phase, "forward")
        cells.append(Segment("█", palette.style(hue)))
        reached = max(0, column_of(round(view.recorded * total), total, length) - head)
        cells.append(Segment("─" * min(reached, length - head - 1), palette.style("rule")))
        cells.append(Segment("·" * max(0, length - head - 1 - reached), palette.style("rule")))
        if view.pins is not None and len(view.pins.stops):
            cells = self._dotted(
                view, cells, sorted({margin + column_of(int(p), total, length) for p in view.pins.stops})
            )
        if height < 2:
            return [cells]
        muted = palette.style("muted")
        names = " " * margin + "forward ▸"
        names = names.ljust(margin + bend) + "◂ backward"
        if frame.run.schedule.truncated:
            names = " " * margin + f"forward ▸ and ◂ backward, {frame.run.schedule.count} times"
        if frame.update_lines:
            names = names.ljust(min(margin + close, width - MARGIN - len("update"))) + "update"
        return [cells, [Segment(names[:width], muted)]]

    @staticmethod
    def _dotted(view: View, cells: list[Segment], columns: list[int]) -> list[Segment]:
        """The row with a dot at each of these columns; the cursor's block stays."""
        letters = [(letter, segment.style) for segment in cells for letter in segment.text]
        for column in columns:
            if letters[column][0] != "█":
                letters[column] = "●", view.palette.style("trouble", bold=True)
        return [Segment(letter, style) for letter, style in letters]

    def _passes(self, view: View, head: int, length: int) -> list[Segment]:
        """The part left of the cursor in a truncated run, where the hues take turns."""
        run, cells = view.frame.run, []
        for column in range(head):
            phase = run.schedule.place(min(position_of(column, length_of(view), length), len(run) - 1)).phase
            cells.append(Segment("━", view.palette.style("loss" if phase == "cut" else phase)))
        return cells

    def _seek(self, x: int, y: int) -> None:
        if self.view is not None:
            margin = len(label_of(self.view))
            length = max(1, self.size.width - margin - MARGIN)
            self.post_message(self.Seek(position_of(x - margin, length_of(self.view), length)))


def length_of(view: View) -> int:
    """The steps of the run, and the lines of the update that follows it."""
    return len(view.frame.run) + view.frame.update_lines


def label_of(view: View) -> str:
    """What stands before the bar: which iteration of a training it is."""
    frame = view.frame
    return " " * MARGIN if frame.iteration is None else f" iter {frame.iteration.number}/{frame.iterations} "


def column_of(position: int, total: int, length: int) -> int:
    """The column of a position on a bar of `length` columns."""
    return round(position * (length - 1) / max(1, total))


def position_of(column: int, total: int, length: int) -> int:
    """The position under a column, held within the run."""
    column = min(max(0, column), length - 1)
    return round(column * total / max(1, length - 1))

"""Draws the parameters: each shared matrix above its gradient, which grows as t goes back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rich.style import Style

from bptt.notation import SCREEN
from bptt.run import Run
from rnntui.explain.marks import HIDDEN, Mark
from rnntui.explain.scales import parts_of, scales_of
from rnntui.explain.tile_plan import LARGEST_OPEN, THUMBNAIL_COLUMNS, THUMBNAIL_ROWS
from rnntui.frame import Frame
from rnntui.widgets.bars import bar_glyph
from rnntui.widgets.canvas import Canvas
from rnntui.widgets.ink import ink
from rnntui.widgets.palette import Family, Palette, levels
from rnntui.widgets.shared import Shared, done_times, hidden_shares, ranked, shared
from rnntui.widgets.tile_painter import NUMBER_WIDTH, row_texts, shrunk
from rnntui.widgets.view import View

Array = NDArray[np.floating]

LEFT = 1
GAP = 2
ALL, HALF, SOME, WANTED = 1.0, 0.5, 0.3, 0.0
FORMS = (
    (5, False, ALL),
    (4, False, ALL),
    (4, True, ALL),
    (4, False, HALF),
    (2, False, ALL),
    (5, False, SOME),
    (4, False, WANTED),
    (2, False, WANTED),
    (1, False, WANTED),
)
"""(Screen cells for a number, below 4 a colour only; whether vectors go without the count of their sum; the part of
all parameters for which there must be room, and always for those of the current line), the best first."""
SUM_WIDTH = 6
"""Cells of the count of a sum beside a name: ` 12/24`."""
MOST = 24
"""More parameters than this are never side by side."""
HEADINGS = ("   shared by every t: their gradients add up", "   gradients add up over t", "")


@dataclass(frozen=True, slots=True)
class Block:
    """Where the numbers of a parameter stand."""

    name: str
    x: int
    y: int
    tile: int
    rows: int
    columns: int
    vector: bool

    def under(self, x: int, y: int) -> tuple[int, ...] | None:
        """The entry at a cell of the screen; None outside."""
        column, row = (x - self.x) // self.tile, y - self.y
        if not (0 <= column < self.columns and 0 <= row < self.rows):
            return None
        return (row,) if self.vector else (row, column)


def rows_wanted(run: Run) -> int:
    """The rows in which every parameter that is not a thumbnail is open: a rule, a heading, values and gradients with
    their labels, the strip of times."""
    return 5 + 2 * max(_tile_rows(array.shape) for array in run.model.parameters.values())


def all_fit(run: Run, width: int) -> bool:
    """Whether every parameter has room beside the others, with numbers, in `width` columns."""
    arrays = {name: array.reshape(len(array), -1) for name, array in run.model.parameters.items()}
    bodies = (
        THUMBNAIL_COLUMNS if max(array.shape) > LARGEST_OPEN else NUMBER_WIDTH * array.shape[1]
        for array in arrays.values()
    )
    names = (len(SCREEN.called(name)) + 1 + (array.shape[1] > 1) * SUM_WIDTH for name, array in arrays.items())
    return sum(map(max, bodies, names)) + GAP * (len(arrays) - 1) <= width - LEFT


def _tile_rows(shape: tuple[int, ...]) -> int:
    return shape[0] if max(shape) <= LARGEST_OPEN else THUMBNAIL_ROWS


@dataclass(frozen=True, eq=False)
class _Item:
    """One parameter at its place."""

    shared: Shared
    tile: int
    """Screen cells for a number."""
    thumbnail: bool
    rows: int
    tight: bool = False
    """Whether there is no room for the count of the sum."""

    @property
    def body(self) -> int:
        """Screen cells of the tiles."""
        return THUMBNAIL_COLUMNS if self.thumbnail else self.tile * self.shared.values.shape[1]

    @property
    def label(self) -> str:
        return "∇" + SCREEN.called(self.shared.name)

    @property
    def width(self) -> int:
        return max(self.body, len(self.label) + (0 if self.tight else len(self.short_sum) + 1))

    @property
    def short_sum(self) -> str:
        return f"{self.shared.summed}/{self.shared.total}"

    @property
    def sum(self) -> str:
        """`Σ of 6/8`, in short where it would be wider than the tiles."""
        room = self.width - len(self.label) - 1
        return next((text for text in (f"Σ of {self.short_sum}", self.short_sum) if len(text) <= room), "")


class ParamsPainter:
    """Draws one moment."""

    def __init__(self, view: View, canvas: Canvas) -> None:
        self._frame: Frame = view.frame
        self._palette: Palette = view.palette
        self._canvas = canvas
        self._edits = view.pins.edited if view.pins is not None else ()
        self._blocks: list[Block] = []
        run = view.frame.run
        self._scales = scales_of(run)
        height, wanted = canvas.height, rows_wanted(run)
        self._ruled = height >= wanted
        self._strip = height >= 5
        rows = height - 1 - self._ruled - self._strip
        # where there is no room for both: what is being made
        self._both = (rows - 2) // 2 >= min(THUMBNAIL_ROWS, (wanted - 5) // 2)
        self._gradients = self._both or view.frame.phase in ("backward", "update")
        self._values = self._both or not self._gradients
        self._rows = (rows - 2) // 2 if self._both else rows - 1

    def paint(self) -> list[Block]:
        """Rule, heading, items from left to right; returns where values stand that are not thumbnails."""
        canvas, palette = self._canvas, self._palette
        top = 0
        if self._ruled:
            canvas.put(0, 0, "─" * canvas.width, palette.style("rule"))
            top = 1
        items, left_out = self._items()
        x = canvas.put(LEFT, top, "parameters", palette.style("text", bold=True))
        more = f"and {left_out} more" if left_out else ""
        batch = ", Σ batch" if self._frame.run.B > 1 else ""
        room = canvas.width - x - len(more) - 2
        heading = next((text + batch * bool(text) for text in HEADINGS if len(text + batch) <= room), "")
        canvas.put(x, top, heading, palette.style("muted"))
        canvas.put(canvas.width - 1 - len(more), top, more, palette.style("muted"))
        x = LEFT
        self._rows = max((item.rows for item in items), default=0)
        for item in items:
            self._item(item, x, top + 1)
            x += item.width + GAP
        return self._blocks

    def _items(self) -> tuple[list[_Item], int]:
        """(the parameters for which there is room, in the order of the cell; how many there are besides): with numbers
        where those of the current line have room for them."""
        names = ranked(self._frame)
        found = [shared(self._frame, name) for name in names[:MOST]]
        wanted = max(1, sum(one.used or one.adds for one in found))
        chosen: list[_Item] = []
        for tile, tight, part in FORMS:
            chosen = self._fitting([self._made(one, tile, tight) for one in found])
            if len(chosen) >= max(wanted, part * len(names)):
                break
        order = list(self._frame.run.model.parameters)
        return sorted(chosen, key=lambda item: order.index(item.shared.name)), len(names) - len(chosen)

    def _fitting(self, items: Sequence[_Item]) -> list[_Item]:
        room = self._canvas.width - LEFT
        for count in range(len(items), 0, -1):
            if sum(item.width for item in items[:count]) + GAP * (count - 1) <= room:
                return list(items[:count])
        return []

    def _made(self, one: Shared, tile: int, tight: bool) -> _Item:
        shape = one.values.shape
        thumbnail = max(shape) > LARGEST_OPEN or shape[0] > self._rows
        return _Item(one, tile, thumbnail, min(self._rows, THUMBNAIL_ROWS if thumbnail else shape[0]), tight)

    def _item(self, item: _Item, x: int, y: int) -> None:
        one = item.shared
        if self._values:
            self._label(item, SCREEN.called(one.name), "", x, y, "forward", lit=one.used and not one.adds)
            self._tiles(item, one.values, "value", x, y + 1)
            if not item.thumbnail:
                vector = self._frame.run.model.parameters[one.name].ndim == 1
                columns = one.values.shape[1]
                self._blocks.append(Block(one.name, x, y + 1, item.tile, item.rows, columns, vector))
                self._mark_edits(self._blocks[-1])
            y += 1 + self._rows
        if self._gradients:
            self._label(item, item.label, item.sum, x, y, "backward", lit=one.adds)
            self._tiles(item, one.gradient, "gradient", x, y + 1)
            y += 1 + self._rows
            if self._strip:
                self._times(item, x, y)

    def _mark_edits(self, block: Block) -> None:
        """A sign of equality before what is held by an edit."""
        style = self._palette.style("background", "violet", bold=True)
        for edit in self._edits:
            if edit.name == block.name:
                for row in range(block.rows) if not edit.index else (edit.index[0],):
                    column = edit.index[1] if len(edit.index) > 1 else 0
                    self._canvas.put(block.x + column * block.tile, block.y + row, "=", style)

    def _label(self, item: _Item, name: str, note: str, x: int, y: int, hue: str, lit: bool) -> None:
        """A name, filled where the current step is about it."""
        if lit:
            style = self._palette.style("background", hue, bold=True)
            self._canvas.put(x, y, f"{name} {note}".ljust(item.width), style)
            return
        end = self._canvas.put(x, y, name, self._palette.style(hue, bold=True))
        self._canvas.put(end + 1, y, note, self._palette.style(hue if item.shared.summed else "faint"))

    def _tiles(self, item: _Item, values: Array | Mark, family: Family, x: int, y: int) -> None:
        palette, canvas = self._palette, self._canvas
        if isinstance(values, Mark):
            secret = values is HIDDEN
            style = palette.style("background", "loss", bold=True) if secret else palette.style("faint")
            cells = item.body // item.tile if not item.thumbnail else item.body
            width = item.tile if not item.thumbnail else 1
            for row in range(item.rows):
                canvas.put(x, y + row, ("?" if secret else "·").center(width) * cells, style)
            return
        scale = self._scales.parameter(item.shared.name, family == "gradient")
        if item.thumbnail:
            halves = 1 if palette.colourless else 2
            shades = levels(shrunk(values, halves * item.rows, item.body), family, scale).tolist()
            for row in range(item.rows):
                for column in range(item.body):
                    upper, lower = shades[halves * row][column], shades[halves * row + halves - 1][column]
                    if palette.colourless:
                        canvas.put(x + column, y + row, ink(upper, family), palette.style("text"))
                    else:
                        canvas.put(x + column, y + row, "▀", palette.half(family, upper, lower))
            return
        shades = levels(values, family, scale).tolist()
        for row, (numbers, tones) in enumerate(zip(values.tolist(), shades, strict=True)):
            texts = row_texts(numbers, item.tile)
            for column, (text, level) in enumerate(zip(texts, tones, strict=True)):
                style = palette.tile(family, level)
                if item.tile < NUMBER_WIDTH:
                    text = " " * item.tile
                if item.tile < NUMBER_WIDTH and palette.colourless:
                    style, text = palette.style("text"), ink(level, family) * item.tile
                canvas.put(x + column * item.tile, y + row, text, style)

    def _times(self, item: _Item, x: int, y: int) -> None:
        """The sum as a strip of times, filling from the right: how much each has given, on a log scale."""
        frame, one = self._frame, item.shared
        run = frame.run
        decades = self._scales.decades(one.name)
        norms = self._scales.shares(one.name)[:, 0]
        count = min(run.T, item.width)
        done = done_times(frame, one.name)
        secret = hidden_shares(frame, one.name)
        for cell in range(count):
            first, end = cell * run.T // count, (cell + 1) * run.T // count
            style: Style = self._palette.style("faint")
            inside = done[first:end]
            if not inside.any():
                text = "·"
            elif any(first < t <= end for t in secret):
                text, style = "?", self._palette.style("loss")
            else:
                largest = float(np.max(norms[first:end][inside]))
                adding = one.adds and first <= frame.t - 1 < end
                text = bar_glyph(float(parts_of(np.array(largest), decades)))
                style = self._palette.style("lens" if adding else "backward", bold=adding)
                if not np.isfinite(largest):
                    style = self._palette.style("trouble")
            self._canvas.put(x + cell, y, text, style)

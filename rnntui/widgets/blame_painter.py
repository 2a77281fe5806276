"""Paints the blame matrix: a row a loss, a column a time, and what a window cuts struck out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from textwrap import wrap

import numpy as np
from numpy.typing import NDArray
from rich.cells import cell_len
from rich.style import Style

from bptt.notation import SCREEN
from bptt.numerals import positive_text
from rnntui.explain.blame import Blame, cut_sentence, lens_sentence
from rnntui.explain.scales import decades_of, parts_of
from rnntui.widgets.bars import bar_style
from rnntui.widgets.blame_foot import Foot
from rnntui.widgets.blame_grid import Grid, grid_of
from rnntui.widgets.blame_picture import Picture
from rnntui.widgets.canvas import Canvas
from rnntui.widgets.ink import ink
from rnntui.widgets.palette import LEVELS, Palette
from rnntui.widgets.time_axis import Label, paint_axis

Array = NDArray[np.floating]
HEAD, FOOT = 2, 2
"""Rows of times and tokens above the matrix, of sums below it."""
NOTES = 4
"""Rows of sentences at most."""
HIDDEN = "Hidden until you have answered the question."
HIDDEN_CUT = "What the window cuts is hidden too."
MIDDLE = (LEVELS - 1) // 2


def shades_of(norms: Array, low: float, high: float) -> NDArray[np.int64]:
    """The level of each norm on the upper half of the ramp of gradients, zero at its middle; −1 where not finite."""
    found = np.where(norms > 0, MIDDLE + np.rint((0.1 + 0.9 * parts_of(norms, (low, high))) * MIDDLE), MIDDLE)
    return np.where(np.isfinite(norms), found, -1).astype(np.int64)


@dataclass(frozen=True)
class _Cells:
    """What is to be drawn, by lane and column."""

    values: list[list[float]]
    shades: list[list[int]]
    inside: list[list[bool]]
    kept: list[list[bool]]
    lens: tuple[int, int]


class BlamePainter:
    """Draws one picture on a canvas."""

    def __init__(self, picture: Picture, blame: Blame, palette: Palette, canvas: Canvas) -> None:
        self._picture = picture
        self._blame = blame
        self._palette = palette
        self._canvas = canvas
        self._name = SCREEN.called(blame.name)
        self._notes = self._wrapped()
        self.grid = grid_for(picture, canvas.width, canvas.height, palette.inked, len(self._notes))
        self._low, self._high = _decades(blame)
        self._top = 1 + HEAD

    def paint(self) -> None:
        """Title, heads, cells, sums, scale, sentences."""
        self._title()
        self._heads()
        self._cells()
        bottom = self._top + self.grid.height
        foot = Foot(self._picture, self._blame, self._palette, self._canvas, self.grid, (self._low, self._high))
        foot.sums(bottom)
        foot.scale(bottom + FOOT)
        for row, (text, role) in enumerate(self._notes):
            self._canvas.put(1, bottom + FOOT + 1 + row, text, self._palette.style(role))
        foot.profile(bottom + FOOT + 2 + len(self._notes))

    def _title(self) -> None:
        palette, canvas = self._palette, self._canvas
        x = canvas.put(1, 0, f"‖∂L(t)/∂{self._name}(k)‖", palette.style("backward", bold=True))
        for text in (
            "   which loss (a row t) reaches which time (a column k)",
            "   row: loss t, column: time k",
        ):
            if x + len(text) <= canvas.width:
                canvas.put(x, 0, text, palette.style("muted"))
                return

    def _heads(self) -> None:
        grid, columns, canvas, palette = self.grid, self.grid.columns, self._canvas, self._palette
        muted, picture = palette.style("muted"), self._picture
        canvas.put(1, 1, ("k" if not columns.joined else columns.heading.replace("t", "k")) + " →", muted)
        canvas.put(1, 2, "t ↓", muted)
        lens = palette.style("background", "lens", bold=True)
        paint_axis(canvas, columns, 1, muted, [Label(columns.of(picture.k) or 0, (str(picture.k),), lens)])
        if picture.reads and not columns.joined:
            for column, k in enumerate(columns.starts):
                text = _short(picture.reads[k - 1], columns.number)
                left = (columns.number - cell_len(text)) // 2
                canvas.put(columns.x(column) + left, 2, text, palette.style("text", bold=True))
        for row, t in grid.labelled():
            self._row_head(row, t, muted, palette.style("text", bold=True))
        self._row_head(grid.row_of(picture.t), picture.t, lens, lens)

    def _row_head(self, row: int, t: int, style: Style, word: Style) -> None:
        y = self._top + row + (self.grid.tall - 1) // 2
        gutter = self.grid.columns.gutter
        digits = len(str(self._blame.T))
        x = self._canvas.put(1, y, str(t).rjust(digits), style)
        if self._picture.predicts and not self.grid.halves and len(self.grid.lanes) == self._blame.T:
            text = _short(self._picture.predicts[t - 1], gutter - x - 2)
            self._canvas.put(x + 1, y, text, word)

    def _cells(self) -> None:
        grid, secret = self.grid, self._secret()
        values = _pooled(self._blame, grid)
        cells = _Cells(
            values.tolist(),
            shades_of(values, self._low, self._high).tolist(),
            grid.inside().tolist(),
            grid.kept(self._picture.reach).tolist(),
            (grid.lane_of(self._picture.t), grid.columns.of(self._picture.k) or 0),
        )
        hidden = self._palette.style("background", "loss", bold=True)
        for row in range(grid.height):
            lanes = grid.lanes_of(row)
            for column in range(len(grid.columns)):
                if not cells.inside[lanes[-1]][column]:
                    break  # later times are not inside either
                if any(secret[lane][column] for lane in lanes):
                    self._put(row, column, "?" if row % grid.tall == (grid.tall - 1) // 2 else " ", hidden)
                elif grid.halves:
                    self._half(row, column, lanes, cells)
                else:
                    self._tile(row, column, lanes[0], cells)
            self._edge(row, lanes)

    def _secret(self) -> list[list[bool]]:
        """By lane and column: whether a cell would tell what is hidden."""
        hidden = self._picture.hidden
        pairs = np.zeros_like(self._blame.norms, bool) if hidden is None else hidden
        return (self.grid.pooled(pairs.astype(float)) > 0).tolist()  # type: ignore[no-any-return]  # NumPy's tolist

    def _tile(self, row: int, column: int, lane: int, cells: _Cells) -> None:
        grid, palette, width = self.grid, self._palette, self.grid.columns.number
        level, value, kept = cells.shades[lane][column], cells.values[lane][column], cells.kept[lane][column]
        numbered = grid.numbered
        bare = palette.inked and not numbered
        style = (palette.signed if bare else palette.tile)("gradient", level, not kept)
        if (lane, column) == cells.lens:
            style = palette.style("background", "lens", bold=True)
        text = ink(level, "gradient") * width if bare else " " * width
        if row % grid.tall == (grid.tall - 1) // 2:
            if numbered:
                text = positive_text(value, width) if kept else "×" + positive_text(value, width - 1)
            elif not kept:
                text = "×".center(width)
        self._canvas.put(grid.columns.x(column), self._y(row), text, style)

    def _half(self, row: int, column: int, lanes: tuple[int, ...], cells: _Cells) -> None:
        ground, white = self._palette.colour("background"), self._palette.colour("lens")
        colours = [self._colour(lane, column, cells) for lane in lanes]
        cut = not any(cells.kept[lane][column] for lane in lanes)
        if cut and (row + column) % 2 == 0 and white not in colours:
            self._put(row, column, "×", bar_style(self._palette.colour("muted"), colours[-1]))
            return
        upper, lower = (*colours, ground)[:2]
        self._put(row, column, "▀" * self.grid.columns.number, bar_style(upper, lower))

    def _colour(self, lane: int, column: int, cells: _Cells) -> str:
        if not cells.inside[lane][column]:
            return self._palette.colour("background")
        if (lane, column) == cells.lens:
            return self._palette.colour("lens")
        return self._palette.level_colour("gradient", cells.shades[lane][column], not cells.kept[lane][column])

    def _edge(self, row: int, lanes: tuple[int, ...]) -> None:
        """The border of the window: before the first cell of a row that it keeps."""
        grid, reach = self.grid, self._picture.reach
        t = grid.lanes[lanes[0]][0] + 1
        column = grid.columns.of(int(reach[t - 1]))
        if int(reach[t - 1]) > 1 and column is not None and grid.columns.gap:
            style = self._palette.style("loss", bold=True)
            self._canvas.put(grid.columns.x(column) - 1, self._y(row), "▐", style)

    def _wrapped(self) -> list[tuple[str, str]]:
        """(line, role) of the sentences below."""
        picture, blame = self._picture, self._blame
        hidden, t, k = picture.hidden, picture.t, picture.k
        told, cut = HIDDEN, HIDDEN_CUT
        if hidden is None or not (hidden[t - 1, k - 1] or hidden[t - 1, t - 1] or hidden[:, k - 1].any()):
            told = lens_sentence(blame, t, k)
        if hidden is None:
            cut = cut_sentence(blame, picture.window, picture.reach)
        width = max(20, self._canvas.width - 2)
        found = [(line, "loss" if told == HIDDEN else "text") for line in wrap(told, width)]
        found += [(line, "loss") for line in wrap(cut, width)]
        return found[:NOTES]

    def _put(self, row: int, column: int, text: str, style: Style) -> None:
        columns = self.grid.columns
        self._canvas.put(columns.x(column), self._y(row), text.center(columns.number), style)

    def _y(self, row: int) -> int:
        return self._top + row


def grid_for(picture: Picture, width: int, height: int, inked: bool, notes: int) -> Grid:
    """The grid of a picture on a canvas of this size."""
    T = len(picture.reach)
    words = max((cell_len(word) for word in picture.predicts), default=0)
    gutter = 1 + len(str(T)) + 1 + max(min(words, 6) + 1, 5)
    return grid_of(T, width, height - 1 - HEAD - FOOT - 1 - notes, gutter, inked)


@lru_cache(2)
def _decades(blame: Blame) -> tuple[float, float]:
    return decades_of(blame.norms)


@lru_cache(2)
def _pooled(blame: Blame, grid: Grid) -> Array:
    return grid.pooled(blame.norms)


def _short(text: str, width: int) -> str:
    return next((form for form in (text, text.strip("'")) if cell_len(form) <= width), "·" if width > 0 else "")

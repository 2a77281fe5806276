"""Paints the Jacobian lens: one step's map as tiles, what it stretches as bars, the running product as a curve."""

from __future__ import annotations

import math
from dataclasses import dataclass
from textwrap import wrap

import numpy as np
from numpy.typing import NDArray
from rich.style import Style

from bptt.notation import SCREEN
from bptt.numerals import cell_text
from rnntui.explain.scales import FLOOR, decades_of
from rnntui.explain.state_maps import Block, StateMaps
from rnntui.widgets.canvas import Canvas
from rnntui.widgets.columns import columns_of
from rnntui.widgets.ink import ink
from rnntui.widgets.palette import LEVELS, Palette, levels
from rnntui.widgets.score_bars import EIGHTHS, bar_style, decade_text, positive_text, stack
from rnntui.widgets.score_head import labelled
from rnntui.widgets.tile_painter import shrunk

Array = NDArray[np.floating]
GUTTER = 8
BARS = 32
"""Screen columns of the singular values."""
SENTENCES = 4
"""Rows of sentences at most."""
CURVE = (4, 12)
"""Rows of the running product's curve, its heading and times not counted, at least and at most."""
NUMBERED = 4
"""Screen columns in which an entry has its number."""
WIDEST = 6


@dataclass(frozen=True, eq=False)
class Lens:
    """What there is to see of a run's maps at one time."""

    maps: StateMaps | None
    """None while they are computed."""
    t: int
    sentences: tuple[str, ...]
    secret: bool = False
    """Whether a question hides something."""
    failure: str = ""
    """Why there is nothing to see."""


class JacobianPainter:
    """Draws one lens on a canvas."""

    def __init__(self, lens: Lens, maps: StateMaps, palette: Palette, canvas: Canvas) -> None:
        self._lens = lens
        self._maps = maps
        self._t = lens.t
        self._palette = palette
        self._canvas = canvas
        self._size = len(maps.jacobians.coordinates)
        width = max(20, canvas.width - 2)
        said = lens.sentences if not lens.secret else ("Hidden until you have answered the question.",)
        self._said = [line for sentence in said for line in wrap(sentence, width)][:SENTENCES]
        room = canvas.height - 3 - len(self._said) - 3  # title, heads, rule; heading, times, blank
        self._rows = max(1, min(self._size, room - CURVE[0]))
        self._curve_rows = max(1, min(CURVE[1], room - self._rows))

    def paint(self) -> None:
        """Title, tiles, bars, sentences, curve."""
        self._title()
        if self._size:
            self._tiles()
            self._bars()
        y = 2 + max(self._rows, 4) + 1
        for row, line in enumerate(self._said):
            role = "loss" if self._lens.secret else "text" if row else "backward"
            self._canvas.put(1, y + row, line, self._palette.style(role))
        if self._size:
            self._curve(y + len(self._said) + 1)

    def _title(self) -> None:
        palette = self._palette
        x = self._canvas.put(1, 0, f"∂state({self._t})/∂state({self._t - 1})", palette.style("backward", bold=True))
        for note in ("   each row: what one number of now owes to all numbers of before", "   now by before"):
            if x + len(note) <= self._canvas.width:
                self._canvas.put(x, 0, note, palette.style("muted"))
                return

    # -- the matrix

    def _tiles(self) -> None:
        canvas, palette, size = self._canvas, self._palette, self._size
        blocks = self._maps.blocks
        room = canvas.width - GUTTER - BARS - 2 - (len(blocks) - 1)
        width = min(WIDEST, max(1, room // size))
        width = width if width >= NUMBERED else min(width, 2)
        open_ = size * width <= room and self._rows >= size
        entries = self._maps.step(self._t)
        columns = size if open_ else min(size, room)
        if not open_:
            width = 1 if columns * 2 > room else 2
            halves = 1 if palette.inked else 2
            entries = shrunk(entries, min(halves * self._rows, size), columns)
        shades = levels(entries, "value", self._maps.largest).tolist()
        xs = [GUTTER + n * width + (self._block_of(n, columns) if open_ else 0) for n in range(columns)]
        self._heads(xs, width, open_)
        if open_:
            for row, (numbers, tones) in enumerate(zip(entries.tolist(), shades, strict=True)):
                for x, number, level in zip(xs, numbers, tones, strict=True):
                    self._tile(x, 2 + row, number, level, width)
        else:
            self._thumbnail(xs, shades, width)

    def _tile(self, x: int, y: int, number: float, level: int, width: int) -> None:
        palette = self._palette
        if self._lens.secret:
            self._canvas.put(x, y, "?".center(width), palette.style("background", "loss", bold=True))
        elif width >= NUMBERED:
            self._canvas.put(x, y, cell_text(number, min(width, 5)).rjust(width), palette.tile("value", level))
        elif palette.inked:
            self._canvas.put(x, y, ink(level, "value") * width, palette.signed("value", level))
        else:
            self._canvas.put(x, y, " " * width, palette.tile("value", level))

    def _thumbnail(self, xs: list[int], shades: list[list[int]], width: int) -> None:
        palette = self._palette
        halves = not palette.inked and len(shades) > self._rows
        for row in range(-(-len(shades) // 2) if halves else len(shades)):
            for column, x in enumerate(xs):
                if self._lens.secret:
                    text, style = "?" * width, palette.style("background", "loss", bold=True)
                elif halves:
                    lower = shades[min(2 * row + 1, len(shades) - 1)][column]
                    text, style = "▀" * width, palette.half("value", shades[2 * row][column], lower)
                elif palette.inked:
                    level = shades[row][column]
                    text, style = ink(level, "value") * width, palette.signed("value", level)
                else:
                    text, style = " " * width, palette.tile("value", shades[row][column])
                self._canvas.put(x, 2 + row, text, style)

    def _heads(self, xs: list[int], width: int, open_: bool) -> None:
        """The blocks' names: of now beside the rows, of before above the columns."""
        canvas, style = self._canvas, self._palette.style("forward", bold=True)
        columns = len(xs)
        shown = -(-self._rows // 1)
        for block in self._maps.blocks:
            first, end = (at * columns // self._size for at in (block.first, block.first + block.size))
            if end > first:
                canvas.put(xs[first], 1, self._named(block, 1)[: (end - first) * width], style)
            row = block.first * shown // self._size if not open_ else block.first
            canvas.put(1, 2 + row, self._named(block, 0)[: GUTTER - 3], style)
        if open_:
            for place, coordinate in enumerate(self._maps.jacobians.coordinates):
                text = str(coordinate.unit)
                canvas.put(GUTTER - 1 - len(text), 2 + place, text, self._palette.style("muted"))

    def _named(self, block: Block, lag: int) -> str:
        return SCREEN.at(SCREEN.called(block.name), block.back + lag, self._t)

    def _block_of(self, place: int, columns: int) -> int:
        at = place * self._size // columns
        return next(n for n, block in enumerate(self._maps.blocks) if at < block.first + block.size)

    # -- the bars

    def _bars(self) -> None:
        """Singular values, the spectral radius of the step, and the shortcuts, with a line at 1."""
        palette, maps = self._palette, self._maps
        x = self._canvas.width - BARS
        end = self._scale()
        rows = max(self._rows, 4)
        values = maps.singular_values(self._t).tolist()
        last = [("ρ", maps.radius(self._t), "forward")]
        last += [(f"ρ({SCREEN.called(one.name)})", one.radius, "violet") for one in maps.shortcuts[: max(1, rows // 4)]]
        room = max(1, rows - len(last))
        self._canvas.put(x, 1, "stretches by", palette.style("text", bold=True))
        self._bar_line(x, 1, "×1", None, end, "muted")
        lines = [(f"σ{n + 1}", value, "backward") for n, value in enumerate(values[:room])]
        for row, (label, value, role) in enumerate([*lines, *last]):
            self._bar_line(x, 2 + row, label, value, end, role)

    def _scale(self) -> float:
        maps = self._maps
        seen = [1.0, *(one.radius for one in maps.shortcuts), *maps.stretch.tolist(), 0.0]
        return max((value for value in seen if np.isfinite(value)), default=1.0)

    def _bar_line(self, x: int, y: int, label: str, value: float | None, end: float, role: str) -> None:
        canvas, palette = self._canvas, self._palette
        left, room = x + 13, BARS - 14
        one = left + round(room * 1.0 / end) if end > 0 else left
        if value is None:
            canvas.put(min(one, x + BARS - 3), y, label, palette.style("muted"))
            return
        canvas.put(x, y, label[:6], palette.style(role, bold=True))
        if self._lens.secret:
            canvas.put(x + 7, y, "?????", palette.style("background", "loss", bold=True))
            return
        canvas.put(x + 7, y, positive_text(value, 5), palette.style("text" if np.isfinite(value) else "trouble"))
        length = min(room, max(0, round(room * value / end))) if np.isfinite(value) and end > 0 else 0
        canvas.put(left, y, "█" * length, palette.style(role))
        if length <= one - left:
            canvas.put(min(one, x + BARS - 1), y, "│", palette.style("muted"))

    # -- the curve

    def _curve(self, y: int) -> None:
        """The largest singular value of the product from T back to each t, on a log axis."""
        canvas, palette, maps = self._canvas, self._palette, self._maps
        rows = min(self._curve_rows, canvas.height - y - 2)
        if rows < 1:
            return
        x = canvas.put(1, y, f"∂state({maps.T})/∂state(t)", palette.style("backward", bold=True))
        x = canvas.put(x, y, "  what is left at most, log scale", palette.style("muted"))
        shortcut = maps.shortcuts[0] if maps.shortcuts else None
        legend = f"   ◇ if it were ρ({SCREEN.called(shortcut.name)}) a step" if shortcut else ""
        canvas.put(x, y, legend if x + len(legend) <= canvas.width else "", palette.style("violet"))
        columns = columns_of(maps.T, canvas.width - 1, GUTTER, 0, 1)
        times = np.array([*columns.starts])
        kept = np.array([maps.kept[int(np.abs(maps.times - t).argmin())] for t in times.tolist()])
        low, high = decades_of(kept)
        power = maps.T - times
        guess = power * math.log10(max(shortcut.radius, 1e-300)) if shortcut else np.full(len(times), np.nan)
        high = max(high, 0.0)
        at = columns.of(self._t)
        for column, value in enumerate(kept.tolist()):
            ground = palette.colour("playhead backward" if column == at else "background")
            part = (math.log10(max(value, FLOOR)) - low) / (high - low) if np.isfinite(value) and value > 0 else 0.0
            finite = np.isfinite(value)
            shade = (LEVELS - 1) // 2 + round((0.25 + 0.75 * min(1.0, max(0.0, part))) * (LEVELS - 1) / 2)
            colour = palette.level_colour("gradient", shade if finite else -1)
            style = bar_style(colour if column != at else palette.colour("lens"), ground)
            height = round(max(0.0, min(1.0, part if finite else 1.0)) * rows * EIGHTHS)
            for row, glyph in enumerate(stack(height, rows)):
                text = "?" if self._lens.secret else glyph
                canvas.put(columns.x(column), y + 1 + row, text * columns.number, style)
            self._guess(columns.x(column), y + 1, rows, (float(guess[column]) - low) / (high - low), height, style)
        for row, text in decade_text(rows, low, high):
            canvas.put(max(0, GUTTER - 1 - len(text)), y + 1 + row, text, palette.style("muted"))
        muted = palette.style("muted")
        canvas.put(1, y + 1 + rows, columns.heading, muted)
        for column, t in labelled(columns):
            text = str(t).center(columns.number) if columns.written else str(t)
            canvas.put(columns.x(column), y + 1 + rows, text, muted)
        if at is not None:
            text = str(self._t).center(columns.number)
            x = min(columns.x(at), canvas.width - len(text))
            canvas.put(x - 1, y + 1 + rows, " " * (len(text) + 2), muted)
            canvas.put(x, y + 1 + rows, text, palette.style("background", "lens", bold=True))

    def _guess(self, x: int, y: int, rows: int, part: float, height: int, bar: Style) -> None:
        """The place of the shortcut's guess, on the bar where that reaches it."""
        if not np.isfinite(part) or not 0 <= part <= 1 or self._lens.secret:
            return
        row = min(rows - 1, round((1 - part) * (rows - 1)))
        covered = height >= (rows - row) * EIGHTHS
        palette = self._palette
        style = bar_style(palette.colour("background"), bar.color.name) if covered and bar.color else None
        self._canvas.put(x, y + row, "◇", style or palette.style("violet", bold=True))

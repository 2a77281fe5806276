"""Paints what is left of a gradient after many steps: the largest singular value of the running product, by time."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from rich.style import Style

from bptt.notation import SCREEN
from rnntui.explain.scales import decades_of, parts_of
from rnntui.explain.state_maps import StateMaps
from rnntui.widgets.bars import EIGHTHS, bar_style, decade_text, stack
from rnntui.widgets.canvas import Canvas
from rnntui.widgets.columns import Columns, columns_of
from rnntui.widgets.palette import LEVELS, Palette
from rnntui.widgets.time_axis import Label, paint_axis

FARTHER = 2.0
"""Decades by which the axis of the curve is longer for the shortcut's sake."""


@dataclass(frozen=True)
class Times:
    """Where a curve was drawn."""

    columns: Columns
    rows: range
    """Of the screen, with that of the times."""

    def at(self, x: int, y: int) -> int | None:
        """The time that is drawn there; None outside."""
        column = self.columns.under(x) if y in self.rows else None
        return None if column is None else self.columns.starts[column]


class Curve:
    """Draws the curve of one run, with a mark at one time."""

    def __init__(self, secret: bool, maps: StateMaps, t: int, palette: Palette, canvas: Canvas, gutter: int) -> None:
        """`secret`: whether a question hides what the products contain; `gutter`: screen columns left of the curve."""
        self._secret = secret
        self._maps = maps
        self._t = t
        self._palette = palette
        self._canvas = canvas
        self._gutter = gutter

    def paint(self, y: int, most: int) -> Times | None:
        """The largest singular value of the product from T back to each t, on a log axis."""
        canvas, palette, maps = self._canvas, self._palette, self._maps
        rows = min(most, canvas.height - y - 2)
        if rows < 1:
            return None
        x = canvas.put(1, y, f"∂state({maps.T})/∂state(t)", palette.style("backward", bold=True))
        x = canvas.put(x, y, "  what is left at most, log scale", palette.style("muted"))
        shortcut = maps.shortcuts[0] if maps.shortcuts else None
        called = f"ρ({SCREEN.called(shortcut.name)})" if shortcut else ""
        legends = (f"   ◇ if it were {called} a step", f"   ◇ {called} a step", f" ◇ {called}")
        legend = next((text for text in legends if x + len(text) <= canvas.width), "")
        canvas.put(x, y, legend if shortcut else "", palette.style("violet"))
        columns = columns_of(maps.T, canvas.width - 1, self._gutter, 0, 1)
        times = np.array([*columns.starts])
        kept = np.array([maps.kept[int(np.abs(maps.times - t).argmin())] for t in times.tolist()])
        low, high = decades_of(kept)
        power = maps.T - times
        guess = power * math.log10(max(shortcut.radius, 1e-300)) if shortcut else np.full(len(times), np.nan)
        high = max(high, 0.0)
        if shortcut:  # what the shortcut says is on the axis too, a few decades of it
            high = max(high, min(float(guess.max()), high + FARTHER))
            low = min(low, max(float(guess.min()), low - FARTHER))
        at = columns.of(self._t)
        parts = parts_of(kept, (low, high)).tolist()
        for column, (part, finite) in enumerate(zip(parts, np.isfinite(kept).tolist(), strict=True)):
            ground = palette.colour("playhead backward" if column == at else "background")
            shade = (LEVELS - 1) // 2 + round((0.25 + 0.75 * part) * (LEVELS - 1) / 2)
            colour = palette.level_colour("gradient", shade if finite else -1)
            style = bar_style(colour if column != at else palette.colour("lens"), ground)
            height = round(part * rows * EIGHTHS)
            if self._secret:
                hidden = palette.style("background", "loss", bold=True)
                canvas.put(columns.x(column), y + rows, "?".center(columns.number), hidden)
                continue
            for row, glyph in enumerate(stack(height, rows)):
                canvas.put(columns.x(column), y + 1 + row, glyph * columns.number, style)
            share = (float(guess[column]) - low) / (high - low)
            self._guess(columns.x(column) + (columns.number - 1) // 2, y + 1, rows, share, height, style, ground)
        for row, text in decade_text(rows, low, high):
            canvas.put(max(0, self._gutter - 1 - len(text)), y + 1 + row, text, palette.style("muted"))
        muted = palette.style("muted")
        canvas.put(1, y + 1 + rows, columns.heading, muted)
        lens = palette.style("background", "lens", bold=True)
        paint_axis(canvas, columns, y + 1 + rows, muted, [Label(columns.of(self._t) or 0, (str(self._t),), lens)])
        return Times(columns, range(y + 1, y + 2 + rows))

    def _guess(self, x: int, y: int, rows: int, part: float, height: int, bar: Style, ground: str) -> None:
        """The place of the shortcut's guess, on the bar where that reaches over half of it."""
        if not np.isfinite(part) or not 0 <= part <= 1:
            return
        row = min(rows - 1, round((1 - part) * (rows - 1)))
        covered = height > (rows - row) * EIGHTHS - EIGHTHS // 2
        palette = self._palette
        on_bar = bar_style(palette.colour("background"), bar.color.name) if covered and bar.color else None
        self._canvas.put(x, y + row, "◇", on_bar or bar_style(palette.colour("violet"), ground))

"""Paints the Jacobian lens: one step's map as tiles, what it stretches as bars, the running product as a curve."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap

import numpy as np
from numpy.typing import NDArray

from bptt.notation import SCREEN
from bptt.numerals import cell_text, positive_text
from rnntui.explain.state_maps import Block, Shortcut, StateMaps
from rnntui.widgets.canvas import Canvas
from rnntui.widgets.ink import ink
from rnntui.widgets.jacobian_curve import Curve, Times
from rnntui.widgets.palette import Palette, levels
from rnntui.widgets.tile_painter import shrunk

Array = NDArray[np.floating]
GUTTER = 8
BARS = (32, 46)
"""Screen columns of the singular values, and on a wide screen, where each has a word."""
WIDE = 100
WORD = 14
TALL = 12
"""Rows up to which entries are two rows high."""
MOST_SHORTCUTS = 4
SENTENCES = 4
"""Rows of sentences at most."""
CURVE = (4, 12)
"""Rows of the running product's curve, its heading and times not counted, at least and at most."""
NUMBERED = 4
"""Screen columns in which an entry has its number."""
WIDEST = 6
HIDDEN = "Hidden until you have answered the question."
"""Said in the place of a sentence."""


@dataclass(frozen=True, eq=False)
class Lens:
    """What there is to see of a run's maps at one time."""

    maps: StateMaps | None
    """None while they are computed."""
    t: int
    sentences: tuple[str, ...]
    first_hidden: int | None = None
    """The earliest time whose step, and with it every running product, would tell what a question hides; None where
    none would."""
    failure: str = ""
    """Why there is nothing to see."""

    @property
    def secret(self) -> bool:
        """Whether the step at `t` is hidden."""
        return self.first_hidden is not None and self.t >= self.first_hidden


@dataclass(frozen=True)
class _Bar:
    """One number beside the matrix."""

    label: str
    word: str
    value: float
    role: str


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
        self._said = [
            (line, "loss" if sentence == HIDDEN else "text" if number else "backward")
            for number, sentence in enumerate(lens.sentences)
            for line in wrap(sentence, width)
        ][:SENTENCES]
        room = canvas.height - 3 - len(self._said) - 3  # title, heads, rule; heading, times, blank
        self._rows = max(1, min(self._size, room - CURVE[0]))
        self._tall = 2 if 0 < 2 * self._size <= min(room - CURVE[0], TALL) else 1
        """Screen rows of an entry."""
        bars = self._size + 1 + min(len(maps.shortcuts), MOST_SHORTCUTS)
        self._area = max(4, self._rows * self._tall, min(bars, room - CURVE[0]))
        """Screen rows of the matrix and the bars."""
        self._curve_rows = max(1, min(CURVE[1], room - self._area))
        self._bars_width = BARS[canvas.width >= WIDE]

    def paint(self) -> Times | None:
        """Title, tiles, bars, sentences, curve; where that has the times."""
        self._title()
        if self._size:
            self._tiles()
            self._bars()
        y = 2 + self._area + 1
        for row, (line, role) in enumerate(self._said):
            self._canvas.put(1, y + row, line, self._palette.style(role))
        if self._size:
            curve = Curve(self._lens.first_hidden is not None, self._maps, self._t, self._palette, self._canvas, GUTTER)
            return curve.paint(y + len(self._said) + 1, self._curve_rows)
        return None

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
        room = max(1, canvas.width - GUTTER - self._bars_width - 2 - (len(blocks) - 1))
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
                    self._tile(x, 2 + row * self._tall, number, level, width)
        else:
            self._thumbnail(xs, shades, width)

    def _tile(self, x: int, y: int, number: float, level: int, width: int) -> None:
        palette = self._palette
        text, style = " " * width, palette.tile("value", level)
        if self._lens.secret:
            text, style = "?".center(width), palette.style("background", "loss", bold=True)
        elif width >= NUMBERED:
            text = cell_text(number, min(width, 5)).rjust(width)
        elif palette.inked:
            text, style = ink(level, "value") * width, palette.signed("value", level)
        for row in range(self._tall):
            self._canvas.put(x, y + row, text if row == 0 else " " * width, style)

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
        for block in self._maps.blocks:
            first, end = (at * columns // self._size for at in (block.first, block.first + block.size))
            if end > first:
                canvas.put(xs[first], 1, self._named(block, 1)[: (end - first) * width], style)
            row = block.first * self._tall if open_ else block.first * self._rows // self._size
            canvas.put(1, 2 + row, self._named(block, 0)[: GUTTER - 3], style)
        if open_:
            for place, coordinate in enumerate(self._maps.jacobians.coordinates):
                text = str(coordinate.unit)
                canvas.put(GUTTER - 1 - len(text), 2 + place * self._tall, text, self._palette.style("muted"))

    def _named(self, block: Block, lag: int) -> str:
        return SCREEN.at(SCREEN.called(block.name), block.back + lag, self._t)

    def _block_of(self, place: int, columns: int) -> int:
        at = place * self._size // columns
        return next(n for n, block in enumerate(self._maps.blocks) if at < block.first + block.size)

    # -- the bars

    def _bars(self) -> None:
        """Singular values, the spectral radius of the step, and the shortcuts, with a line at 1."""
        palette, maps = self._palette, self._maps
        x = self._canvas.width - self._bars_width
        end, rows = self._scale(), self._area
        values = maps.singular_values(self._t).tolist()
        shortcuts, left_out = chosen(maps.shortcuts, max(1, min(MOST_SHORTCUTS, rows // 3)))
        last = [_Bar("ρ", "in the long run", maps.radius(self._t), "forward")]
        last += [_Bar(f"ρ({SCREEN.called(one.name)})", "the shortcut", one.radius, "violet") for one in shortcuts]
        room = max(1, rows - len(last) - bool(left_out))
        words = {0: "best direction", len(values) - 1: "worst"} if len(values) > 1 else {}
        sigma = "sv" if palette.ascii else "σ"  # in ASCII σ is s, as a state may be called
        bars = [_Bar(f"{sigma}{n + 1}", words.get(n, ""), value, "backward") for n, value in enumerate(values)]
        bars = bars if len(bars) <= room else [*bars[: room - 1], bars[-1]]  # the worst is always there
        self._canvas.put(x, 1, "one step stretches by", palette.style("text", bold=True))
        left, long = x + self._left, self._bars_width - self._left - 1
        one = min(left + round(long / end), x + self._bars_width - 1)
        self._canvas.put(min(one, x + self._bars_width - 2), 1, "×1", palette.style("muted"))
        for row, bar in enumerate([*bars, *last]):
            self._bar(bar, x, 2 + row, left, long, end, one)
        if left_out:
            said = f"and {left_out} smaller ρ"
            self._canvas.put(x, 2 + len(bars) + len(last), said, palette.style("muted"))

    @property
    def _left(self) -> int:
        return 13 if self._bars_width == BARS[0] else 13 + WORD + 2

    def _bar(self, bar: _Bar, x: int, y: int, left: int, room: int, end: float, one: int) -> None:
        canvas, palette = self._canvas, self._palette
        canvas.put(x, y, bar.label[:6], palette.style(bar.role, bold=True))
        if self._lens.secret:
            canvas.put(x + 7, y, "?????", palette.style("background", "loss", bold=True))
            return
        finite = np.isfinite(bar.value)
        canvas.put(x + 7, y, positive_text(bar.value, 5), palette.style("text" if finite else "trouble"))
        if self._left > 13:
            canvas.put(x + 13, y, bar.word, palette.style("muted"))
        length = min(room, max(0, round(room * bar.value / end))) if finite else 0
        canvas.put(left, y, "█" * length, palette.style(bar.role))
        if left + length <= one:
            canvas.put(one, y, "│", palette.style("muted"))

    def _scale(self) -> float:
        maps = self._maps
        seen = [1.0, *(one.radius for one in maps.shortcuts), *maps.stretch.tolist(), 0.0]
        return max((value for value in seen if np.isfinite(value)), default=1.0)


def chosen(shortcuts: Sequence[Shortcut], room: int) -> tuple[list[Shortcut], int]:
    """The first, of which the sentence speaks, and of the others the largest, in their order; how many are left out,
    which takes one of the rows."""
    if len(shortcuts) <= room:
        return list(shortcuts), 0
    largest = sorted(shortcuts[1:], key=lambda one: one.radius, reverse=True)[: max(0, room - 2)]
    return [one for n, one in enumerate(shortcuts) if n == 0 or one in largest], len(shortcuts) - 1 - len(largest)

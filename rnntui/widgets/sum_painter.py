"""Paints how far the sum over time of a shared parameter's gradient is: the matrix so far, and one component of it
time by time."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from bptt.expressions import Param
from bptt.run import Step
from rnntui.explain.drill import Drill, DrillRow
from rnntui.explain.labels import Labels
from rnntui.explain.marks import HIDDEN
from rnntui.explain.scales import scales_of
from rnntui.explain.tile_plan import (
    LARGEST_OPEN,
    THUMBNAIL_COLUMNS,
    THUMBNAIL_VECTOR,
    Column,
    Line,
    Matrix,
    Operator,
    TilePlan,
)
from rnntui.frame import Frame
from rnntui.reports.step_text import step_value
from rnntui.widgets.canvas import Canvas
from rnntui.widgets.drill_painter import DrillPainter
from rnntui.widgets.palette import Palette
from rnntui.widgets.scale import Scale
from rnntui.widgets.tile_painter import TilePainter

Array = NDArray[np.floating]
WIDTHS = (5, 4, 2, 1)
"""Screen cells for a number, from generous to tight; below 4 a colour only."""
LEAST_TIMES = 2
"""Rows below the matrix from which on it is worth it to show a component time by time."""


class SumPainter:
    """Paints the sum after one step of a parameter's gradient."""

    def __init__(self, frame: Frame, step: Step, labels: Labels, palette: Palette, width: int) -> None:
        self._frame = frame
        self._step = step
        self._labels = labels
        self._palette = palette
        self._width = width
        self._within = frame.run.schedule.pass_at(step.index + 1)
        self._hidden = step_value(frame, step) is HIDDEN
        self._unit = min(frame.lens.unit, len(step.value) - 1)
        self._plan = next(self._plans(), None)

    @property
    def fits(self) -> bool:
        """Whether there is room for any of it."""
        return self._hidden or self._plan is not None

    @property
    def least(self) -> int:
        """The fewest rows it takes."""
        return 2 if self._hidden else 1 + self._tiles().height

    def height(self, rows: int) -> int:
        """The rows it takes of `rows`."""
        left = 0 if self._hidden else rows - self.least - 1
        return self.least if left < LEAST_TIMES + 2 else self.least + 1 + min(left, 2 + self._times)

    def paint(self, canvas: Canvas, x: int, y: int, rows: int) -> None:
        """Paint from (x, y) on into `rows` rows."""
        palette = self._palette
        name = self._name()
        end = canvas.put(x, y, f" {name} ", palette.style("background", "backward", bold=True))
        note = sum_note(self._frame, self._step)
        if end + 2 + len(note) <= canvas.width:
            canvas.put(end + 2, y, note, palette.style("muted"))
        if self._hidden:
            canvas.put(x, y + 1, " hidden until you predict ", palette.style("background", "loss", bold=True))
            return
        plan = self._tiles()
        scale = Scale(plan, scales_of(self._frame.run), "")
        end_row = TilePainter(plan, palette, scale, self._unit).paint(canvas, x - 1, y + 1)
        left = y + rows - end_row - 1
        if left >= LEAST_TIMES + 2:
            painter = DrillPainter(self._component(left - 2), palette, self._width, "time by time")
            if painter.fits:
                painter.paint(canvas, x, end_row + 1)

    @property
    def _times(self) -> int:
        return self._within.hi - self._step.t + 1

    def _summed(self, t: int) -> str:
        """What is in a sum from the end of the pass down to t: `t=8…3`; with earlier passes in it `pass 2: t=8…3`."""
        hi, number = self._within.hi, self._within.number
        times = f"t={hi}…{t}" if t < hi else f"t={hi}" if t == hi else ""
        if number == 1:
            return times
        return f"pass {number}: {times}" if times else "before"

    def _share(self, t: int) -> Array:
        return self._frame.run.contribution(self._step.target, t, self._step.index + 1)

    def _name(self) -> str:
        return "∇" + self._labels.matrix(self._step.target)

    def _tiles(self) -> TilePlan:
        assert self._plan is not None
        return self._plan

    def _plans(self) -> Iterator[TilePlan]:
        """What came before + this time = so far; so far alone where that is too wide."""
        run, step = self._frame.run, self._step
        hi, t = self._within.hi, step.t
        after = Operator("=")
        total = self._tile(self._summed(t), step.value)
        lines: list[Line] = [(total,)]
        if t < hi or self._within.number > 1:
            before = run.sum_so_far(step.target, step.index)
            share = self._tile(f"t={t}", self._share(t))
            lines.insert(0, (self._tile(self._summed(t + 1), before), Operator("+"), share, after, total))
        thumbnails = max(step.value.shape) > LARGEST_OPEN
        for width in (THUMBNAIL_COLUMNS,) if thumbnails else WIDTHS:
            for line in lines:
                if not thumbnails and width < 4 and len(line) > 1:
                    continue
                plan = TilePlan(
                    (line,), width, THUMBNAIL_VECTOR if thumbnails else max(width, 4), thumbnails, "", False
                )
                if plan.width <= self._width + 1:
                    yield plan

    def _tile(self, label: str, values: Array) -> Matrix | Column:
        return Matrix(label, values, "gradient") if values.ndim == 2 else Column(label, values, "gradient")

    def _component(self, rows: int) -> Drill:
        """The number of the lens's row to which this time gives most, as the shares of the last times and the rest."""
        within, step = self._within, self._step
        place: tuple[int, ...] = (self._unit,)
        index = f"[{self._labels.unit_of(Param(step.target), self._unit)}]"
        if step.value.ndim == 2:
            column = int(np.argmax(np.abs(self._share(step.t)[self._unit])))
            place += (column,)
            index = self._labels.place(step.target, self._unit, column)
        total = float(step.value[place])
        last = within.hi if self._times <= rows else step.t + rows - 2
        shares = [(t, float(self._share(t)[place])) for t in range(last, step.t - 1, -1)]
        found = [DrillRow(f"t={t}", value, "backward" if t == step.t else "muted", 0) for t, value in shares]
        if last < within.hi or within.number > 1:
            rest = total - sum(value for _, value in shares)
            found.insert(0, DrillRow(self._summed(last + 1), rest, "muted", -1))
        return Drill(
            self._name() + index,
            tuple(found),
            "",
            total,
            total,
            (),
            gradient=True,
        )


def sum_note(frame: Frame, step: Step) -> str:
    """How many timesteps have gone into a parameter's gradient: `Σ of 4/8`, over a batch `Σ of 4/8, Σ batch`."""
    schedule = frame.run.schedule
    within = schedule.pass_at(step.index + 1)
    batch = ", Σ batch" if frame.run.B > 1 else ""
    passed = f" of pass {within.number}" if schedule.truncated else ""
    return f"Σ of {within.hi - step.t + 1}/{within.hi - within.lo + 1}{passed}{batch}"

"""One step of a run as the parts of the equation pane: what is shown of it, in which form and in which rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from textwrap import wrap

from rich.cells import cell_len

from bptt.run import Step
from rnntui.explain.curve import curve_of
from rnntui.explain.drill import Drill, drill
from rnntui.explain.explained import Explained
from rnntui.explain.labels import Labels
from rnntui.explain.line import LineRow, chosen, lay_out, one_row_forms
from rnntui.explain.marks import PENDING
from rnntui.explain.numpy_line import numpy_rows
from rnntui.explain.scales import scales_of
from rnntui.explain.sentence import sentence_of
from rnntui.explain.spread import spread
from rnntui.explain.terms import explain
from rnntui.explain.tile_plan import TilePlan
from rnntui.explain.tiles import plan_tiles
from rnntui.frame import Frame, Slot
from rnntui.reports.step_text import held
from rnntui.widgets.canvas import Canvas
from rnntui.widgets.curve_painter import CurvePainter
from rnntui.widgets.drill_painter import DrillPainter
from rnntui.widgets.equation_room import Room, Wants, divide, free_place, rows_for_tiles, steady
from rnntui.widgets.line_painter import forms, paint_line
from rnntui.widgets.next_line import paint_next
from rnntui.widgets.scale import Scale
from rnntui.widgets.sum_painter import SumPainter, sum_note
from rnntui.widgets.tile_painter import TilePainter
from rnntui.widgets.view import NUMPY, View

LEFT = 1
"""The blank column before the texts, where tiles have the lens mark."""
LEAST_DRILL = 4
_Paint = Callable[[Canvas, int, int], None]
"""(canvas, top, rows)."""
_Make = Callable[[int], Drill | None]
"""(most rows of terms) → the drill."""


@dataclass(frozen=True)
class _Part:
    """What can be painted in some rows."""

    least: int
    height: Callable[[int], int]
    """(rows there are) → rows it takes of them."""
    paint: _Paint


class StepPicture:
    """One step in one room."""

    def __init__(self, view: View, step: Step, width: int, height: int) -> None:
        frame = view.frame
        run, source = frame.run, frame.source
        self._frame = frame
        self._palette = view.palette
        self._depth = view.depth
        self._scheme = view.scheme
        self._ahead = int(view.ahead)
        self._as_numpy = view.notation == NUMPY
        self._step = step
        self._width = width
        self._height = height
        self._cell = run.model.cell
        self._tokens = source.tokens_of(frame.sequence) if source else None
        self._vocabulary = source.vocabulary if source else None
        self._labels = Labels(self._cell, self._tokens, self._vocabulary)
        self._slot = Slot(step.target, step.t, step.phase == "backward")
        self._unit = min(frame.lens.unit, max(1, _size(frame, step)) - 1)
        alternatives = explain(self._cell, step.equation, step.t, run.weight, self._scheme)
        self._alternatives = one_row_forms(self._cell, alternatives, width - LEFT, self._scheme)

    def paint(self, canvas: Canvas) -> None:
        """Paint all that there is room for."""
        line, plan = self._line_and_tiles()
        form = chosen(self._alternatives, plan.inlined)
        part = self._part(form)
        said = self._said(form)
        rows = steady(len(line), plan.height, self._height)
        most = part.height(self._height) if part else 0
        least = part.least if part else 0
        room = divide(self._height, Wants(rows, plan.height, least, most, len(said), self._ahead))
        if part and room.drill:
            # what it does not need belongs to what follows
            most = part.height(room.drill.rows)
            room = divide(self._height, Wants(rows, plan.height, min(least, most), most, len(said), self._ahead))
        paint_line(canvas, LEFT, 0, line, room.line.rows, self._step.phase, self._palette)
        self._paint_note(canvas, line[0])
        if room.tiles:
            target = "" if self._step.equation.kind == "parameter" else self._step.target
            scale = Scale(plan, scales_of(self._frame.run), target)
            TilePainter(plan, self._palette, scale, self._unit).paint(canvas, 0, room.tiles.top)
        if room.drill and part:
            part.paint(canvas, room.drill.top, room.drill.rows)
        if room.sentence:
            for n, text in enumerate(said):
                canvas.put(LEFT, room.sentence.top + n, text, self._palette.style("muted", italic=True))
        self._paint_curve(canvas, form, room, plan)
        if room.next:
            paint_next(canvas, LEFT, room.next.top, self._frame, self._palette, self._scheme)

    def _paint_curve(self, canvas: Canvas, form: Explained, room: Room, plan: TilePlan) -> None:
        """The curve of the step's function: below all else, or beside the tiles where there is room for it."""
        place = free_place(room, self._width, self._height, plan.width) if self._depth in (0, 2) else None
        if place is None:
            return
        curve = curve_of(form, self._frame.evaluate, self._labels)
        if curve is not None:
            painter = CurvePainter(curve, self._palette, self._step.phase, self._unit)
            painter.paint(canvas, place.left, place.top, place.width, place.rows - 1)

    def _paint_note(self, canvas: Canvas, row: LineRow) -> None:
        """How far the sum of a parameter's gradient is, at the right end of its equation."""
        if self._step.equation.kind == "parameter":
            note = sum_note(self._frame, self._step)
            x = self._width - len(note) - 1
            if x >= LEFT + max(piece.end for piece in row.pieces) + 2:
                canvas.put(x, 0, note, self._palette.style("backward"))

    def _line_and_tiles(self) -> tuple[Sequence[LineRow], TilePlan]:
        """The richest line that leaves room for tiles, and the tiles in the same form; the richest line that fits
        where there is no room for tiles at all."""
        lines = self._lines(self._alternatives[0])
        plan = None
        for line in lines:
            plan = self._plan(len(line))
            if plan.lines:
                break
        assert plan is not None
        lines = self._lines(chosen(self._alternatives, plan.inlined))
        fitting = [line for line in lines if len(line) + plan.height <= self._height]
        return (fitting or lines[-1:])[0], plan

    def _lines(self, form: Explained) -> list[tuple[LineRow, ...]]:
        """The line of one form, the richest first."""
        if self._as_numpy:
            return [numpy_rows(self._step.equation, self._step.t, form.inlined, self._width - LEFT)]
        return forms(lay_out(self._cell, form, self._width - LEFT, self._scheme))

    def _plan(self, line: int) -> TilePlan:
        rows = rows_for_tiles(self._height, self._depth, line)
        if rows < 2:
            return TilePlan((), 1, 4, False, "", self._alternatives[0].inlined)
        return plan_tiles(
            self._cell,
            self._alternatives,
            self._frame.evaluate,
            self._width,
            rows,
            self._tokens,
            self._vocabulary,
            self._frame.run.B,
        )

    def _said(self, form: Explained) -> list[str]:
        """The sentence in rows; none where a word is wider than the pane."""
        unit = self._unit
        text = held(self._frame, self._step, unit) or sentence_of(
            self._cell, form, self._frame.evaluate, unit, self._tokens, self._vocabulary, self._frame.run.B
        )
        bound = text.replace(" %", "\N{NO-BREAK SPACE}%")
        rows = wrap(bound, self._width - LEFT, break_long_words=False, break_on_hyphens=False)
        rows = [row.replace("\N{NO-BREAK SPACE}", " ") for row in rows]
        return rows if all(cell_len(row) <= self._width - LEFT for row in rows) else []

    # -- the drill, or what stands in its place

    def _part(self, form: Explained) -> _Part | None:
        if self._depth in (1, 2) or self._frame.mark(self._slot) is PENDING:
            return None
        if self._step.equation.kind == "parameter":
            return self._sum()
        if self._step.target == self._cell.probability and self._step.phase == "forward":
            return self._rows_of(self._classes, "class by class")
        return self._rows_of(lambda rows: self._products(form, rows), "term by term")

    def _rows_of(self, make: _Make, heading: str) -> _Part | None:
        """A drill as a part: as many of its rows as there is room for."""

        def fitted(rows: int) -> DrillPainter | None:
            count = max(1, rows - 2)
            while count > 0 and (found := make(count)) is not None:
                painter = DrillPainter(found, self._palette, self._width - LEFT, heading)
                if painter.height <= rows or found.hidden:
                    return painter if painter.fits else None
                count -= painter.height - rows
            return None

        def paint(canvas: Canvas, top: int, rows: int) -> None:
            painter = fitted(rows)
            if painter is not None:
                painter.paint(canvas, LEFT, top)

        def height(rows: int) -> int:
            painter = fitted(rows)
            return painter.height if painter else 0

        whole = height(self._height)
        return _Part(min(LEAST_DRILL, whole), height, paint) if whole else None

    def _products(self, form: Explained, rows: int) -> Drill | None:
        return drill(self._cell, form, self._frame.evaluate, self._unit, rows, self._tokens, self._vocabulary)

    def _classes(self, rows: int) -> Drill:
        return spread(self._slot.name, self._slot.t, self._frame.vector(self._slot), self._labels, rows)

    def _sum(self) -> _Part | None:
        painter = SumPainter(self._frame, self._step, self._labels, self._palette, self._width - LEFT)
        if not painter.fits:
            return None
        return _Part(painter.least, painter.height, lambda canvas, top, rows: painter.paint(canvas, LEFT, top, rows))


def _size(frame: Frame, step: Step) -> int:
    """How many units the step's result has; the rows of a matrix."""
    if step.equation.kind == "parameter":
        return len(step.value)
    return int(frame.run.read(step.target, step.t, step.phase == "backward").shape[-1])

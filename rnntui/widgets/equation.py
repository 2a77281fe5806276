"""The equation pane: one step as symbols, as tiles, as one component term by term, and as a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from bptt.expressions import Expression
from bptt.notation import SCREEN, render_equation
from bptt.run import Step
from rich.segment import Segment

from rnntui.explain.drill import Drill, drill
from rnntui.explain.explained import Explained
from rnntui.explain.marks import PENDING
from rnntui.explain.terms import explain
from rnntui.explain.tile_plan import TilePlan
from rnntui.explain.tiles import plan_tiles
from rnntui.frame import Slot
from rnntui.widgets.canvas import Canvas
from rnntui.widgets.drill_painter import DrillPainter
from rnntui.widgets.equation_room import Wants, divide, rows_for_tiles
from rnntui.widgets.rows import Rows
from rnntui.widgets.scale import scale_of
from rnntui.widgets.tile_painter import TilePainter
from rnntui.widgets.view import View

LEFT = 1
"""The blank column before the texts, where tiles have the lens mark."""


class EquationPane(Rows):
    """Explains the step at the cursor, or the one that wrote what the lens is on."""

    def build(self, view: View, width: int, height: int) -> Sequence[Sequence[Segment]]:
        """The pane's rows."""
        return equation_rows(view, width, height)


def equation_rows(view: View, width: int, height: int) -> list[list[Segment]]:
    """The pane as rows no wider than `width`, exactly `height` of them."""
    canvas = Canvas(width, height, view.palette.style("text"))
    step = view.frame.inspected
    if step is not None and width > LEFT and height > 0:
        _StepPicture(view, step, width, height).paint(canvas)
    return canvas.rows()


class _StepPicture:
    """One step in one room."""

    def __init__(self, view: View, step: Step, width: int, height: int) -> None:
        self._view = view
        self._frame = view.frame
        self._palette = view.palette
        self._step = step
        self._width = width
        self._height = height
        run, source = self._frame.run, self._frame.source
        self._cell = run.model.cell
        self._forms = explain(self._cell, step.equation, step.t, run.weight)
        self._tokens = source.tokens_of(self._frame.sequence) if source else None
        self._vocabulary = source.vocabulary if source else None

    @cached_property
    def _slot(self) -> Slot:
        return Slot(self._step.target, self._step.t, self._step.phase == "backward")

    @cached_property
    def _unit(self) -> int:
        if self._step.equation.kind == "parameter":
            return self._frame.lens.unit
        size = self._frame.run.read(self._slot.name, self._slot.t, self._slot.gradient).shape[-1]
        return min(self._frame.lens.unit, size - 1)

    def paint(self, canvas: Canvas) -> None:
        line = 2
        plan = self._plan(line)
        form = next(form for form in self._forms if form.inlined == plan.inlined)
        least, most = self._drill_rows(form)
        room = divide(self._height, Wants(line, plan.height, least, most))
        text = render_equation(self._step.equation, SCREEN, self._step.t, self._cell.arguments)
        canvas.put(LEFT, 0, text, self._palette.style(self._step.phase, bold=True))
        if room.tiles:
            TilePainter(plan, self._palette, scale_of(plan), self._unit).paint(canvas, 0, room.tiles.top)
        if room.drill:
            found = self._drill(form, room.drill.rows)
            if found:
                found.paint(canvas, LEFT, room.drill.top)

    def _plan(self, line: int) -> TilePlan:
        rows = rows_for_tiles(self._height, self._view.depth, line)
        return plan_tiles(
            self._cell,
            self._forms,
            self._frame.evaluate,
            self._width,
            rows,
            self._tokens,
            self._vocabulary,
            self._frame.run.B,
        )

    def _drill_rows(self, form: Explained) -> tuple[int, int]:
        if self._view.depth in (1, 2):
            return 0, 0
        whole = self._drill(form, self._height)
        return (min(4, whole.height), whole.height) if whole else (0, 0)

    def _drill(self, form: Explained, rows: int) -> DrillPainter | None:
        found = self._products(form, rows - 2)
        if found is None:
            return None
        painter = DrillPainter(found, self._palette, self._width - LEFT)
        over = painter.height - rows
        if over > 0 and not found.hidden:
            found = self._products(form, rows - 2 - over)
            assert found is not None
            painter = DrillPainter(found, self._palette, self._width - LEFT)
        return painter if painter.fits else None

    def _products(self, form: Explained, rows: int) -> Drill | None:
        if self._frame.mark(self._slot) is PENDING:
            return None
        return drill(self._cell, form, self._read, self._unit, rows, self._tokens, self._vocabulary)

    def _read(self, expression: Expression, t: int):  # type: ignore[no-untyped-def]
        return self._frame.evaluate(expression, t)

"""What every painter of the Score shares: the canvas, the place of everything, and what may be seen of a variable."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
from numpy.typing import NDArray
from rich.cells import cell_len
from rich.style import Style

from bptt.edits import Edit
from bptt.expressions import Call, Var
from bptt.norms import lengths
from rnntui.explain.roles import roles_of
from rnntui.explain.scales import scales_of
from rnntui.explain.shares import share_norms
from rnntui.frame import Frame, Slot
from rnntui.safe import cut
from rnntui.widgets.canvas import Canvas
from rnntui.widgets.palette import Palette
from rnntui.widgets.score_cuts import cuts_of
from rnntui.widgets.score_layout import BESIDE_NAMES, Band, Layout
from rnntui.widgets.shared import hidden_shares
from rnntui.widgets.view import View

Array = NDArray[np.floating]

PENDING, READY, HIDDEN, XRAYED = 0, 1, 2, 3
"""What a column is to its painter: not computed yet, to be drawn, kept secret by a question, or not computed yet and
all the same to be drawn, faintly."""
DRAWN = (READY, XRAYED)


@dataclass(frozen=True)
class Seen:
    """What may be seen of one variable's values or gradients, by column."""

    states: tuple[int, ...]
    """PENDING, READY, HIDDEN or XRAYED for each column; of a column of several times HIDDEN if one is, READY if one
    is."""
    first: int
    end: int
    """To be drawn are the times first ≤ t < end."""
    read: frozenset[int]
    """The columns that the current step reads."""
    written: int | None
    """The column that the current step wrote, or whose ghost it wrote."""
    faded: bool
    """Whether the columns that the step does not touch step back."""

    def fades(self, column: int) -> bool:
        """Whether this column steps back."""
        return self.faded and column not in self.read


class Sheet:
    """One drawing of the Score."""

    def __init__(self, view: View, layout: Layout, canvas: Canvas) -> None:
        self.view = view
        self.frame: Frame = view.frame
        self.palette: Palette = view.palette
        self.layout = layout
        self.columns = layout.columns
        self.canvas = canvas
        self.cell = self.frame.run.model.cell
        self.roles = roles_of(self.cell)
        self.scales = scales_of(self.frame.run)
        self.backward = self.frame.phase in ("backward", "update")
        self.hue = "backward" if self.backward else "forward"
        self.cursor = self.columns.of(self.frame.t) if self.frame.current else None
        lens = self.frame.lens
        self.lens_column = self.columns.of(lens.slot.t)
        self._seen: dict[tuple[str, bool], Seen] = {}

    def ground(self, column: int, role: str = "faint", bold: bool = False, italic: bool = False) -> Style:
        """Text beside the tiles: the column at the cursor has its own background."""
        background = f"playhead {self.hue}" if column == self.cursor else "background"
        return self.palette.style(role, background, bold=bold, italic=italic)

    def xrayed(self, column: int) -> Style:
        """What is not computed yet and is seen all the same."""
        return self.ground(column, "faint", italic=True)

    def faded_ink(self, role: str) -> Style:
        """Text that steps back."""
        return self.palette.receding(role)

    def values(self, name: str, first: int, last: int, gradient: bool = False) -> Array:
        """(times, unit): the shown sequence at times first…last, whether it may be seen or not."""
        frame = self.frame
        return frame.run.block(name, first, last, gradient, frame.position)[:, frame.sequence]

    def largest(self, name: str, seen: Seen, gradient: bool = False) -> Array:
        """(column, unit): of a variable, or its gradient, the value of largest magnitude at each column's times, as
        far as these are to be drawn."""
        columns, overview = self.columns, self.frame.run.overview
        if not columns.joined:
            return self._in_columns(name, seen, gradient)
        if overview is None:
            return columns.largest(self.values(name, 1, columns.T, gradient), seen.first, seen.end)
        part, edges = columns.edges(seen.first, seen.end)
        read = partial(self.values, name, gradient=gradient)
        found = np.zeros((len(columns), self._units(name)))
        if len(edges) > 1:
            low, high = overview.extremes(name, gradient, edges, self.frame.sequence, read)
            found[part] = np.where(-low > high, low, high)
        return found

    def mean(self, name: str, seen: Seen) -> Array:
        """(column, unit): the same with the mean of a variable."""
        columns, overview = self.columns, self.frame.run.overview
        if not columns.joined:
            return self._in_columns(name, seen, False)
        if overview is None:
            return columns.mean(self.values(name, 1, columns.T), seen.first, seen.end)
        part, edges = columns.edges(seen.first, seen.end)
        found = np.zeros((len(columns), self._units(name)))
        if len(edges) > 1:
            found[part] = overview.means(name, edges, self.frame.sequence, partial(self.values, name))
        return found

    def _in_columns(self, name: str, seen: Seen, gradient: bool) -> Array:
        """(column, unit): a column is one time; 0 where there is nothing to be drawn."""
        columns = self.columns
        found = np.zeros((len(columns), self._units(name)))
        begin, end = max(seen.first, columns.starts[0]), min(seen.end, columns.end)
        if begin < end:
            rows = slice(begin - columns.starts[0], end - columns.starts[0])
            found[rows] = self.values(name, begin, end - 1, gradient)
        return found

    def _units(self, name: str) -> int:
        run = self.frame.run
        return run.model.inputs if name == "x" else run.model.size(self.cell.dims[name])

    def shares(self, parameter: str) -> Array:
        """(T, 1): the norm of each time's share of a parameter's gradient, in the pass at the cursor."""
        run = self.frame.run
        if run.schedule.overlapping:
            return share_norms(run, parameter, self.frame.position)[:, None]
        return self.scales.shares(parameter)

    def norms(self, name: str) -> Array:
        """(T, 1): the norm of a variable's gradient at each time, of the shown sequence."""
        if self.frame.run.schedule.overlapping:
            return lengths(self.values(name, 1, self.frame.run.T, gradient=True))[:, None]
        return self.scales.norms(name)[:, [self.frame.sequence]]

    @cached_property
    def cuts(self) -> frozenset[int]:
        """The columns that no gradient leaves to the left, because the run is truncated."""
        return cuts_of(self.frame.run.schedule, self.frame.position, self.columns)

    @cached_property
    def reads(self) -> frozenset[Slot]:
        """The slots that the current step reads."""
        return self.frame.reads

    def seen(self, name: str, gradient: bool = False) -> Seen:
        """What may be seen of a variable."""
        key = name, gradient
        if key not in self._seen:
            self._seen[key] = self._look(name, gradient)
        return self._seen[key]

    def _look(self, name: str, gradient: bool) -> Seen:
        columns = self.columns
        states, first, end = self._states(name, gradient)
        _hide(states, self._columns_of(self.frame.hidden, name, gradient))
        read = self._columns_of(self.reads, name, gradient)
        target = self.frame.written
        names = (name,) if gradient else (name, self.ghosts.get(name, name))
        written = columns.of(target.t) if target and target.gradient == gradient and target.name in names else None
        return Seen(tuple(states), first, end, read, written, self.backward and not gradient)

    def _states(self, name: str, gradient: bool) -> tuple[list[int], int, int]:
        """(PENDING, READY or XRAYED for each column; the times first ≤ t < end that are to be drawn)."""
        columns = self.columns
        first, end = self.frame.computed(name, gradient)
        # what is computed from a secret would tell it
        later = XRAYED if self.view.xray and not self.frame.hidden else PENDING
        states = [
            READY if begin < end and after > first else later
            for begin, after in zip(columns.starts, columns.ends, strict=True)
        ]
        return (states, first, end) if later == PENDING else (states, 1, columns.T + 1)

    def seen_shares(self, parameter: str) -> Seen:
        """What may be seen of the shares of a parameter's gradient; those that read a secret are secret."""
        frame, columns = self.frame, self.columns
        states, first, end = self._states(parameter, True)
        _hide(states, [columns.of(t) for t in hidden_shares(frame, parameter)])
        step = frame.current
        adds = step is not None and step.equation.kind == "parameter" and step.target == parameter
        written = columns.of(frame.t) if adds else None
        return Seen(tuple(states), first, end, frozenset(), written, False)

    def _columns_of(self, slots: frozenset[Slot], name: str, gradient: bool) -> frozenset[int]:
        """The visible columns of those slots that are a variable's."""
        found = (self.columns.of(slot.t) for slot in slots if (slot.name, slot.gradient) == (name, gradient))
        return frozenset(place for place in found if place is not None)

    @cached_property
    def ghosts(self) -> dict[str, str]:
        """Variable → the variable of its own equation that its function is applied to: shown in its place until the
        function is."""
        steps = {equation.target for equation in self.cell.equations}
        return {
            name: definition.argument.name
            for name, definition in self.cell.definitions.items()
            if isinstance(definition, Call) and isinstance(definition.argument, Var) and definition.argument.lag == 0
            if definition.argument.name in steps and definition.argument.name not in self.roles.order
        }

    # -- the gutter

    def name(self, y: int, text: str, gradient: bool, active: bool, beside: bool = False) -> None:
        """A track's name; `beside`: a unit's number stands in the same row."""
        room = max(1, self.columns.gutter - (BESIDE_NAMES if beside else 2))
        style = self.palette.style("backward" if gradient else "forward", bold=active)
        self.canvas.put(1 if self.columns.gutter > 2 else 0, y, cut(text, room)[: self.columns.gutter], style)

    def number(self, y: int, text: str, lens: bool) -> None:
        """A unit's number or letter, and the lens where it is on this row."""
        end = self.columns.gutter - 1
        style = self.palette.style("lens" if lens else "faint", bold=lens)
        self.canvas.put(end - cell_len(text), y, text, style)
        if lens and end >= 0:
            self.canvas.put(end, y, "▸", self.palette.style("lens", bold=True))

    def named_class(self, unit: int) -> str:
        """A class by its letter, or by its number where that takes more than three screen columns."""
        source = self.frame.source
        if source is None or source.vocabulary is None or unit >= len(source.vocabulary):
            return str(unit)
        letter = source.vocabulary[unit]
        shown = letter if letter.isprintable() and not letter.isspace() else repr(letter)
        return shown if cell_len(shown) == len(shown) <= 3 else str(unit)

    # -- marks beside the tiles

    def marks(self, band: Band, seen: Seen) -> None:
        """Thin edges beside what is read, thick ones beside what is written, yellow ones at what a lesson points at."""
        if not self.columns.gap:
            return
        read = self.palette.style(self.hue)
        for column in seen.read:
            self._beside(band, column, "▕", "▏", read)
        if seen.written is not None:
            self._beside(band, seen.written, "▐", "▌", self.palette.style(self.hue, bold=True))
        focus = self.view.focus
        if focus is not None and (focus.name, focus.gradient) == (band.track.name, band.gradient):
            focused = self.columns.of(focus.t)
            if focused is not None:
                self._beside(band, focused, "▐", "▌", self.palette.style("loss", bold=True))

    def edits(self, band: Band) -> None:
        """A mark at what is held by an edit, over the edges."""
        if self.view.pins is not None and self.columns.gap:
            for edit in self.view.pins.edited:
                if edit.name == band.track.name and edit.sequence in (None, self.frame.sequence):
                    self._edited(band, edit)

    def _edited(self, band: Band, edit: Edit) -> None:
        """A sign of equality left of it."""
        style = self.palette.style("background", "violet", bold=True)
        first, last = edit.times or (1, self.columns.T)
        tiles = band.track.kind in ("value", "probability")
        rows = range(0 if tiles else band.track.rows - 1, band.track.rows)
        for column, (begin, end) in enumerate(zip(self.columns.starts, self.columns.ends, strict=True)):
            for row in rows if begin <= last and end > first else ():
                lanes = band.lanes_of_row(row) if tiles else ((0, band.track.units),)
                if not edit.index or any(low <= edit.index[0] < high for low, high in lanes):
                    self.canvas.put(self.columns.x(column) - 1, band.top + row, "=", style)

    def _beside(self, band: Band, column: int, left: str, right: str, style: Style) -> None:
        x = self.columns.x(column)
        for y in range(band.top, band.top + band.track.rows):
            self.canvas.put(x - 1, y, left, style)
            self.canvas.put(x + self.columns.number, y, right, style)

    # -- columns that show no number

    def unseen(self, column: int, y: int, state: int) -> None:
        """A secret, or what is not computed yet."""
        columns, width = self.columns, self.columns.number
        if state == HIDDEN:
            text = "???" if width >= 5 else "?"
            self.canvas.put(
                columns.x(column), y, text.center(width), self.palette.style("background", "loss", bold=True)
            )
        else:
            dot = "·" if columns.pitch > 1 or column % 2 == 0 else " "
            self.canvas.put(columns.x(column), y, dot.center(width), self.ground(column))


def _hide(states: list[int], columns: Iterable[int | None]) -> None:
    """Hide columns that would be shown; what is not computed yet tells nothing anyway."""
    for column in columns:
        if column is not None and states[column] != PENDING:
            states[column] = HIDDEN

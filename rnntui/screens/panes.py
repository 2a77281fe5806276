"""Which panes stand beside or below the Score, and the keys that choose them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

from rnntui.explain.circuit import rows_of
from rnntui.screens.projecting import Projecting
from rnntui.session import Session
from rnntui.widgets.circuit import CircuitPane, circuit_fits
from rnntui.widgets.params import ParamsPane
from rnntui.widgets.params_painter import rows_wanted
from rnntui.widgets.pins import PinsPane

if TYPE_CHECKING:
    from rnntui.walk import Walk

Pane = Literal["equation", "circuit", "params", "pins"]
PANES: tuple[Pane, ...] = get_args(Pane)
TALL = 30
"""Rows from which what is pinned is shown without being asked for."""
LEAST_PINS = 9
"""Rows of what is pinned where it is asked for."""
BESIDE, WIDE = 100, 150
"""Screen columns from which the panes stand beside the Score, and from which they are wide."""
AROUND = 4
"""Rows above and below the panes of a tall screen."""
PINS_PART = 0.4
"""The part of a column that pins have at most."""
BESIDE_LESSON = 0.4
"""The part of a column that a lesson leaves at least."""
LEAST_EQUATION = 19
"""Rows that the equation has beside the parameters."""
LAYOUTS = ("", "-score-only", "-panes-only")
"""Classes of the screen: everything, or one part of it as large as can be."""


class Panes(Projecting):
    """The part of the debugger that owns what stands beside the Score. A pane that was asked for has the class
    `-NAME-only`, one for which there is room anyway `-with-NAME`; the style sheet does the rest."""

    _session: Session
    _walk: Walk | None

    def __init__(self) -> None:
        super().__init__()
        self._pane: Pane | None = None
        self._layout = ""
        self._pins_rows = 0
        """The rows that all that is pinned would take; 0 where nothing is."""

    def _choose(self, pane: Pane | None) -> None:
        """Show one pane in the place of the others, or what there is room for."""
        self._pane = pane
        for name in PANES:
            self.set_class(name == pane, f"-{name}-only")
        self._place_panes(self.size.width, self.size.height)

    def _toggle(self, pane: Pane) -> None:
        self._choose(None if self._pane == pane else pane)

    def action_pane_equation(self) -> None:
        self._choose("equation")

    def action_pane_circuit(self) -> None:
        """The cell as a circuit, where something recurs."""
        if rows_of(self._session.cell):
            self._toggle("circuit")
        else:
            self.notify("nothing recurs in this cell: there is no circuit", timeout=3, markup=False)

    def action_pane_params(self) -> None:
        """The parameters instead of the other panes, or below the equation."""
        self._toggle("params")

    def action_pane_pins(self) -> None:
        """Watches, breakpoints and edits instead of the other panes, or below the equation."""
        self._toggle("pins")

    def action_maximise(self) -> None:
        """The Score alone, the panes alone, both."""
        self._layout = LAYOUTS[(LAYOUTS.index(self._layout) + 1) % len(LAYOUTS)]
        for name in LAYOUTS[1:]:
            self.set_class(name == self._layout, name)

    def _place_panes(self, width: int, height: int) -> None:
        """Give each pane that is not asked for its room below the equation, where there is enough."""
        if self._projected:
            width = min(width, BESIDE - 1)  # everything below the Score
        self._set_width(width)
        pins = self._place_pins(width, height)
        left = height - AROUND - LEAST_EQUATION - pins - self._place_circuit(height - pins)
        self._place_params(width, height, left)

    def _set_width(self, width: int) -> None:
        """Set the class of a width; Textual's own would look at the screen alone."""
        breakpoints = self.HORIZONTAL_BREAKPOINTS or []
        ours = max((limit, name) for limit, name in breakpoints if limit <= width)
        for limit, name in breakpoints:
            self.set_class((limit, name) == ours, name)

    def _give_room(self, rows: int) -> None:
        """Let what is pinned have as many rows as it takes, 0 where nothing is."""
        if rows != self._pins_rows:
            self._pins_rows = rows
            self._place_panes(self.size.width, self.size.height)

    @property
    def shows_pins(self) -> bool:
        """Whether what is pinned is in sight."""
        return self.has_class("-with-pins") or self.has_class("-pins-only")

    def _place_pins(self, width: int, height: int) -> int:
        """What is pinned stands below the equation beside a tall Score, outside of lessons. Returns its rows."""
        most = int((height - AROUND) * PINS_PART)
        fits = width >= BESIDE and height >= TALL and self._walk is None and self._pins_rows > 0
        self.set_class(fits, "-with-pins")
        rows = min(self._pins_rows, most) if fits else 0
        beside = rows if self._pane != "pins" else max(rows, min(LEAST_PINS, most))
        self.query_one(PinsPane).styles.height = "1fr" if width < BESIDE else beside
        return rows

    def _place_circuit(self, height: int) -> int:
        """The circuit stands below the equation where both have room; in a lesson, in what that leaves. Returns the
        rows that it takes."""
        cell = self._session.cell
        column = height - AROUND if self._walk is None else int((height - AROUND) * BESIDE_LESSON)
        fits = circuit_fits(cell, self._session.run.model.hidden, column)
        self.set_class(fits, "-with-circuit")
        rows = rows_of(cell) + 1
        self.query_one(CircuitPane).styles.height = rows
        return rows if fits else 0

    def _place_params(self, width: int, height: int, left: int) -> None:
        """The parameters stand below the equation, and the circuit where it is there, in a column with room for all;
        in a lesson where they are asked for."""
        pane, wanted = self.query_one(ParamsPane), rows_wanted(self._session.run)
        self.set_class(width >= WIDE and self._walk is None and wanted <= left, "-with-params")
        pane.styles.height = "1fr" if width < BESIDE else min(wanted, max(1, (height - AROUND) // 2))

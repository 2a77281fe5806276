"""Which panes stand beside or below the Score, and the keys that choose them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

from rnntui.explain.circuit import rows_of
from rnntui.screens.keys import KEYS
from rnntui.screens.projecting import Projecting
from rnntui.session import Session
from rnntui.widgets.circuit import CircuitPane, circuit_fits
from rnntui.widgets.columns import widest
from rnntui.widgets.params import ParamsPane
from rnntui.widgets.params_painter import all_fit, rows_wanted
from rnntui.widgets.pins import PinsPane
from rnntui.widgets.score_layout import gutter_of
from rnntui.widgets.tabs import Tab, Tabs

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
FEW_PINS = 5
"""Rows that they take from the equation; more take the circuit away."""
BESIDE_LESSON = 0.4
"""The part of a column that a lesson leaves at least."""
MOST_PART, MOST_COLUMNS = 0.6, 110
"""The part of a screen that panes beside a short Score take at most, and their columns: longer lines read badly."""
LEAST_EQUATION = 19
"""Rows that the equation has beside the parameters."""
WIDTHS = {"-wide": 67, "-huge": 77}
"""The columns that panes have at least, by the class of a width, as in the style sheet."""
TABS: dict[Pane, str] = {"equation": "equation", "circuit": "circuit", "pins": "watch", "params": "params"}
"""What the panes of a drawer are called, in the order of their keys."""
LAYOUTS = ("", "-score-only", "-panes-only")
"""Classes of the screen: everything, or one part of it as large as can be."""


class Panes(Projecting):
    """The part of the debugger that owns what stands beside the Score. A pane that was asked for has the class
    `-NAME-only`, one for which there is room anyway `-with-NAME`; the style sheet does the rest."""

    _session: Session
    _walk: Walk | None
    _zoom: int

    def __init__(self) -> None:
        super().__init__()
        self._pane: Pane | None = None
        self._layout = ""
        self._side = 0
        """The columns that the panes take beside a short Score."""
        self._pins_rows = 0
        """The rows that all that is pinned would take; 0 where nothing is."""

    def _choose(self, pane: Pane | None) -> None:
        """Show one pane in the place of the others, or what there is room for."""
        self._pane = pane
        for name in PANES:
            self.set_class(name == pane, f"-{name}-only")
        self._place_panes(self.size.width, self.size.height)
        self._ask_in_sight()

    @property
    def shows_lesson(self) -> bool:
        """Whether a lesson, if there is one, is in sight."""
        covering = PANES if self.has_class("-narrow") else ("equation", "circuit")
        return self._pane not in covering and self._layout != "-score-only" and not self.has_class("-tiny")

    def show_lesson(self) -> None:
        """Bring the lesson into sight, if anything covers it."""
        if not self.shows_lesson:
            self._lay_out("")
            self._choose(None)

    def _ask_in_sight(self) -> None:
        raise NotImplementedError

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
        self._lay_out(LAYOUTS[(LAYOUTS.index(self._layout) + 1) % len(LAYOUTS)])
        self._ask_in_sight()

    def _lay_out(self, layout: str) -> None:
        self._layout = layout
        for name in LAYOUTS[1:]:
            self.set_class(name == layout, name)

    def _place_panes(self, width: int, height: int) -> None:
        """Give each pane that is not asked for its room below the equation, where there is enough."""
        self.set_class(self._projected and self._walk is None, "-projected")
        if self._projected:
            width = min(width, BESIDE - 1)  # everything below the Score
        self._set_width(width)
        self._give_width()
        self.query_one(Tabs).tabs = self._tabs()
        pins = self._place_pins(width, height)
        left = height - AROUND - pins
        circuit = self._room_for_circuit(left + (pins if pins <= FEW_PINS else 0))
        params = self._room_for_params(width, left, circuit)
        self._place_circuit(circuit if params + circuit + LEAST_EQUATION <= left or not params else 0)
        self._place_params(params, width, height)

    def _set_width(self, width: int) -> None:
        """Set the class of a width; Textual's own would look at the screen alone."""
        breakpoints = self.HORIZONTAL_BREAKPOINTS or []
        ours = max((limit, name) for limit, name in breakpoints if limit <= width)
        for limit, name in breakpoints:
            self.set_class((limit, name) == ours, name)

    def _give_width(self) -> None:
        """Let the panes beside the Score have the columns that it has no use for."""
        width, run = self.size.width, self._session.run
        cell = run.model.cell
        needed = widest(run.T, gutter_of(cell, cell.source, width), self._zoom) + 1
        spare = min(width - needed, int(width * MOST_PART), MOST_COLUMNS)
        side = 0 if width < BESIDE or self._projected else max(0, spare)
        if side != self._side:
            self._side = side
            self.query_one("#panes").styles.min_width = side

    def _give_room(self, rows: int) -> None:
        """Let what is pinned have as many rows as it takes, 0 where nothing is."""
        if rows != self._pins_rows:
            self._pins_rows = rows
            self._place_panes(self.size.width, self.size.height)

    @property
    def _has_tabs(self) -> bool:
        """Whether the panes are a drawer below the Score, with a line that says what is in it."""
        return self._walk is None and self.has_class("-narrow")

    def _tabs(self) -> tuple[Tab, ...]:
        """The panes that there are for this cell."""
        shown = self._pane or "equation"
        keys = {key.id: key.shown for key in KEYS}
        return tuple(
            Tab(keys[f"pane_{name}"], label, f"pane_{name}", name == shown)
            for name, label in TABS.items()
            if name != "circuit" or rows_of(self._session.cell)
        )

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

    def _room_for_circuit(self, left: int) -> int:
        """The rows of the circuit where it has room below the equation in `left` rows, in a lesson in what that leaves;
        0 where it has none."""
        cell = self._session.cell
        column = left if self._walk is None else int(left * BESIDE_LESSON)
        return rows_of(cell) + 1 if circuit_fits(cell, self._session.run.model.hidden, column) else 0

    def _room_for_params(self, width: int, left: int, circuit: int) -> int:
        """The rows of the parameters where they have room below the equation in a wide column of `left` rows: beside
        the circuit, or in its place where all of them are seen and it was not asked for; else, and in a lesson, 0."""
        run = self._session.run
        wanted = rows_wanted(run)
        if width < WIDE or self._walk is not None or LEAST_EQUATION + wanted > left:
            return 0
        alone = self._pane != "circuit" and all_fit(run, self._panes_width - 1)
        return wanted if alone or LEAST_EQUATION + circuit + wanted <= left else 0

    @property
    def _panes_width(self) -> int:
        """The columns of the panes beside the Score."""
        return max(self._side, WIDTHS["-huge" if self.has_class("-huge") else "-wide"])

    def _place_circuit(self, rows: int) -> None:
        self.set_class(rows > 0, "-with-circuit")
        self.query_one(CircuitPane).styles.height = rows_of(self._session.cell) + (not self._has_tabs)

    def _place_params(self, rows: int, width: int, height: int) -> None:
        """The parameters in so many rows, 0 for none; where they are asked for in half a column at most."""
        pane, wanted = self.query_one(ParamsPane), rows_wanted(self._session.run)
        self.set_class(rows > 0, "-with-params")
        pane.styles.height = "1fr" if width < BESIDE else min(wanted, max(1, (height - AROUND) // 2))

"""The names and numbers of a circuit at one time, for one unit: what may not be seen yet is a mark."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from bptt.cell import Cell
from bptt.expressions import Call, Expression, Grad, Number, Param, Sum, Tick, Var, rewrite, walk
from bptt.notation import SCREEN, SUPERSCRIPTS, render
from bptt.numerals import cell_text, number, unit_text
from bptt.run import Step
from rnntui.explain.labels import Labels
from rnntui.explain.marks import HIDDEN, PENDING, Mark, Read
from rnntui.explain.tile_plan import Array
from rnntui.explain.wires import Valve, Wire, without_subscripts
from rnntui.explain.wiring import Box, Junction, Wiring

Ink = Literal[
    "rail",
    "wire",
    "node",
    "name",
    "value",
    "share",
    "quiet",
    "box",
    "lit",
    "meter",
    "hidden",
    "trouble",
    "title",
    "cut",
]
"""What a text looks like, by what it is. rail, node, name: in the colour of the direction; value: a number in that
colour; share: a gradient on its way; quiet: a value that only stands by; lit: it belongs to the current equation; cut:
no gradient comes by."""

LONGEST_NAME = 6
NUMBER = 5
LONGEST_NUMBER = 6
"""Cells in which every number keeps a digit: `-8e-84`."""
BARS = "▁▂▃▄▅▆▇█"


@dataclass(frozen=True, slots=True)
class Shown:
    """A text and what it looks like."""

    text: str
    ink: Ink


@dataclass(frozen=True, slots=True)
class Look:
    """What is looked at, and how."""

    name: str
    """A variable: its circuit is drawn."""
    t: int
    unit: int
    backward: bool
    """Whether gradients are looked at, and so every arrow is turned round."""
    step: Step | None
    """The step whose equation is explained; what it is about is lit."""
    T: int
    """How many times the run has."""
    lo: int = 0
    """The earliest time that gradients are carried back to."""


class CircuitReadings:
    """Reads what a circuit shows at one moment, by `read`: an expression at a time, or why it may not be shown."""

    def __init__(self, cell: Cell, wiring: Wiring, look: Look, read: Read) -> None:
        self.t = look.t
        self.backward = look.backward
        self.unit = look.unit
        self._step = look.step
        self._T = look.T
        self._lo = look.lo
        self._reader = read
        self._cell = cell
        self._labels = Labels(cell)
        self._digits = len(str(look.T))
        self._named = {wire.variable for wire in wiring.wires if wire.kind == "variable"}
        self._owners = {
            id(wire): stop.owners for stop in wiring.stops if isinstance(stop, Junction) for wire in stop.wires
        }
        self._lit = self._touched()

    def _touched(self) -> frozenset[str]:
        """The variables and parameters that the equation at the cursor is about."""
        step = self._step
        if step is None or step.t != self.t or (step.phase == "backward") != self.backward:
            return frozenset()
        if step.equation.kind == "cut":
            return frozenset()
        if step.equation.kind == "parameter":
            return frozenset({step.target, *(term.consumer for term in step.equation.terms)})
        if self.backward:
            return frozenset({step.target})
        arguments = (name for name, owner in self._cell.arguments.items() if owner == step.target)
        return frozenset({step.target, *arguments})

    def is_lit(self, *names: str) -> bool:
        """Whether the current equation is about one of these."""
        return not self._lit.isdisjoint(names)

    # -- names

    def name_width(self, name: str) -> int:
        """The most cells that `at` takes for it, at all times and in both directions."""
        return 1 + len(_cut(SCREEN.called(name))) + self._digits

    def at(self, name: str, lag: int) -> str:
        """An end of a road: `s₃`, `∇s₃`."""
        shown = SCREEN.at(_cut(SCREEN.called(name)), lag, self.t)
        return SCREEN.gradient.format(v=shown) if self.backward else shown

    def source(self, node: Var) -> str:
        """What a bus carries."""
        return SCREEN.at(_cut(SCREEN.called(node.name)), node.lag, self.t)

    def longest_source(self, node: Var) -> str:
        """The same at the time at which it is longest."""
        return SCREEN.at(_cut(SCREEN.called(node.name)), 0, self._T)

    def label(self, wire: Wire, room: int) -> Shown:
        """A wire's name in at most `room` cells."""
        text = self._label(wire)
        names = (wire.variable, wire.argument, *_parameters(wire.expression), *self.arguments(wire.variable))
        return Shown(_cut(text, room), "lit" if self.is_lit(*names) else "name")

    def arguments(self, variable: str) -> tuple[str, ...]:
        """The named arguments in a variable's equation."""
        return tuple(name for name, owner in self._cell.arguments.items() if owner == variable)

    def _label(self, wire: Wire) -> str:
        if wire.kind == "variable" or (wire.kind == "rest" and self.backward and wire.variable not in self._named):
            name = _cut(SCREEN.called(wire.variable))
            return SCREEN.gradient.format(v=name) if self.backward else name
        match wire.expression:
            case Number(value):
                return number(value, 3, "−")
            case Tick(negated=negated):
                return "¬tick" if negated else "tick"
        if wire.kind == "rest":
            return f"1−{_cut(SCREEN.called(wire.variable))}"
        if wire.kind == "function":
            return self._labels.function(wire.expression.function)  # type: ignore[union-attr]  # its kind says so
        return render(self._opened(wire.expression), SCREEN, self.t, self._cell.arguments).replace(" ", "")

    def _opened(self, expression: Expression) -> Expression:
        """The expression with what its functions are taken of, and not the names of that."""
        if isinstance(expression, Var) and expression.name in self._cell.arguments:
            return self._opened(self._cell.definitions[expression.name])
        return rewrite(expression, self._opened)

    def box_name(self, box: Box) -> str:
        """A matrix, raised to T on the way back, or a function."""
        if box.matrix:
            return self._labels.matrix(box.name, self.backward)
        if box.name.startswith("power"):
            return "(·)" + box.name.split()[1].translate(SUPERSCRIPTS)
        return self._labels.function(box.name).split("_")[-1]

    def formula(self, expression: Expression) -> str:
        """How wires are made of what their bus carries: `U·x + W·h + b`."""
        return self._labels.timeless(expression).replace("+", " + ").replace("−", " − ")

    def valve_name(self, valve: Valve) -> Shown:
        """A gate's name; on the way back its gradient's, where no wire of its own has that."""
        name = _cut(SCREEN.called(valve.gate))
        total = self.backward and valve.gate not in self._named
        return Shown(SCREEN.gradient.format(v=name) if total else name, "name")

    def valve_on(self, valve: Valve) -> str:
        """What a valve multiplies: `on h₃`, `on W·h₃`; of a sum its first summand."""
        on = valve.on.terms[0] if isinstance(valve.on, Sum) else valve.on
        if isinstance(on, Call):
            return "on " + self._labels.function(on.function)
        return "on " + render(without_subscripts(on), SCREEN, self.t, self._cell.arguments)

    # -- numbers

    def end(self, name: str, lag: int, width: int = NUMBER) -> Shown:
        """The number at an end of a road, in about `width` cells; of a gradient that the run is cut before, that."""
        if self._is_cut(lag):
            return Shown("cut", "cut")
        return self._slot(name, self.t - lag, "value", width)

    def _is_cut(self, lag: int) -> bool:
        """Whether gradients are looked at and do not come that far back."""
        return self.backward and 1 <= self.t - lag < self._lo <= self.t

    def _slot(self, name: str, t: int, ink: Ink, width: int = NUMBER) -> Shown:
        node = Grad(name) if self.backward else Var(name)
        return self._number(self._reader(node, t), ink, width=min(max(NUMBER, width), LONGEST_NUMBER))

    def total(self, wire: Wire, width: int) -> Shown:
        """The number at a wire's name: what it is, in the backward pass the whole gradient of its variable. A factor
        without a gradient of its own shows what it is there too."""
        if self.backward and wire.kind in ("variable", "rest"):
            if wire.kind == "rest" and wire.variable in self._named:
                return Shown("", "quiet")
            shown = self._slot(wire.variable, self.t, "value")
            return Shown(_squeezed(shown.text, width), shown.ink)
        if wire.kind == "number":
            return Shown("", "quiet")
        return self.value(wire, width, "quiet" if self.backward else "value")

    def value(self, wire: Wire, width: int, ink: Ink) -> Shown:
        """What a wire is in the forward pass; what has no equation of its own is computed in the one it stands in."""
        made = wire.kind in ("matrix", "function", "other")
        if made and any(self._read(Var(owner)) is PENDING for owner in self._owners[id(wire)]):
            return self._number(PENDING, ink)
        return self._number(self._read(wire.expression), ink, wire.meter, width)

    def level(self, wire: Wire) -> str:
        """How open a valve is, as one block; empty where that cannot be seen."""
        return self._bar(self._read(wire.expression))

    def argument(self, wire: Wire, width: int) -> Shown | None:
        """The sum that a function without a name is taken of, its number in at most `width` cells."""
        if not wire.argument:
            return None
        shown = self._number(self._read(Var(wire.argument)), "quiet", width=width)
        return Shown("Σ" + shown.text, shown.ink)

    def share(self, wire: Wire, width: int) -> Shown | None:
        """The gradient on its way through a wire in at most `width` cells; None where its name says it."""
        if not self.backward or wire.alone or wire.share is None:
            return None
        if wire.variable and (mark := self._mark(wire.variable)):
            return self._number(mark, "share")
        read = wire.expression
        if isinstance(read, Var) and self._mark(read.name, read.lag) is HIDDEN:
            return self._number(HIDDEN, "share")
        return self._number(self._read(wire.share), "share", width=width)

    def box_value(self, box: Box) -> Shown | None:
        """What leaves a matrix on the way forward; hidden with what it adds to."""
        if self.backward or not box.matrix:
            return None
        owned = self._read(Var(box.owner))
        return self._number(owned if isinstance(owned, Mark) else self._read(box.value), "quiet")

    def slope(self, box: Box) -> Shown | None:
        """What the gradient is multiplied with at a function."""
        if not self.backward or box.slope is None:
            return None
        return self._number(self._read(box.slope), "quiet", unit=True)

    def behind(self, box: Box) -> tuple[str, Shown] | None:
        """(name, number) of the gradient behind a function."""
        if not self.backward or not box.argument:
            return None
        shown = self._slot(box.argument, self.t, "value")
        name = render(Grad(box.argument), SCREEN, self.t, self._cell.arguments).rstrip("₀₁₂₃₄₅₆₇₈₉")
        return name, Shown(shown.text, "lit" if self.is_lit(box.argument) and shown.ink == "value" else shown.ink)

    def arriving(self, share: Expression | None, name: str, lag: int) -> Shown | None:
        """What of the gradient of the past comes by the road."""
        if not self.backward or share is None or self.t - lag < 0 or self._is_cut(lag):
            return None
        if self._mark(name, lag) is HIDDEN:
            return self._number(HIDDEN, "share")
        return self._number(self._read(share), "share", width=LONGEST_NUMBER)

    def valve_level(self, valve: Valve) -> str:
        """How open a gate on the way in is, as one block."""
        return self._bar(self._read(Var(valve.gate)))

    def valve_number(self, valve: Valve) -> Shown:
        """How open it is; on the way back its whole gradient, where no wire of its own shows that."""
        if not self.backward:
            return self._number(self._read(Var(valve.gate)), "value", unit=True, width=4)
        if valve.gate in self._named:
            return Shown("", "quiet")
        return self._slot(valve.gate, self.t, "value")

    def valve_share(self, valve: Valve) -> Shown | None:
        """What of a gate's gradient comes by this valve; None where that is all of it."""
        if not self.backward or valve.alone or valve.share is None:
            return None
        if mark := self._mark(valve.gate):
            return self._number(mark, "share")
        return self._number(self._read(valve.share), "share")

    def _mark(self, variable: str, lag: int = 0) -> Mark | None:
        """Why a gradient may not be shown: then its shares may not either."""
        found = self._reader(Grad(variable, lag), self.t)
        return found if isinstance(found, Mark) else None

    def _read(self, expression: Expression) -> Array | Mark:
        return self._reader(expression, self.t)

    def _pick(self, values: Array) -> float:
        flat = values.reshape(-1)
        return float(flat[min(self.unit, len(flat) - 1)])

    def _number(
        self,
        values: Array | Mark,
        ink: Ink,
        unit: bool = False,
        width: int = NUMBER,
    ) -> Shown:
        if isinstance(values, Mark):
            return Shown(values.value, "hidden" if values is HIDDEN else "quiet")
        value = self._pick(values)
        text = (unit_text if unit else cell_text)(value, width).strip()
        return Shown(text, ink if np.isfinite(value) else "trouble")

    def _bar(self, values: Array | Mark) -> str:
        if isinstance(values, Mark):
            return ""
        value = self._pick(values)
        return BARS[int(min(7, max(0.0, value) * 8))] if np.isfinite(value) else ""


def _parameters(expression: Expression) -> tuple[str, ...]:
    return tuple(node.name for node in walk(expression) if isinstance(node, Param))


def _cut(name: str, room: int = LONGEST_NAME) -> str:
    return name if len(name) <= room else name[: max(0, room - 1)] + "…"


def _squeezed(text: str, width: int) -> str:
    return text if len(text) <= width else text[:width]

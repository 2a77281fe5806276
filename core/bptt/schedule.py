"""Step index ↔ (phase, time, equation, pass), both ways in constant time, in full and in truncated BPTT.

Forward through a block of times, then back through its pass (see `bptt.passes`), and so on to the end. Where a pass
does not reach the start, a cut comes before its block: a step of its own that computes nothing and says which states
are constants from there. Full BPTT is the schedule of one pass.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from bptt.cell import Cell
from bptt.equation import Equation
from bptt.expressions import Number
from bptt.passes import Pass, Passes

Phase = Literal["forward", "backward", "cut"]


@dataclass(slots=True)
class Place:
    """Where one step of a run stands. Not frozen: one is made at every step, and that would take three times as
    long; nobody writes to it."""

    index: int
    """Counted from 0."""
    phase: Phase
    t: int
    """The time, from 1 to T; of a cut the time of the last constant state."""
    equation: Equation
    """The cell's equation that this step computes; of a cut a line of kind "cut" that computes nothing."""
    number: int = 1
    """Of the pass, or of the pass of the block."""


@dataclass(frozen=True, slots=True)
class _Block:
    """Where a block's steps begin: its cut's, if it has one, its forward ones, those of its pass; and what follows."""

    start: int
    forward: int
    turn: int
    end: int
    first: int
    """Its earliest time."""
    rows: int
    """How many backward timesteps the passes before it have."""
    within: Pass


class Schedule(Passes):
    """The passes, and the forward steps before each, as one row of steps."""

    def __init__(self, cell: Cell, T: int, window: int | None = None, stride: int | None = None) -> None:
        """`window` and `stride` as `Passes` takes them. Raises InputError as it does."""
        super().__init__(T, window, stride)
        self.forward = cell.equations
        self.backward = cell.backward
        self.turn = self.stride * len(self.forward)
        """The index of the first backward step."""
        self._states = {name: lag for name, lag in cell.lags.items() if name != "x"}
        self._owner = {name: cell.arguments.get(name, name) for name in cell.definitions}
        self._forward_place = {equation.target: n for n, equation in enumerate(self.forward)}
        self._gradient_place = {e.target: n for n, e in enumerate(self.backward) if e.kind == "gradient"}
        self._parameter_place = {e.target: n for n, e in enumerate(self.backward) if e.kind == "parameter"}
        self._lines: dict[int, Equation] = {}
        self._length = self._start(self.count + 1)
        self._latest = self._made_block(1)

    def __len__(self) -> int:
        return self._length

    @property
    def known(self) -> int:
        """The number of steps after which every value is there: the last forward step is the one before."""
        return self._forward_start(self.count) + self._block(self.count) * len(self.forward)

    def covering(self, t: int, position: int | None = None) -> int:
        """The number of the pass whose gradients at t are seen after `position` steps: the one at the cursor, or
        the nearest that covers t; without position the last that does. A t before 1 is covered where 1 is."""
        t = max(t, 1)
        last = self.last_over(t)
        if position is None or not self.truncated:
            return last
        return min(max(self.number(position), self.block_of(t)), last)

    def number(self, position: int) -> int:
        """The number of the pass, or block, of the last of `position` steps; 1 at the start."""
        return self._block_at(position - 1).within.number if position > 1 else 1

    def pass_at(self, position: int) -> Pass:
        """The pass, or that of the block, of the last of `position` steps; the first at the start."""
        return self.pass_of(self.number(position))

    def pass_covering(self, t: int, position: int | None = None) -> Pass:
        """The pass whose gradients at t are seen after `position` steps, see `covering`."""
        return self.pass_of(self.covering(t, position))

    def place(self, index: int) -> Place:
        """The step at `index`; IndexError outside 0…len−1."""
        if not 0 <= index < self._length:
            raise IndexError(f"step {index} does not exist: the run has steps 0…{self._length - 1}")
        block = self._latest
        if not block.start <= index < block.end:
            block = self._block_at(index)
        within = block.within
        if index >= block.turn:
            t, n = divmod(index - block.turn, len(self.backward))
            return Place(index, "backward", within.hi - t, self.backward[n], within.number)
        if index >= block.forward:
            t, n = divmod(index - block.forward, len(self.forward))
            return Place(index, "forward", block.first + t, self.forward[n], within.number)
        return Place(index, "cut", within.lo - 1, self._cut(within.lo), within.number)

    def index(self, phase: Phase, t: int, target: str = "", position: int | None = None) -> int | None:
        """The step that computes `target` at t: a variable, in the backward phase its gradient, or a parameter
        (there the last of its steps at t); without target the first step of that time. Where several passes cover t,
        in that which `covering` names. A cut stands at the time of its last constant state. None where there is
        none."""
        if not 1 <= t <= self.T:
            return None
        if phase == "cut":
            number = self.covering(t) + 1
            return self._start(number) if number <= self.count and self._made_pass(number).lo == t + 1 else None
        if phase == "forward":
            n = self._forward_place.get(self._owner.get(target, target)) if target else 0
            if n is None:
                return None
            number = self.block_of(t)
            return self._forward_start(number) + (t - 1 - (number - 1) * self.stride) * len(self.forward) + n
        n = self._gradient_place.get(target, self._parameter_place.get(target)) if target else 0
        if n is None:
            return None
        number = self.covering(t, position)
        return self._turn(number) + (min(number * self.stride, self.T) - t) * len(self.backward) + n

    def written(self, name: str, t: int, gradient: bool = False, position: int | None = None) -> int:
        """The index of the step that fills a variable's slot at t, a gradient's in the pass that `covering` names; −1
        for what is there from the start: x, y, the initial states, and gradients of variables on which the loss does
        not depend."""
        if gradient and t < 1:
            return self.end(self.covering(t, position)) - 1
        index = self.index("backward" if gradient else "forward", t, name, position)
        return -1 if index is None else index

    def timestep(self, index: int) -> range:
        """The steps of the same time, phase and pass as the step at `index`."""
        span = self.stretch(index)
        length = {"forward": len(self.forward), "backward": len(self.backward), "cut": 1}[self.place(index).phase]
        start = span.start + (index - span.start) // length * length
        return range(start, start + length)

    def stretch(self, index: int) -> range:
        """The steps of the same phase and pass as the step at `index`."""
        block = self._block_at(index)
        borders = (block.start, block.forward, block.turn, block.end)
        return next(range(a, b) for a, b in pairwise(borders) if index < b)

    def end(self, number: int) -> int:
        """How many steps there are to the end of a pass."""
        return self._start(number + 1)

    def moments(self, position: int) -> tuple[int, int]:
        """How many backward timesteps are complete after `position` steps, over all passes, and how many steps of
        the next one."""
        block = self._block_at(max(0, position - 1))
        times, places = divmod(max(0, position - block.turn), len(self.backward))
        return block.rows + times, places

    def _block_at(self, index: int) -> _Block:
        """The block in which a step lies; most are asked for right after another of the same."""
        latest = self._latest
        if not latest.start <= index < latest.end:
            latest = self._latest = self._made_block(self._at(index))
        return latest

    def _made_block(self, number: int) -> _Block:
        borders = self._start(number), self._forward_start(number), self._turn(number), self.end(number)
        return _Block(*borders, (number - 1) * self.stride + 1, self._rows(number - 1), self._made_pass(number))

    def _start(self, number: int) -> int:
        """The index of the first step of a block, its cut if it has one; of the one after the last, len."""
        times = min((number - 1) * self.stride, self.T)
        return times * len(self.forward) + self._rows(number - 1) * len(self.backward) + self._cuts(number - 1)

    def _forward_start(self, number: int) -> int:
        return self._start(number) + (self._cuts(number) - self._cuts(number - 1))

    def _turn(self, number: int) -> int:
        """The index of the first backward step of a pass."""
        return self._forward_start(number) + self._block(number) * len(self.forward)

    def _at(self, index: int) -> int:
        return self._number(index, len(self.forward), len(self.backward), 1)

    def _cut(self, lo: int) -> Equation:
        """The line of the cut before time lo."""
        if lo not in self._lines:
            text = f"cut: {_listed(self._states, lo)} from here"
            self._lines[lo] = Equation("", Number(0.0), "cut", text=text, stepped=text)
        return self._lines[lo]


def _listed(states: Mapping[str, int], lo: int) -> str:
    """`h[5] is a constant`; `s[5] and h[2]…h[5] are constants`."""
    if not states:
        return f"all before t={lo} is constant"
    *others, last = [
        f"{name}[{lo - 1}]" if lag == 1 else f"{name}[{lo - lag}]…{name}[{lo - 1}]" for name, lag in states.items()
    ]
    single = not others and max(states.values()) == 1
    listed = f"{', '.join(others)} and {last}" if others else last
    return f"{listed} {'is a constant' if single else 'are constants'}"

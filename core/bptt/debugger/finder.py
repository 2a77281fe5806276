"""Where a condition holds on a run, without looking at steps that cannot change it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bptt.debugger.sweep import LenientEvaluation, Sweep, can_sweep
from bptt.debugger.timesteps import Block
from bptt.queries import Query
from bptt.query_nodes import Clock, Node, Reference, TotalLoss, walk
from bptt.run import Run
from bptt.schedule import Phase


class Finder:
    """Finds where a place and a condition hold on a run, and where they begin to."""

    def __init__(
        self, run: Run, name: str, phase: Phase | None, t: int | None, condition: Query | None, sequence: int
    ) -> None:
        """As in a `Breakpoint`; `sequence`: of the batch, which the condition is about."""
        self._run = run
        self._name, self._phase, self._t = name, phase, t
        self._sequence = sequence
        self._root = condition.root if condition else None
        self._sweeps = self._root is not None and can_sweep(self._root, run)
        self._named = {phase: self._offsets((name,), phase) for phase in ("forward", "backward")}
        nodes = tuple(walk(self._root)) if self._root is not None else ()
        read = tuple(node.name for node in nodes if isinstance(node, Reference))
        self._changing = {
            phase: self._offsets_of_change(nodes, read, phase) for phase in ("forward", "backward", "cut")
        }
        moving = any(node == Clock("t") or (isinstance(node, Reference) and _moves(node)) for node in nodes)
        # where nothing moves with the cursor, only the steps that write what is read can change the answer
        self._fixed = None if moving or run.schedule.truncated else self._writing(nodes)

    def _offsets(self, names: tuple[str, ...], phase: str) -> tuple[int, ...]:
        """Where in a timestep of the phase the steps stand that compute these."""
        cell = self._run.model.cell
        if phase == "forward":
            targets = {cell.arguments.get(name, name) for name in names if name not in cell.parameters}
            return tuple(n for n, e in enumerate(self._run.schedule.forward) if e.target in targets)
        steps = self._run.schedule.backward if phase == "backward" else ()
        return tuple(n for n, equation in enumerate(steps) if equation.target in names)

    def _offsets_of_change(self, nodes: tuple[Node, ...], read: tuple[str, ...], phase: str) -> tuple[int, ...]:
        """Where in a timestep the steps stand after which the answer can have changed; the first always is one."""
        found = {0, *self._offsets(read, phase)}
        if phase == "forward" and TotalLoss() in nodes:
            found.add(len(self._run.schedule.forward) - 1)
        if phase == "backward" and any(_is_input_gradient(node) for node in nodes):
            found.update(range(len(self._run.schedule.backward)))
        if phase == "backward" and any(isinstance(node, Reference) and node.gradient for node in nodes):
            found.add(len(self._run.schedule.backward) - 1)  # fills those of the initial states
        return tuple(sorted(found))

    def _writing(self, nodes: tuple[Node, ...]) -> frozenset[int] | None:
        """The positions at which a query that does not move can begin to have another answer; None where they are too
        many to list."""
        schedule = self._run.schedule
        found = {1, schedule.turn, len(schedule)}
        for node in nodes:
            if isinstance(node, Reference):
                if node.gradient and (node.time is None or node.name == "x"):
                    return None
                if node.time is not None:
                    found.add(schedule.written(node.name, node.time.at(1, self._run.T), node.gradient) + 1)
        return frozenset(found)

    def hits(self, blocks: list[Block]) -> NDArray[np.intp]:
        """The positions in consecutive blocks at which it stops, rising."""
        if self._name:
            return self._at_names(blocks)
        candidates = [(p, block.t, self._inside(block)) for block in blocks for p in self._candidates(block)]
        start, stop = blocks[0].start, blocks[-1].stop
        if self._fixed is not None and self._root is not None:
            places = [p for p in self._fixed if start < p <= stop]
            candidates += [(p, 1, True) for p in places] if self._everywhere() else []
            candidates.sort()
        if start:
            before = self._run.schedule.place(start - 1)
            block = Block(start - 1, start, before.phase, before.t)
            candidates.insert(0, (start, before.t, self._inside(block)))
        if not candidates:
            return np.empty(0, np.intp)
        positions, times, inside = (np.array(column) for column in zip(*candidates, strict=True))
        holds = inside.astype(bool)
        holds[holds] = self._holds(positions[holds], times[holds])
        rises = holds.copy()
        rises[1:] &= ~holds[:-1]
        rises[0] &= start == 0  # what held before the first block does not begin to hold there
        return np.unique(positions[rises])

    def _everywhere(self) -> bool:
        return self._phase is None and self._t is None

    def _candidates(self, block: Block) -> tuple[int, ...]:
        """The positions in a block at which the answer can change."""
        if self._root is None:
            return (block.start + 1,)
        if self._fixed is not None and self._everywhere():
            return ()
        return tuple(block.start + 1 + n for n in self._changing[block.phase])

    def _inside(self, block: Block) -> bool:
        return self._phase in (None, block.phase) and self._t in (None, block.t)

    def _at_names(self, blocks: list[Block]) -> NDArray[np.intp]:
        inside = [block for block in blocks if block.phase != "cut" and self._inside(block)]
        found = [(block.start + 1 + n, block.t) for block in inside for n in self._named[block.phase]]
        if not found:
            return np.empty(0, np.intp)
        positions, times = (np.array(column) for column in zip(*found, strict=True))
        return np.asarray(positions[self._holds(positions, times)])

    def _holds(self, positions: NDArray[np.intp], times: NDArray[np.intp]) -> NDArray[np.bool_]:
        if self._root is None or not len(positions):
            return np.ones(len(positions), bool)
        if self._sweeps:
            return Sweep(self._run, self._sequence, positions, times).holds(self._root)
        run, root = self._run, self._root
        run.fill(int(positions.max()))
        places = zip(times.tolist(), positions.tolist(), strict=True)
        return np.array([bool(LenientEvaluation(run, t, self._sequence, p).value(root)) for t, p in places])


def _is_input_gradient(node: Node) -> bool:
    return isinstance(node, Reference) and node.gradient and node.name == "x"


def _moves(node: Reference) -> bool:
    times = [time for time in (node.time, node.of) if time is not None]
    return any(time.t for time in times)

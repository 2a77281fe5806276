"""What each variable of a cell is to a reader: gate, candidate, belt, state … found from the equations alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from bptt.cell import Cell
from bptt.expressions import Call, Expression, Sum, Var, walk
from rnntui.explain.gates import find_gates
from rnntui.explain.ranges import Range, ranges_of, within_one
from rnntui.explain.roads import Reading, Road, find_parts, flattened, leads, readings_of, road_of, straight_roads

Kind = Literal["loss", "probability", "logits", "part", "gate", "belt", "state", "pre", "candidate", "out", "value"]
Job = Literal["keep", "take in", "reset", "show", "scale"]
JOBS: tuple[Job, ...] = ("keep", "take in", "reset", "show", "scale")


@dataclass(frozen=True, eq=False)
class Roles:
    """The roles of one cell's variables. Make them with `roles_of`."""

    kinds: Mapping[str, Kind]
    """Every variable, named arguments included. belt: a state with a road to its next time of + and ⊙ only; pre: the
    argument of a function, which has no track; part: what is only a step of another equation; out: read by
    the logits only."""
    gate_jobs: Mapping[str, tuple[Job, ...]]
    """Gate → what it does. keep: multiplies the past of a belt; take in: multiplies what is added into a state; reset:
    stands inside a matrix product or an argument; show: multiplies a state of now, or all that a state is; scale:
    anything else."""
    gate_uses: Mapping[str, tuple[tuple[Job, bool], ...]]
    """Gate → every place where it multiplies something: what it does there, and whether it stands there as 1 − gate."""
    loss: str
    logits: str
    """What the loss compares with the target."""
    probability: str
    """softmax or σ of the logits; empty where there is none."""
    levels: tuple[tuple[str, ...], ...]
    """The variables that recur together, in text order; the level nearest the loss first."""
    order: tuple[str, ...]
    """The variables that have a track, top to bottom."""
    belts: tuple[str, ...]
    """In the order of the tracks."""
    states: tuple[str, ...]
    """Every variable that is read at an earlier time, belts included, in text order."""
    main: str
    """The state that the logits read; the first variable they read where that is none."""
    recurrent: str
    """The matrix that the main state's earlier values pass through, the candidate's where there are several; empty
    where there is none."""
    back_gates: tuple[str, ...]
    """The gates that are factors on a state's way back, in the order of the tracks."""
    roads: Mapping[str, Road]
    """State → the edge from one time to the next."""
    ranges: Mapping[str, Range]
    """Variable → (lowest, highest) that it can be."""
    readings: Mapping[str, tuple[Reading, ...]]
    """Variable (and x) → every place that reads it, parts followed through."""
    parts: Mapping[str, Expression]
    """Part → what it stands for."""

    def flat(self, expression: Expression) -> Expression:
        """The expression with every part replaced by what it stands for."""
        return flattened(expression, self.parts) if self.parts else expression

    def leads(self, name: str, goal: str) -> bool:
        """Whether there is a road of + and ⊙ from one variable to another within one time."""
        return leads(name, goal, self.readings)


def roles_of(cell: Cell) -> Roles:
    """The roles of a cell's variables, computed once."""
    return _roles(_Key(cell.source, cell.layers, cell))


@dataclass(frozen=True)
class _Key:
    """A cell by its text: comments tell gates apart, and equal cells may differ in them."""

    source: str
    layers: int
    """A text that was written so and one that was stacked name their arguments differently."""
    cell: Cell = field(compare=False)


@lru_cache(64)
def _roles(key: _Key) -> Roles:
    return _Finder(key.cell).found()


class _Finder:
    """Applies the rules to one cell, in order."""

    def __init__(self, cell: Cell) -> None:
        self._cell = cell
        self._names = list(cell.definitions)
        self._ranges = ranges_of(cell)
        self._parts = find_parts(cell, {name for name, bounds in self._ranges.items() if within_one(bounds)})
        self._readings = readings_of(cell, self._parts)
        self._states = [name for name in self._names if any(r.lag for r in self._readings[name])]
        self._belts = {name for name in self._states if any(True for _ in straight_roads(name, self._readings))}
        self._gates = find_gates(cell, self._readings, self._parts, self._ranges)

    def found(self) -> Roles:
        cell = self._cell
        kinds = {name: self._kind(name) for name in self._names}
        uses = {name: tuple(map(self._use, places)) for name, places in self._gates.items() if kinds[name] == "gate"}
        gates = {name: tuple(job for job in JOBS if job in dict(found)) for name, found in uses.items()}
        reached = self._reached()
        levels = self._levels(reached)
        order = self._order(kinds, levels, reached)
        main = self._main()
        return Roles(
            kinds=kinds,
            gate_jobs=gates,
            gate_uses=uses,
            loss=cell.loss,
            logits=cell.prediction,
            probability=cell.probability or "",
            levels=levels,
            order=order,
            belts=tuple(name for name in order if kinds[name] == "belt"),
            states=tuple(self._states),
            main=main,
            recurrent=self._recurrent(main, kinds),
            back_gates=self._back_gates(order, gates),
            roads={name: road_of(cell, name, self._readings, gates) for name in self._states},
            ranges=self._ranges,
            readings=self._readings,
            parts=self._parts,
        )

    def _kind(self, name: str) -> Kind:
        cell = self._cell
        if name == cell.loss:
            return "loss"
        if name == cell.prediction:
            return "logits"
        if name == cell.probability:
            return "probability"
        if name in self._parts:
            return "part"
        if name in self._gates:
            return "gate"
        if name in self._states:
            return "belt" if name in self._belts else "state"
        if self._is_argument(name):
            return "pre"
        if self._reaches_belt(name):
            return "candidate"
        readings = self._readings[name]
        if readings and all(r.consumer == cell.prediction and r.lag == 0 for r in readings):
            return "out"
        return "value"

    def _is_argument(self, name: str) -> bool:
        """Affine, read once, as a function's argument."""
        if name in self._cell.arguments:
            return True
        readings = self._readings[name]
        as_argument = len(readings) == 1 and readings[0].lag == 0 and readings[0].path[-1:]
        affine = not any(isinstance(node, Call) for node in walk(self._cell.definitions[name]))
        return bool(as_argument and as_argument[0][0] == "function" and affine)

    def _reaches_belt(self, name: str) -> bool:
        return any(leads(name, belt, self._readings) for belt in self._belts)

    def _use(self, place: Reading) -> tuple[Job, bool]:
        return self._job(place), sum(kind == "sign" for kind, _ in place.path) % 2 == 1

    def _job(self, place: Reading) -> Job:
        variables = [node for what in place.factors for node in walk(what) if isinstance(node, Var)]
        if place.matrices or place.consumer in self._cell.arguments or self._is_argument(place.consumer):
            return "reset"
        if any(node.lag and node.name in self._belts for node in variables):
            return "keep"
        if any(node.lag == 0 and node.name in self._states for node in variables):
            return "show"
        if place.consumer in self._states and not isinstance(self._cell.definitions[place.consumer], Sum):
            return "show"
        if place.consumer in self._states or self._reaches_belt(place.consumer):
            return "take in"
        return "scale"

    def _reached(self) -> dict[str, set[str]]:
        """Variable → every variable that it has an effect on, at whatever time."""
        reached = {name: {reading.consumer for reading in self._readings[name]} for name in self._names}
        for middle in self._names:
            for name in self._names:
                if middle in reached[name]:
                    reached[name] |= reached[middle]
        return reached

    def _levels(self, reached: Mapping[str, set[str]]) -> tuple[tuple[str, ...], ...]:
        """The strongly connected components that recur, the one nearest the loss first."""
        levels: list[tuple[str, ...]] = []
        for name in self._names:
            if name in reached[name] and not any(name in level for level in levels):
                together = (other for other in self._names if other in reached[name] and name in reached[other])
                levels.append(tuple(together))
        onward = [sum(level[0] in reached[other[0]] for level in levels) for other in levels]
        ranked = sorted(enumerate(levels), key=lambda pair: (onward[pair[0]], -pair[0]))
        return tuple(level for _, level in ranked)

    def _order(
        self, kinds: Mapping[str, Kind], levels: tuple[tuple[str, ...], ...], reached: Mapping[str, set[str]]
    ) -> tuple[str, ...]:
        """Level by level: gates, candidates and plain values in text order, then belts, then other states. What does
        not recur stands with the first level that it reaches."""

        def level_of(name: str) -> int:
            own = [place for place, level in enumerate(levels) if name in level]
            onward = [place for place, level in enumerate(levels) if level[0] in reached[name]]
            return max(own or onward, default=len(levels))

        order: list[str] = []
        for level in range(len(levels) + 1):
            here = [name for name in self._names if level_of(name) == level]
            for wanted in (("gate", "candidate", "value"), ("belt",), ("state", "out")):
                order += [name for name in here if kinds[name] in wanted]
        return tuple(order)

    def _main(self) -> str:
        """The nearest state that the logits are made of."""
        frontier = [self._cell.prediction]
        first = ""
        seen: set[str] = set()
        while frontier:
            reads = [
                node.name
                for name in frontier
                for node in walk(flattened(self._cell.definitions[name], self._parts))
                if isinstance(node, Var) and node.name != "x" and node.name not in seen
            ]
            seen.update(reads)
            first = first or (reads[0] if reads else "")
            for name in reads:
                if name in self._states:
                    return name
            frontier = list(dict.fromkeys(reads))
        return first

    def _recurrent(self, main: str, kinds: Mapping[str, Kind]) -> str:
        roads = [road for name in (main, *self._states) for road in self._readings.get(name, ())]
        roads = [road for road in roads if road.lag and road.matrices]
        owners = self._cell.arguments
        candidates = (road for road in roads if kinds[owners.get(road.consumer, road.consumer)] == "candidate")
        found = next((road for road in candidates), roads[0] if roads else None)
        return found.matrices[0] if found else ""

    def _back_gates(self, order: tuple[str, ...], gates: Mapping[str, object]) -> tuple[str, ...]:
        factors = {
            node.name
            for state in self._states
            for reading in self._readings[state]
            for factor in reading.factors
            for node in walk(factor)
            if isinstance(node, Var) and node.name in gates
        }
        return tuple(name for name in order if name in factors)

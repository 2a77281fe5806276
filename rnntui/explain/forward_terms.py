"""What the terms of a forward equation are called: memory, new input, keep, take in, show …"""

from __future__ import annotations

from collections.abc import Iterator

from bptt.cell import Cell
from bptt.expressions import Call, Expression, Loss, MatVec, Number, Param, Sum, Tick, Var, children, walk
from bptt.notation import SCREEN, Scheme
from rnntui.explain.explained import Colour, NamedTerm
from rnntui.explain.roles import Roles

Name = tuple[str, str, Colour]
"""(long name, short name, colour)."""


def forward_terms(
    cell: Cell, roles: Roles, target: str, expression: Expression, function: str = "", scheme: Scheme = SCREEN
) -> tuple[NamedTerm, ...]:
    """The summands of the right side of `target`, or of the argument of its root `function`, named one by one."""
    namer = _Namer(cell, roles, target, bool(function), scheme)
    summands = expression.terms if isinstance(expression, Sum) else (expression,)
    return tuple(NamedTerm(*namer.name(term)[:2], (term,), namer.name(term)[2]) for term in summands)


class _Namer:
    """Names one summand by what it reads."""

    def __init__(self, cell: Cell, roles: Roles, target: str, squashed: bool, scheme: Scheme) -> None:
        definition = cell.definitions[target]
        self._cell = cell
        self._roles = roles
        self._target = target
        self._squashed = squashed or roles.kinds.get(target) in ("gate", "pre")
        """Whether what is summed goes through a function, so that a state in it is only looked at."""
        self._held = any(isinstance(node, Tick) for node in walk(definition))
        self._whole = not isinstance(definition, Sum)
        """Whether the right side is one product, to which nothing is added."""
        self._scheme = scheme

    def name(self, term: Expression) -> Name:
        term = self._roles.flat(term)
        nodes = list(walk(term))
        variables = [node for node in nodes if isinstance(node, Var)]
        if any(isinstance(node, Loss) for node in nodes):
            return "the loss", "loss", "loss"
        if any(isinstance(node, Tick) and not node.negated for node in nodes):
            return "new value, if it ticks", "new", "input"
        if not variables:
            name = "bias" if any(isinstance(node, Param) for node in nodes) else "constant"
            return name, name, "muted"
        if all(node.name == "x" for node in variables):
            return self._input(min(node.lag for node in variables))
        layer = self._cell.layer_of(self._target)
        if not any(node.lag for node in variables) and all(
            0 < self._cell.layer_of(node.name) < layer for node in variables
        ):
            return "from the layer below", "below", "input"
        past = [node for node in variables if node.lag and node.name != "x"]
        outside = [node for node in _outside(term) if isinstance(node, Var) and node.lag and node.name != "x"]
        if outside:
            return self._past(outside[0], nodes)
        if past and not self._adds_to_belt(term):
            return self._memory(past[0], variables)
        return self._now(variables, nodes)

    def _input(self, lag: int) -> Name:
        if lag == 0:
            return "new input", "new", "input"
        ago = "the input before" if lag == 1 else f"the input {lag} steps ago"
        return ago, f"input−{lag}", "input"

    def _past(self, state: Var, nodes: list[Expression]) -> Name:
        """A lagged state that stands under no matrix and no function."""
        name = self._scheme.called(state.name)
        gates = self._gates(nodes)
        if self._carries(state.name):
            if gates:
                return self._word("keep"), self._word("keep"), "forward"
            if self._held:
                return "hold", "hold", "forward"
            if not any(isinstance(node, Param | Number) for node in nodes):
                return "carry over", "carry", "forward"
            if state.name == self._target:
                return "decay", "decay", "forward"
        if gates:
            return f"{name} through {self._scheme.called(gates[0])}", name, "forward"
        if any(isinstance(node, Param) for node in nodes) and self._squashed:
            return f"peek at {name}", "peek", "violet"
        return f"from {name}", name, "forward"

    def _memory(self, state: Var, variables: list[Var]) -> Name:
        """A lagged state under a matrix."""
        gates = self._gates(variables)
        if gates:
            return f"memory through {self._scheme.called(gates[0])}", "memory", "forward"
        if state.lag > 1:
            return f"memory of {state.lag} steps ago", f"memory−{state.lag}", "forward"
        return "memory", "memory", "forward"

    def _now(self, variables: list[Var], nodes: list[Expression]) -> Name:
        """Variables of this time."""
        kinds = self._roles.kinds
        names = [node.name for node in variables if node.lag == 0 and node.name != "x"]
        if self._target == self._roles.logits:
            return "read the state", "state", "forward"
        if self._target == self._roles.probability:
            return "the scores", "scores", "forward"
        states = [name for name in names if name in self._roles.states or kinds.get(name) == "out"]
        gates = self._gates(nodes)
        belt = kinds.get(self._target) == "belt"
        if gates and not self._squashed and (states or (self._whole and self._target in self._roles.states)):
            return self._word("show"), self._word("show"), "forward"
        if not self._squashed and (belt or (gates and self._is_memory())):
            return self._word("take in"), self._word("take in"), "input"
        peeks = any(isinstance(node, Param) for node in nodes) and not any(isinstance(n, MatVec) for n in nodes)
        if states and peeks and self._squashed:
            return f"peek at {self._scheme.called(states[0])}", "peek", "violet"
        content = [name for name in names if name not in gates]
        name = self._scheme.called((content or names or [variables[0].name])[0])
        through = f" through {self._scheme.called(gates[0])}" if gates and content else ""
        return f"{name}{through}" if through else f"from {name}", name, "forward"

    def _gates(self, nodes: list[Expression] | list[Var]) -> list[str]:
        return [
            node.name
            for node in nodes
            if isinstance(node, Var) and node.lag == 0 and node.name in self._roles.gate_jobs
        ]

    def _carries(self, belt: str) -> bool:
        """Whether the target is a belt itself, or a stop on its straight road to its own next time."""
        if belt == self._target:
            return not self._squashed
        between = self._target not in self._roles.states and self._roles.kinds.get(belt) == "belt"
        return between and not self._squashed and self._roles.leads(self._target, belt)

    def _is_memory(self) -> bool:
        """Whether the target is a state, or what is added into one."""
        states = self._roles.states
        return self._target in states or any(self._roles.leads(self._target, state) for state in states)

    def _adds_to_belt(self, term: Expression) -> bool:
        """Whether the term is new content of a belt: under a function, or together with the input."""
        in_belt = self._roles.kinds.get(self._target) == "belt"
        mixed = not any(isinstance(node, MatVec) for node in _outside(term)) or _reads_input(term)
        return in_belt and not self._squashed and mixed

    def _word(self, word: str) -> str:
        return self._scheme.word(word)


def _reads_input(term: Expression) -> bool:
    return any(isinstance(node, Var) and node.name == "x" for node in walk(term))


def _outside(term: Expression) -> Iterator[Expression]:
    """The nodes that stand under no matrix and inside no function."""
    yield term
    if not isinstance(term, MatVec | Call):
        for part in children(term):
            yield from _outside(part)

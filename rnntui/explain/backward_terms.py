"""What the terms of a gradient are called: straight back, from the future, from this output …; which form a group."""

from __future__ import annotations

from collections.abc import Sequence

from bptt.cell import Cell
from bptt.equation import Term
from bptt.expressions import Call, Number, Param, Var, walk
from bptt.notation import SCREEN
from rnntui.explain.explained import Colour, NamedTerm
from rnntui.explain.roads import Reading
from rnntui.explain.roles import Roles

FEW = 3
"""As many terms of one sort always form a group; more terms than this in all, and two of one sort do."""


def backward_terms(cell: Cell, roles: Roles, target: str, terms: Sequence[Term]) -> tuple[NamedTerm, ...]:
    """The terms of ∇target that exist at some time, named; those of one sort in one group where there are many."""
    namer = _Namer(cell, roles, target, terms)
    sorts: dict[tuple[int, str], list[Term]] = {}
    for term in terms:
        sorts.setdefault((term.lag, namer.sort(term)), []).append(term)
    named: list[NamedTerm] = []
    for (lag, sort), alike in sorts.items():
        if len(alike) >= FEW or (len(alike) > 1 and len(terms) > FEW):
            named.append(namer.group(lag, sort, alike))
        else:
            named += [namer.named(term) for term in alike]
    return tuple(named)


def parameter_terms(cell: Cell, terms: Sequence[Term]) -> tuple[NamedTerm, ...]:
    """The terms of what one timestep adds to a parameter's gradient."""
    if len(terms) == 1:
        return (NamedTerm("this step's share", "share", (terms[0].expression,), "backward"),)
    return tuple(
        NamedTerm(f"via {who}", f"via {who}", (term.expression,), "backward")
        for term in terms
        for who in (called(cell, term.consumer),)
    )


def called(cell: Cell, consumer: str) -> str:
    """A variable's name on the screen; a named argument goes by the variable in whose equation it stands."""
    return SCREEN.called(cell.arguments.get(consumer, consumer))


class _Namer:
    """Names the terms of one gradient."""

    def __init__(self, cell: Cell, roles: Roles, target: str, terms: Sequence[Term]) -> None:
        self._cell = cell
        self._roles = roles
        self._target = target
        self._terms = terms

    def sort(self, term: Term) -> str:
        """Terms of one sort may form a group: matrix, peephole; any other is of the sort of its consumer."""
        if term.consumer in (self._roles.logits, self._roles.loss):
            return term.consumer
        reading = _reading(term)
        if reading.matrices:
            return "matrix"
        return "peephole" if self._peeks(term) else f"by {term.consumer}"

    def group(self, lag: int, sort: str, terms: Sequence[Term]) -> NamedTerm:
        names = list(dict.fromkeys(called(self._cell, term.consumer) for term in terms))
        together = "".join(names) if all(len(name) == 1 for name in names) else " ".join(names)
        expressions = tuple(term.expression for term in terms)
        if not lag and all(self._is_above(term) for term in terms):
            return NamedTerm(
                f"from the layer above, through {' '.join(names)}", f"above {together}", expressions, "loss"
            )
        if sort == "peephole":
            return NamedTerm(f"peepholes {' '.join(names)}", f"peep {together}", expressions, "violet")
        when = "" if not lag else "from the future, " if lag == 1 else f"from {lag} steps on, "
        short = f"future {together}" if lag else f"via {together}"
        return NamedTerm(f"{when}through {' '.join(names)}", short, expressions, "backward" if lag else "loss")

    def named(self, term: Term) -> NamedTerm:
        long, short, colour = self._name(term)
        return NamedTerm(long, short, (term.expression,), colour)

    def _name(self, term: Term) -> tuple[str, str, Colour]:
        who = called(self._cell, term.consumer)
        if term.path[:1] and term.path[0][0] == "loss":
            return "predicted − the truth", "error", "loss"
        if term.consumer == self._roles.loss:
            return "from the loss", "loss", "loss"
        if term.consumer == self._roles.logits:
            on = {0: "from this output", 1: "from the next output"}
            return on.get(term.lag, f"from the output {term.lag} steps on"), "output", "loss"
        if term.lag:
            return self._from_the_future(term, who)
        if self._is_above(term):
            return "from the layer above", "above", "loss"
        if self._peeks(term):
            return f"peephole {who}", f"peep {who}", "violet"
        return f"via {who}", f"via {who}", "loss" if len(self._terms) > 1 else "backward"

    def _from_the_future(self, term: Term, who: str) -> tuple[str, str, Colour]:
        if _reading(term).straight:
            if self._is_own_belt(term):
                return "straight back", "belt", "backward"
            if self._peeks(term):
                return f"from the future, peephole {who}", f"peep {who}", "violet"
            if self._cell.arguments.get(term.consumer) == self._target:
                function = self._function_of(term.consumer)
                return f"from the future, through {function}", f"through {function}", "backward"
            return f"from the future, by way of {who}", f"via {who}", "backward"
        roads = [other for other in self._terms if other.lag and not _reading(other).straight]
        roads = [other for other in roads if other.consumer != self._roles.logits]
        if len(roads) == 1:
            return "from the future", "future", "backward"
        if len({other.lag for other in roads}) == len(roads):
            return f"from {term.lag} step{'s' if term.lag > 1 else ''} on", f"t+{term.lag}", "backward"
        return f"future through {who}", f"via {who}", "backward"

    def _function_of(self, argument: str) -> str:
        """The function whose argument it is."""
        nodes = walk(self._cell.definitions[self._cell.arguments[argument]])
        return next((node.function for node in nodes if isinstance(node, Call) and node.argument == Var(argument)), "")

    def _is_above(self, term: Term) -> bool:
        """Whether the consumer is in the layer above the target's, in a stacked cell."""
        return 0 < self._cell.layer_of(self._target) < self._cell.layer_of(term.consumer)

    def _is_own_belt(self, term: Term) -> bool:
        if self._roles.kinds.get(self._target) != "belt":
            return False
        between = term.consumer not in self._roles.states and self._roles.leads(term.consumer, self._target)
        return term.consumer == self._target or between

    def _peeks(self, term: Term) -> bool:
        """Whether the consumer is an argument or a gate that reads this state only by weights, unit by unit."""
        factors = [factor for factor in _reading(term).factors if not isinstance(factor, Number)]
        looks = self._roles.kinds.get(term.consumer) in ("pre", "gate", "candidate")
        only_weights = bool(factors) and all(isinstance(factor, Param) for factor in factors)
        return self._target in self._roles.states and looks and only_weights and not _reading(term).matrices


def _reading(term: Term) -> Reading:
    return Reading(term.consumer, term.lag, term.path)

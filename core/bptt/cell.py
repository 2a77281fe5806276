"""A cell: its author's equations, the readout appended where they hold no loss, and what is derived from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from bptt.arrays import whole
from bptt.derivation import Derivation, derive
from bptt.equation import Equation, Term
from bptt.errors import InputError
from bptt.expressions import Call, Expression, Loss, Number, Param, Product, Var, add, walk
from bptt.functions import LOSSES
from bptt.inlining import inline
from bptt.language import parse_equations
from bptt.notation import TEXT, render_equation
from bptt.readouts import LOSS_OF, Readout, lines_of
from bptt.shapes import Shapes, infer
from bptt.source_line import EquationError
from bptt.stacking import MAX_LAYERS, stack

_ONE_LINE = 79
"""A backward line is shown expanded where it is no longer than this."""


@dataclass(frozen=True, eq=False)
class Cell:
    """A recurrent cell. Make one with `Cell.parse`."""

    name: str
    source: str
    """The whole text, the appended readout included: `Cell.parse(cell.source)` gives an equal cell."""
    equations: tuple[Equation, ...]
    """The forward equations, in order."""
    readout: Mapping[str, str]
    """Role → name of what was appended: z, p, L, V, c; empty where the author wrote the readout."""
    _shapes: Shapes
    _derivation: Derivation
    layers: int = 1
    """How often the equations up to the last state are repeated, each layer reading the one below."""
    output: str | None = None
    """The variable of a layer that the next one reads, by its author's name; None in a cell of one layer."""
    origins: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    """Name of a variable or parameter of a layer → (its author's name, the layer); empty in a cell of one layer."""
    _single: Cell | None = None
    fault: str = ""
    """The mistake that was planted into its backward lines, see `bptt.faults`; empty in a right one."""

    @staticmethod
    def parse(source: str, name: str = "mine", readout: Readout = "softmax") -> Cell:
        """Read a cell's text; where it holds no loss, append the `readout` (softmax, linear or sigmoid).

        Raises EquationError for a text that is not well formed, ValueError for an unknown readout."""
        if readout not in LOSS_OF:
            raise ValueError(f"readout must be one of {', '.join(LOSS_OF)}, not {readout!r}")
        equations = parse_equations(source)
        appended: dict[str, str] = {}
        if not _losses(equations):
            _check_vector(equations, source)
            appended, lines = lines_of(equations, readout)
            source = source.rstrip("\n") + "\n" + lines
            equations = parse_equations(source)
        return Cell(name, source, equations, appended, *_derived(equations, source, {}))

    def stacked(self, layers: int, output: str | None = None) -> Cell:
        """The same cell in `layers` layers: the equations up to the last state repeated, names numbered (`h1`,
        `W2_f`), readout and loss once, on the last layer. Layer l reads as x the variable `output` of layer l − 1;
        without it the one that the readout reads, of several `h`.

        Raises InputError for a number outside 1…32, and for a cell that cannot be stacked."""
        layers = whole(layers, "layers", 1, MAX_LAYERS)
        if layers == 1 or (layers == self.layers and output in (None, self.output)):
            return self.single if layers == 1 else self
        if self._single is not None:
            return self._single.stacked(layers, output or self.output)
        layered = stack(self.equations, layers, output)
        try:
            equations = parse_equations(layered.source)
            derived = _derived(equations, layered.source, layered.origins)
        except EquationError as error:
            raise InputError(f"{layers} layers make a text that cannot be read: {error.reason}", "layers") from None
        made = Cell(self.name, layered.source, equations, self.readout, *derived)
        return replace(made, layers=layers, output=layered.output, origins=layered.origins, _single=self)

    @property
    def single(self) -> Cell:
        """The cell of one layer that was stacked; itself where it was not."""
        return self._single or self

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Cell) or self.fault != other.fault:
            return False
        return [str(e) for e in self.equations] == [str(e) for e in other.equations]

    def __hash__(self) -> int:
        return hash((self.fault, *(str(e) for e in self.equations)))

    def __repr__(self) -> str:
        layers = f" in {self.layers} layers" if self.layers > 1 else ""
        return f"<Cell {self.name}{layers}: {', '.join(equation.target for equation in self.equations)}>"

    def layer_of(self, name: str) -> int:
        """The layer that a variable, named argument or parameter of a stacked cell is from; 0 for what comes once."""
        return self.origins.get(self.arguments.get(name, name), ("", 0))[1]

    @cached_property
    def backward(self) -> tuple[Equation, ...]:
        """The equations of one backward timestep, in order: gradients (kind "gradient") and the contributions
        to the parameters' gradients (kind "parameter")."""
        return tuple(self._written(equation) for equation in self._derivation.backward)

    def _written(self, equation: Equation) -> Equation:
        """The backward equation with its two texts and its author's comment on the variable."""
        stepped = render_equation(equation, TEXT, arguments=self.arguments)
        if equation.kind == "parameter":
            return replace(equation, text=stepped, stepped=stepped)
        expanded = self.expand(equation.expression)
        longer = "" if expanded == equation.expression else self._text(equation, expanded)
        return replace(
            equation,
            comment=self.comments.get(equation.target, ""),
            text=longer if longer and len(longer) <= _ONE_LINE else stepped,
            stepped=stepped,
            expanded=expanded if longer else None,
        )

    def shortened(self, equation: Equation, terms: tuple[Term, ...], counts: bool = True) -> Equation:
        """A gradient's equation with only these of its terms, as it stands near T; `counts`: whether the loss of that
        time does."""
        key = (equation.target, terms, counts)
        if key not in self._shortened:
            seed = (Number(1.0),) if equation.target == self.loss and counts else ()
            expression = add(*seed, *(term.expression for term in terms))
            self._shortened[key] = self._written(replace(equation, expression=expression, terms=terms))
        return self._shortened[key]

    @cached_property
    def _shortened(self) -> dict[tuple[str, tuple[Term, ...], bool], Equation]:
        return {}

    def _text(self, equation: Equation, expression: Expression) -> str:
        return render_equation(replace(equation, expression=expression, terms=()), TEXT, arguments=self.arguments)

    def expand(self, expression: Expression) -> Expression:
        """A backward expression with each ∇ of a function's argument replaced by its own line, one level."""
        return inline(expression, self.arguments, self.terms, self.occurrences)

    @property
    def parameters(self) -> dict[str, tuple[str, ...]]:
        """Name → (row dim, column dim) of a matrix or (dim,) of a vector; dims are inputs, hidden, outputs."""
        return dict(self._shapes.parameters)

    @cached_property
    def definitions(self) -> dict[str, Expression]:
        """Variable → right-hand side, compound arguments of functions named, in order of evaluation."""
        return self._derivation.definitions

    @property
    def arguments(self) -> dict[str, str]:
        """Named argument (`a_f`) → the variable in whose equation it stands (`f`)."""
        return self._derivation.arguments

    @cached_property
    def comments(self) -> dict[str, str]:
        """Variable → its author's comment."""
        return {equation.target: equation.comment for equation in self.equations}

    @cached_property
    def dims(self) -> dict[str, str]:
        """Variable, named arguments included → inputs, hidden, outputs or scalar."""
        named = [Equation(name, definition) for name, definition in self.definitions.items()]
        return dict(infer(named).variables)

    @cached_property
    def lags(self) -> dict[str, int]:
        """State (a variable that is read at an earlier time; x too) → the largest lag at which it is read."""
        lags: dict[str, int] = {}
        for definition in self.definitions.values():
            for node in walk(definition):
                if isinstance(node, Var) and node.lag > 0:
                    lags[node.name] = max(node.lag, lags.get(node.name, 0))
        return lags

    @property
    def loss(self) -> str:
        """The variable that is the loss at each time."""
        return self._derivation.loss

    @cached_property
    def loss_functions(self) -> tuple[str, ...]:
        """The loss functions that the text uses, in order."""
        found = [node.function for e in self.definitions.values() for node in walk(e) if isinstance(node, Loss)]
        return tuple(dict.fromkeys(found))

    @cached_property
    def functions(self) -> frozenset[str]:
        """The functions that the text uses."""
        return frozenset(n.function for e in self.definitions.values() for n in walk(e) if isinstance(n, Call))

    @cached_property
    def gains(self) -> frozenset[str]:
        """The vector parameters that scale what batch_norm or layer_norm gives: at 0 nothing would pass."""
        normed = {name for name, definition in self.definitions.items() if _is_norm(definition)}
        found: set[str] = set()
        for definition in self.definitions.values():
            for node in walk(definition):
                if isinstance(node, Product) and any(
                    _is_norm(factor) or (isinstance(factor, Var) and factor.name in normed) for factor in node.factors
                ):
                    found |= {factor.name for factor in node.factors if isinstance(factor, Param)}
        return frozenset(found)

    @cached_property
    def prediction(self) -> str:
        """The variable that the loss compares with the target: the logits of a softmax."""
        node = next(node for node in walk(self.definitions[self.loss]) if isinstance(node, Loss))
        assert isinstance(node.prediction, Var)  # every compound argument has a name
        return node.prediction.name

    @cached_property
    def probability(self) -> str | None:
        """The variable that holds softmax or σ of the prediction, if there is one."""
        output = LOSSES[self.loss_functions[-1]].output
        wanted = Call(output, Var(self.prediction)) if output else None
        return next((name for name, definition in self.definitions.items() if definition == wanted), None)

    @property
    def terms(self) -> dict[str, tuple[Term, ...]]:
        """Variable (and x) → the summands of its gradient."""
        return self._derivation.terms

    @property
    def occurrences(self) -> dict[str, tuple[Term, ...]]:
        """Variable (and x) → every place that reads it, unjoined."""
        return self._derivation.occurrences

    @property
    def parameter_terms(self) -> dict[str, tuple[Term, ...]]:
        """Parameter → the summands of its contribution at one t."""
        return self._derivation.parameter_terms


def _derived(
    equations: tuple[Equation, ...], source: str, origins: Mapping[str, tuple[str, int]]
) -> tuple[Shapes, Derivation]:
    shapes = infer(equations, source)
    scalars = {variable for variable, dim in shapes.variables.items() if dim == "scalar"}
    return shapes, derive(equations, _losses(equations)[-1], scalars, origins)


def _is_norm(expression: Expression) -> bool:
    return isinstance(expression, Call) and expression.function in ("batch_norm", "layer_norm")


def _losses(equations: tuple[Equation, ...]) -> list[str]:
    return [e.target for e in equations if any(isinstance(node, Loss) for node in walk(e.expression))]


def _check_vector(equations: tuple[Equation, ...], source: str) -> None:
    """Raise EquationError where a readout could not multiply the last variable by a matrix."""
    last = equations[-1]
    if infer(equations, source).variables[last.target] == "scalar":
        typed = source.replace("\r\n", "\n").split("\n")[last.line - 1].rstrip()
        reason = f"{last.target} is a single number: a readout reads the last variable, which must be a vector"
        raise EquationError(reason, last.line, len(typed) - len(typed.lstrip()) + 1, typed)

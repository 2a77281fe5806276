"""Why is this value so: the terms of one component, their sizes, what they were made of, and so on back."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

from bptt.arrays import whole
from bptt.debugger.causes import Cause, Reading, Spot
from bptt.debugger.reason import Reason, ReasonTerm, size
from bptt.edited import MADE, passed
from bptt.edits import Constants
from bptt.equation import Equation, Term
from bptt.errors import InputError, near, quoted
from bptt.expressions import Call, Expression, Number, Outer, Sum
from bptt.functions import FUNCTIONS
from bptt.gradients import exists, makes_loss
from bptt.notation import TEXT, render, render_equation
from bptt.run import Run


def why(
    run: Run,
    name: str,
    t: int | None = None,
    component: int | Sequence[int] = 0,
    gradient: bool = False,
    sequence: int = 0,
) -> Reason:
    """Why a component is what it is, in the finished run; of a truncated one a gradient is that of the last pass that
    covers its time, a parameter's the sum over all. `t`: the time, None for a parameter; `component`: a unit, or
    row and column of a matrix. What the cursor has not reached is computed.

    Raises InputError for a name, time, component or sequence that the run does not have."""
    place = tuple(component) if isinstance(component, Sequence) else (component,)
    if _is_scalar(run, name) and place == (0,):
        place = ()
    spot = Spot(name, t, place, gradient)
    check_spot(run, spot, sequence)
    run.fill(len(run) if gradient else run.schedule.known)
    if name in run.model.parameters:
        return _of_sum(run, spot, sequence) if gradient else _given(run, spot, sequence, "a parameter")
    return _of_gradient(run, spot, sequence) if gradient else _of_value(run, spot, sequence)


def check_spot(run: Run, spot: Spot, sequence: int) -> None:
    whole(sequence, "sequence", 0, run.B - 1)
    model = run.model
    if spot.name in model.parameters:
        shape = model.parameters[spot.name].shape
    elif spot.name in run.tape.values:
        shape = () if _is_scalar(run, spot.name) else run.tape.values[spot.name].shape[2:]
        first = 1 - run.tape.before[spot.name]
        whole(run.T if spot.t is None else spot.t, f"the time of {spot.name}", first, run.T)
        if spot.t is None:
            raise InputError(f"{spot.name} is a variable and needs a time: {spot.name}[1] … {spot.name}[{run.T}]", "t")
    else:
        known = (*model.cell.definitions, "x", *model.parameters)
        reason = f"{model.cell.name} has no variable or parameter {quoted(spot.name)}; {near(spot.name, known)}"
        raise InputError(reason, "name")
    place = spot.component
    if len(place) != len(shape) or any(not 0 <= n < units for n, units in zip(place, shape, strict=True)):
        has = " × ".join(map(str, shape)) or "no"
        raise InputError(f"{spot} does not exist: {spot.name} has {has} components, counted from 0", "component")


def _is_scalar(run: Run, name: str) -> bool:
    return run.model.cell.dims.get(name.removesuffix(MADE)) == "scalar"


def _given(run: Run, spot: Spot, sequence: int, what: str) -> Reason:
    if spot.t is None:
        value = float(run.model.parameters[spot.name][spot.component])
    else:
        value = float(run.read(spot.name, spot.t)[sequence, spot.unit])
    return Reason(run, spot, sequence, value, None, what, "", value, ())


def _of_value(run: Run, spot: Spot, sequence: int) -> Reason:
    assert spot.t is not None  # a variable has a time
    cell, t, unit = run.model.cell, spot.t, spot.unit
    edit = _edit(run, spot, sequence)
    if edit:
        return _given(run, spot, sequence, f"set by the edit {edit}")
    if spot.name == "x":
        return _given(run, spot, sequence, "an input")
    name = spot.name.removesuffix(MADE)
    if t < 1:
        return _given(run, spot, sequence, "an initial state")
    index = run.schedule.written(name, t)
    equation = run.at(index).equation
    if name != equation.target or any(edit.name in cell.arguments for edit in run.edits):
        equation = Equation(name, cell.definitions[name])
    expression, function = equation.expression, ""
    match expression:
        case Call(found, argument) if FUNCTIONS[found].slope is not None:
            expression, function = argument, found
    reading = Reading(run, t, sequence)
    terms = _terms(reading, expression.terms if isinstance(expression, Sum) else (expression,), unit, t)
    value = float(run.read(spot.name, t)[sequence, unit])
    line = render_equation(equation, TEXT, t)
    return Reason(run, spot, sequence, value, index, line, function, reading.value(expression, unit), terms)


def _of_gradient(run: Run, spot: Spot, sequence: int) -> Reason:
    assert spot.t is not None  # a variable has a time
    cell, t, unit = run.model.cell, spot.t, spot.unit
    if spot.name.endswith(MADE):
        return _of_passed(run, spot, sequence)
    position = end_of_pass(run, t)
    index, terms = sent_back(run, spot.name, t, position)
    reading = Reading(run, t, sequence, position)
    expressions = [term.expression for term in terms]
    if spot.name == cell.loss and counts(run, t, position):
        expressions.insert(0, Number(run.weight))
    found = _terms(reading, expressions, unit, t, cell.arguments)
    if spot.name == "x":
        value = float(run.input_gradient(t, position)[sequence, unit])
    else:
        value = float(run.read(spot.name, t, True, position)[sequence, unit])
    if index is not None and t >= 1:
        line = render_equation(run.at(index).equation, TEXT, t, cell.arguments)
    else:
        line = f"∇{spot.name}[{t}] = " + (" + ".join(term.text for term in found) or "0")
    if not found:
        line = "no loss depends on it"
    elif spot.name == cell.loss and len(found) == 1:
        line = "what the loss of a time counts"
    return Reason(run, spot, sequence, value, index if t >= 1 else None, line, "", value, found)


def _of_passed(run: Run, spot: Spot, sequence: int) -> Reason:
    """∇v° of an edited v: ∇v, or 0 where an edit holds."""
    assert spot.t is not None  # a variable has a time
    name, t = spot.name.removesuffix(MADE), spot.t
    edit = _edit(run, Spot(name, t, spot.component), sequence)
    if edit:
        return Reason(run, spot, sequence, 0.0, None, f"nothing is passed on: {edit} holds", "", 0.0, ())
    value = float(run.read(name, t, gradient=True)[sequence, spot.unit])
    source = Spot(name, t, spot.component, gradient=True)
    terms = (ReasonTerm(f"∇{name}[{t}]", value, 1.0, (Cause(source, value, value),)),)
    return Reason(run, spot, sequence, value, None, f"∇{spot.name}[{t}] = ∇{name}[{t}]", "", value, terms)


def sent_back(run: Run, name: str, t: int, position: int) -> tuple[int | None, tuple[Term, ...]]:
    """(the index of the step that computes ∇name[t], the terms that exist there), as seen after `position` steps; None
    where no step does."""
    cell, schedule = run.model.cell, run.schedule
    index = schedule.written(name, t, True, position)
    if t >= 1 and index >= 0:
        return index, run.at(index).equation.terms
    within = schedule.pass_covering(t, position)
    constants = Constants(run.edits, cell, run.T)
    found = [term for term in cell.terms.get(name, ()) if exists(term.lag, makes_loss(term), t, within)]
    sent = tuple(passed(term) if constants.at(term.consumer, t + term.lag) else term for term in found)
    return (index if index >= 0 else None), sent


def end_of_pass(run: Run, t: int) -> int:
    """After how many steps a gradient at t is looked at: when the last pass that covers t is done."""
    return run.schedule.end(run.schedule.covering(t))


def counts(run: Run, t: int, position: int) -> bool:
    """Whether the loss of time t is one that the pass seen there carries back."""
    return t >= run.schedule.pass_covering(t, position).losses_from


def _of_sum(run: Run, spot: Spot, sequence: int) -> Reason:
    """A parameter's gradient: a term a time, the greatest first."""
    cell, T = run.model.cell, run.T
    values = {t: float(run.contribution(spot.name, t)[spot.component]) for t in range(1, T + 1)}
    total = sum(size(value) for value in values.values())
    terms = [
        ReasonTerm(f"the share of t={t}", value, _share(value, total), tuple(_factors(run, spot, t, sequence)))
        for t, value in sorted(values.items(), key=lambda item: -size(item[1]))
    ]
    value = float(run.sum_so_far(spot.name, len(run))[spot.component])
    found = [equation for equation in cell.backward if (equation.kind, equation.target) == ("parameter", spot.name)]
    line = "; ".join(str(equation) for equation in found) or "no loss depends on it"
    return Reason(run, spot, sequence, value, None, line, "", value, tuple(terms) if found else ())


def _factors(run: Run, spot: Spot, t: int, sequence: int) -> Iterator[Cause]:
    """The two numbers, of the shown sequence, whose product is one entry of δ·hᵀ."""
    cell, reading = run.model.cell, Reading(run, t, sequence)
    constants = Constants(run.edits, cell, run.T)
    for term in cell.parameter_terms.get(spot.name, ()):
        sent = passed(term) if constants.at(term.consumer, t) else term
        match sent.expression:
            case Outer(left, right):
                product = reading.value(left, spot.component[0]) * reading.value(right, spot.component[1])
                for part, unit in zip((left, right), spot.component, strict=True):
                    yield from (Cause(c.spot, c.value, product) for c in reading.causes(part, unit))
            case expression:
                yield from reading.causes(expression, spot.component[0])


def _terms(
    reading: Reading, expressions: Iterable[Expression], unit: int, t: int, arguments: dict[str, str] | None = None
) -> tuple[ReasonTerm, ...]:
    found = [(expression, reading.value(expression, unit)) for expression in expressions]
    total = sum(size(value) for _, value in found)
    return tuple(
        ReasonTerm(
            render(expression, TEXT, t, arguments), value, _share(value, total), tuple(reading.causes(expression, unit))
        )
        for expression, value in found
    )


def _edit(run: Run, spot: Spot, sequence: int) -> str:
    """The last edit that holds for a component; empty where none does."""
    assert spot.t is not None  # a variable has a time
    found = ""
    for edit in run.edits:
        first, last = edit.times or (1, run.T)
        here = edit.name == spot.name and first <= spot.t <= last and edit.sequence in (None, sequence)
        if here and edit.index in ((), (spot.unit,)):
            found = str(edit)
    return found


def _share(value: float, total: float) -> float:
    if not math.isfinite(total):
        return math.nan
    return abs(value) / total if total else 0.0

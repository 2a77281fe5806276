"""One step as lines of text: place, equation, the equation with numbers, what it gave, and a sentence on it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bptt.cell import Cell
from bptt.edits import Edit
from bptt.equation import Equation
from bptt.expressions import Expression, Grad, Var, walk
from bptt.notation import TEXT, render_equation, render_target
from bptt.numerals import number, vector_text
from bptt.run import Run, Step
from bptt.substitution import substitute
from rnntui.explain.marks import HIDDEN, PENDING, Mark
from rnntui.explain.sentence import sentence_of
from rnntui.explain.terms import explain
from rnntui.frame import Frame, Slot
from rnntui.safe import clean
from rnntui.sources import Source

Array = NDArray[np.floating]
CARRIED = "The states go on as numbers; from here no gradient reaches what lies before."
"""What a cut is, in words."""
UNITS = 8
"""Numbers shown of a vector, and rows and columns of a matrix."""
DIGITS = 4


def step_lines(frame: Frame) -> list[str]:
    """The step computed last: place, equation with t, the same with this step's numbers, its value, and what happened
    to the lens's unit in words."""
    step = frame.current
    if frame.update is not None:
        return [place_line(frame), f"  {clean(frame.update.equation.text)}", f"  {said(frame)}"]
    if step is None:
        return [f"step 0/{len(frame.run)} · start · nothing is computed yet"]
    equation = step.equation
    if equation.kind == "cut":
        return [place_line(frame), f"  {equation}", f"  {CARRIED}"]
    arguments = frame.run.model.cell.arguments
    target = render_target(equation, TEXT, step.t, arguments)
    sign = "+=" if equation.kind == "parameter" else "="
    right = substitute(shown_side(equation), _Reader(frame), step.t, TEXT, arguments)
    lines = [equation_line(frame.run.model.cell, equation), f"{target} {sign} {right}"]
    lines += value_lines(f"{target} =", step_value(frame, step), _note(frame, step))
    lines.append(sentence(frame, step))
    lines += [f"edited: {edit}" for edit in _edits(frame, step)]
    return [place_line(frame), *(f"  {line}" for line in dict.fromkeys(lines))]


def _edits(frame: Frame, step: Step) -> list[Edit]:
    """The edits that this step meets: of what it computes, or of what it carries a gradient back from."""
    cell, T = frame.run.model.cell, frame.run.T
    if step.phase == "forward":
        met = {(name, step.t) for name in (step.target, *cell.arguments) if cell.arguments.get(name) == step.target}
        met.add((step.target, step.t))
    else:
        met = {(term.consumer, step.t + term.lag) for term in step.equation.terms}
        met.add((step.target, step.t))
    return [
        edit
        for edit in frame.run.edits
        if edit.sequence in (None, frame.sequence) and any(edit.name == name and _holds(edit, t, T) for name, t in met)
    ]


def _holds(edit: Edit, t: int, T: int) -> bool:
    first, last = edit.times or (1, T)
    return first <= t <= last


def held(frame: Frame, step: Step, unit: int) -> str:
    """That a component which a step writes is held by an edit; empty where it is not, or where it is hidden."""
    if step.phase != "forward" or Slot(step.target, step.t) in frame.hidden:
        return ""
    found = [
        edit
        for edit in frame.run.edits
        if edit.name == step.target and _holds(edit, step.t, frame.run.T) and edit.index in ((), (unit,))
        if edit.sequence in (None, frame.sequence)
    ]
    if not found:
        return ""
    return f"{step.target}[{unit}] at t={step.t} is held at {number(found[-1].value, 3, '−')} by an edit."


def sentence(frame: Frame, step: Step) -> str:
    """A step in words, for the lens's unit."""
    run, source = frame.run, frame.source
    cell, equation = run.model.cell, step.equation
    forms = explain(cell, equation, step.t, run.weight)
    form = next((form for form in forms if form.inlined == (equation.text != equation.stepped)), forms[0])
    if equation.kind == "parameter":
        units = len(run.model.parameters[step.target])
    else:
        units = run.read(step.target, step.t).shape[-1]
    tokens = source.tokens_of(frame.sequence) if source else None
    vocabulary = source.vocabulary if source else None
    unit = min(frame.lens.unit, units - 1)
    return held(frame, step, unit) or sentence_of(cell, form, frame.evaluate, unit, tokens, vocabulary, run.B)


def said(frame: Frame) -> str:
    """The step at the cursor as one plain sentence; hidden numbers stay hidden."""
    if frame.update is not None:
        from rnntui.reports.update_text import said_update

        return said_update(frame, frame.update)
    step = frame.current
    return sentence(frame, step) if step is not None else "Nothing is computed yet."


def place_line(frame: Frame) -> str:
    """`step 60/93 · backward · t=5 · reads 'l'`, with the sequence where there are several."""
    run, total = frame.run, len(frame.run)
    if frame.update is not None and frame.iteration is not None:
        return f"iteration {frame.iteration.number} · update · line {frame.updates}/{frame.update_lines}"
    if frame.current is None:
        return f"step 0/{total} · start"
    parts = [f"step {frame.position}/{total}", frame.phase, f"t={frame.t} of {run.T}", *pass_text(frame)]
    token = token_text(run, frame.source, "x", frame.t, frame.sequence)
    if token:
        parts.append(f"x = {token}")
    if run.B > 1:
        parts.append(f"sequence {frame.sequence + 1} of {run.B}")
    return " · ".join(parts)


def pass_text(frame: Frame) -> tuple[str, ...]:
    """`pass 2/3`, in a truncated run."""
    schedule = frame.run.schedule
    return (f"pass {schedule.number(frame.position)}/{schedule.count}",) if schedule.truncated else ()


def equation_line(cell: Cell, equation: Equation) -> str:
    """The equation in Unicode, its time the letter t; a forward one with its author's comment."""
    if equation.kind != "forward":
        return equation.text
    line = render_equation(equation, TEXT, arguments=cell.arguments)
    return f"{line}    # {clean(equation.comment)}" if equation.comment else line


def shown_side(equation: Equation) -> Expression:
    """The right side that `equation_line` shows: the expanded one where that is short."""
    expanded = equation.expanded if equation.text != equation.stepped else None
    return equation.expression if expanded is None else expanded


def step_value(frame: Frame, step: Step) -> Array | Mark:
    """What a step gave, of the shown sequence; a parameter's gradient in its own shape, over the whole batch."""
    if step.equation.kind != "parameter":
        return frame.vector(Slot(step.target, step.t, step.phase == "backward"))
    return HIDDEN if sum_is_hidden(frame, step.target) else step.value


def sum_is_hidden(frame: Frame, parameter: str) -> bool:
    """Whether what has been summed of ∇parameter at the cursor holds a share that reads something hidden."""
    nodes = [node for term in frame.run.model.cell.parameter_terms[parameter] for node in walk(term.expression)]
    return any(
        slot == Slot(node.name, slot.t, isinstance(node, Grad)) and frame.t <= slot.t + node.lag <= frame.run.T
        for slot in frame.hidden
        for node in nodes
        if isinstance(node, (Var, Grad))
    )


def value_lines(left: str, value: Array | Mark, note: str = "", digits: int = DIGITS) -> list[str]:
    """`left [0.12 -0.3 …]    # note`; a matrix row by row, one below the other."""
    after = f"    # {note}" if note else ""
    if isinstance(value, Mark):
        return [f"{left} {mark_text(value)}{after}"]
    if value.ndim < 2:
        return [f"{left} {array_text(value, digits)}{after}"]
    rows = [vector_text(row, UNITS, digits) for row in value[:UNITS]]
    rows += [f"… {len(value) - UNITS} more rows"] if len(value) > UNITS else []
    indent = " " * len(left)
    return [f"{left} {rows[0]}{after}", *(f"{indent} {row}" for row in rows[1:])]


def array_text(value: Array, digits: int = DIGITS) -> str:
    """A number, or a vector in brackets."""
    if value.size == 1:
        return number(float(value.reshape(-1)[0]), digits)
    return vector_text(value.reshape(-1), UNITS, digits)


def mark_text(mark: Mark) -> str:
    """What is written for a number that may not be shown."""
    return "???" if mark is HIDDEN else "not computed yet" if mark is PENDING else mark.value


def token_text(run: Run, source: Source | None, name: str, t: int, sequence: int) -> str:
    """What a one-hot input or a class at time t stands for: `'l'`, or its number; empty for other values."""
    if source is None or not 1 <= t <= run.T:
        return ""
    array = source.x if name == "x" else source.y
    if not np.issubdtype(array.dtype, np.integer):
        return ""
    code = int(array[t - 1] if array.ndim == 1 else array[t - 1, sequence])
    if code < 0:
        return "nothing"
    if source.vocabulary is not None and code < len(source.vocabulary):
        return f"'{clean(source.vocabulary[code])}'"
    return f"onehot({code})" if name == "x" else str(code)


class _Reader:
    """Gives the numbers of a frame to put in the place of symbols."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    def __call__(self, node: Var | Grad, t: int) -> Array | str | None:
        frame = self._frame
        if isinstance(node, Var) and node.name in ("x", "y"):
            token = token_text(frame.run, frame.source, node.name, t, frame.sequence)
            if token:
                return token
        if isinstance(node, Var) and node.name == "y":
            return np.asarray(frame.run.y[t - 1, frame.sequence])
        value = frame.vector(Slot(node.name, t, isinstance(node, Grad)))
        return mark_text(value) if isinstance(value, Mark) else value


def _note(frame: Frame, step: Step) -> str:
    """What kind of sum a parameter's gradient is."""
    if step.equation.kind != "parameter":
        return ""
    number = frame.run.schedule.number(frame.position)
    T = frame.run.schedule.pass_of(number).hi
    times = f"the share of t={T}" if step.t == T else f"summed over t={T}…{step.t}"
    if number > 1:
        passes = "pass 1" if number == 2 else f"passes 1…{number - 1}"
        times = f"{passes}, and {times.removeprefix('summed over ')}"
    return f"{times}, Σ batch" if frame.run.B > 1 else times

"""A cell's forward equations and its derived backward ones, as text and as LaTeX."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bptt.cell import Cell
from bptt.equation import Equation
from bptt.latex import latex_equation
from bptt.notation import TEXT, render_equation
from rnntui.safe import clean


def in_text(cell: Cell) -> list[str]:
    """Lines: the equations as written, the arguments that the derivation gave a name, then one backward timestep; under
    an expanded gradient the line that a step computes."""
    width = max(len(str(equation)) for equation in cell.equations)
    lines = [f"{cell.name}: forward, t = 1 … T"]
    for equation in cell.equations:
        comment = f"  # {clean(equation.comment)}" if equation.comment else ""
        lines.append(f"  {equation!s:<{width if comment else 0}}{comment}")
    named = _named_arguments(cell)
    if named:
        lines += ["", f"{cell.name}: named for the backward pass"]
        lines += [f"  {render_equation(equation, TEXT)}" for equation in named]
    lines += ["", f"{cell.name}: backward, t = T … 1  (what lies after T counts as 0)"]
    for equation in cell.backward:
        lines.append(f"  {equation}")
        if equation.stepped != equation.text:
            left, _, right = equation.stepped.partition(" = ")
            lines.append(f"  {'':<{len(left)}} = {right}")
    return lines


def in_latex(cell: Cell) -> list[str]:
    """Lines: an align* environment for the forward equations, one for the named arguments if there are any, one for
    the backward equations. They need amsmath."""
    parts = [part for part in (cell.equations, _named_arguments(cell), cell.backward) if part]
    return [line for part in parts for line in ("", *_aligned(part))][1:]


def _named_arguments(cell: Cell) -> tuple[Equation, ...]:
    return tuple(Equation(name, cell.definitions[name]) for name in cell.arguments)


def _aligned(equations: Iterable[Equation]) -> list[str]:
    *rows, last = [_row(equation) for equation in equations]
    return [r"\begin{align*}", *(rf"{row} \\" for row in rows), last, r"\end{align*}"]


def _row(equation: Equation) -> str:
    written = latex_equation(_as_shown(equation))
    return "  " + written.replace(" = ", " &= ", 1).replace(r" \mathrel{+}= ", r" &\mathrel{+}= ", 1)


def _as_shown(equation: Equation) -> Equation:
    """The expanded form, where that is the one the text shows."""
    if equation.expanded is None or equation.text == equation.stepped:
        return equation
    return replace(equation, expression=equation.expanded, terms=())

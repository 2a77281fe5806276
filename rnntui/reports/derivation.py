"""A cell's forward equations and its derived backward ones, as text and as LaTeX."""

from __future__ import annotations

from dataclasses import replace

from bptt.cell import Cell
from bptt.equation import Equation
from bptt.latex import latex_equation


def in_text(cell: Cell) -> list[str]:
    """Lines: the equations as written, then one backward timestep; under an expanded gradient the line that a step
    computes."""
    width = max(len(str(equation)) for equation in cell.equations)
    lines = [f"{cell.name}: forward, t = 1 … T"]
    for equation in cell.equations:
        comment = f"  # {equation.comment}" if equation.comment else ""
        lines.append(f"  {equation!s:<{width if comment else 0}}{comment}")
    lines += ["", f"{cell.name}: backward, t = T … 1  (what lies after T counts as 0)"]
    for equation in cell.backward:
        lines.append(f"  {equation}")
        if equation.stepped != equation.text:
            left, _, right = equation.stepped.partition(" = ")
            lines.append(f"  {'':<{len(left)}} = {right}")
    return lines


def in_latex(cell: Cell) -> list[str]:
    """Lines: two align* environments, forward and backward."""
    return [*_aligned(cell.equations), "", *_aligned(cell.backward)]


def _aligned(equations: tuple[Equation, ...]) -> list[str]:
    rows = []
    for equation in equations:
        shown = equation if equation.expanded is None else _with_expansion(equation)
        rows.append(
            "  " + latex_equation(shown).replace(" = ", " &= ", 1).replace(" \\mathrel{+}= ", " &\\mathrel{+}= ", 1)
        )
    return ["\\begin{align*}", *(row + " \\\\" for row in rows[:-1]), rows[-1], "\\end{align*}"]


def _with_expansion(equation: Equation) -> Equation:
    """The expanded form, where that is the one the text shows."""
    if equation.text == equation.stepped or equation.expanded is None:
        return equation
    return replace(equation, expression=equation.expanded, terms=())

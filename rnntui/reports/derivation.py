"""A cell's forward equations and its derived backward ones, as text and as LaTeX."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bptt.cell import Cell
from bptt.equation import Equation
from bptt.expressions import Product, Sum, Tick, walk
from bptt.latex import latex_equation
from bptt.notation import TEXT, render_equation
from rnntui.reports.equation_rows import WIDE, WIDTH, derived_rows, term_names, wrapped
from rnntui.safe import clean


def in_text(cell: Cell) -> list[str]:
    """Lines: the equations as written, the arguments that the derivation gave a name, then one backward timestep, each
    term with its name; under an expanded gradient the line that a step computes. Last, what the signs mean that need
    it."""
    lines = [f"{_title(cell)}: forward, t = 1 … T", *_forward(cell)]
    named = _named_arguments(cell)
    if named:
        lines += ["", f"{_title(cell)}: named for the backward pass"]
        for equation in named:
            lines += _indented(wrapped(render_equation(equation, TEXT), len(equation.target) + 4))
    lines += ["", f"{_title(cell)}: backward, t = T … 1  (what lies after T counts as 0)"]
    for equation in cell.backward:
        lines += _indented(derived_rows(cell, equation))
        if equation.stepped != equation.text:
            left, _, right = equation.stepped.partition(" = ")
            lines += _indented(wrapped(f"{'':<{len(left)}} = {right}", len(left) + 1))
    meanings = _meanings(cell)
    return [*lines, *(["", f"{_title(cell)}: signs", *_indented(meanings)] if meanings else [])]


def _title(cell: Cell) -> str:
    return f"{cell.name} in {cell.layers} layers" if cell.layers > 1 else cell.name


def _indented(rows: Iterable[str]) -> list[str]:
    return [f"  {row}" for row in rows]


def _forward(cell: Cell) -> list[str]:
    """The equations as typed, their comments below each other; what is added up, kept, taken in or shown is called by
    these words, in a row beneath where there is no room."""
    lines = []
    column = min(WIDTH, max(len(str(equation)) for equation in cell.equations))
    for equation in cell.equations:
        *above, last = wrapped(str(equation), len(equation.target) + 4)
        comment = clean(equation.comment)
        words = _in_words(cell, equation)
        notes = [": ".join(filter(None, (comment, said))) for said in words]
        rows = [f"{last:<{column}}  # {note}" for note in notes if note]
        fitting = [row for row in rows if len(row) <= WIDE]
        plain = f"{last:<{column}}  # {comment}" if comment else last
        beneath = [f"{'':<{len(equation.target) + 6}}# {words[0]}"] if words and not fitting else []
        lines += _indented([*above, fitting[0] if fitting else plain, *beneath])
    return lines


def _in_words(cell: Cell, equation: Equation) -> tuple[str, ...]:
    """What a sum adds up, long and short: `keep + take in`; of a product only what a gate does; else nothing."""
    if equation.target == cell.prediction or not isinstance(equation.expression, Sum | Product):
        return ()
    names = term_names(cell, equation)
    return names if isinstance(equation.expression, Sum) or names[0] in ("keep", "take in", "show") else ()


def _meanings(cell: Cell) -> list[str]:
    """What the clock of a hold is, and the Jacobian of a normaliser, where the lines have one."""
    clocks = {
        (equation.target, node.every)
        for equation in cell.equations
        for node in walk(equation.expression)
        if isinstance(node, Tick)
    }
    several = len({every for _, every in clocks}) > 1
    meanings = []
    for target, every in sorted(clocks):
        times = ", ".join(str(1 + n * every) for n in range(3))
        of = f" of {target}" if several else ""
        meanings.append(f"tick[t]{of} = 1 at t = {times} …, else 0;  ¬tick[t] = 1 − tick[t]")
        if not several:
            break
    for function, short, over in (("batch_norm", "bn", "the batch"), ("layer_norm", "ln", "the units")):
        if function in cell.functions:
            meanings.append(f"J_{short}(a)ᵀg = (g − mean(g) − n ⊙ mean(g ⊙ n)) / √(var(a) + 0.00001),")
            meanings.append(f"    with n = {function}(a), mean and var over {over}")
    return meanings


def in_latex(cell: Cell) -> list[str]:
    """Lines: an align* environment for the forward equations, one for the named arguments if there are any, one for
    the backward equations. They need amsmath."""
    parts = [part for part in (cell.equations, _named_arguments(cell), cell.backward) if part]
    return [line for part in parts for line in ("", *aligned(part))][1:]


def _named_arguments(cell: Cell) -> tuple[Equation, ...]:
    return tuple(Equation(name, cell.definitions[name]) for name in cell.arguments)


def aligned(equations: Iterable[Equation]) -> list[str]:
    """Equations as the lines of one align* environment."""
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

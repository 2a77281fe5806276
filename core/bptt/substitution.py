"""Equations with their numbers: each small vector in place of its symbol, matrices by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import ArrayLike

from bptt.expressions import Expression, Grad, Tick, Var
from bptt.notation import TEXT, Scheme, render
from bptt.numerals import vector_text

Reader = Callable[[Var | Grad, int], "ArrayLike | str | None"]
"""(node, its time, already moved by its lag) → its numbers (unit,); a text, such as a token or a question mark, to
stand for them; or None for the symbol. The target of a loss is asked for as `Var("y", lag)`."""


def substitute(
    expression: Expression,
    read: Reader,
    t: int,
    scheme: Scheme = TEXT,
    arguments: Mapping[str, str] | None = None,
    units: int = 4,
    digits: int | None = None,
) -> str:
    """`Wᵀ([+.12 -.11] ⊙ (1 − [+.77 +.38]²)) + Vᵀ[-.32 +.08]`, the expression at time t. `units` and `digits` are
    those of `numerals.vector_text`."""

    def leaf(node: Expression) -> str | None:
        match node:
            case Tick(every, lag, negated):
                return "1" if ((t - lag - 1) % every == 0) != negated else "0"
            case Var() | Grad():
                found = read(node, t - node.lag)
                if found is None or isinstance(found, str):
                    return found
                return vector_text(np.asarray(found, dtype=float).ravel(), units, digits)
        return None

    return render(expression, scheme, t, arguments, leaf)

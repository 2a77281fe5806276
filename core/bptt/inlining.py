"""The expanded form of a backward line: each ∇ of a function's argument replaced by its own line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bptt.equation import Term
from bptt.expressions import (
    Expression,
    Grad,
    Product,
    multiply,
    rewrite,
    shift,
)


def is_inlined(name: str, arguments: Mapping[str, str], terms: Sequence[Term], occurrences: Sequence[Term]) -> bool:
    """Whether ∇name is only a stop on the way: the argument of one function, with one term of its own."""
    if len(terms) != 1 or len(occurrences) != 1 or terms[0].lag:
        return False
    as_argument = bool(terms[0].path) and terms[0].path[0][0] == "function"
    return as_argument and (name in arguments or len(terms[0].path) == 1)


def inline(
    expression: Expression,
    arguments: Mapping[str, str],
    terms: Mapping[str, tuple[Term, ...]],
    occurrences: Mapping[str, tuple[Term, ...]],
) -> Expression:
    """Replace each ∇ of a function's argument by its own line, one level deep."""

    def change(node: Expression) -> Expression:
        if isinstance(node, Grad):
            found = terms.get(node.name, ())
            if is_inlined(node.name, arguments, found, occurrences.get(node.name, ())):
                return shift(found[0].expression, -node.lag)
            return node
        changed = rewrite(node, change)
        return multiply(*changed.factors) if isinstance(changed, Product) else changed

    return change(expression)

"""A cell's equations repeated in layers: the text of the stacked cell, and which layer each of its names is from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bptt.equation import Equation
from bptt.errors import InputError
from bptt.expressions import Loss, Param, Var, walk
from bptt.language import RESERVED

MAX_LAYERS = 32
_NAME = re.compile(r"(?<![\w.])[^\W\d]\w*")


@dataclass(frozen=True)
class Layered:
    """The text of a stacked cell."""

    source: str
    origins: dict[str, tuple[str, int]]
    """Name in the text → (the author's name, the layer); what comes once is not in it."""
    output: str
    """The variable that the next layer reads as x, by its author's name."""


def stack(equations: Sequence[Equation], layers: int, output: str | None = None) -> Layered:
    """Repeat the equations up to the last state `layers` ≥ 2 times; what follows them comes once and reads the last
    layer. Layer l reads as x the `output` of layer l − 1: without it the variable that the rest reads, h of several.

    Raises InputError where there is no state, a loss before the last one, or no telling which variable is the
    output."""
    states = {node.name for e in equations for node in walk(e.expression) if isinstance(node, Var) and node.lag}
    count = max((place for place, e in enumerate(equations, start=1) if e.target in states), default=0)
    repeated, rest = equations[:count], equations[count:]
    if not repeated:
        raise InputError("the cell has no state: there is nothing to stack", "layers")
    losses = [e.target for e in repeated if any(isinstance(node, Loss) for node in walk(e.expression))]
    if losses:
        raise InputError(f"the loss {losses[0]} stands before the last state: write it after it", "layers")
    output = _output(repeated, rest, output)
    names = _numbered(repeated, rest, layers)
    blocks = []
    for layer in range(1, layers + 1):
        renamed = {name: by_layer[layer - 1] for name, by_layer in names.items()}
        if layer > 1:
            renamed["x"] = names[output][layer - 2]
        blocks.append(_block(repeated, renamed, f", layer {layer}"))
    blocks.append(_block(rest, {name: by_layer[-1] for name, by_layer in names.items()}, ""))
    origins = {
        numbered: (name, layer) for name, by_layer in names.items() for layer, numbered in enumerate(by_layer, start=1)
    }
    return Layered("\n".join(blocks), origins, output)


def with_number(name: str, number: int | str) -> str:
    """A name with a number after its stem: `W_f` → `W2_f`, `h` → `h2`."""
    stem, underscore, kind = name.partition("_")
    return f"{stem}{number}{underscore}{kind}" if stem else f"{name}{number}"


def _output(repeated: Sequence[Equation], rest: Sequence[Equation], output: str | None) -> str:
    known = [equation.target for equation in repeated]
    if output is not None:
        if output not in known:
            raise InputError(f"got {output!r}, expected one of {', '.join(known)}", "output")
        return output
    nodes = (node for equation in rest for node in walk(equation.expression))
    read = list(dict.fromkeys(node.name for node in nodes if isinstance(node, Var) and node.name in known))
    if len(read) == 1 or "h" in read:
        return "h" if "h" in read else read[0]
    several = f"the readout reads {' and '.join(read)}" if read else "the readout reads no variable of a layer"
    choice = " or ".join(f'output="{name}"' for name in read or known)
    raise InputError(f"{several}: say which of them the next layer reads, {choice}, or call it h", "output")


def _numbered(repeated: Sequence[Equation], rest: Sequence[Equation], layers: int) -> dict[str, list[str]]:
    """Author's name of each variable and parameter that is repeated → its name in every layer. One that the author
    uses already gives way to the next free one."""
    own = dict.fromkeys(equation.target for equation in repeated)
    taken = {*RESERVED, *(equation.target for equation in (*repeated, *rest))}
    for equation in (*repeated, *rest):
        for node in walk(equation.expression):
            if isinstance(node, (Var, Param)):
                taken.add(node.name)
                if equation in repeated and isinstance(node, Param):
                    own[node.name] = None
    names: dict[str, list[str]] = {}
    for name in own:
        names[name] = []
        for layer in range(1, layers + 1):
            wanted = with_number(name, layer)
            free = (wanted, *(f"{wanted}_{n}" for n in range(2, len(taken) + 3)))
            found = next(candidate for candidate in free if candidate not in taken)
            taken.add(found)
            names[name].append(found)
    return names


def _block(equations: Sequence[Equation], renamed: dict[str, str], addition: str) -> str:
    """Lines of equations under other names, their comments below each other."""
    lines = [_NAME.sub(lambda found: renamed.get(found[0], found[0]), equation.text) for equation in equations]
    width = max(map(len, lines), default=0)
    commented = zip(lines, equations, strict=True)
    return "".join(f"{line:<{width}}  # {e.comment}{addition}\n" if e.comment else f"{line}\n" for line, e in commented)

"""Whether what normalises has enough to normalise over."""

from __future__ import annotations

from bptt.errors import InputError
from bptt.expressions import Call, Param, Var, walk
from bptt.model import Model


def check_normalisers(model: Model, B: int) -> None:
    """Raise InputError where batch_norm has one sequence, or layer_norm one unit."""
    cell = model.cell
    if "batch_norm" in cell.functions and B < 2:
        raise InputError("got a batch of 1: batch_norm needs a batch of at least 2: --batch 8", "x")
    if "layer_norm" not in cell.functions:
        return
    for definition in cell.definitions.values():
        for node in walk(definition):
            match node:
                case Call("layer_norm", Var("x")):
                    dim = "inputs"
                case Call("layer_norm", Var(name)):
                    dim = cell.dims[name]
                case Call("layer_norm", Param(name)):
                    dim = cell.parameters[name][0]
                case Call("layer_norm"):
                    dim = "scalar"
                case _:
                    continue
            if model.size(dim) < 2:
                hint = ": --hidden 4" if dim == "hidden" else ""
                raise InputError(f"got 1: layer_norm needs at least 2 units{hint}", dim)

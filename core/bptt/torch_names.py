"""A cell's variables and parameters under the names that PyTorch's documentation gives them: `W_ih`, `W_hf`, `c`, `z`.

By the cell's equations: a matrix on the input is W_i followed by the name of what it helps to make, one on an earlier
state W_h, a bias b; the state itself, and a sum that only its function takes, is called h. After torch.nn.RNN, LSTM
and GRU, whose bias is two, b_i and b_h; here it is their sum.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from bptt.cell import Cell
from bptt.expressions import Call, Expression, MatVec, Param, Var, walk
from bptt.scheme import SCREEN, Scheme

_STATE, _UPDATE, _LOGITS = ("s", "c"), ("u", "z"), ("z", "logits")
"""Our name and PyTorch's: of the cell state, of the gate that keeps, and of the outputs where that gate takes their
name."""


@lru_cache(maxsize=16)
def torch_scheme(cell: Cell) -> Scheme:
    """The scheme of one cell: PyTorch's names, and gradients as `h₅.grad`."""
    known = cell.definitions
    pairs = [_STATE] if "s" in known else []
    if "u" in known:
        pairs += [_UPDATE, _LOGITS]
    renamed = {old: new for old, new in pairs if old in known and new not in {*known} - {old for old, _ in pairs}}
    taken = {*known, *cell.parameters}
    for name, new in _parameters(cell, renamed).items():
        if new not in taken and new not in renamed.values():
            renamed[name] = new
    return replace(SCREEN, name="pytorch", gradient="{v}.grad", delta="{v}.grad", renamed=renamed)


def _parameters(cell: Cell, renamed: dict[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    states = {name for name in cell.lags if name != "x"}
    waiting = {*states}
    for equation in cell.equations:
        target = equation.target
        is_made = isinstance(equation.expression, Call) and target not in states
        maker = renamed.get(target, target) if is_made else "h"
        inside = bool(waiting)
        for node in walk(equation.expression):
            if isinstance(node, MatVec):
                origin = _origin(node.vector, states)
                found.setdefault(node.matrix.name, f"W_{origin}{maker}" if inside and origin else "W_out")
        for node in walk(equation.expression):
            if isinstance(node, Param) and node.name not in found:
                found[node.name] = f"b_{maker}" if inside else "b_out"
        waiting.discard(target)
    return found


def _origin(vector: Expression, states: set[str]) -> str:
    """i for the input, h for a state, nothing for anything else."""
    names = {node.name for node in walk(vector) if isinstance(node, Var)}
    return "i" if names == {"x"} else "h" if names & states else ""

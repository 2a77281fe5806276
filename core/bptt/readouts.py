"""The stock readouts: what is appended to a cell whose text holds no loss."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from bptt.equation import Equation
from bptt.expressions import Param, Var, walk

Readout = Literal["softmax", "linear", "sigmoid"]
LOSS_OF: dict[str, str] = {
    "softmax": "cross_entropy",
    "linear": "squared_error",
    "sigmoid": "binary_cross_entropy",
}
_NEXT_FREE = {"z": "logits", "p": "probs", "L": "loss_t", "V": "V_out", "c": "c_out"}


def lines_of(equations: Sequence[Equation], readout: Readout) -> tuple[dict[str, str], str]:
    """Names and lines of a stock readout of the last equation's variable. A name that the author's text
    uses gives way to the next free one."""
    taken = {equation.target for equation in equations}
    for equation in equations:
        taken |= {node.name for node in walk(equation.expression) if isinstance(node, (Var, Param))}
    roles = ("V", "c", "z", "p", "L") if readout != "linear" else ("V", "c", "z", "L")
    names: dict[str, str] = {}
    for role in roles:
        candidates = [role, _NEXT_FREE[role], *(f"{_NEXT_FREE[role]}_{n}" for n in range(2, 99))]
        names[role] = next(name for name in candidates if name not in taken)
        taken.add(names[role])
    V, c, z, L = names["V"], names["c"], names["z"], names["L"]
    last = equations[-1].target
    lines = [f"{z}[t] = {c} + {V} @ {last}[t]  # " + ("outputs" if readout == "linear" else "outputs (logits)")]
    if readout != "linear":
        function = "softmax" if readout == "softmax" else "sigmoid"
        lines.append(f"{names['p']}[t] = {function}({z}[t])  # predicted probabilities")
    lines.append(f"{L}[t] = {LOSS_OF[readout]}({z}[t], y[t])  # loss")
    return names, "\n".join(lines) + "\n"

"""Cells of odd shape and odd names, and runs of any cell, for the tests of the language and of the derivation."""

import numpy as np
import pytest

from bptt import CELLS, Cell, Model, Run

ODD = {
    "peephole": """
q[t] = sigmoid(U_q @ x[t] + W_q @ r2[t-1] + d_q * mem[t-1] + e_q)   # how much stays
k[t] = sigmoid(U_k @ x[t] + W_k @ r2[t-1] + d_k * mem[t-1] + e_k)
mem[t] = q[t] * mem[t-1] + k[t] * tanh(U_g @ x[t] + W_g @ r2[t-1] + e_g)
w[t] = sigmoid(U_w @ x[t] + W_w @ r2[t-1] + d_w * mem[t] + e_w)
r2[t] = w[t] * tanh(mem[t])
""",
    "exp-gate": """
e[t] = exp(W_e @ h[t-1] + b_e)
c1[t] = k * c1[t-1] - e[t] * tanh(U @ x[t])
h[t] = sin(c1[t]) * (W_h @ h[t-1]) + tanh(U_h @ x[t])
""",
    "hold": """
q[t] = tanh(U @ x[t] + W @ q[t-1] + b)
slow[t] = hold(3, tanh(A @ q[t] + B @ slow[t-1]))
m[t] = q[t] + slow[t]
""",
    "lag-3": """
r2[t] = 0.5 * r2[t-3] + tanh(W @ r2[t-1] + S @ r2[t-3] + U @ x[t-2] + b)
""",
    "quotient": """
q[t] = (W @ q[t-1] + U @ x[t]) / (1 + norm(q[t-1]))
m[t] = q[t] / (2 + q[t]**2)
""",
    "attention": """
k[t] = W_k @ m[t-1] + U_k @ x[t]
w[t] = softmax(k[t])
m[t] = w[t] * tanh(U @ x[t] + W @ m[t-1]) + (1 - w[t]) * m[t-1]
""",
    "layer-norm": """
a1[t] = layer_norm(W @ q[t-1] + U @ x[t])
q[t] = tanh(g * a1[t] + b)
""",
    "momentum": """
v[t] = 0.9 * v[t-1] - 0.1 * (W @ h[t-1] + U @ x[t])
h[t] = tanh(h[t-1] - v[t])
""",
    "cost": """
h[t] = relu(W @ h[t-1] + U @ x[t] + b)
out[t] = V @ h[t]
cost[t] = squared_error(out[t], y[t]) + 0.01 * sum(h[t]**2)
""",
    "bits": """
u[t] = cos(W @ u[t-1] + U @ x[t])
s[t] = V @ u[t] + c
F[t] = binary_cross_entropy(s[t], y[t])
""",
    "scalars": """
m[t] = mean(abs(q[t-1]))
q[t] = tanh(W @ q[t-1] * m[t] + U @ x[t] - max(q[t-1]) + min(q[t-1]) + log(1 + exp(b)) / sqrt(1 + m[t]))
r[t] = softplus(q[t])**3
""",
    "deep": """
u[t] = tanh(A @ (B @ h[t-1] + tanh(C @ h[t-1])) + U @ x[t])
h[t] = u[t] - h[t-1] * u[t] - (0.3 * h[t-2] - u[t])
""",
}


@pytest.fixture(params=[*CELLS, *ODD])
def any_cell(request):
    """Every built-in cell and every odd one."""
    name = request.param
    return CELLS[name] if name in CELLS else Cell.parse(ODD[name], name)


@pytest.fixture
def odd():
    """Name → cell, parsed when it is asked for."""
    return lambda name: Cell.parse(ODD[name], name)


@pytest.fixture
def run_of():
    """A run of a cell on drawn numbers: (cell, T, B) → Run; its parameters are far from 0. B is at least 4 for a
    cell that normalises over the batch: of 2 only the sign is left, and hardly any gradient."""

    def make(cell, T=5, B=1, seed=0, hidden=3, loss="sum"):
        random = np.random.default_rng(seed)
        B = max(B, 4) if "batch_norm" in cell.functions else B
        model = Model.create(cell, inputs=2, hidden=hidden, outputs=4, seed=seed, loss=loss)
        moved = {name: array + 0.4 * random.normal(size=array.shape) for name, array in model.parameters.items()}
        x = random.normal(size=(T, B, 2))
        classes = "cross_entropy" in cell.loss_functions
        y = random.integers(0, 4, (T, B)) if classes else random.uniform(0, 1, (T, B, 4))
        initial = {name: 0.5 * random.normal(size=(3,)) for name in cell.lags if name != "x"}
        return Run(model.replaced(moved), x, y, {n: v[:hidden] for n, v in initial.items() if cell.dims[n] == "hidden"})

    return make

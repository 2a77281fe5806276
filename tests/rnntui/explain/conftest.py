"""Cells of every kind, hand-written under odd names too, and what is seen of a run of one."""

import numpy as np
import pytest

from bptt import CELLS, Cell, Model, Run
from rnntui.session import Session

TEXTS = {
    "gru": """
r[t] = sigmoid(U_r @ x[t] + W_r @ h[t-1] + b_r)
u[t] = sigmoid(U_u @ x[t] + W_u @ h[t-1] + b_u)
n[t] = tanh(U @ x[t] + W @ (r[t] * h[t-1]) + b)
h[t] = (1 - u[t]) * h[t-1] + u[t] * n[t]
""",
    "mgu": """
f[t] = sigmoid(U_f @ x[t] + W_f @ h[t-1] + b_f)
n[t] = tanh(U @ x[t] + W @ (f[t] * h[t-1]) + b)
h[t] = (1 - f[t]) * h[t-1] + f[t] * n[t]
""",
    "hierarchy": """
h[t] = tanh(W @ h[t-1] + U @ x[t] + R @ q[t-1] + b)
q[t] = hold(3, tanh(Q @ q[t-1] + E @ h[t] + d))
z[t] = V @ h[t] + N @ q[t] + c
p[t] = softmax(z[t])
L[t] = cross_entropy(z[t], y[t])
""",
    "stack": """
r1[t] = sigmoid(U_r @ x[t] + W_r @ h1[t-1] + b_r)
u1[t] = sigmoid(U_u @ x[t] + W_u @ h1[t-1] + b_u)
n1[t] = tanh(U @ x[t] + W @ (r1[t] * h1[t-1]) + b)
h1[t] = (1 - u1[t]) * h1[t-1] + u1[t] * n1[t]
h2[t] = h2[t-1] + tanh(W2 @ h2[t-1] + U2 @ h1[t] + b2)
""",
    "residual": """
h[t] = h[t-1] + tanh(W @ h[t-1] + U @ x[t] + b)
""",
    "skip": """
h[t] = tanh(W @ h[t-1] + S @ h[t-3] + U @ x[t] + b)
""",
    "peephole": """
f[t] = sigmoid(U_f @ x[t] + W_f @ h[t-1] + p_f * s[t-1] + b_f)
i[t] = sigmoid(U_i @ x[t] + W_i @ h[t-1] + p_i * s[t-1] + b_i)
g[t] = tanh(U_g @ x[t] + W_g @ h[t-1] + b_g)
s[t] = f[t] * s[t-1] + i[t] * g[t]
o[t] = sigmoid(U_o @ x[t] + W_o @ h[t-1] + p_o * s[t] + b_o)
h[t] = o[t] * tanh(s[t])
""",
    "helpers": """
f[t] = sigmoid(U_f @ x[t] + W_f @ h[t-1] + b_f)
i[t] = 1 - f[t]
o[t] = sigmoid(U_o @ x[t] + W_o @ h[t-1] + b_o)
g[t] = tanh(U_g @ x[t] + W_g @ h[t-1] + b_g)
kept[t] = f[t] * s[t-1]
new[t] = i[t] * g[t]
s[t] = kept[t] + new[t]
h[t] = o[t] * tanh(s[t])
""",
    "selective-write": """
o[t] = sigmoid(U_o @ x[t] + W_o @ h[t-1] + b_o)
s[t] = sigmoid(U @ x[t] + W @ h[t-1] + b)
h[t] = o[t] * s[t]
""",
    "coupled": """
v[t] = 0.9 * v[t-1] - k * h[t-1] + U @ x[t]
h[t] = h[t-1] + 0.5 * v[t]
""",
    "odd": """
q[t] = sigmoid(A @ r2[t-1] + B @ x[t] + d)
mem[t] = q[t] * mem[t-1] + (1 - q[t]) * tanh(E @ x[t] + G @ r2[t-1])
r2[t] = sin(mem[t])
""",
    "exp-gate": """
e[t] = exp(W_e @ h[t-1] + b_e)
k[t] = sigmoid(U_k @ x[t] + b_k)
c1[t] = k[t] * c1[t-1] - e[t] * tanh(U @ x[t])
h[t] = sin(c1[t]) * (W @ h[t-1]) + tanh(U_h @ x[t])
""",
    "attend": """
a1[t] = sigmoid(A @ x[t] + B @ h[t-1] + d)
w[t] = a1[t] * relu(U @ x[t] + b) + (1 - a1[t]) * (x_in @ x[t])
h[t] = layer[t-1] * a1[t] + w[t] * tanh(W @ h[t-1])
layer[t] = tanh(Q @ h[t]) * a1[t]
""",
    "scalars": """
m[t] = mean(abs(q[t-1]))
q[t] = tanh(W @ q[t-1] * m[t] + U @ x[t] - max(q[t-1]) + log(1 + exp(b)) / sqrt(1 + m[t]))
r[t] = softplus(q[t])**3
""",
    "norm": """
a1[t] = layer_norm(W @ q[t-1] + U @ x[t])
q[t] = tanh(g * a1[t] + b)
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
}
TOKENS = "hello!"


def cell_of(name):
    return CELLS[name] if name in CELLS and name not in TEXTS else Cell.parse(TEXTS[name], name)


@pytest.fixture
def cell_named():
    """Name → cell: a text of these tests, else a built-in one."""
    return cell_of


@pytest.fixture(params=sorted({*CELLS, *TEXTS}))
def any_cell(request):
    """Every built-in cell and every text of these tests."""
    return cell_of(request.param)


class Seen:
    """A finished run with what the pictures of it need."""

    def __init__(self, cell, hidden=4, T=5, seed=0, scale=1.0, loss="sum"):
        random = np.random.default_rng(seed)
        floats = "cross_entropy" not in cell.loss_functions
        model = Model.create(cell, inputs=5, hidden=hidden, outputs=5, seed=seed, loss=loss)
        moved = {name: (v + 0.4 * random.normal(size=v.shape)) * scale for name, v in model.parameters.items()}
        self.cell = cell
        self.tokens = None if floats else [TOKENS[n] for n in range(T)]
        self.vocabulary = None if floats else sorted(set(TOKENS))
        x = [self.vocabulary.index(token) for token in self.tokens] if not floats else random.normal(size=(T, 5))
        y = [(n + 1) % 5 for n in x] if not floats else random.uniform(0, 1, (T, 5))
        if "batch_norm" in cell.functions:  # it needs a batch: three more sequences
            x, y = (np.stack([np.roll(given, n, axis=0) for n in range(4)], axis=1) for given in (x, y))
        self.run = Run(model.replaced(moved), x, y)
        self.session = Session(self.run)
        self.session.end()

    @property
    def read(self):
        return self.session.frame().evaluate

    def steps(self, *times):
        """The steps at these times, all where none is given."""
        found = (self.run.at(index) for index in range(len(self.run)))
        return [step for step in found if not times or step.t in times]


@pytest.fixture
def see():
    """A finished run of a cell: (cell, hidden, T, seed, scale, loss) → Seen."""
    return Seen

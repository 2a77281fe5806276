"""The floor: only the matrix products that a pass forward and back through a cell cannot do without."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

GATES = {"rnn": 1, "lstm": 4, "gru-reset-after": 3}
"""How many matrices of each kind a cell has: they are stacked."""


def products(cell: str, T: int, B: int, D: int, H: int, K: int) -> Callable[[], None]:
    """A call that makes them: U x, V h and their gradients for all times at once, W h and Wᵀδ one after another."""
    random = np.random.default_rng(0)
    G, n = GATES[cell] * H, T * B
    x, h, da, dz = (random.normal(size=(n, width)) for width in (D, H, G, K))
    U, W, back, V = (random.normal(size=shape) for shape in ((D, G), (H, G), (G, H), (H, K)))
    Ux, z, dh = np.empty((n, G)), np.empty((n, K)), np.empty((n, H))
    dU, dW, dV = np.empty((G, D)), np.empty((G, H)), np.empty((K, H))
    forward, backward = np.empty((B, G)), np.empty((B, H))
    states, errors = list(h.reshape(T, B, H)), list(da.reshape(T, B, G))
    if B == 1:
        states, errors = [row[0] for row in states], [row[0] for row in errors]
        forward, backward = forward[0], backward[0]

    def run() -> None:
        x.dot(U, Ux)
        if B == 1:
            by, back_by = W.T.dot, back.T.dot
            for row in states:
                by(row, forward)
            for row in errors:
                back_by(row, backward)
        else:
            for rows in states:
                rows.dot(W, forward)
            for rows in errors:
                rows.dot(back, backward)
        h.dot(V, z)
        dz.dot(V.T, dh)
        da.T.dot(x, dU)
        da.T.dot(h, dW)
        dz.T.dot(h, dV)

    return run

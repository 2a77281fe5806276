"""PyTorch on the same work: what shows every gradient, and what is fastest and shows none. Needs PyTorch."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import torch
from torch import nn
from torch.nn import functional

torch.set_num_threads(1)
Cell = Callable[..., tuple[tuple[torch.Tensor, ...], tuple[torch.Tensor, ...]]]


def _rnn(p: Mapping[str, torch.Tensor], x: torch.Tensor, h: torch.Tensor):  # type: ignore[no-untyped-def]
    a = p["b"] + h @ p["W"].T + x @ p["U"].T
    return (torch.tanh(a),), (a,)


def _lstm(p: Mapping[str, torch.Tensor], x: torch.Tensor, h: torch.Tensor, s: torch.Tensor):  # type: ignore[no-untyped-def]
    a = [x @ p[f"U_{k}"].T + h @ p[f"W_{k}"].T + p[f"b_{k}"] for k in "fiog"]
    f, i, o = (torch.sigmoid(each) for each in a[:3])
    g = torch.tanh(a[3])
    s = f * s + i * g
    th = torch.tanh(s)
    return (o * th, s), (*a, f, i, o, g, th)


def _gru(p: Mapping[str, torch.Tensor], x: torch.Tensor, h: torch.Tensor):  # type: ignore[no-untyped-def]
    a_r = x @ p["U_r"].T + h @ p["W_r"].T + p["b_r"]
    a_u = x @ p["U_u"].T + h @ p["W_u"].T + p["b_u"]
    r, u = torch.sigmoid(a_r), torch.sigmoid(a_u)
    q = h @ p["W_n"].T + p["d_n"]
    a_n = x @ p["U_n"].T + p["b_n"] + r * q
    n = torch.tanh(a_n)
    return ((1 - u) * n + u * h,), (a_r, a_u, r, u, q, a_n, n)


CELLS = {"rnn": (_rnn, 1), "lstm": (_lstm, 2), "gru-reset-after": (_gru, 1)}
FUSED = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru-reset-after": nn.GRU}


def eager(cell: str, parameters: Mapping[str, np.ndarray], x: np.ndarray, y: np.ndarray) -> Callable[[], float]:
    """Unrolled, with `retain_grad` on every value of every time: what shows the numbers that a trace shows."""
    step, states = CELLS[cell]
    p = {name: torch.tensor(array, requires_grad=True) for name, array in parameters.items()}
    rows, targets = torch.tensor(x), torch.tensor(y)
    H = p["V"].shape[1]

    def run() -> float:
        for parameter in p.values():
            parameter.grad = None
        state = tuple(torch.zeros(rows.shape[1], H, dtype=rows.dtype) for _ in range(states))
        kept: list[torch.Tensor] = []
        loss = torch.zeros((), dtype=rows.dtype)
        for t in range(len(rows)):
            state, inner = step(p, rows[t], *state)
            z = state[0] @ p["V"].T + p["c"]
            probability = torch.softmax(z, -1)
            kept += [*state, *inner, z, probability]
            loss = loss + functional.cross_entropy(z, targets[t], reduction="sum")
        for value in kept:
            if value.requires_grad:
                value.retain_grad()
        loss.backward()
        return loss.item()

    return run


def fused(cell: str, parameters: Mapping[str, np.ndarray], x: np.ndarray, y: np.ndarray) -> Callable[[], float]:
    """PyTorch's own module, which records nothing; its weights are its own."""
    rows, targets = torch.tensor(x), torch.tensor(y)
    K, H = parameters["V"].shape
    body = FUSED[cell](rows.shape[2], H, dtype=rows.dtype)
    head = nn.Linear(H, K, dtype=rows.dtype)

    def run() -> float:
        body.zero_grad()
        head.zero_grad()
        z = head(body(rows)[0])
        loss = functional.cross_entropy(z.reshape(-1, K), targets.reshape(-1), reduction="sum")
        loss.backward()
        return loss.item()

    return run

"""The loop that one writes first, in the manner of min-char-rnn: column vectors, a dict of arrays for each time."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

Array = np.ndarray


def rnn(p: Mapping[str, Array], x: Array, y: Array) -> Callable[[], float]:
    """A plain recurrent network on one sequence, x (T, D) and y (T,)."""

    def run() -> float:
        h: dict[int, Array] = {-1: np.zeros_like(p["b"])}
        probabilities: dict[int, Array] = {}
        loss = 0.0
        for t in range(len(x)):
            h[t] = np.tanh(p["U"] @ x[t] + p["W"] @ h[t - 1] + p["b"])
            z = p["V"] @ h[t] + p["c"]
            probabilities[t] = np.exp(z) / np.sum(np.exp(z))
            loss -= np.log(probabilities[t][y[t]])
        d = {name: np.zeros_like(array) for name, array in p.items()}
        later = np.zeros_like(p["b"])
        for t in reversed(range(len(x))):
            dz = probabilities[t].copy()
            dz[y[t]] -= 1
            d["V"] += np.outer(dz, h[t])
            d["c"] += dz
            da = (1 - h[t] * h[t]) * (p["V"].T @ dz + later)
            d["b"] += da
            d["U"] += np.outer(da, x[t])
            d["W"] += np.outer(da, h[t - 1])
            later = p["W"].T @ da
        return float(loss)

    return run


def _sigmoid(a: Array) -> Array:
    return 1 / (1 + np.exp(-a))


def lstm(p: Mapping[str, Array], x: Array, y: Array) -> Callable[[], float]:
    """The same for the LSTM."""

    def run() -> float:
        zero = np.zeros_like(p["b_f"])
        h, s = {-1: zero}, {-1: zero}
        gates: dict[int, dict[str, Array]] = {}
        probabilities: dict[int, Array] = {}
        loss = 0.0
        for t in range(len(x)):
            a = {k: p[f"U_{k}"] @ x[t] + p[f"W_{k}"] @ h[t - 1] + p[f"b_{k}"] for k in "fiog"}
            gates[t] = {k: np.tanh(a[k]) if k == "g" else _sigmoid(a[k]) for k in "fiog"}
            s[t] = gates[t]["f"] * s[t - 1] + gates[t]["i"] * gates[t]["g"]
            h[t] = gates[t]["o"] * np.tanh(s[t])
            z = p["V"] @ h[t] + p["c"]
            probabilities[t] = np.exp(z) / np.sum(np.exp(z))
            loss -= np.log(probabilities[t][y[t]])
        d = {name: np.zeros_like(array) for name, array in p.items()}
        dh, ds = zero, zero
        for t in reversed(range(len(x))):
            f, i, o, g = (gates[t][k] for k in "fiog")
            dz = probabilities[t].copy()
            dz[y[t]] -= 1
            d["V"] += np.outer(dz, h[t])
            d["c"] += dz
            dh = p["V"].T @ dz + dh
            ds = ds + dh * o * (1 - np.tanh(s[t]) ** 2)
            da = {
                "f": ds * s[t - 1] * f * (1 - f),
                "i": ds * g * i * (1 - i),
                "o": dh * np.tanh(s[t]) * o * (1 - o),
                "g": ds * i * (1 - g * g),
            }
            dh = np.zeros_like(zero)
            for k, each in da.items():
                d[f"U_{k}"] += np.outer(each, x[t])
                d[f"W_{k}"] += np.outer(each, h[t - 1])
                d[f"b_{k}"] += each
                dh = dh + p[f"W_{k}"].T @ each
            ds = ds * f
        return float(loss)

    return run


CELLS = {"rnn": rnn, "lstm": lstm}

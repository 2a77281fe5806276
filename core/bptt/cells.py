"""The built-in cells, each as its equations and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import cache

from bptt.cell import Cell, Readout
from bptt.errors import InputError

TEXTS: dict[str, tuple[str, str]] = {
    "rnn": (
        "the plain recurrent network with tanh (Elman 1990)",
        """
a[t] = b + W @ h[t-1] + U @ x[t]    # pre-activation
h[t] = tanh(a[t])                   # hidden state
""",
    ),
    "rnn-sigmoid": (
        "the plain recurrent network with the logistic function",
        """
a[t] = b + W @ h[t-1] + U @ x[t]    # pre-activation
h[t] = sigmoid(a[t])                # hidden state
""",
    ),
    "rnn-relu": (
        "the plain recurrent network with rectified units; identity start for W: Le et al. 2015",
        """
a[t] = b + W @ h[t-1] + U @ x[t]    # pre-activation
h[t] = relu(a[t])                   # hidden state
""",
    ),
    "lstm": (
        "long short-term memory with a forget gate (Hochreiter and Schmidhuber 1997; Gers et al. 2000)",
        """
f[t] = sigmoid(U_f @ x[t] + W_f @ h[t-1] + b_f)    # forget gate
i[t] = sigmoid(U_i @ x[t] + W_i @ h[t-1] + b_i)    # input gate
o[t] = sigmoid(U_o @ x[t] + W_o @ h[t-1] + b_o)    # output gate
g[t] = tanh(U_g @ x[t] + W_g @ h[t-1] + b_g)       # input modulation gate
s[t] = f[t] * s[t-1] + i[t] * g[t]                 # cell state
h[t] = o[t] * tanh(s[t])                           # hidden state
""",
    ),
    "lstm-sigma": (
        "the LSTM with the logistic function in place of tanh for the candidate and the output",
        """
f[t] = sigmoid(U_f @ x[t] + W_f @ h[t-1] + b_f)    # forget gate
i[t] = sigmoid(U_i @ x[t] + W_i @ h[t-1] + b_i)    # input gate
o[t] = sigmoid(U_o @ x[t] + W_o @ h[t-1] + b_o)    # output gate
g[t] = sigmoid(U_g @ x[t] + W_g @ h[t-1] + b_g)    # candidate
s[t] = f[t] * s[t-1] + i[t] * g[t]                 # cell state
h[t] = o[t] * sigmoid(s[t])                        # hidden state
""",
    ),
    "gru": (
        "the gated recurrent unit, reset before the matrix product (Cho et al. 2014)",
        """
o[t] = sigmoid(U_o @ x[t] + W_o @ h[t-1] + b_o)     # reset gate
i[t] = sigmoid(U_i @ x[t] + W_i @ h[t-1] + b_i)     # update gate
g[t] = tanh(U @ x[t] + W @ (o[t] * h[t-1]) + b)     # candidate
h[t] = (1 - i[t]) * h[t-1] + i[t] * g[t]            # hidden state
""",
    ),
    "gru-reset-after": (
        "the gated recurrent unit, reset after the matrix product: the form of cuDNN and PyTorch (their z is u)",
        """
r[t] = sigmoid(U_r @ x[t] + W_r @ h[t-1] + b_r)         # reset gate
u[t] = sigmoid(U_u @ x[t] + W_u @ h[t-1] + b_u)         # update gate
n[t] = tanh(U_n @ x[t] + b_n + r[t] * (W_n @ h[t-1] + d_n))  # candidate
h[t] = (1 - u[t]) * n[t] + u[t] * h[t-1]                # hidden state
""",
    ),
}
"""Name → (a note on the source, the equations up to the last state)."""


@cache
def _parsed(name: str) -> Cell:
    return Cell.parse(_text(name), name)


class _Cells(Mapping[str, Cell]):
    """Name → Cell; a cell is parsed when it is first asked for."""

    def __getitem__(self, name: str) -> Cell:
        if name not in TEXTS:
            raise KeyError(name)
        return _parsed(name)

    def __iter__(self) -> Iterator[str]:
        return iter(TEXTS)

    def __len__(self) -> int:
        return len(TEXTS)


CELLS: Mapping[str, Cell] = _Cells()


def note(name: str) -> str:
    """Where a built-in cell comes from, in a line."""
    return TEXTS[name][0]


def find(name: str, readout: Readout = "softmax") -> Cell:
    """The built-in cell of that name with a stock readout; InputError with near names where there is none."""
    if name in TEXTS:
        return CELLS[name] if readout == "softmax" else Cell.parse(_text(name), name, readout)
    near = get_close_matches(name, TEXTS, n=3)
    hint = f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(TEXTS)}"
    raise InputError(f"no built-in cell is called {name!r}; {hint}", argument="cell")


def _text(name: str) -> str:
    return TEXTS[name][1].strip() + "\n"

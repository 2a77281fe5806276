"""The texts of the built-in cells, by family: each cell is its equations up to the last state, and nothing else."""

from __future__ import annotations

Texts = dict[str, tuple[str, str]]
"""Name → (a note on the source, the equations)."""

PLAIN: Texts = {
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
}

REMEDIES: Texts = {
    "rnn-residual": (
        "the state plus a change to it: residual learning (He et al. 2016) along time",
        """
a[t] = b + W @ h[t-1] + U @ x[t]    # pre-activation
h[t] = h[t-1] + tanh(a[t])          # hidden state
""",
    ),
    "rnn-skip": (
        "a second connection, four steps long: delays of several steps (Lin et al. 1996)",
        """
a[t] = b + W @ h[t-1] + S @ h[t-4] + U @ x[t]    # pre-activation
h[t] = tanh(a[t])                                # hidden state
""",
    ),
    "rnn-hierarchy": (
        "a slow level that moves every four steps (El Hihi and Bengio 1995; clocks: Koutník et al. 2014)",
        """
s[t] = hold(4, tanh(b_s + W_s @ s[t-1] + U_s @ h[t-1]))    # slow state
h[t] = tanh(b + W @ h[t-1] + R @ s[t] + U @ x[t])          # hidden state
""",
    ),
    "rnn-batch-norm": (
        "pre-activations normalised over the batch at each time (Ioffe and Szegedy 2015; Cooijmans et al. 2017)",
        """
a[t] = W @ h[t-1] + U @ x[t]    # pre-activation
n[t] = batch_norm(a[t])         # normalised over the batch
h[t] = tanh(b + g * n[t])       # hidden state
""",
    ),
    "rnn-layer-norm": (
        "pre-activations normalised over the units of each sequence (Ba et al. 2016)",
        """
a[t] = W @ h[t-1] + U @ x[t]    # pre-activation
n[t] = layer_norm(a[t])         # normalised over the units
h[t] = tanh(b + g * n[t])       # hidden state
""",
    ),
}

LSTM: Texts = {
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
    "lstm-peephole": (
        "the LSTM whose gates also see the cell state (Gers et al. 2002; as in Greff et al. 2017)",
        """
f[t] = sigmoid(U_f @ x[t] + W_f @ h[t-1] + p_f * s[t-1] + b_f)    # forget gate
i[t] = sigmoid(U_i @ x[t] + W_i @ h[t-1] + p_i * s[t-1] + b_i)    # input gate
g[t] = tanh(U_g @ x[t] + W_g @ h[t-1] + b_g)                      # input modulation gate
s[t] = f[t] * s[t-1] + i[t] * g[t]                                # cell state
o[t] = sigmoid(U_o @ x[t] + W_o @ h[t-1] + p_o * s[t] + b_o)      # output gate
h[t] = o[t] * tanh(s[t])                                          # hidden state
""",
    ),
}

GRU: Texts = {
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
    "mgu": (
        "the minimal gated unit: one gate for both jobs (Zhou et al. 2016)",
        """
f[t] = sigmoid(U_f @ x[t] + W_f @ h[t-1] + b_f)    # the only gate
g[t] = tanh(U @ x[t] + W @ (f[t] * h[t-1]) + b)    # candidate
h[t] = (1 - f[t]) * h[t-1] + f[t] * g[t]           # hidden state
""",
    ),
}

STAGES: Texts = {
    "selective-write": (
        "first stage on the way to the LSTM: a gate decides what of the state is passed on",
        """
s[t] = sigmoid(U @ x[t] + W @ h[t-1] + b)          # state
o[t] = sigmoid(U_o @ x[t] + W_o @ h[t-1] + b_o)    # output gate
h[t] = o[t] * s[t]                                 # hidden state
""",
    ),
    "selective-read": (
        "second stage: the state is added to, and a gate decides what is taken in",
        """
g[t] = sigmoid(U @ x[t] + W @ h[t-1] + b)          # candidate
i[t] = sigmoid(U_i @ x[t] + W_i @ h[t-1] + b_i)    # input gate
s[t] = s[t-1] + i[t] * g[t]                        # cell state
o[t] = sigmoid(U_o @ x[t] + W_o @ h[t-1] + b_o)    # output gate
h[t] = o[t] * sigmoid(s[t])                        # hidden state
""",
    ),
    "selective-forget": (
        "third stage: a gate decides what stays; the equations of lstm-sigma in the order of the story",
        """
g[t] = sigmoid(U_g @ x[t] + W_g @ h[t-1] + b_g)    # candidate
i[t] = sigmoid(U_i @ x[t] + W_i @ h[t-1] + b_i)    # input gate
f[t] = sigmoid(U_f @ x[t] + W_f @ h[t-1] + b_f)    # forget gate
s[t] = f[t] * s[t-1] + i[t] * g[t]                 # cell state
o[t] = sigmoid(U_o @ x[t] + W_o @ h[t-1] + b_o)    # output gate
h[t] = o[t] * sigmoid(s[t])                        # hidden state
""",
    ),
}

FAMILIES: dict[str, Texts] = {
    "plain recurrent networks": PLAIN,
    "remedies for vanishing and exploding gradients": REMEDIES,
    "long short-term memory": LSTM,
    "gated recurrent units": GRU,
    "the LSTM in three stages": STAGES,
}
"""What they have in common → the cells. Where a file of parameters fits several cells, the first is taken."""

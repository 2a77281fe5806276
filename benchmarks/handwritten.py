"""The opponents: the best NumPy that we could write by hand for three cells, forward and full backpropagation.

Arrays and their per-time views are made once and kept from call to call. Weights are stacked; what does not recur is
one product over all times; the slopes are multiplied into factors for all times at once, so that the backward loop is
a matrix product and a few elementwise products. Sigmoid gates keep −a, so that e^−a needs no negation.
"""

from __future__ import annotations

import numpy as np


class Readout:
    """z = V h + c, p = softmax(z), cross-entropy, and back, for all times at once."""

    def __init__(self, T, B, H, K, V, c):
        n = T * B
        self.V, self.c = V, np.tile(c, (n, 1))
        self.z, self.p, self.dz = np.empty((3, n, K))
        self.top, self.total = np.empty((2, n, 1))
        self.dh = np.empty((n, H))
        self.starts = np.arange(n) * K
        self.hit = np.empty(n)
        self.L = np.empty(n)
        self.ones = np.ones(n)

    def forward(self, h, y):
        z, p, total = self.z, self.p, self.total
        np.matmul(h, self.V.T, z)
        np.add(z, self.c, z)
        np.maximum.reduce(z, 1, None, self.top, True)
        np.subtract(z, self.top, p)
        self.target = self.starts + y
        p.ravel().take(self.target, None, self.hit, "clip")
        np.exp(p, p)
        np.add.reduce(p, 1, None, total, True)
        np.divide(p, total, p)
        np.log(total[:, 0], self.L)
        np.subtract(self.L, self.hit, self.L)
        return self.L.dot(self.ones)

    def backward(self, h):
        """(∇V, ∇c); leaves Vᵀ∇z in self.dh."""
        np.copyto(self.dz, self.p)
        self.dz.ravel()[self.target] -= 1
        self.dz.dot(self.V, self.dh)
        return self.dz.T.dot(h), self.ones.dot(self.dz)


class Rnn:
    """a = b + W h' + U x, h = tanh a."""

    def __init__(self, parameters, T, B):
        self.U, self.W, b = (parameters[name] for name in ("U", "W", "b"))
        self.turned = np.ascontiguousarray(self.W.T)
        H, self.B = len(b), B
        self.b = np.tile(b, (T * B, 1))
        self.readout = Readout(T, B, H, len(parameters["c"]), parameters["V"], parameters["c"])
        self.Ux = np.empty((T * B, H))
        self.a, self.f = np.empty((2, T, B, H))
        self.h = np.zeros((T + 1, B, H))
        self.dh, self.da = np.zeros((2, T + 1, B, H))
        self.one = np.ones((T, B, H))
        one = (lambda A: A[:, 0]) if B == 1 else (lambda A: A)
        a, h, f, dh, da = map(one, (self.a, self.h, self.f, self.dh, self.da))
        Ux, out = self.Ux.reshape(a.shape), self.readout.dh.reshape(a.shape)
        self.steps = list(zip(h[:-1], Ux, a, h[1:], strict=True))
        self.back = list(zip(da[1:], out, f, dh[:-1], da[:-1], strict=True))[::-1]
        self.h_flat = self.h[1:].reshape(T * B, H)
        self.before = self.h[:-1].reshape(T * B, H)
        self.da_flat = self.da[:-1].reshape(T * B, H)

    def __call__(self, x, y):
        x = x.reshape(len(self.b), -1)
        x.dot(self.U.T, self.Ux)
        np.add(self.Ux, self.b, self.Ux)
        add, mul, tanh, one = np.add, np.multiply, np.tanh, self.B == 1
        W, WT = self.W, self.turned
        if one:
            by = WT.T.dot
            for before, Ux, a, h in self.steps:
                by(before, a)
                add(a, Ux, a)
                tanh(a, h)
        else:
            for before, Ux, a, h in self.steps:
                before.dot(WT, a)
                add(a, Ux, a)
                tanh(a, h)
        loss = self.readout.forward(self.h_flat, y)
        dV, dc = self.readout.backward(self.h_flat)
        mul(self.h[1:], self.h[1:], self.f)
        np.subtract(self.one, self.f, self.f)
        if one:
            by = W.T.dot
            for later, out, f, dh, da in self.back:
                by(later, dh)
                add(dh, out, dh)
                mul(dh, f, da)
        else:
            for later, out, f, dh, da in self.back:
                later.dot(W, dh)
                add(dh, out, dh)
                mul(dh, f, da)
        da = self.da_flat
        return loss, {"V": dV, "c": dc, "U": da.T.dot(x), "W": da.T.dot(self.before), "b": self.readout.ones.dot(da)}


class Lstm:
    """f, i, o = σ(a), g = tanh(a_g), s = f s' + i g, h = o tanh s; rows of a stack: f, i, o, g."""

    def __init__(self, parameters, T, B):
        def stack(kind, sign=1):
            return np.concatenate([parameters[f"{kind}_{gate}"] * (1 if gate == "g" else sign) for gate in "fiog"])

        n, H, self.B = T * B, len(parameters["b_f"]), B
        self.U, self.turned, self.back_W = stack("U", -1), np.ascontiguousarray(stack("W", -1).T), stack("W")
        self.b = np.tile(stack("b", -1), (n, 1))
        self.readout = Readout(T, B, H, len(parameters["c"]), parameters["V"], parameters["c"])
        self.Ux = np.empty((n, 4 * H))
        self.a, self.gates = np.empty((2, T, B, 4 * H))
        self.product, self.hidden = np.empty((B, 4 * H)), np.empty((B, H))
        self.m, self.k = np.empty((2, B, H))
        self.s, self.h = np.zeros((2, T + 1, B, H))
        self.th, self.to_s, self.to_o = np.empty((3, T, B, H))
        self.to = np.empty((T, B, 3 * H))
        self.da = np.zeros((T + 1, B, 4 * H))
        self.dh, self.ds, self.carried = np.zeros((3, T + 1, B, H))
        self.gate_slope = np.empty((T, B, 3 * H))
        self.one, self.ones = np.ones((T, B, H)), np.ones((T, B, 3 * H))
        row = (lambda A: A[:, 0]) if B == 1 else (lambda A: A)
        a, G, s, h, th = map(row, (self.a, self.gates, self.s, self.h, self.th))
        cut = [slice(k * H, (k + 1) * H) for k in range(4)]
        f, i, o, g = (G[..., part] for part in cut)
        Ux, out = self.Ux.reshape(a.shape), self.readout.dh.reshape(th.shape)
        self.steps = list(
            zip(h[:-1], Ux, a, a[..., : 3 * H], a[..., 3 * H :], G[..., : 3 * H], g, f, i, o, s[:-1], s[1:], th, h[1:],
                strict=True)
        )  # fmt: skip
        dh, ds, carried, da = map(row, (self.dh, self.ds, self.carried, self.da))
        to_s, to_o, to = map(row, (self.to_s, self.to_o, self.to))
        self.back = list(
            zip(da[1:], out, dh[:-1], to_s, carried[1:], ds[:-1], to_o, da[:-1, ..., 2 * H : 3 * H],
                to[..., :H], da[:-1, ..., :H], to[..., H : 2 * H], da[:-1, ..., H : 2 * H],
                to[..., 2 * H :], da[:-1, ..., 3 * H :], f, carried[:-1], strict=True)
        )[::-1]  # fmt: skip
        self.cut = cut
        self.step_one = self.ones[0, 0] if B == 1 else self.ones[0]
        self.tmp = row(self.m[None])[0], row(self.k[None])[0]
        self.wide = self.product[0] if B == 1 else self.product

    def __call__(self, x, y):
        n, H = len(self.b), self.h.shape[2]
        x = x.reshape(n, -1)
        x.dot(self.U.T, self.Ux)
        np.add(self.Ux, self.b, self.Ux)
        add, mul, exp, tanh, reciprocal, one = np.add, np.multiply, np.exp, np.tanh, np.reciprocal, self.step_one
        m, k = self.tmp
        WT, wide = self.turned, self.wide
        by = WT.T.dot if self.B == 1 else None
        for before, Ux, a, a_fio, a_g, fio, g, f, i, o, s_before, s, th, h in self.steps:
            if by:
                by(before, wide)
            else:
                before.dot(WT, wide)
            add(wide, Ux, a)
            exp(a_fio, fio)
            add(fio, one, fio)
            reciprocal(fio, fio)
            tanh(a_g, g)
            mul(f, s_before, m)
            mul(i, g, k)
            add(m, k, s)
            tanh(s, th)
            mul(o, th, h)
        h_flat = self.h[1:].reshape(n, H)
        loss = self.readout.forward(h_flat, y)
        dV, dc = self.readout.backward(h_flat)
        self._factors()
        W = self.back_W
        by = W.T.dot if self.B == 1 else None
        for da, out, dh, to_s, later, ds, to_o, do, to_f, df, to_i, di, to_g, dg, f, carried in self.back:
            if by:
                by(da, dh)
            else:
                da.dot(W, dh)
            add(dh, out, dh)
            mul(dh, to_s, ds)
            add(ds, later, ds)
            mul(dh, to_o, do)
            mul(ds, to_f, df)
            mul(ds, to_i, di)
            mul(ds, to_g, dg)
            mul(ds, f, carried)
        da = self.da[:-1].reshape(n, 4 * H)
        dU, dW = da.T.dot(x), da.T.dot(self.h[:-1].reshape(n, H))
        return loss, {"V": dV, "c": dc, "U": dU, "W": dW, "b": self.readout.ones.dot(da)}

    def _factors(self):
        """What ∇h and ∇s are multiplied by on their way to the pre-activations, for all times at once."""
        H, mul, subtract, to = self.h.shape[2], np.multiply, np.subtract, self.to
        fio, g = self.gates[..., : 3 * H], self.gates[..., 3 * H :]
        subtract(self.ones, fio, self.gate_slope)
        mul(self.gate_slope, fio, self.gate_slope)
        mul(self.gate_slope[..., :H], self.s[:-1], to[..., :H])
        mul(self.gate_slope[..., H : 2 * H], g, to[..., H : 2 * H])
        mul(self.gate_slope[..., 2 * H :], self.th, self.to_o)
        last = to[..., 2 * H :]
        mul(g, g, last)
        subtract(self.one, last, last)
        mul(last, fio[..., H : 2 * H], last)
        mul(self.th, self.th, self.to_s)
        subtract(self.one, self.to_s, self.to_s)
        mul(self.to_s, fio[..., 2 * H :], self.to_s)


class Gru:
    """r, u = σ(a), q = W_n h' + d_n, n = tanh(a_n + r q), h = (1 − u) n + u h'; rows of a stack: r, u, q."""

    def __init__(self, parameters, T, B):
        p = parameters
        n, H, self.B = T * B, len(p["b_r"]), B
        self.U = np.concatenate([-p["U_r"], -p["U_u"], p["U_n"]])
        self.b = np.tile(np.concatenate([-p["b_r"], -p["b_u"], p["b_n"]]), (n, 1))
        self.turned = np.concatenate([-p["W_r"].T, -p["W_u"].T, p["W_n"].T], axis=1)
        self.back_W = np.concatenate([p["W_r"], p["W_u"], p["W_n"]])
        self.readout = Readout(T, B, H, len(p["c"]), p["V"], p["c"])
        self.Ux = np.empty((T, B, 3 * H))
        self.added = np.empty((T, B, 3 * H))
        self.added[..., 2 * H :] = p["d_n"]
        self.wide = np.empty(3 * H) if B == 1 else np.empty((B, 3 * H))
        self.a = np.empty((T, B, 3 * H))
        self.gates = np.empty((T, B, 2 * H))
        self.a_n, self.n, self.not_u, self.difference = np.empty((4, T, B, H))
        self.to_n, self.to_u, self.to_r, self.to_q = np.empty((4, T, B, H))
        self.h = np.zeros((T + 1, B, H))
        # δ: n, r, u, q: U reads the first three, W the last three
        self.da = np.zeros((T + 1, B, 4 * H))
        self.dh, self.kept = np.zeros((2, T + 1, B, H))
        self.slope = np.empty((T, B, 2 * H))
        self.one, self.ones = np.ones((T, B, H)), np.ones((T, B, 2 * H))
        row = (lambda A: A[:, 0]) if B == 1 else (lambda A: A)
        a, G, h, added = map(row, (self.a, self.gates, self.h, self.added))
        a_n, N, not_u = map(row, (self.a_n, self.n, self.not_u))
        Un = row(self.Ux)[..., 2 * H :]
        r, u = G[..., :H], G[..., H:]
        self.steps = list(
            zip(h[:-1], added, a, a[..., : 2 * H], G, r, u, a[..., 2 * H :], Un, a_n, N, not_u, h[1:], strict=True)
        )
        da, dh, kept = map(row, (self.da, self.dh, self.kept))
        out = self.readout.dh.reshape(N.shape)
        to_u, to_r, to_q = map(row, (self.to_u, self.to_r, self.to_q))
        self.back = list(
            zip(da[1:, ..., H:], out, dh[:-1], kept[1:], to_u, da[:-1, ..., 2 * H : 3 * H],
                to_r, da[:-1, ..., H : 2 * H], to_q, da[:-1, ..., 3 * H :], u, kept[:-1], strict=True)
        )[::-1]  # fmt: skip
        self.step_one, self.step_ones = (self.one[0, 0], self.ones[0, 0]) if B == 1 else (self.one[0], self.ones[0])
        self.m = np.empty_like(self.step_one)

    def __call__(self, x, y):
        T, B, H = self.n.shape
        n = T * B
        x = x.reshape(n, -1)
        x.dot(self.U.T, self.Ux.reshape(n, 3 * H))
        np.add(self.Ux.reshape(n, 3 * H), self.b, self.Ux.reshape(n, 3 * H))
        np.copyto(self.added[..., : 2 * H], self.Ux[..., : 2 * H])
        add, subtract, mul, exp, tanh, reciprocal = np.add, np.subtract, np.multiply, np.exp, np.tanh, np.reciprocal
        one, ones, m, wide = self.step_one, self.step_ones, self.m, self.wide
        WT = self.turned
        by = WT.T.dot if B == 1 else None
        for before, added, a, a_ru, ru, r, u, q, Un, a_n, N, not_u, h in self.steps:
            if by:
                by(before, wide)
            else:
                before.dot(WT, wide)
            add(wide, added, a)
            exp(a_ru, ru)
            add(ru, ones, ru)
            reciprocal(ru, ru)
            mul(r, q, a_n)
            add(a_n, Un, a_n)
            tanh(a_n, N)
            subtract(one, u, not_u)
            mul(not_u, N, h)
            mul(u, before, m)
            add(h, m, h)
        h_flat = self.h[1:].reshape(n, H)
        loss = self.readout.forward(h_flat, y)
        dV, dc = self.readout.backward(h_flat)
        self._factors()
        W = self.back_W
        by = W.T.dot if B == 1 else None
        for da, out, dh, later, to_u, du, to_r, dr, to_q, dq, u, kept in self.back:
            if by:
                by(da, dh)
            else:
                da.dot(W, dh)
            add(dh, out, dh)
            add(dh, later, dh)
            mul(dh, to_u, du)
            mul(dh, to_r, dr)
            mul(dh, to_q, dq)
            mul(dh, u, kept)
        mul(self.dh[:-1], self.to_n, self.da[:-1, ..., :H])
        da = self.da[:-1].reshape(n, 4 * H)
        dU, dW = da[:, : 3 * H].T.dot(x), da[:, H:].T.dot(self.h[:-1].reshape(n, H))
        return loss, {"V": dV, "c": dc, "U": dU, "W": dW, "b": self.readout.ones.dot(da)}

    def _factors(self):
        H, mul, subtract = self.h.shape[2], np.multiply, np.subtract
        subtract(self.ones, self.gates, self.slope)
        mul(self.slope, self.gates, self.slope)
        subtract(self.h[:-1], self.n, self.difference)
        mul(self.slope[..., H:], self.difference, self.to_u)
        mul(self.slope[..., :H], self.a[..., 2 * H :], self.to_r)
        mul(self.n, self.n, self.to_n)
        subtract(self.one, self.to_n, self.to_n)
        mul(self.to_n, self.not_u, self.to_n)
        mul(self.to_n, self.gates[..., :H], self.to_q)
        mul(self.to_n, self.to_r, self.to_r)


CELLS = {"rnn": Rnn, "lstm": Lstm, "gru-reset-after": Gru}

"""What each function and loss of the language computes, and its derivative: one table, no special case elsewhere.

Every argument is an array (batch, unit). Reductions give (batch, 1); all other functions keep the shape.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]
INFINITY = float("inf")
VARIANCE_FLOOR = 1e-5
"""Added to the variance by batch_norm and layer_norm, as in Ioffe and Szegedy (2015)."""


@dataclass(frozen=True)
class Function:
    """A function of one array and how a gradient passes back through it."""

    value: Callable[[Array], Array]
    slope: Callable[[Array, Array], Array] | None = None
    """f′ from (argument, output), for functions that act on each unit alone."""
    pullback: Callable[[Array, Array, Array], Array] | None = None
    """Jᵀ·gradient from (argument, output, gradient), for functions that mix units or sequences."""
    scalar: bool = False
    """Whether the result is one number a sequence."""
    lowest: float = -INFINITY
    highest: float = INFINITY


@dataclass(frozen=True)
class LossFunction:
    """A loss of a prediction (batch, K) and targets; `present` (batch, 1) is 0 where there is no target."""

    value: Callable[[Array, Array], Array]
    """(batch, 1), before masking."""
    slope: Callable[[Array, Array], Array]
    """∂loss/∂prediction, (batch, K), before masking."""
    classes: bool
    """Whether targets are class numbers (given as one-hot rows here) and not values."""
    output: str
    """The function that turns the prediction into what is predicted: softmax, sigmoid, or none."""


def sigmoid(a: Array) -> Array:
    """1 / (1 + e^−a): needs no branch, since e^−a = ∞ gives 0, and keeps σ(−40) = 4e−18."""
    return np.asarray(1.0 / (1.0 + np.exp(-a)))


def softplus(a: Array) -> Array:
    """ln(1 + e^a), without overflow."""
    return np.logaddexp(0, a)


def softmax(a: Array) -> Array:
    """e^a / Σ e^a over the units, shifted by the largest."""
    powers = np.exp(a - a.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


def _softmax_pullback(a: Array, p: Array, g: Array) -> Array:
    return np.asarray(p * (g - (p * g).sum(axis=-1, keepdims=True)))


def _norm(a: Array) -> Array:
    return np.asarray(np.sqrt((a * a).sum(axis=-1, keepdims=True)))


def _norm_pullback(a: Array, length: Array, g: Array) -> Array:
    """The direction a/‖a‖; the subgradient 0 where a = 0."""
    return np.asarray(g * a / np.where(length == 0, 1, length))


def _extreme_pullback(pick: Callable[..., NDArray[np.intp]]) -> Callable[[Array, Array, Array], Array]:
    def pullback(a: Array, _: Array, g: Array) -> Array:
        """The gradient goes to the first unit that attains the extreme."""
        units = np.arange(a.shape[-1])
        return np.asarray(g * (units == pick(a, axis=-1)[..., None]))

    return pullback


def _standardise(axis: int) -> Callable[[Array], Array]:
    def value(a: Array) -> Array:
        centred = a - a.mean(axis=axis, keepdims=True)
        return np.asarray(centred / np.sqrt((centred**2).mean(axis=axis, keepdims=True) + VARIANCE_FLOOR))

    return value


def _standardise_pullback(axis: int) -> Callable[[Array, Array, Array], Array]:
    def pullback(a: Array, normed: Array, g: Array) -> Array:
        """(g − mean(g) − n · mean(g · n)) / √(var + ε): the gradient through mean and variance."""
        deviation = np.sqrt(a.var(axis=axis, keepdims=True) + VARIANCE_FLOOR)
        through_variance = normed * (g * normed).mean(axis=axis, keepdims=True)
        return np.asarray((g - g.mean(axis=axis, keepdims=True) - through_variance) / deviation)

    return pullback


FUNCTIONS: dict[str, Function] = {
    "sigmoid": Function(sigmoid, lambda a, s: s * (1 - s), lowest=0.0, highest=1.0),
    "tanh": Function(np.tanh, lambda a, h: 1 - h * h, lowest=-1.0, highest=1.0),
    "relu": Function(lambda a: np.maximum(a, 0), lambda a, r: (a > 0).astype(a.dtype), lowest=0.0),
    "softplus": Function(softplus, lambda a, s: sigmoid(a), lowest=0.0),
    "exp": Function(np.exp, lambda a, e: e, lowest=0.0),
    "log": Function(np.log, lambda a, _: 1 / a),
    "sin": Function(np.sin, lambda a, _: np.cos(a), lowest=-1.0, highest=1.0),
    "cos": Function(np.cos, lambda a, _: -np.sin(a), lowest=-1.0, highest=1.0),
    "abs": Function(np.abs, lambda a, _: np.sign(a), lowest=0.0),
    "sqrt": Function(np.sqrt, lambda a, r: 0.5 / r, lowest=0.0),
    "softmax": Function(softmax, pullback=_softmax_pullback, lowest=0.0, highest=1.0),
    "sum": Function(
        lambda a: a.sum(axis=-1, keepdims=True),
        pullback=lambda a, _, g: np.broadcast_to(g, np.broadcast_shapes(a.shape, g.shape)),
        scalar=True,
    ),
    "mean": Function(
        lambda a: a.mean(axis=-1, keepdims=True),
        pullback=lambda a, _, g: np.broadcast_to(g / a.shape[-1], np.broadcast_shapes(a.shape, g.shape)),
        scalar=True,
    ),
    "max": Function(lambda a: a.max(axis=-1, keepdims=True), pullback=_extreme_pullback(np.argmax), scalar=True),
    "min": Function(lambda a: a.min(axis=-1, keepdims=True), pullback=_extreme_pullback(np.argmin), scalar=True),
    "norm": Function(_norm, pullback=_norm_pullback, scalar=True, lowest=0.0),
    "batch_norm": Function(_standardise(-2), pullback=_standardise_pullback(-2)),
    "layer_norm": Function(_standardise(-1), pullback=_standardise_pullback(-1)),
}


def _cross_entropy(z: Array, onehot: Array) -> Array:
    """−log softmax(z) at the target, by log-sum-exp."""
    shifted = z - z.max(axis=-1, keepdims=True)
    total = np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return np.asarray(total - (shifted * onehot).sum(axis=-1, keepdims=True))


LOSSES: dict[str, LossFunction] = {
    "cross_entropy": LossFunction(_cross_entropy, lambda z, y: softmax(z) - y, classes=True, output="softmax"),
    "squared_error": LossFunction(
        lambda z, y: 0.5 * ((z - y) ** 2).sum(axis=-1, keepdims=True),
        lambda z, y: z - y,
        classes=False,
        output="",
    ),
    "binary_cross_entropy": LossFunction(
        lambda z, y: (softplus(z) - y * z).sum(axis=-1, keepdims=True),
        lambda z, y: sigmoid(z) - y,
        classes=False,
        output="sigmoid",
    ),
}

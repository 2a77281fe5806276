"""The schemes by which a parameter can be drawn, one table entry each.

Sources: glorot, Glorot and Bengio 2010, eq. 16: uniform in ±√(6 / (rows + columns)); orthogonal, Saxe et al.
2013: a random matrix with orthonormal rows or columns; identity, Le et al. 2015.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from bptt.norms import spectral_radius

Array = NDArray[np.floating]
Shape = tuple[int, ...]


@dataclass(frozen=True)
class Scheme:
    """One way to draw a parameter."""

    draw: Callable[[Generator, Shape, float], Array]
    """(random numbers, shape, the scheme's number) → float64 array."""
    number: Literal["none", "optional", "required"]
    """Whether the scheme takes a number; 1 where an optional one is not given."""
    vectors: bool = False
    """Whether a vector can be drawn so."""
    square: bool = False
    """Whether the matrix must be square."""
    negative: bool = True
    """Whether the number may be below 0."""


def _glorot(random: Generator, shape: Shape, scale: float) -> Array:
    limit = math.sqrt(6 / (shape[0] + shape[1]))
    return scale * random.uniform(-limit, limit, shape)


def _spectral_radius(random: Generator, shape: Shape, radius: float) -> Array:
    drawn = _glorot(random, shape, 1.0)
    return drawn * (radius / spectral_radius(drawn))


def _orthogonal(random: Generator, shape: Shape, gain: float) -> Array:
    tall = (max(shape), min(shape))
    q, r = np.linalg.qr(random.standard_normal(tall))
    # QR alone favours one sign of the diagonal: only with this is the draw uniform over orthogonal matrices
    q = q * np.where(np.diagonal(r) < 0, -1.0, 1.0)
    return gain * np.ascontiguousarray(q if shape[0] >= shape[1] else q.T)


SCHEMES: dict[str, Scheme] = {
    "glorot": Scheme(_glorot, "none"),
    "scale": Scheme(_glorot, "required"),
    "spectral_radius": Scheme(_spectral_radius, "required", square=True, negative=False),
    "orthogonal": Scheme(_orthogonal, "optional"),
    "identity": Scheme(lambda _, shape, gain: gain * np.eye(shape[0], shape[1]), "optional"),
    "normal": Scheme(
        lambda random, shape, deviation: deviation * random.standard_normal(shape),
        "required",
        vectors=True,
        negative=False,
    ),
    "uniform": Scheme(
        lambda random, shape, limit: limit * random.uniform(-1, 1, shape),
        "required",
        vectors=True,
        negative=False,
    ),
    "constant": Scheme(lambda _, shape, value: np.full(shape, value), "required", vectors=True),
    "zeros": Scheme(lambda _, shape, __: np.zeros(shape), "none", vectors=True),
}

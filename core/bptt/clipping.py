"""Gradient clipping: by the norm of all gradients together, which keeps their direction, and entry by entry, which
does not (Pascanu, Mikolov and Bengio 2013)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bptt.packing import norm_of
from bptt.settings import Choice, Setting, choose

Array = NDArray[np.floating]


@dataclass(frozen=True)
class Clipping:
    """One way to bound a gradient."""

    text: str
    """What becomes of ∇{W}, with {c} for the bound."""
    clip: Callable[[Array, float], Array]
    """(all gradients in one row, the bound) → the same, clipped."""
    by_norm: bool = False
    """Whether ‖∇‖ of all parameters together decides: it is then shown first, and nothing happens below the bound."""


def _by_norm(gradient: Array, bound: float) -> Array:
    length = norm_of(gradient)
    return gradient * (bound / length) if length > bound else gradient


CLIPPINGS: dict[str, Clipping] = {
    "norm": Clipping("∇{W} · {c}/‖∇‖", _by_norm, by_norm=True),
    "value": Clipping("min(max(∇{W}, −{c}), {c})", lambda gradient, bound: np.clip(gradient, -bound, bound)),
}
"""Name → clipping; its one number is the bound."""
_SETTINGS = {name: {"bound": Setting(None, open=True)} for name in CLIPPINGS}


def choose_clipping(value: object) -> Choice | None:
    """From `{"norm": 1}` or `"norm:1"`; None for None. Raises InputError naming clip."""
    return None if value is None else choose(value, _SETTINGS, "clip")

"""L1 and L2 regularisation: what a penalty on the size of a parameter adds to its gradient."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bptt.errors import InputError, near, quoted
from bptt.settings import Setting

Array = NDArray[np.floating]


@dataclass(frozen=True)
class Penalty:
    """One penalty."""

    about: str
    """What is added to the loss, with {c} for the coefficient."""
    text: str
    """What becomes of ∇{W}, with {c} for the coefficient."""
    slope: Callable[[Array], Array]
    """The derivative of the penalty of coefficient 1."""


PENALTIES: dict[str, Penalty] = {
    "l2": Penalty("½·{c}·‖{W}‖²", "∇{W} + {c}·{W}", lambda w: w),
    "l1": Penalty("{c}·Σ|{W}|", "∇{W} + {c}·sign({W})", np.sign),
}
"""Name → penalty, in the order in which they are added."""
_COEFFICIENT = Setting(0.0)


def coefficients(value: object, penalty: str, parameters: Iterable[str]) -> dict[str, float]:
    """Parameter → its coefficient, those of 0 left out. `value`: one number for all parameters, or parameter → number.

    Raises InputError naming l1 or l2 for an unknown parameter or a number that cannot be."""
    names = list(parameters)
    if not isinstance(value, Mapping):
        value = dict.fromkeys(names, value)
    for name in value:
        if name not in names:
            raise InputError(f"no parameter is called {quoted(name)}; {near(name, names)}", penalty)
    checked = {name: _COEFFICIENT.checked(value[name], penalty) for name in names if name in value}
    return {name: number for name, number in checked.items() if number}
